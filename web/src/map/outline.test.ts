import { expect, test } from "vitest";
import { hallOf } from "./hall";
import { straighter, stretchesOf } from "./outline";
import { small, stadium } from "./testing";

test("a straight row is two points, half a seat further out at both ends", () => {
  const [stretch] = stretchesOf(small({ S: ["AAAA"] }), 0);
  expect(stretch?.points).toEqual([
    { x: -5, y: 10 },
    { x: 35, y: 10 },
  ]);
});

test("an aisle cuts a row, and so does another category", () => {
  const stretches = stretchesOf(small({ S: ["AAA  ABB", "A"] }), 0);
  expect(stretches.map(({ category, points }) => [category, points[0]?.x, points.at(-1)?.x])).toEqual([
    [0, -5, 25],
    [0, 45, 55],
    [1, 55, 75],
    [0, -5, 5],
  ]);
});

test("a curve keeps the points that the eye would miss", () => {
  const arc = Array.from({ length: 50 }, (_, at) => ({
    x: 300 * Math.cos(at / 40),
    y: 300 * Math.sin(at / 40),
  }));
  const kept = straighter(arc, 1);
  expect(kept.length).toBeLessThan(15);
  expect(kept.length).toBeGreaterThan(4);
  expect([kept[0], kept.at(-1)]).toEqual([arc[0], arc.at(-1)]);
  for (const point of arc)
    expect(Math.min(...kept.map((_, at) => beside(kept, at, point)))).toBeLessThan(1.01);
});

function beside(line: { x: number; y: number }[], at: number, point: { x: number; y: number }): number {
  const [a, b] = [line[at], line[at + 1]];
  if (!a || !b) return Infinity;
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  const part = ((point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y)) / length ** 2;
  const near = Math.min(1, Math.max(0, part));
  return Math.hypot(point.x - a.x - near * (b.x - a.x), point.y - a.y - near * (b.y - a.y));
}

test("the stadium is drawn with few points", () => {
  const hall = hallOf(stadium());
  const points = hall.sections.flatMap((_, at) => stretchesOf(hall, at).flatMap((stretch) => stretch.points));
  expect(points.length).toBeLessThan(hall.seats / 8);
  expect(points.length).toBeGreaterThan(2 * hall.rows.length - 1);
});
