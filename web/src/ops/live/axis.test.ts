import { expect, test } from "vitest";
import { clocks } from "./axis";

const NOON_S = Date.parse("2026-05-01T12:00:00Z") / 1000;
const lines = (stepSeconds: number) => Array.from({ length: 5 }, (_, at) => NOON_S + at * stepSeconds);

test("within a minute no two lines are written alike", () => {
  for (const step of [1, 5, 15, 30]) expect(new Set(clocks(lines(step), step, "UTC")).size).toBe(5);
  expect(clocks(lines(15), 15, "UTC").slice(0, 2)).toEqual(["12:00:00", "12:00:15"]);
});

test("from a minute on hours and minutes are enough", () => {
  expect(clocks(lines(60), 60, "UTC").slice(0, 2)).toEqual(["12:00", "12:01"]);
  expect(clocks(lines(600), 600, "Asia/Seoul").slice(0, 2)).toEqual(["21:00", "21:10"]);
});
