import { expect, test } from "vitest";
import { hallOf } from "./hall";
import { mapOf, small } from "./testing";
import type { Point } from "./types";

const rows = small({ S: ["AAAAAAAAAAAA", "AAAAAAAAAAAA"] }).map.sections;
const hallAt = (focus: Point) => hallOf({ ...mapOf(rows), focus });
/** Seats stand at 0 … 110 across and 10, 20 down, ten apart. */
const awayFrom = ({ x, y }: Point) =>
  Math.min(
    ...rows.flatMap((section) =>
      section.rows.flatMap((row) => row.seats.map((seat) => Math.hypot(seat.x - x, seat.y - y))),
    ),
  );

test("the front is near the seats, however far away one looks", () => {
  for (const focus of [
    { x: 55, y: -900 },
    { x: -700, y: 15 },
    { x: 55, y: 4_000 },
  ]) {
    const { front } = hallAt(focus);
    expect(awayFrom(front)).toBeGreaterThan(15);
    expect(awayFrom(front)).toBeLessThan(45);
  }
});

test("it stays on the way from where one looks to the middle of the seats", () => {
  const { front } = hallAt({ x: 55, y: -900 });
  expect(front.x).toBeCloseTo(55);
  expect(front.y).toBeLessThan(0);
});

test("what is near already, or among the seats, stays where it is", () => {
  for (const focus of [
    { x: 55, y: -5 },
    { x: 55, y: 15 },
  ])
    expect(hallAt(focus).front).toEqual(focus);
});

test("the hall is as large as what is drawn of it, not as far as one looks", () => {
  expect(hallAt({ x: 55, y: -900 }).box.top).toBeGreaterThan(-40);
});
