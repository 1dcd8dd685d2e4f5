// A seat map, and what is worked out from it once: arrays by seat index, rows and sections, distances.

import { frontOf } from "./front";
import { Grid } from "./grid";
import type { Category, Point, Seat, SeatMap, Shape } from "./types";
import { type Box, extend, grown } from "./view";

/** Seats `first .. end` stand in it. */
export type HallRow = { name: string; section: number; first: number; end: number };
export type HallSection = {
  name: string;
  first: number;
  end: number;
  firstRow: number;
  endRow: number;
  box: Box;
  /** A point for its name: among its seats. */
  middle: Point;
  /** From one row to the next. */
  spacing: number;
  categories: number[];
};

export type Hall = {
  map: SeatMap;
  seats: number;
  ids: string[];
  numbers: string[];
  x: Float32Array;
  y: Float32Array;
  row: Uint32Array;
  category: Uint16Array;
  accessible: Uint8Array;
  rows: HallRow[];
  sections: HallSection[];
  categories: Category[];
  indexOf: Map<string, number>;
  grid: Grid;
  /** From one seat to its neighbour, mostly. */
  pitch: number;
  /** Where the sign of the front stands, if no shape is drawn. */
  front: Point;
  /** All seats, and what is drawn round them. */
  box: Box;
};

const KNOWN = new WeakMap<SeatMap, Hall>();

/** Worked out once for each map, whoever asks. */
export function hallOf(map: SeatMap): Hall {
  const hall = KNOWN.get(map) ?? workOut(map);
  KNOWN.set(map, hall);
  return hall;
}

function workOut(map: SeatMap): Hall {
  const seats = map.sections.flatMap((section) => section.rows.flatMap((row) => row.seats));
  const arrays = arraysOf(map, seats);
  const { x, y } = arrays;
  const rows = rowsOf(map, arrays.row);
  const pitch = pitchOf(rows, x, y);
  const standing = boxOf(x, y, 0, seats.length);
  const grid = new Grid(x, y, standing, 2 * pitch);
  const front = frontOf(map.focus, standing, pitch, grid);
  return {
    map,
    seats: seats.length,
    ids: seats.map((seat) => seat.seat_id),
    numbers: seats.map((seat) => seat.number),
    ...arrays,
    rows,
    sections: sectionsOf(map, rows, { ...arrays, pitch }),
    categories: map.categories,
    indexOf: new Map(seats.map((seat, at) => [seat.seat_id, at])),
    grid,
    pitch,
    front,
    box: withShapes(grown(standing, pitch), map, front),
  };
}

type Arrays = Pick<Hall, "x" | "y" | "row" | "category" | "accessible">;

/** One loop, and nothing made for each seat: tens of thousands are read while somebody waits. */
function arraysOf(map: SeatMap, seats: readonly Seat[]): Arrays {
  const categoryOf = new Map(map.categories.map(({ name }, at) => [name, at]));
  const [x, y] = [new Float32Array(seats.length), new Float32Array(seats.length)];
  const [category, accessible] = [new Uint16Array(seats.length), new Uint8Array(seats.length)];
  seats.forEach((seat, at) => {
    [x[at], y[at]] = [seat.x, seat.y];
    category[at] = categoryOf.get(seat.category) ?? 0;
    accessible[at] = Number(seat.accessible);
  });
  return { x, y, category, accessible, row: new Uint32Array(seats.length) };
}

export const sectionOf = (hall: Hall, seat: number): number => rowOf(hall, seat).section;

export function rowOf(hall: Hall, seat: number): HallRow {
  return hall.rows[hall.row[seat] ?? 0] as HallRow;
}

function rowsOf(map: SeatMap, row: Uint32Array): HallRow[] {
  let next = 0;
  return map.sections
    .flatMap(({ rows }, section) => rows.map((of) => ({ of, section })))
    .map(({ of, section }, at) => {
      const first = next;
      next += of.seats.length;
      row.fill(at, first, next);
      return { name: of.name, section, first, end: next };
    });
}

type Standing = { x: Float32Array; y: Float32Array; category: Uint16Array; pitch: number };

function sectionsOf(map: SeatMap, rows: HallRow[], standing: Standing): HallSection[] {
  let firstRow = 0;
  return map.sections.map(({ name, rows: { length } }) => {
    const own = rows.slice(firstRow, firstRow + length);
    const [first, end] = [own[0]?.first ?? 0, own.at(-1)?.end ?? 0];
    firstRow += length;
    return {
      name,
      first,
      end,
      firstRow: firstRow - length,
      endRow: firstRow,
      box: boxOf(standing.x, standing.y, first, end),
      middle: middleOf(standing, first, end),
      spacing: spacingOf(standing, own),
      categories: [...new Set(standing.category.subarray(first, end))].sort((a, b) => a - b),
    };
  });
}

function boxOf(x: Float32Array, y: Float32Array, first: number, end: number): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let seat = first; seat < end; seat += 1) extend(box, x[seat] as number, y[seat] as number);
  return Number.isFinite(box.left) ? box : { left: 0, top: 0, right: 0, bottom: 0 };
}

/** The mean of the seats, or the seat nearest to it where nobody sits round the mean. */
function middleOf({ x, y, pitch }: Standing, first: number, end: number): Point {
  const sum = (of: Float32Array) => of.subarray(first, end).reduce((all, one) => all + one, 0);
  const mean = { x: sum(x) / Math.max(1, end - first), y: sum(y) / Math.max(1, end - first) };
  let [best, least] = [mean, Infinity];
  for (let seat = first; seat < end; seat += 1) {
    const one = { x: x[seat] as number, y: y[seat] as number };
    const away = Math.hypot(one.x - mean.x, one.y - mean.y);
    if (away < least) [best, least] = [one, away];
  }
  return least < 2 * pitch ? mean : best;
}

function pitchOf(rows: HallRow[], x: Float32Array, y: Float32Array): number {
  const gaps = rows.flatMap(({ first, end }) =>
    Array.from({ length: Math.max(0, end - first - 1) }, (_, at) =>
      distance(x, y, first + at, first + at + 1),
    ),
  );
  return median(gaps, 1);
}

/** From the middle of each row to the nearest seat of the next one. */
function spacingOf({ x, y, pitch }: Standing, rows: HallRow[]): number {
  const steps = rows.slice(1).map((row, at) => {
    const before = rows[at] as HallRow;
    const middle = (before.first + before.end) >> 1;
    let least = Infinity;
    for (let seat = row.first; seat < row.end; seat += 1)
      least = Math.min(least, distance(x, y, middle, seat));
    return least;
  });
  return Math.min(3 * pitch, Math.max(pitch, median(steps, pitch)));
}

function distance(x: Float32Array, y: Float32Array, a: number, b: number): number {
  return Math.hypot((x[a] as number) - (x[b] as number), (y[a] as number) - (y[b] as number));
}

function median(values: number[], otherwise: number): number {
  const sorted = Float32Array.from(values.filter((value) => value > 0 && Number.isFinite(value))).sort();
  return sorted[sorted.length >> 1] ?? otherwise;
}

function withShapes(box: Box, map: SeatMap, front: Point): Box {
  const all = { ...box };
  for (const shape of map.shapes) for (const { x, y } of corners(shape)) extend(all, x, y);
  if (map.shapes.length === 0) extend(all, front.x, front.y);
  return all;
}

function corners(shape: Shape): Point[] {
  const { x, y } = shape;
  switch (shape.kind) {
    case "rectangle":
      return [
        { x, y },
        { x: x + shape.width, y: y + shape.height },
      ];
    case "circle":
      return round(x, y, shape.radius, shape.radius);
    case "ellipse":
      return round(x, y, shape.radius_x, shape.radius_y);
    case "polygon":
      return shape.points;
    case "text":
      return [{ x, y }];
  }
}

const round = (x: number, y: number, across: number, down: number): Point[] => [
  { x: x - across, y: y - down },
  { x: x + across, y: y + down },
];
