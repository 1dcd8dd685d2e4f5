// Fingers and the mouse: what their moves mean. Positions are pixels of the map, times are arguments.

import type { Point } from "./types";

export type Finger = { id: number; x: number; y: number; at: number; isMouse: boolean };
export type Meaning =
  | { kind: "pan"; x: number; y: number }
  | { kind: "zoom"; factor: number; at: Point }
  | { kind: "tap"; at: Point; isMouse: boolean }
  | { kind: "double tap"; at: Point }
  | { kind: "throw"; speed: Point };

/** A finger that stays within these pixels has not moved. */
const STILL = { mouse: 4, finger: 10 };
const DOUBLE_MS = 300;
const DOUBLE_PX = 30;
/** The speed of a throw is that of the last moment. */
const MOMENT_MS = 90;

export class Gestures {
  #fingers = new Map<number, Finger>();
  #start: Finger | null = null;
  #moved = false;
  #trail: Finger[] = [];
  #tapped: { at: Point; when: number } | null = null;

  get busy(): boolean {
    return this.#fingers.size > 0;
  }

  down(finger: Finger): Meaning[] {
    this.#fingers.set(finger.id, finger);
    if (this.#fingers.size === 1) [this.#start, this.#moved, this.#trail] = [finger, false, [finger]];
    else this.#moved = true;
    return [];
  }

  move(finger: Finger): Meaning[] {
    const before = this.#fingers.get(finger.id);
    if (!before || !this.#start) return [];
    if (this.#fingers.size > 1) return this.#pinch(before, finger);
    const still = finger.isMouse ? STILL.mouse : STILL.finger;
    const from = this.#moved ? before : this.#start;
    this.#moved ||= Math.hypot(finger.x - this.#start.x, finger.y - this.#start.y) > still;
    if (!this.#moved) return [];
    this.#fingers.set(finger.id, finger);
    this.#trail = [...this.#trail.filter(({ at }) => at > finger.at - MOMENT_MS), finger];
    return [{ kind: "pan", x: finger.x - from.x, y: finger.y - from.y }];
  }

  up(finger: Finger): Meaning[] {
    if (!this.#fingers.delete(finger.id)) return [];
    if (this.#fingers.size > 0) {
      this.#trail = [];
      return [];
    }
    if (!this.#moved) return this.#tap(finger);
    return this.#throw(finger);
  }

  cancel(id: number): void {
    this.#fingers.delete(id);
    this.#trail = [];
  }

  #pinch(before: Finger, finger: Finger): Meaning[] {
    const other = [...this.#fingers.values()].find(({ id }) => id !== finger.id);
    this.#fingers.set(finger.id, finger);
    if (!other) return [];
    const apart = (one: Point) => Math.max(8, Math.hypot(one.x - other.x, one.y - other.y));
    const at = { x: (finger.x + other.x) / 2, y: (finger.y + other.y) / 2 };
    return [
      { kind: "pan", x: (finger.x - before.x) / 2, y: (finger.y - before.y) / 2 },
      { kind: "zoom", factor: apart(finger) / apart(before), at },
    ];
  }

  #tap({ x, y, at, isMouse }: Finger): Meaning[] {
    const last = this.#tapped;
    this.#tapped = { at: { x, y }, when: at };
    const isSecond =
      last && at - last.when < DOUBLE_MS && Math.hypot(x - last.at.x, y - last.at.y) < DOUBLE_PX;
    if (!isSecond) return [{ kind: "tap", at: { x, y }, isMouse }];
    this.#tapped = null;
    return [{ kind: "double tap", at: { x, y } }];
  }

  #throw(finger: Finger): Meaning[] {
    const first = this.#trail.find(({ at }) => at > finger.at - MOMENT_MS);
    const past = first ? finger.at - first.at : 0;
    if (!first || past < 8) return [];
    return [{ kind: "throw", speed: { x: (finger.x - first.x) / past, y: (finger.y - first.y) / past } }];
  }
}
