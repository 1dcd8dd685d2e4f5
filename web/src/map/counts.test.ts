import { expect, test } from "vitest";
import { changed, countFree, pricesOf } from "./counts";
import { hallOf } from "./hall";
import { mapOf, small, stadium } from "./testing";

const hall = small({ S: ["AAB", "BB"], T: ["A"] });

test("free seats are counted by section, category and row", () => {
  const counts = countFree(hall, Uint8Array.of(0, 1, 0, 2, 0, 3));
  expect([...counts.sections]).toEqual([3, 0]);
  expect([...counts.categories]).toEqual([1, 2]);
  expect([...counts.rows]).toEqual([2, 1, 0]);
  expect(counts.free).toBe(3);
});

test("the counts of the stadium add up", () => {
  const big = hallOf(stadium());
  const states = Uint8Array.from({ length: big.seats }, (_, at) => at % 4);
  const counts = countFree(big, states);
  const sum = (of: Uint32Array) => of.reduce((all, one) => all + one, 0);
  expect([sum(counts.sections), sum(counts.categories), sum(counts.rows), counts.free]).toEqual(
    Array(4).fill(39_616 / 4),
  );
});

test("prices of a section are those of its categories", () => {
  expect(pricesOf(hall, 0)).toEqual({ low: 40_000, high: 90_000 });
  expect(pricesOf(hall, 1)).toEqual({ low: 90_000, high: 90_000 });
  const map = { ...mapOf(hall.map.sections), categories: [{ name: "A", color: "#000000", price: null }] };
  expect(pricesOf(hallOf(map), 1)).toBeNull();
});

test("what changed is found, and what was not known has not changed", () => {
  expect(changed(new Uint8Array(), Uint8Array.of(0, 1))).toEqual([]);
  expect(changed(Uint8Array.of(0, 1, 2), Uint8Array.of(0, 2, 2))).toEqual([1]);
});
