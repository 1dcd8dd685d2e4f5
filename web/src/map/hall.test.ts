import { expect, test } from "vitest";
import { hallOf, rowOf, sectionOf } from "./hall";
import { mapOf, small, stadium } from "./testing";

const big = hallOf(stadium());

test("the stadium has its 39,616 seats, numbered as they stand in the map", () => {
  expect([big.seats, big.sections.length, big.rows.length]).toEqual([39_616, 58, 1_453]);
  const ids = big.map.sections.flatMap(({ rows }) =>
    rows.flatMap(({ seats }) => seats.map((seat) => seat.seat_id)),
  );
  expect(big.ids).toEqual(ids);
  expect(ids.every((id, at) => big.indexOf.get(id) === at)).toBe(true);
});

test("each seat knows its row, and each row its section", () => {
  for (const seat of [0, 633, 634, 20_000, 39_615]) {
    const row = rowOf(big, seat);
    expect(seat >= row.first && seat < row.end).toBe(true);
    const section = big.sections[sectionOf(big, seat)];
    expect(seat >= (section?.first ?? 0) && seat < (section?.end ?? 0)).toBe(true);
  }
  expect(big.rows.every(({ end }, at) => end === (big.rows[at + 1]?.first ?? 39_616))).toBe(true);
});

test("the pitch is the usual distance, whatever gaps there are", () => {
  expect(big.pitch).toBe(24);
  expect(small({ S: ["AAA   AAA", "AAA   AAA"] }).pitch).toBe(10);
});

test("a name stands among the seats of its section, also of one that goes round a corner", () => {
  const corner = small({ S: ["AAAAAAAAAAAA", "A", "A", "A", "A", "A", "A", "A", "A", "A", "A"] });
  const middle = corner.sections[0]?.middle ?? { x: Number.NaN, y: Number.NaN };
  expect(corner.grid.nearest(middle.x, middle.y, 20)).not.toBeNull();
});

test("what is drawn round the seats belongs to the hall; without it the place where one looks does", () => {
  expect(small({ S: ["AA"] }).box.top).toBe(0);
  const map = mapOf([{ name: "S", rows: small({ S: ["AA"] }).map.sections[0]?.rows ?? [] }]);
  const circle = { kind: "circle" as const, x: 0, y: -50, radius: 25, rotation: 0 };
  map.shapes = [{ ...circle, color: null, border_color: null, text: null }];
  expect(hallOf(map).box.top).toBe(-75);
});

test("a map without seats is a hall without seats", () => {
  const empty = hallOf(mapOf([]));
  expect([empty.seats, empty.grid.nearest(0, 0, 100)]).toEqual([0, null]);
  expect(Object.values(empty.box).every(Number.isFinite)).toBe(true);
});

test("the same map is worked out once", () => {
  const map = mapOf([]);
  expect(hallOf(map)).toBe(hallOf(map));
});
