// The shape of a section, as stretches of its rows: drawn as thick lines they are its silhouette, with its aisles
// and corners, which a hull would hide.

import type { Hall, HallRow } from "./hall";
import type { Point } from "./types";

export type Stretch = { category: number; points: Point[] };

/** A gap wider than this, in seats, is an aisle. */
const AISLE = 1.6;
/** How far, in seats, a point may lie beside the line that leaves it out. */
const STRAIGHT = 0.12;

export function stretchesOf(hall: Hall, section: number): Stretch[] {
  const { firstRow = 0, endRow = 0 } = hall.sections[section] ?? {};
  return hall.rows.slice(firstRow, endRow).flatMap((row) =>
    split(hall, row).map(({ first, end }) => ({
      category: hall.category[first] ?? 0,
      points: longer(straighter(pointsOf(hall, first, end), STRAIGHT * hall.pitch), hall.pitch / 2),
    })),
  );
}

/** Seats of one category, side by side. */
function split(hall: Hall, row: HallRow): { first: number; end: number }[] {
  const parts: { first: number; end: number }[] = [];
  let first = row.first;
  for (let seat = row.first + 1; seat <= row.end; seat += 1) {
    if (seat < row.end && belong(hall, seat - 1, seat)) continue;
    parts.push({ first, end: seat });
    first = seat;
  }
  return row.end > row.first ? parts : [];
}

function belong(hall: Hall, a: number, b: number): boolean {
  const gap = Math.hypot(
    (hall.x[a] as number) - (hall.x[b] as number),
    (hall.y[a] as number) - (hall.y[b] as number),
  );
  return hall.category[a] === hall.category[b] && gap < AISLE * hall.pitch;
}

function pointsOf(hall: Hall, first: number, end: number): Point[] {
  return Array.from({ length: end - first }, (_, at) => ({
    x: hall.x[first + at] as number,
    y: hall.y[first + at] as number,
  }));
}

/** Without the points that the eye does not miss. */
export function straighter(points: Point[], tolerance: number): Point[] {
  if (points.length < 3) return points;
  const kept = [points[0] as Point];
  let from = 0;
  for (let to = 2; to < points.length; to += 1) {
    if (!isStraight(points, from, to, tolerance)) {
      from = to - 1;
      kept.push(points[from] as Point);
    }
  }
  return [...kept, points.at(-1) as Point];
}

function isStraight(points: Point[], from: number, to: number, tolerance: number): boolean {
  const [a, b] = [points[from] as Point, points[to] as Point];
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1;
  return points
    .slice(from + 1, to)
    .every(({ x, y }) => Math.abs((b.x - a.x) * (a.y - y) - (a.x - x) * (b.y - a.y)) / length <= tolerance);
}

/** Half a seat stands out at both ends; a seat alone lies across. */
function longer(points: Point[], by: number): Point[] {
  const [first, last] = [points[0] as Point, points.at(-1) as Point];
  const [second, before] = [points[1], points.at(-2)];
  if (!second || !before)
    return [
      { x: first.x - by, y: first.y },
      { x: first.x + by, y: first.y },
    ];
  return [further(second, first, by), ...points.slice(1, -1), further(before, last, by)];
}

function further(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: to.x + ((to.x - from.x) / length) * by, y: to.y + ((to.y - from.y) / length) * by };
}
