// Which seats a buyer has chosen: what a touch of a seat does, as a plain function.

import type { Hall } from "./hall";
import { FREE } from "./states";

export type Touch =
  | { kind: "choose"; seatId: string }
  | { kind: "unchoose"; seatId: string }
  /** Nothing is chosen: as many as one may have are chosen already. */
  | { kind: "full"; seatId: string; most: number }
  /** Nothing is chosen: it is held, sold or blocked. */
  | { kind: "taken"; seatId: string; state: number };

/** What happens when a seat is touched. */
export function touched(
  hall: Hall,
  states: ArrayLike<number>,
  chosen: readonly string[],
  seat: number,
  most: number,
): Touch {
  const seatId = hall.ids[seat] ?? "";
  if (chosen.includes(seatId)) return { kind: "unchoose", seatId };
  const state = states[seat] ?? FREE;
  if (state !== FREE) return { kind: "taken", seatId, state };
  if (chosen.length >= most) return { kind: "full", seatId, most };
  return { kind: "choose", seatId };
}

/** The chosen seats after it. */
export function after(chosen: readonly string[], touch: Touch): readonly string[] {
  if (touch.kind === "choose") return [...chosen, touch.seatId];
  if (touch.kind === "unchoose") return chosen.filter((one) => one !== touch.seatId);
  return chosen;
}

/** Chosen seats that are not free any more, though they were. */
export function lost(
  hall: Hall,
  before: ArrayLike<number>,
  now: ArrayLike<number>,
  chosen: readonly string[],
): string[] {
  return chosen.filter((seatId) => {
    const seat = hall.indexOf.get(seatId);
    return seat !== undefined && (before[seat] ?? FREE) === FREE && (now[seat] ?? FREE) !== FREE;
  });
}
