// Where the sign "Front" stands, in a hall whose map draws no stage: towards the place where one looks, and near the seats.

import type { Grid } from "./grid";
import type { Point } from "./types";
import type { Box } from "./view";

/** From the sign to the nearest seat, in seats. */
const AWAY = 2;
/** Half the width of the sign as a part of the hall's. */
const HALF = 0.07;

/**
 * A hall that was laid out is a fan round the place where one looks, which may lie as far from a small hall as the hall is
 * wide: it would be drawn small for nothing. From there the sign comes as near as a stage would be.
 */
export function frontOf(focus: Point, standing: Box, pitch: number, grid: Grid): Point {
  const middle = { x: (standing.left + standing.right) / 2, y: (standing.top + standing.bottom) / 2 };
  const way = Math.hypot(middle.x - focus.x, middle.y - focus.y);
  const half = HALF * (standing.right - standing.left);
  const isNear = ({ x, y }: Point) =>
    [x - half, x, x + half].some((at) => grid.nearest(at, y, AWAY * pitch) !== null);
  let front = focus;
  for (let gone = pitch / 2; gone < way && !isNear(front); gone += pitch / 2) {
    const part = gone / way;
    const next = { x: focus.x + (middle.x - focus.x) * part, y: focus.y + (middle.y - focus.y) * part };
    if (isNear(next)) break;
    front = next;
  }
  return front;
}
