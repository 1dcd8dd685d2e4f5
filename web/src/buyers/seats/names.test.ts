import { expect, test } from "vitest";
import type { SeatMap } from "../../map/types";
import { Names } from "./names";

const seat = (seat_id: string, number: string, category = "A") => ({
  seat_id,
  number,
  x: 0,
  y: 0,
  category,
  accessible: false,
});
const map: SeatMap = {
  name: "Hall",
  size: { width: 1, height: 1 },
  focus: { x: 0, y: 0 },
  categories: [
    { name: "A", color: "#111111", price: 500 },
    { name: "B", color: "#222222", price: null },
  ],
  sections: [
    {
      name: "S",
      rows: [
        { name: "1", seats: [seat("a", "1"), seat("b", "2", "B")] },
        { name: "2", seats: [seat("c", "9")] },
      ],
    },
  ],
  shapes: [],
};

test("seats are found with their names and prices, unknown ones left out", () => {
  const names = new Names(map);
  expect(names.seats(["c", "nothing"])).toEqual([
    { seat_id: "c", number: "9", category: "A", price: 500, section: "S", row: "2" },
  ]);
  expect(names.total(["a", "b", "c"])).toBe(1000);
});
