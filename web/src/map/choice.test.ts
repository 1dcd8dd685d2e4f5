import { describe, expect, test } from "vitest";
import { after, lost, touched } from "./choice";
import { small } from "./testing";

const hall = small({ S: ["AAAAA"] });
const states = Uint8Array.of(0, 1, 2, 3, 0);

describe("a seat that is touched", () => {
  test("is chosen when it is free", () => {
    expect(touched(hall, states, [], 0, 2)).toEqual({ kind: "choose", seatId: "S-1-1" });
  });

  test("is given back when it was chosen, also when it is held by now", () => {
    expect(touched(hall, states, ["S-1-1"], 0, 2)).toEqual({ kind: "unchoose", seatId: "S-1-1" });
    expect(touched(hall, states, ["S-1-2"], 1, 2).kind).toBe("unchoose");
  });

  test.each([1, 2, 3])("is not chosen in state %d", (state) => {
    expect(touched(hall, states, [], state, 2)).toEqual({ kind: "taken", seatId: `S-1-${state + 1}`, state });
  });

  test("is not chosen when there are as many as one may have", () => {
    expect(touched(hall, states, ["S-1-5"], 0, 1)).toEqual({ kind: "full", seatId: "S-1-1", most: 1 });
  });
});

test("what was chosen follows", () => {
  const one = after([], touched(hall, states, [], 0, 2));
  const two = after(one, touched(hall, states, one, 4, 2));
  expect(two).toEqual(["S-1-1", "S-1-5"]);
  expect(after(two, touched(hall, states, two, 2, 2))).toEqual(two);
  expect(after(two, touched(hall, states, two, 0, 2))).toEqual(["S-1-5"]);
});

test("a chosen seat is lost when it was free and is not any more", () => {
  const now = Uint8Array.of(1, 1, 2, 3, 0);
  expect(lost(hall, states, now, ["S-1-1", "S-1-5"])).toEqual(["S-1-1"]);
  expect(lost(hall, states, now, ["S-1-2", "nobody's"])).toEqual([]);
  expect(lost(hall, now, now, ["S-1-1"])).toEqual([]);
});
