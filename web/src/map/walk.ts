// Arrow keys: along a row where the arrow points along it, else to the next row, as one sees it. Where the rows of a
// side block run from top to bottom, up and down walk along the row.

import { type Hall, rowOf } from "./hall";
import type { Point } from "./types";

export type Arrow = "left" | "right" | "up" | "down";

const DIRECTIONS: Record<Arrow, Point> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};
/** How far, in seats, an arrow jumps over an aisle, at first and at last. */
const REACHES = [3, 8, 24, 80];

/** The seat where an arrow leads to; the same one at the edge of the hall. */
export function step(hall: Hall, seat: number, arrow: Arrow): number {
  const towards = DIRECTIONS[arrow];
  const along = alongRow(hall, seat);
  const aim = towards.x * along.x + towards.y * along.y;
  if (Math.abs(aim) < Math.SQRT1_2) return beyond(hall, seat, towards) ?? seat;
  const { first, end } = rowOf(hall, seat);
  const next = seat + Math.sign(aim);
  return next >= first && next < end ? next : (beyond(hall, seat, towards) ?? seat);
}

/** The first or the last seat of the row. */
export function rowEnd(hall: Hall, seat: number, end: "first" | "last"): number {
  const row = rowOf(hall, seat);
  return end === "first" ? row.first : row.end - 1;
}

/** Where the keyboard begins: the free seat nearest to a point, or any. */
export function beginning(hall: Hall, states: ArrayLike<number>, at: Point): number | null {
  const across = Math.max(hall.box.right - hall.box.left, hall.box.bottom - hall.box.top);
  for (let reach = 8 * hall.pitch; reach < 4 * across; reach *= 4) {
    const seat = hall.grid.nearest(at.x, at.y, reach, (one) => (states[one] ?? 0) === 0);
    if (seat !== null) return seat;
  }
  return hall.grid.nearest(at.x, at.y, 4 * across);
}

/** The direction of the row at a seat, of length 1. */
function alongRow(hall: Hall, seat: number): Point {
  const { first, end } = rowOf(hall, seat);
  const [a, b] = [Math.max(first, seat - 1), Math.min(end - 1, seat + 1)];
  const [x, y] = [
    (hall.x[b] as number) - (hall.x[a] as number),
    (hall.y[b] as number) - (hall.y[a] as number),
  ];
  const length = Math.hypot(x, y);
  return length > 0 ? { x: x / length, y: y / length } : { x: 1, y: 0 };
}

/** The next seat of another row in a direction: near, and not far to the side. */
function beyond(hall: Hall, seat: number, towards: Point): number | null {
  const from = { x: hall.x[seat] as number, y: hall.y[seat] as number };
  for (const reach of REACHES) {
    const away = reach * hall.pitch;
    let [best, least] = [-1, away];
    const near = { left: from.x - away, top: from.y - away, right: from.x + away, bottom: from.y + away };
    hall.grid.each(near, (one) => {
      const [x, y] = [(hall.x[one] as number) - from.x, (hall.y[one] as number) - from.y];
      const ahead = x * towards.x + y * towards.y;
      const aside = Math.abs(x * towards.y - y * towards.x);
      if (ahead < hall.pitch / 4 || aside > ahead || hall.row[one] === hall.row[seat]) return;
      const far = ahead + 1.5 * aside;
      if (far < least) [best, least] = [one, far];
    });
    if (best >= 0) return best;
  }
  return null;
}
