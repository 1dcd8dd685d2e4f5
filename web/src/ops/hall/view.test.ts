import { expect, test } from "vitest";
import { fit, pitch, seatAt, seatsIn, zoom } from "./view";

const points = [
  { x: 0, y: 0 },
  { x: 10, y: 0 },
  { x: 20, y: 0 },
  { x: 0, y: 100 },
];
const box = { width: 300, height: 200 };

test("everything is seen, in the middle", () => {
  const view = fit(points, box);
  for (const { x, y } of points) {
    expect(x * view.scale + view.x).toBeGreaterThanOrEqual(0);
    expect(x * view.scale + view.x).toBeLessThanOrEqual(box.width);
    expect(y * view.scale + view.y).toBeGreaterThanOrEqual(0);
    expect(y * view.scale + view.y).toBeLessThanOrEqual(box.height);
  }
  expect(fit([], box)).toEqual({ scale: 1, x: 0, y: 0 });
  expect(Number.isFinite(fit([{ x: 3, y: 3 }], box).scale)).toBe(true);
});

test("zooming keeps the point under the finger", () => {
  const view = fit(points, box);
  const at = { x: 50, y: 60 };
  const nearer = zoom(view, 3, at, view.scale);
  expect((at.x - nearer.x) / nearer.scale).toBeCloseTo((at.x - view.x) / view.scale);
  expect(zoom(view, 0.1, at, view.scale).scale).toBe(view.scale);
});

test("the nearest seat is hit, and none where there is none", () => {
  const view = { scale: 2, x: 5, y: 5 };
  expect(seatAt(points, view, { x: 24, y: 5 }, 8)).toBe(1);
  expect(seatAt(points, view, { x: 100, y: 100 }, 8)).toBeNull();
});

test("a frame takes what is in it, whichever corner came first", () => {
  const view = { scale: 1, x: 0, y: 0 };
  expect(seatsIn(points, view, { x: 12, y: 5 }, { x: -1, y: -1 })).toEqual([0, 1]);
});

test("the pitch is the usual distance", () => {
  expect(pitch(points)).toBe(10);
  expect(pitch([])).toBe(1);
});
