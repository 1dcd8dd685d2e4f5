import { expect, test } from "vitest";
import { knowsAll, namesOf, placeOf } from "./names";

const seat = (seat_id: string, number: string) => ({
  seat_id,
  number,
  x: 0,
  y: 0,
  category: "A",
  accessible: false,
});
const names = namesOf({
  sections: [
    { name: "B", rows: [{ name: "1", seats: [seat("x-7", "1"), seat("x-8", "2")] }] },
    { name: "Balcony", rows: [{ name: "C", seats: [seat("y-1", "9")] }] },
  ],
});

test("a seat is called as the hall calls it, whatever its id is", () => {
  expect(placeOf(names, "x-8")).toEqual({ section: "B", row: "1", number: "2" });
  expect(placeOf(names, "y-1")).toEqual({ section: "Balcony", row: "C", number: "9" });
});

test("a seat that is not known is called by its id", () => {
  expect(placeOf(names, "z-3")).toEqual({ section: "", row: "", number: "z-3" });
});

test("a list with a seat of another hall needs other names", () => {
  expect(knowsAll(names, [{ seats: ["x-7"] }, { seats: [] }])).toBe(true);
  expect(knowsAll(names, [{ seats: ["x-7", "z-3"] }])).toBe(false);
});
