import { expect, test } from "vitest";
import { hallOf } from "./hall";
import { type Filter, listed } from "./list";
import { small, stadium } from "./testing";

const hall = small({ S: ["AAa", "BB"], T: ["bA"] });
const ALL: Filter = { free: false, accessible: false, category: "" };
const none = new Set<number>();
const ids = (states: Uint8Array, filter: Partial<Filter>, chosen: ReadonlySet<number> = none) =>
  listed(hall, states, chosen, { ...ALL, ...filter }).flatMap(({ rows }) =>
    rows.flatMap(({ seats }) => seats.map((seat) => hall.ids[seat])),
  );

test("without a filter every seat is listed, with what is free", () => {
  const states = Uint8Array.of(0, 1, 0, 2, 2, 0, 3);
  const sections = listed(hall, states, none, ALL);
  expect(sections.map(({ section, seats, free }) => [section, seats, free])).toEqual([
    [0, 5, 2],
    [1, 2, 1],
  ]);
  expect(sections[0]?.rows.map(({ row, free }) => [row, free])).toEqual([
    [0, 2],
    [1, 0],
  ]);
});

test("filters leave what fits, and no empty rows and sections", () => {
  const states = Uint8Array.of(0, 1, 0, 2, 2, 0, 3);
  expect(ids(states, { free: true })).toEqual(["S-1-1", "S-1-3", "T-1-1"]);
  expect(ids(states, { accessible: true })).toEqual(["S-1-3", "T-1-1"]);
  expect(ids(states, { category: "B" })).toEqual(["S-2-1", "S-2-2", "T-1-1"]);
  expect(ids(states, { free: true, accessible: true, category: "A" })).toEqual(["S-1-3"]);
  expect(listed(hall, states, none, { ...ALL, free: true, category: "A" }).map((of) => of.section)).toEqual([
    0,
  ]);
});

test("what a section has is counted with what is sold, also where only free seats are listed", () => {
  const states = Uint8Array.of(0, 1, 0, 2, 2, 0, 3);
  const told = (filter: Partial<Filter>) =>
    listed(hall, states, none, { ...ALL, ...filter }).map(({ free, seats }) => `${free} of ${seats}`);
  expect(told({ free: true })).toEqual(["2 of 5", "1 of 2"]);
  expect(told({ free: true, category: "B" })).toEqual(["1 of 1"]);
  expect(told({ free: true, category: "A" })).toEqual(["2 of 3"]);
});

test("what is chosen is listed whatever the filter says, so that it can be given back", () => {
  const states = new Uint8Array(7).fill(2);
  expect(ids(states, { free: true, accessible: true }, new Set([3]))).toEqual(["S-2-1"]);
});

test("the list of the stadium has all of its seats", () => {
  const big = hallOf(stadium());
  const sections = listed(big, new Uint8Array(big.seats), none, ALL);
  expect(sections.reduce((all, { seats }) => all + seats, 0)).toBe(39_616);
});
