import { expect, test, vi } from "vitest";
import { FIRST_MS, forever, LONGEST_MS, waitMs } from "./reconnect";

test("waits grow, never beyond the longest, and are spread by chance", () => {
  expect(waitMs(0, 1)).toBe(FIRST_MS);
  expect(waitMs(0, 0)).toBe(FIRST_MS / 2);
  expect(waitMs(3, 1)).toBe(FIRST_MS * 8);
  expect(waitMs(1_000_000, 1)).toBe(LONGEST_MS);
});

test("a stream that ends is asked for again until it is told to stop", async () => {
  vi.useFakeTimers();
  const control = new AbortController();
  let asked = 0;
  const all = forever(async () => {
    asked += 1;
    if (asked === 3) control.abort();
    return false;
  }, control.signal);
  await vi.runAllTimersAsync();
  await all;
  expect(asked).toBe(3);
  vi.useRealTimers();
});
