// Each seat that looks alike is drawn once and then stamped: as an image, or pixel by pixel.

import type { Hall } from "../hall";
import { mix } from "./colour";
import { drawSeat, type Look } from "./seat";
import { categoryColour, type Theme } from "./theme";

export type Wish = {
  /** Categories are coloured, or states. */
  colours: "categories" | "states";
  /** Only this category is asked for. */
  only: number | null;
};

/** So many stamps with numbers fit on a sheet, and all looks without one. */
const NUMBERED = 560;
const LOOKS = 8;

export class Stamps {
  readonly side: number;
  readonly sheet: HTMLCanvasElement;
  readonly #hall: Hall;
  readonly #theme: Theme;
  readonly #wish: Wish;
  readonly #context: CanvasRenderingContext2D;
  readonly #slots = new Map<string | number, number>();
  readonly #pixels = new Map<number, Uint32Array>();
  readonly #colours: Look["colour"][];
  readonly #across: number;
  #numbered = 0;

  constructor(hall: Hall, theme: Theme, wish: Wish, side: number) {
    [this.#hall, this.#theme, this.#wish, this.side] = [hall, theme, wish, side];
    this.sheet = document.createElement("canvas");
    this.#across = Math.ceil(Math.sqrt(LOOKS * hall.categories.length + NUMBERED));
    this.sheet.width = this.sheet.height = this.#across * side;
    this.#context = this.sheet.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
    this.#colours = hall.categories.map(({ color }, at) =>
      categoryColour(color, theme, wish.only !== null && wish.only !== at),
    );
  }

  fits(theme: Theme, wish: Wish, side: number): boolean {
    return this.#theme === theme && this.#wish === wish && this.side === side;
  }

  /** A number that is the same for seats that look alike, but for what is written on them. */
  look(seat: number, state: number): number {
    return (
      ((this.#hall.category[seat] as number) << 3) | ((this.#hall.accessible[seat] as number) << 2) | state
    );
  }

  /** A full sheet begins anew, before a picture and not in the midst of it. */
  begin(): void {
    if (this.#numbered < NUMBERED) return;
    this.#numbered = 0;
    this.#slots.clear();
    this.#context.clearRect(0, 0, this.sheet.width, this.sheet.height);
  }

  /** Where the stamp of a look stands on the sheet; `number` is what is written on the seat. */
  slot(look: number, number: string | null): number {
    // What is taken carries no number.
    if (number === null || (look & 3) !== 0) return this.#slots.get(look) ?? this.#draw(look, look, null);
    const key = `${look} ${number}`;
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    if (this.#numbered >= NUMBERED) return this.slot(look, null);
    this.#numbered += 1;
    return this.#draw(key, look, number);
  }

  left(slot: number): number {
    return (slot % this.#across) * this.side;
  }

  top(slot: number): number {
    return Math.floor(slot / this.#across) * this.side;
  }

  /** The stamp of a look, pixel by pixel. */
  pixels(look: number): Uint32Array {
    const known = this.#pixels.get(look);
    if (known) return known;
    const slot = this.slot(look, null);
    const { data } = this.#context.getImageData(this.left(slot), this.top(slot), this.side, this.side);
    const pixels = new Uint32Array(data.buffer);
    this.#pixels.set(look, pixels);
    return pixels;
  }

  #draw(key: string | number, look: number, number: string | null): number {
    const slot = this.#slots.size;
    this.#slots.set(key, slot);
    const middle = this.side / 2;
    const written = number === null ? undefined : { text: number, font: this.#theme.font };
    drawSeat(
      this.#context,
      this.left(slot) + middle,
      this.top(slot) + middle,
      this.side,
      this.#lookOf(look),
      written,
    );
    return slot;
  }

  #lookOf(look: number): Look {
    const { ground, ink, states } = this.#theme;
    const [state, accessible, category] = [look & 3, (look & 4) !== 0, look >> 3];
    const seen = { state, accessible, ground, ink };
    if (this.#wish.colours === "categories")
      return { ...seen, colour: this.#colours[category] ?? ink, ...this.#fainter(category) };
    // The organiser looks for what is sold: it is full, too.
    return { ...seen, state: state === 2 ? 0 : state, colour: states[state] ?? ink };
  }

  #fainter(category: number): Partial<Look> {
    const { only } = this.#wish;
    return only === null || only === category
      ? {}
      : { ink: mix(this.#theme.ink, this.#theme.ground, 0.6), accessible: false };
  }
}
