// The map at work: what is asked of it, when it draws, and what fingers and keys do to it. Knows no words.

import { Camera } from "./camera";
import { type Counts, changed, countFree } from "./counts";
import { CHOOSE_FROM, SEATS_FROM } from "./detail";
import { type Marks, PULSE_MS } from "./draw/marks";
import { Painter, type Scene } from "./draw/painter";
import { type Theme, themeOf } from "./draw/theme";
import { type Finger, Gestures, type Meaning } from "./gestures";
import { type Hall, sectionOf } from "./hall";
import type { Point } from "./types";
import { seen, toHall, toScreen, type View } from "./view";
import { type Arrow, beginning, rowEnd, step } from "./walk";

/** What is drawn, but for where one looks. */
export type Shown = Pick<Scene, "states" | "words" | "front" | "wish"> & Pick<Marks, "chosen" | "marked">;
export type Told = {
  /** A seat was touched, or Enter was pressed on it. */
  touch: (seat: number) => void;
  /** The keyboard has come to a seat. */
  at: (seat: number) => void;
  /** The mouse is over a seat, at this place of the map. */
  over: (seat: number | null, place: Point) => void;
  /** Another part of the hall is seen. */
  look: (view: View, nearness: number) => void;
  /** A picture was drawn; so many milliseconds of work. */
  frame?: (work: number) => void;
};

/** More pixels than that cost more than the eye gains. */
const MOST_DENSE = 2;
/** More seats than that do not shine one by one when they change. */
const MOST_PULSES = 300;

export class Stage {
  readonly camera: Camera;
  readonly #hall: Hall;
  readonly #canvas: HTMLCanvasElement;
  readonly #told: Told;
  readonly #painter: Painter;
  readonly #gestures = new Gestures();
  #shown: Shown;
  #counts: Counts;
  #theme: Theme;
  #at: number | null = null;
  #over: number | null = null;
  #keyboard = false;
  #pulses = new Map<number, number>();
  #frame = 0;

  constructor(canvas: HTMLCanvasElement, hall: Hall, shown: Shown, told: Told) {
    [this.#canvas, this.#hall, this.#shown, this.#told] = [canvas, hall, shown, told];
    this.camera = new Camera(hall);
    this.#painter = new Painter(canvas, hall);
    this.#counts = countFree(hall, shown.states);
    this.#theme = themeOf(canvas.parentElement ?? canvas);
  }

  end(): void {
    cancelAnimationFrame(this.#frame);
  }

  show(shown: Shown, now: number): void {
    if (shown.states !== this.#shown.states) this.#learn(shown.states, now);
    this.#shown = shown;
    this.#ask();
  }

  /** The page is light or dark now, or its fonts have come. */
  dress(): void {
    this.#theme = themeOf(this.#canvas.parentElement ?? this.#canvas);
    this.#painter.forget();
    this.#ask();
  }

  resize(width: number, height: number): void {
    if (width < 1 || height < 1) return;
    const dense = this.#dense;
    this.#canvas.width = Math.round(width * dense);
    this.#canvas.height = Math.round(height * dense);
    this.camera.resize({ width, height });
    // A canvas of another size is empty: an empty picture would be seen for a moment.
    this.#draw(performance.now());
  }

  finger(kind: "down" | "move" | "up", finger: Finger): void {
    if (kind === "down") this.camera.stop();
    if (kind !== "move") this.keyboard(false);
    for (const meaning of this.#gestures[kind](finger)) this.#mean(meaning, finger.at);
    const isHover = finger.isMouse && !this.#gestures.busy;
    this.#hover(isHover ? finger : null);
    this.#ask();
  }

  cancel(id: number): void {
    this.#gestures.cancel(id);
  }

  leave(): void {
    this.#hover(null);
    this.#ask();
  }

  wheel(factor: number, at: Point): void {
    this.camera.zoom(factor, at);
    this.#hover(null);
    this.#ask();
  }

  /** Nearer or further by a button or a key. */
  nearer(factor: number, now: number): void {
    const at = this.#keyboard && this.#at !== null ? this.#screen(this.#at) : undefined;
    this.camera.glide(factor, now, at);
    this.#ask();
  }

  whole(now: number): void {
    this.camera.showWhole(now);
    this.#ask();
  }

  showSection(section: number, now: number): void {
    const box = this.#hall.sections[section]?.box;
    if (box) this.camera.showBox(box, now);
    this.#ask();
  }

  showSeat(seat: number, now: number): void {
    this.camera.showSeat(seat, now);
    this.#ask();
  }

  /** Looks at a point of the hall, at once: for a map of the map. */
  lookAt(at: Point): void {
    const { view, size } = this.camera;
    this.camera.pan(
      size.width / 2 - at.x * view.scale - view.x,
      size.height / 2 - at.y * view.scale - view.y,
    );
    this.#ask();
  }

  /** Whether the keyboard is here: then the seat that it is at is seen. */
  keyboard(here: boolean): void {
    this.#keyboard = here;
    this.#ask();
  }

  walk(to: Arrow | "first" | "last", now: number): void {
    this.#keyboard = true;
    if (this.#at === null) this.#at = this.#beginning();
    else if (to === "first" || to === "last") this.#at = rowEnd(this.#hall, this.#at, to);
    else this.#at = step(this.#hall, this.#at, to);
    if (this.#at === null) return;
    this.camera.follow(this.#at, now);
    this.#told.at(this.#at);
    this.#ask();
  }

  /** The seat that the keyboard is at is touched. */
  enter(now: number): void {
    if (this.#at === null) {
      this.walk("right", now);
      return;
    }
    this.#keyboard = true;
    this.#told.touch(this.#at);
    this.#ask();
  }

  #beginning(): number | null {
    const { view, size } = this.camera;
    const middle = toHall(view, { x: size.width / 2, y: size.height / 2 });
    const at = this.camera.nearness > 1.05 ? middle : this.#hall.map.focus;
    return beginning(this.#hall, this.#shown.states, at);
  }

  #mean(meaning: Meaning, now: number): void {
    if (meaning.kind === "pan") this.camera.pan(meaning.x, meaning.y);
    else if (meaning.kind === "zoom") this.camera.zoom(meaning.factor, meaning.at);
    else if (meaning.kind === "throw") this.camera.throw(meaning.speed, now);
    else if (meaning.kind === "tap") this.#tap(meaning.at, meaning.isMouse, now);
    else if (this.#choosable(false) && this.#under(meaning.at) !== null) this.#tap(meaning.at, false, now);
    else this.camera.glide(2.4, now, meaning.at);
  }

  /** Near seats are touched; from afar a touch goes nearer. */
  #tap(at: Point, isMouse: boolean, now: number): void {
    const seat = this.#under(at);
    if (seat === null) return;
    if (this.#choosable(isMouse)) {
      this.#at = seat;
      this.#told.touch(seat);
    } else if (this.camera.pitch < SEATS_FROM * 2) this.showSection(sectionOf(this.#hall, seat), now);
    else this.camera.showSeat(seat, now);
  }

  #choosable(isMouse: boolean): boolean {
    return this.camera.pitch >= (isMouse ? CHOOSE_FROM * 0.7 : CHOOSE_FROM);
  }

  #under(at: Point): number | null {
    const { x, y } = toHall(this.camera.view, at);
    const reach = Math.max(this.#hall.pitch * 0.75, 14 / this.camera.view.scale);
    return this.#hall.grid.nearest(x, y, reach);
  }

  #hover(at: Point | null): void {
    const seat = at && this.#choosable(true) ? this.#under(at) : null;
    if (seat === this.#over) return;
    this.#over = seat;
    this.#told.over(seat, seat === null ? { x: 0, y: 0 } : this.#screen(seat));
  }

  #screen(seat: number): Point {
    return toScreen(this.camera.view, { x: this.#hall.x[seat] as number, y: this.#hall.y[seat] as number });
  }

  #learn(states: ArrayLike<number>, now: number): void {
    const seats = changed(this.#shown.states, states);
    this.#counts = countFree(this.#hall, states);
    if (this.camera.calm || seats.length > MOST_PULSES) return;
    const { left, top, right, bottom } = seen(this.camera.view, this.camera.size);
    for (const seat of seats) {
      const [x, y] = [this.#hall.x[seat] as number, this.#hall.y[seat] as number];
      if (x > left && x < right && y > top && y < bottom) this.#pulses.set(seat, now);
    }
  }

  get #dense(): number {
    return Math.min(MOST_DENSE, globalThis.devicePixelRatio || 1);
  }

  #ask(): void {
    this.#frame ||= requestAnimationFrame((now) => {
      this.#frame = 0;
      this.#draw(now);
    });
  }

  #draw(now: number): void {
    if (this.camera.size.width === 0) return;
    const began = performance.now();
    this.camera.step(now);
    for (const [seat, start] of this.#pulses) if (now - start > PULSE_MS) this.#pulses.delete(seat);
    const { view, size, nearness } = this.camera;
    this.#painter.draw({
      ...this.#shown,
      view,
      size,
      now,
      dense: this.#dense,
      counts: this.#counts,
      theme: this.#theme,
      marks: {
        chosen: this.#shown.chosen,
        marked: this.#shown.marked,
        at: this.#keyboard ? this.#at : null,
        over: this.#over,
        pulses: this.#pulses,
      },
    });
    this.#told.look(view, nearness);
    this.#told.frame?.(performance.now() - began);
    if (this.camera.moves || this.#pulses.size > 0) this.#ask();
  }
}
