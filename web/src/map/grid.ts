// Seats by where they stand: square cells, each a stretch of one array.

import type { Box } from "./view";

export class Grid {
  readonly #x: Float32Array;
  readonly #y: Float32Array;
  readonly #cell: number;
  readonly #left: number;
  readonly #top: number;
  readonly #columns: number;
  readonly #lines: number;
  /** Cell `c` holds `#seats[#start[c] .. #start[c + 1]]`. */
  readonly #start: Uint32Array;
  readonly #seats: Uint32Array;

  constructor(x: Float32Array, y: Float32Array, box: Box, cell: number) {
    // A few seats far from each other must not make a million empty cells.
    const area = (box.right - box.left) * (box.bottom - box.top);
    const least = Math.sqrt(Math.max(0, area) / (4 * x.length + 64));
    this.#cell = Math.max(cell, least, (box.right - box.left) / 4096, (box.bottom - box.top) / 4096, 1e-6);
    [this.#x, this.#y, this.#left, this.#top] = [x, y, box.left, box.top];
    this.#columns = Math.floor((box.right - box.left) / this.#cell) + 1 || 1;
    this.#lines = Math.floor((box.bottom - box.top) / this.#cell) + 1 || 1;
    this.#start = new Uint32Array(this.#columns * this.#lines + 1);
    this.#seats = new Uint32Array(x.length);
    this.#sort();
  }

  /** Writes the seats in the cells that a box touches into `out`; says how many. */
  within(box: Box, out: Uint32Array): number {
    let found = 0;
    const [first, last] = [this.#column(box.left), this.#column(box.right)];
    for (let line = this.#line(box.top); line <= this.#line(box.bottom); line += 1) {
      const start = this.#start[line * this.#columns + first] as number;
      const end = this.#start[line * this.#columns + last + 1] as number;
      // Cells of one line follow each other, and so do their seats.
      out.set(this.#seats.subarray(start, end), found);
      found += end - start;
    }
    return found;
  }

  /** Visits the seats in the cells that a box touches. */
  each(box: Box, visit: (seat: number) => void): void {
    const [first, last] = [this.#column(box.left), this.#column(box.right)];
    for (let line = this.#line(box.top); line <= this.#line(box.bottom); line += 1) {
      const end = this.#start[line * this.#columns + last + 1] as number;
      for (let at = this.#start[line * this.#columns + first] as number; at < end; at += 1)
        visit(this.#seats[at] as number);
    }
  }

  /** The seat nearest to a point, not further than `reach`, of those that fit. */
  nearest(x: number, y: number, reach: number, fits: (seat: number) => boolean = () => true): number | null {
    let [best, least] = [-1, reach * reach];
    this.each({ left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }, (seat) => {
      const away = ((this.#x[seat] as number) - x) ** 2 + ((this.#y[seat] as number) - y) ** 2;
      if (away <= least && fits(seat)) [best, least] = [seat, away];
    });
    return best < 0 ? null : best;
  }

  #sort(): void {
    const cells = Uint32Array.from(this.#x, (x, seat) => {
      return this.#line(this.#y[seat] as number) * this.#columns + this.#column(x);
    });
    for (const cell of cells) (this.#start[cell + 1] as number) += 1;
    for (let cell = 1; cell < this.#start.length; cell += 1)
      (this.#start[cell] as number) += this.#start[cell - 1] as number;
    const next = this.#start.slice();
    cells.forEach((cell, seat) => {
      this.#seats[next[cell] as number] = seat;
      (next[cell] as number) += 1;
    });
  }

  #column(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor((x - this.#left) / this.#cell)));
  }

  #line(y: number): number {
    return Math.min(this.#lines - 1, Math.max(0, Math.floor((y - this.#top) / this.#cell)));
  }
}
