import { expect, test } from "vitest";
import { possible, toggle, toggleAll } from "./choice";

test("a seat is chosen and given back", () => {
  const one = toggle(new Set(), 4);
  expect([...one]).toEqual([4]);
  expect(toggle(one, 4).size).toBe(0);
  expect([...one]).toEqual([4]);
});

test("a row is chosen as a whole; again, and it is not", () => {
  const row = toggleAll(new Set([1]), [1, 2, 3]);
  expect([...row].sort()).toEqual([1, 2, 3]);
  expect(toggleAll(row, [1, 2, 3]).size).toBe(0);
  expect(toggleAll(new Set([9]), []).has(9)).toBe(true);
});

test("only free seats can be blocked, only blocked ones given back", () => {
  expect(possible(new Set([3, 2, 1, 0]), [0, 1, 2, 3])).toEqual({ block: [0], unblock: [3] });
});
