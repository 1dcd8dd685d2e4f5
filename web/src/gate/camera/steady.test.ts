import { expect, test } from "vitest";
import { AGAIN_AFTER_MS, type Steady, see } from "./steady";

function scanned(seen: [number, string | null][]): string[] {
  let last: Steady = null;
  const scans: string[] = [];
  for (const [atMs, text] of seen) {
    let isNew: boolean;
    [last, isNew] = see(last, text, atMs);
    if (isNew && text) scans.push(text);
  }
  return scans;
}

test("a ticket that stays is scanned once, also where it is out of focus for a moment", () => {
  const frames = Array.from({ length: 100 }, (_, n): [number, string | null] => [
    n * 100,
    n % 7 ? "one" : null,
  ]);
  expect(scanned(frames)).toEqual(["one"]);
});

test("another one is scanned at once, and the first again when it comes back", () => {
  expect(
    scanned([
      [0, "one"],
      [100, "two"],
      [200, "one"],
    ]),
  ).toEqual(["one", "two", "one"]);
});

test("a ticket that was away counts as shown again", () => {
  expect(
    scanned([
      [0, "one"],
      [AGAIN_AFTER_MS - 1, "one"],
      [2 * AGAIN_AFTER_MS - 1, "one"],
    ]),
  ).toEqual(["one", "one"]);
});
