import { beforeEach, describe, expect, test } from "vitest";
import { Camera } from "./camera";
import { NEAR, NEAREST } from "./detail";
import { hallOf } from "./hall";
import { stadium } from "./testing";
import { seen, toHall, toScreen } from "./view";

const hall = hallOf(stadium());
const SIZE = { width: 1000, height: 700 };
const MIDDLE = { x: 500, y: 350 };
let camera: Camera;

beforeEach(() => {
  camera = new Camera(hall);
  camera.resize(SIZE);
});

/** To the end of what moves, a picture every 16 ms; says how many there were. */
function play(from = 0): number {
  let pictures = 0;
  while (camera.moves && pictures < 1000) {
    pictures += 1;
    camera.step(from + 16 * pictures);
  }
  return pictures;
}

test("it begins with the whole hall, and the hall stays whole when the screen turns", () => {
  expect(camera.nearness).toBe(1);
  camera.resize({ width: 400, height: 800 });
  expect(camera.nearness).toBe(1);
});

test("when one is near, the middle stays the middle as the screen turns", () => {
  camera.zoom(8, MIDDLE);
  const before = toHall(camera.view, MIDDLE);
  camera.resize({ width: 400, height: 800 });
  const after = toHall(camera.view, { x: 200, y: 400 });
  expect(after.x).toBeCloseTo(before.x);
  expect(after.y).toBeCloseTo(before.y);
});

test("no further than the whole hall, no nearer than a seat is large", () => {
  camera.zoom(1e-6, MIDDLE);
  expect(camera.nearness).toBe(1);
  camera.zoom(1e6, MIDDLE);
  expect(camera.pitch).toBeCloseTo(NEAREST);
});

describe("a throw", () => {
  test("goes on, ever slower, and ends", () => {
    camera.zoom(10, MIDDLE);
    const before = camera.view.x;
    camera.throw({ x: -1, y: 0 }, 0);
    camera.step(16);
    const first = before - camera.view.x;
    camera.step(32);
    expect(before - camera.view.x - first).toBeLessThan(first);
    expect(play(32)).toBeLessThan(200);
    expect(before - camera.view.x).toBeCloseTo(320, -1);
  });

  test("does not happen when it is slow, or when nothing is to move by itself", () => {
    camera.throw({ x: 0.01, y: 0 }, 0);
    expect(camera.moves).toBe(false);
    camera.calm = true;
    camera.throw({ x: 5, y: 0 }, 0);
    expect(camera.moves).toBe(false);
  });

  test("ends under a finger", () => {
    camera.throw({ x: 1, y: 1 }, 0);
    camera.pan(1, 1);
    expect(camera.moves).toBe(false);
  });
});

test("a section is shown whole, and as near as it can be", () => {
  const box = hall.sections[20]?.box ?? hall.box;
  camera.showBox(box, 0);
  expect(play()).toBeGreaterThan(5);
  const { left, top, right, bottom } = seen(camera.view, SIZE);
  expect(left < box.left && top < box.top && right > box.right && bottom > box.bottom).toBe(true);
  expect(camera.pitch).toBeGreaterThan(8);
});

test("without motion one is there at once", () => {
  camera.calm = true;
  camera.showSeat(20_000, 0);
  expect(camera.moves).toBe(false);
  expect(camera.pitch).toBeCloseTo(NEAR);
  const at = toScreen(camera.view, { x: hall.x[20_000] ?? 0, y: hall.y[20_000] ?? 0 });
  expect([at.x, at.y].map(Math.round)).toEqual([500, 350]);
});

test("the keyboard's seat is followed only when it comes to the edge", () => {
  camera.calm = true;
  camera.showSeat(20_000, 0);
  const before = camera.view;
  camera.follow(20_001, 0);
  expect(camera.view).toEqual(before);
  camera.pan(-490, 0);
  camera.follow(20_000, 0);
  const at = toScreen(camera.view, { x: hall.x[20_000] ?? 0, y: hall.y[20_000] ?? 0 });
  expect(at.x).toBeGreaterThanOrEqual(59);
});

test("steps that come one after another add up", () => {
  camera.glide(2, 0);
  camera.step(16);
  camera.glide(2, 32);
  play(32);
  expect(camera.nearness).toBeCloseTo(4);
});
