import { expect, test } from "vitest";
import { pressOf, wheelFactor } from "./keys";

const plain = { ctrlKey: false, metaKey: false, altKey: false };

test("keys walk, zoom and choose; with a modifier they are the browser's", () => {
  expect(pressOf({ ...plain, key: "ArrowLeft" })).toEqual({ kind: "walk", to: "left" });
  expect(pressOf({ ...plain, key: "End" })).toEqual({ kind: "walk", to: "last" });
  expect(pressOf({ ...plain, key: "Enter" })).toEqual({ kind: "enter" });
  expect(pressOf({ ...plain, key: "Tab" })).toBeNull();
  expect(pressOf({ ...plain, key: "ArrowLeft", altKey: true })).toBeNull();
  expect(pressOf({ ...plain, key: "0", ctrlKey: true })).toBeNull();
});

test("a wheel turned up comes nearer, down goes further by as much, and a wild one not without end", () => {
  const turn = (deltaY: number, deltaMode = 0) => wheelFactor({ deltaY, deltaMode, ctrlKey: false });
  expect(turn(-100)).toBeGreaterThan(1.1);
  expect(turn(-100) * turn(100)).toBeCloseTo(1);
  expect(turn(-3, 1)).toBeCloseTo(turn(-48));
  expect(turn(-1e9)).toBeLessThan(2);
  expect(wheelFactor({ deltaY: -10, deltaMode: 0, ctrlKey: true })).toBeGreaterThan(turn(-10));
});
