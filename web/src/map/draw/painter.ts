// One picture of the map: silhouettes from afar, stamped pixels nearer, seats with their numbers when near.

import type { Counts } from "../counts";
import { detailOf, NAMES_TO } from "../detail";
import type { Hall } from "../hall";
import { labelsOf, type SectionWords } from "../labels";
import { grown, type Size, seen, type View } from "../view";
import { Blit } from "./blit";
import { css, mix } from "./colour";
import { drawLabels, drawRowNames, LINE_FONT, NAME_FONT, rowsOfSeats } from "./labels";
import { drawMarks, type Marks } from "./marks";
import { sectionColours } from "./section_colours";
import { drawSections, type Silhouette, silhouettesOf } from "./sections";
import { drawShapes } from "./shapes";
import { Stamps, type Wish } from "./stamps";
import type { Theme } from "./theme";

/** How large a seat is, of the way to the next one. */
const SEAT = 0.82;

export type Scene = {
  view: View;
  size: Size;
  /** Pixels of the canvas in a pixel of CSS. */
  dense: number;
  states: ArrayLike<number>;
  counts: Counts;
  words: readonly SectionWords[];
  front: string;
  theme: Theme;
  wish: Wish;
  marks: Marks;
  now: number;
};

export class Painter {
  readonly #hall: Hall;
  readonly #context: CanvasRenderingContext2D;
  readonly #blit = new Blit();
  readonly #silhouettes: Silhouette[];
  readonly #near: Uint32Array;
  readonly #slots: Uint16Array;
  readonly #widths = new Map<string, number>();
  #stamps: Stamps | null = null;

  constructor(canvas: HTMLCanvasElement, hall: Hall) {
    this.#hall = hall;
    this.#context = canvas.getContext("2d", { alpha: false }) as CanvasRenderingContext2D;
    this.#silhouettes = silhouettesOf(hall);
    this.#near = new Uint32Array(hall.seats);
    this.#slots = new Uint16Array(hall.seats);
  }

  draw(scene: Scene): void {
    const [context, hall] = [this.#context, this.#hall];
    const { view, size, dense, theme } = scene;
    const pitch = hall.pitch * view.scale;
    const detail = detailOf(pitch);
    context.setTransform(dense, 0, 0, dense, 0, 0);
    context.fillStyle = css(theme.ground);
    context.fillRect(0, 0, size.width, size.height);
    drawShapes(context, hall, view, theme, scene.front);
    if (detail !== "numbers") this.#sections(scene, detail === "seats");
    context.setTransform(1, 0, 0, 1, 0, 0);
    const seats = detail === "sections" ? new Uint32Array() : this.#seatsSeen(view, size);
    if (detail === "seats") this.#stampSeats(scene, seats);
    if (detail === "numbers") this.#drawSeats(scene, seats);
    context.setTransform(dense, 0, 0, dense, 0, 0);
    if (detail === "numbers") drawRowNames(context, hall, view, size, rowsOfSeats(hall, seats), theme);
    drawMarks(context, hall, view, theme, scene.marks, scene.now);
    if (pitch < NAMES_TO) this.#labels(scene);
  }

  /** What is measured anew when the fonts have come. */
  forget(): void {
    this.#widths.clear();
    this.#stamps = null;
  }

  #sections({ view, size, theme, wish, counts }: Scene, under: boolean): void {
    const [context, hall] = [this.#context, this.#hall];
    const colours = sectionColours(hall, theme, wish, counts);
    context.save();
    context.translate(view.x, view.y);
    context.scale(view.scale, view.scale);
    drawSections(context, this.#silhouettes, {
      hall,
      box: grown(seen(view, size), 2 * hall.pitch),
      // Under seats a section is a shade of the ground.
      paint: under ? (section, category) => mix(colours(section, category), theme.ground, 0.9) : colours,
    });
    context.restore();
  }

  #seatsSeen(view: View, size: Size): Uint32Array {
    const box = grown(seen(view, size), this.#hall.pitch);
    return this.#near.subarray(0, this.#hall.grid.within(box, this.#near));
  }

  #stampSeats(scene: Scene, seats: Uint32Array): void {
    const { view, size, dense, states } = scene;
    const stamps = this.#stampsFor(scene);
    const [hall, side] = [this.#hall, stamps.side];
    const [scale, left, top] = [view.scale * dense, view.x * dense - side / 2, view.y * dense - side / 2];
    this.#blit.clear(Math.round(size.width * dense), Math.round(size.height * dense));
    for (let at = 0; at < seats.length; at += 1) {
      const seat = seats[at] as number;
      this.#blit.stamp(
        stamps.pixels(stamps.look(seat, states[seat] ?? 0)),
        side,
        Math.round((hall.x[seat] as number) * scale + left),
        Math.round((hall.y[seat] as number) * scale + top),
      );
    }
    this.#context.drawImage(this.#blit.show(), 0, 0);
  }

  #drawSeats(scene: Scene, seats: Uint32Array): void {
    const { view, dense, states } = scene;
    const stamps = this.#stampsFor(scene);
    const [hall, side, context] = [this.#hall, stamps.side, this.#context];
    const [scale, left, top] = [view.scale * dense, view.x * dense - side / 2, view.y * dense - side / 2];
    stamps.begin();
    // First all stamps, then the picture: a sheet that changes between two images is copied for each of them.
    for (let at = 0; at < seats.length; at += 1) {
      const seat = seats[at] as number;
      this.#slots[at] = stamps.slot(stamps.look(seat, states[seat] ?? 0), hall.numbers[seat] ?? "");
    }
    for (let at = 0; at < seats.length; at += 1) {
      const seat = seats[at] as number;
      const slot = this.#slots[at] as number;
      const x = Math.round((hall.x[seat] as number) * scale + left);
      const y = Math.round((hall.y[seat] as number) * scale + top);
      context.drawImage(stamps.sheet, stamps.left(slot), stamps.top(slot), side, side, x, y, side, side);
    }
  }

  #stampsFor({ view, dense, theme, wish }: Scene): Stamps {
    const side = Math.max(1, Math.round(this.#hall.pitch * view.scale * dense * SEAT));
    if (!this.#stamps?.fits(theme, wish, side)) this.#stamps = new Stamps(this.#hall, theme, wish, side);
    return this.#stamps;
  }

  #labels({ view, size, words, theme }: Scene): void {
    const measure = (text: string, bold: boolean) => this.#width(text, bold, theme.font);
    drawLabels(this.#context, labelsOf(this.#hall, words, view, size, measure), theme);
  }

  #width(text: string, bold: boolean, font: string): number {
    const key = bold ? `*${text}` : text;
    const known = this.#widths.get(key);
    if (known !== undefined) return known;
    this.#context.font = bold ? NAME_FONT(font) : LINE_FONT(font);
    const { width } = this.#context.measureText(text);
    this.#widths.set(key, width);
    return width;
  }
}
