import { expect, test } from "vitest";
import { countFree } from "./counts";
import { small } from "./testing";
import { sectionsFor, wishOf, within } from "./wish";

test("only what was asked for is said", () => {
  expect(wishOf({ quantity: 3, section: "", category: "", accessible: false })).toEqual({ quantity: 3 });
  expect(wishOf({ quantity: 1, section: "S", category: "A", accessible: true })).toEqual({
    quantity: 1,
    section: "S",
    category: "A",
    accessible: true,
  });
});

test("so many as one may have, and one at least", () => {
  expect([within(9, 4), within(0, 4), within(3, 4), within(1, 0)]).toEqual([4, 1, 3, 0]);
});

test("sections are offered where seats are free, and of the category", () => {
  const hall = small({ S: ["AA"], T: ["BB"], U: ["AB"] });
  const counts = countFree(hall, Uint8Array.of(0, 0, 2, 2, 0, 1));
  expect(sectionsFor(hall, counts, "")).toEqual([
    { name: "S", free: 2 },
    { name: "U", free: 1 },
  ]);
  expect(sectionsFor(hall, counts, "B").map(({ name }) => name)).toEqual(["U"]);
});
