import { expect, test } from "vitest";
import { better, left } from "./clock.svelte";

test("the shortest round trip says how far the server is ahead", () => {
  const slow = better(null, 1000, 3000, new Date(12_000).toISOString());
  expect(slow).toEqual({ ms: 10_000, roundTripMs: 2000 });
  const quick = better(slow, 4000, 4100, new Date(9050).toISOString());
  expect(quick).toEqual({ ms: 5000, roundTripMs: 100 });
  expect(better(quick, 5000, 6000, new Date(0).toISOString())).toBe(quick);
});

test("a countdown shows the last second until it is over, and never less than nothing", () => {
  expect(left(90_061_000, 0)).toEqual({ days: 1, hours: 1, minutes: 1, seconds: 1, over: false });
  expect(left(1000, 999).seconds).toBe(1);
  expect(left(1000, 1000).over).toBe(true);
  expect(left(1000, 5000)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0, over: true });
});
