import { describe, expect, test } from "vitest";
import { between, centred, fit, kept, seen, toHall, toScreen, touch, zoomed } from "./view";

const SIZE = { width: 800, height: 600 };
const BOX = { left: 100, top: 50, right: 2100, bottom: 1050 };

test("a hall that is fitted is all there, in the middle", () => {
  const view = fit(BOX, SIZE, 20);
  const [start, end] = [toScreen(view, { x: 100, y: 50 }), toScreen(view, { x: 2100, y: 1050 })];
  expect([start.x, end.x]).toEqual([20, 780]);
  expect(start.y + end.y).toBeCloseTo(600);
  expect(fit(BOX, SIZE, 20, 0.1).scale).toBe(0.1);
});

test("what is under the finger stays there", () => {
  const view = { scale: 0.5, x: 30, y: -70 };
  const at = { x: 333, y: 222 };
  const after = zoomed(view, 1.7, at, 0.1, 10);
  expect(after.scale).toBeCloseTo(0.85);
  expect(toHall(after, at).x).toBeCloseTo(toHall(view, at).x);
  expect(toHall(after, at).y).toBeCloseTo(toHall(view, at).y);
});

test("no nearer than the nearest, no further than the furthest", () => {
  expect(zoomed({ scale: 1, x: 0, y: 0 }, 100, { x: 0, y: 0 }, 0.5, 4).scale).toBe(4);
  expect(zoomed({ scale: 1, x: 0, y: 0 }, 0.01, { x: 0, y: 0 }, 0.5, 4).scale).toBe(0.5);
});

test("what is seen is what the screen shows", () => {
  const box = seen(centred({ x: 1000, y: 500 }, 2, SIZE), SIZE);
  expect(box).toEqual({ left: 800, top: 350, right: 1200, bottom: 650 });
});

describe("the hall stays on the screen", () => {
  test.each([
    [100_000, 0],
    [-100_000, 0],
    [0, 100_000],
    [0, -100_000],
  ])("however far it is dragged: %d, %d", (x, y) => {
    const view = kept({ scale: 1, x, y }, BOX, SIZE);
    expect(touch(seen(view, SIZE), BOX)).toBe(true);
  });

  test("and is left alone where it is", () => {
    const view = { scale: 1, x: -500, y: -200 };
    expect(kept(view, BOX, SIZE)).toEqual(view);
  });
});

test("the way from one view to another begins at the one, ends at the other, and comes ever nearer", () => {
  const [from, to] = [fit(BOX, SIZE, 20), centred({ x: 1900, y: 900 }, 3, SIZE)];
  const middle = { x: 400, y: 300 };
  const at = (part: number) => between(from, to, part, SIZE);
  expect(toHall(at(0), middle).x).toBeCloseTo(toHall(from, middle).x);
  expect(at(1).scale).toBeCloseTo(to.scale);
  expect(at(1).x).toBeCloseTo(to.x);
  const away = [0, 0.25, 0.5, 0.75, 1].map((part) => Math.abs(1900 - toHall(at(part), middle).x));
  expect(away).toEqual([...away].sort((a, b) => b - a));
  const same = between(to, { ...to, x: to.x + 100 }, 0.5, SIZE);
  expect(same.x).toBeCloseTo(to.x + 50);
});
