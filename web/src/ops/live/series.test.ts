import { expect, test } from "vitest";
import type { Stats } from "../types";
import { add, EMPTY, LONGEST, minutes } from "./series";

const stats = (waiting: number, services: string[] = ["queue-service"]): Stats => ({
  queue: { waiting, parked: 0, admitted: 2, capacity: 10, admitted_per_minute: 3 },
  seats: { free: 5, held: 1, sold: 4, blocked: 0 },
  per_minute: [
    { minute: "1970-01-01T00:59:00.000Z", entered: 7, admitted: 6, held: 5, confirmed: 4, cancelled: 0 },
  ],
  revenue: 100,
  currency: "KRW",
  services: services.map((name) => ({
    name,
    p50_ms: 1,
    p99_ms: 2,
    requests_per_second: 3,
    errors_per_second: 0,
  })),
});

test("columns grow together and lose their beginning together", () => {
  let series = EMPTY;
  for (let second = 0; second < LONGEST + 5; second += 1) series = add(series, stats(second), second * 1000);
  expect(series.at).toHaveLength(LONGEST);
  expect(series.at[0]).toBe(5);
  expect(series.revenue).toHaveLength(LONGEST);
  expect(series.waiting.at(-1)).toBe(LONGEST + 4);
  expect(series.p99["queue-service"]).toHaveLength(LONGEST);
});

test("a second has one figure", () => {
  const once = add(EMPTY, stats(1), 10_000);
  expect(add(once, stats(2), 10_900)).toBe(once);
});

test("a service that comes later has nothing before", () => {
  const first = add(EMPTY, stats(1), 1_000);
  const then = add(first, stats(1, ["queue-service", "staff-api"]), 2_000);
  expect(then.p99["staff-api"]).toEqual([null, 2]);
});

test("minutes without figures are nothing, and the last one is now", () => {
  const [at, entered, admitted, confirmed] = minutes(stats(1), 3_600_000, 3);
  expect(at).toEqual([58 * 60, 59 * 60, 60 * 60]);
  expect([entered, admitted, confirmed]).toEqual([
    [0, 7, 0],
    [0, 6, 0],
    [0, 4, 0],
  ]);
});
