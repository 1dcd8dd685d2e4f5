// Where one looks, and how that moves: dragged, thrown, or on the way to a place. Time is an argument.

import { NEAR, NEAREST } from "./detail";
import type { Hall } from "./hall";
import type { Point } from "./types";
import {
  type Box,
  between,
  centred,
  fit,
  grown,
  kept,
  type Size,
  toHall,
  toScreen,
  type View,
  zoomed,
} from "./view";

type Motion =
  | { kind: "still" }
  | { kind: "thrown"; speed: Point; last: number }
  | { kind: "on the way"; from: View; to: View; began: number };

const WAY_MS = 280;
/** A throw is slower by a factor of e after that time. */
const SLOWS_MS = 325;
/** Pixels a millisecond; slower than that is still. */
const LEAST_SPEED = 0.02;
/** Pixels round the whole hall. */
export const MARGIN = 28;

export class Camera {
  view: View = { scale: 1, x: 0, y: 0 };
  size: Size = { width: 0, height: 0 };
  /** Nothing moves by itself. */
  calm = false;
  #hall: Hall;
  #motion: Motion = { kind: "still" };

  constructor(hall: Hall) {
    this.#hall = hall;
  }

  get moves(): boolean {
    return this.#motion.kind !== "still";
  }

  /** Pixels from one seat to the next. */
  get pitch(): number {
    return this.#hall.pitch * this.view.scale;
  }

  /** How near the whole hall is: from 1 on. */
  get nearness(): number {
    return this.view.scale / this.whole.scale;
  }

  get whole(): View {
    return fit(this.#hall.box, this.size, MARGIN, NEAREST / this.#hall.pitch);
  }

  /** The screen is another: what was in its middle stays there. */
  resize(size: Size): void {
    const first = this.size.width === 0;
    const whole = first || this.view.scale <= this.whole.scale * 1.01;
    const middle = toHall(this.view, { x: this.size.width / 2, y: this.size.height / 2 });
    this.size = size;
    this.#motion = { kind: "still" };
    this.#look(whole ? this.whole : centred(middle, Math.max(this.view.scale, this.whole.scale), size));
  }

  pan(x: number, y: number): void {
    this.#motion = { kind: "still" };
    this.#look({ scale: this.view.scale, x: this.view.x + x, y: this.view.y + y });
  }

  zoom(factor: number, at: Point): void {
    this.#motion = { kind: "still" };
    this.#look(this.#zoomed(this.view, factor, at));
  }

  /** Nearer in the time of a blink. */
  glide(factor: number, now: number, at = this.#middle()): void {
    const from = this.#motion.kind === "on the way" ? this.#motion.to : this.view;
    this.#go(this.#zoomed(from, factor, at), now);
  }

  throw(speed: Point, now: number): void {
    if (this.calm || Math.hypot(speed.x, speed.y) < LEAST_SPEED) return;
    this.#motion = { kind: "thrown", speed, last: now };
  }

  showWhole(now: number): void {
    this.#go(this.whole, now);
  }

  showBox(box: Box, now: number): void {
    const to = fit(grown(box, 2 * this.#hall.pitch), this.size, MARGIN, NEAR / this.#hall.pitch);
    this.#go({ ...to, scale: Math.max(to.scale, this.whole.scale) }, now);
  }

  /** A seat in the middle, near enough for its number. */
  showSeat(seat: number, now: number): void {
    const at = { x: this.#hall.x[seat] as number, y: this.#hall.y[seat] as number };
    this.#go(centred(at, Math.max(this.view.scale, NEAR / this.#hall.pitch), this.size), now);
  }

  /** No further than needed for a seat to be seen well. */
  follow(seat: number, now: number): void {
    if (this.pitch < NEAR * 0.7) {
      this.showSeat(seat, now);
      return;
    }
    const view = this.#motion.kind === "on the way" ? this.#motion.to : this.view;
    const at = toScreen(view, { x: this.#hall.x[seat] as number, y: this.#hall.y[seat] as number });
    const edge = Math.min(2 * this.pitch, this.size.width / 4, this.size.height / 4);
    const back = (where: number, length: number) =>
      Math.min(0, length - edge - where) + Math.max(0, edge - where);
    const [x, y] = [back(at.x, this.size.width), back(at.y, this.size.height)];
    if (x !== 0 || y !== 0) this.#go({ scale: view.scale, x: view.x + x, y: view.y + y }, now);
  }

  stop(): void {
    this.#motion = { kind: "still" };
  }

  /** Moves on to an instant; called before each picture. */
  step(now: number): void {
    const motion = this.#motion;
    if (motion.kind === "on the way") {
      const part = Math.min(1, Math.max(0, (now - motion.began) / WAY_MS));
      const eased = 1 - (1 - part) ** 3;
      this.#look(part < 1 ? between(motion.from, motion.to, eased, this.size) : motion.to);
      if (part === 1) this.#motion = { kind: "still" };
    } else if (motion.kind === "thrown") this.#fly(motion, now);
  }

  #fly(motion: { speed: Point; last: number }, now: number): void {
    const past = Math.max(0, now - motion.last);
    const left = Math.exp(-past / SLOWS_MS);
    const way = SLOWS_MS * (1 - left);
    const speed = { x: motion.speed.x * left, y: motion.speed.y * left };
    const fast = Math.hypot(speed.x, speed.y) > LEAST_SPEED;
    this.#look({
      ...this.view,
      x: this.view.x + motion.speed.x * way,
      y: this.view.y + motion.speed.y * way,
    });
    this.#motion = fast ? { kind: "thrown", speed, last: now } : { kind: "still" };
  }

  #go(to: View, now: number): void {
    const end = kept(to, this.#hall.box, this.size);
    this.#motion = { kind: "on the way", from: this.view, to: end, began: now };
    if (this.calm) this.step(now + WAY_MS);
  }

  #zoomed(view: View, factor: number, at: Point): View {
    return zoomed(view, factor, at, this.whole.scale, NEAREST / this.#hall.pitch);
  }

  #middle(): Point {
    return { x: this.size.width / 2, y: this.size.height / 2 };
  }

  #look(view: View): void {
    this.view = kept(view, this.#hall.box, this.size);
  }
}
