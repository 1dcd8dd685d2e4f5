// Thousands of small seats at once: stamped into a picture's pixels, which the canvas then takes as a whole.

export class Blit {
  readonly canvas = document.createElement("canvas");
  readonly #context = this.canvas.getContext("2d") as CanvasRenderingContext2D;
  #image = new ImageData(1, 1);
  #pixels = new Uint32Array(this.#image.data.buffer);

  clear(width: number, height: number): void {
    if (this.#image.width === width && this.#image.height === height) {
      this.#pixels.fill(0);
      return;
    }
    [this.canvas.width, this.canvas.height] = [width, height];
    this.#image = new ImageData(width, height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
  }

  /** Puts a square stamp with its left top corner at `x`, `y`; what lies outside is left out. */
  stamp(stamp: Uint32Array, side: number, x: number, y: number): void {
    stampInto(this.#pixels, this.#image.width, this.#image.height, stamp, side, x, y);
  }

  show(): HTMLCanvasElement {
    this.#context.putImageData(this.#image, 0, 0);
    return this.canvas;
  }
}

export function stampInto(
  pixels: Uint32Array,
  width: number,
  height: number,
  stamp: Uint32Array,
  side: number,
  x: number,
  y: number,
): void {
  const [firstX, lastX] = [Math.max(0, -x), Math.min(side, width - x)];
  const lastY = Math.min(side, height - y);
  for (let row = Math.max(0, -y); row < lastY; row += 1) {
    const [from, to] = [row * side, (y + row) * width + x];
    for (let column = firstX; column < lastX; column += 1) {
      const colour = stamp[from + column] as number;
      if (colour !== 0) pixels[to + column] = colour;
    }
  }
}
