import { expect, test } from "vitest";
import type { SeatMap } from "../types";
import { rowsOf } from "./rows";

const seats = (count: number) => Array.from({ length: count }, (_, at) => ({ number: `${at + 1}` }));
const map = {
  sections: [
    {
      name: "A",
      rows: [
        { name: "1", seats: seats(2) },
        { name: "2", seats: seats(3) },
      ],
    },
    {
      name: "B",
      rows: [
        { name: "1", seats: seats(1) },
        { name: "2", seats: seats(2) },
      ],
    },
  ],
} as unknown as SeatMap;

test("a seat's index counts all seats before it", () => {
  expect(rowsOf(map, 0)[1]?.seats.map(({ at }) => at)).toEqual([2, 3, 4]);
  expect(rowsOf(map, 1)[1]?.seats).toEqual([
    { at: 6, number: "1" },
    { at: 7, number: "2" },
  ]);
  expect(rowsOf(map, 9)).toEqual([]);
});
