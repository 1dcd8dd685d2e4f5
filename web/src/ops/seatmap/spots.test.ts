import { expect, test } from "vitest";
import { excerpt, spotsOf, spotsOfFile, spotsOfMap } from "./spots";

const pretix = JSON.stringify({
  zones: [
    {
      name: "Stalls",
      position: { x: 100, y: 10 },
      rows: [
        {
          row_number: "A",
          position: { x: 5, y: 0 },
          seats: [
            { seat_guid: "A1", position: { x: 1, y: 2 } },
            { seat_guid: "A1", position: { x: 2, y: 2 } },
            { seat_guid: "A3" },
          ],
        },
      ],
    },
  ],
});
const csv = "section,row,seats,category\nStalls,A,1-2,VIP\nStalls,B,1-2,VIP\n";
const map = {
  name: "Hall",
  categories: [],
  sections: [
    {
      name: "Stalls",
      rows: ["A", "B"].map((name, y) => ({
        name,
        seats: [1, 2].map((x) => ({
          seat_id: `Stalls-${name}-${x}`,
          number: `${x}`,
          x,
          y,
          category: "VIP",
          accessible: false,
        })),
      })),
    },
  ],
};

test("a pretix seat stands where zone, row and seat together say", () => {
  const spots = spotsOfFile("pretix", pretix);
  expect(spots.map(({ x, y }) => [x, y])).toEqual([
    [106, 12],
    [107, 12],
  ]);
});

test("a seat that stands twice is shown in both places", () => {
  const file = { format: "pretix" as const, text: pretix };
  expect(spotsOf({ seat_id: "A1" }, spotsOfFile("pretix", pretix), file)).toEqual([0, 1]);
});

test("a row or a zone leads to all of its seats, and not to those that begin alike", () => {
  const file = { format: "pretix" as const, text: pretix };
  expect(spotsOf({ path: "/zones/0/rows/0" }, spotsOfFile("pretix", pretix), file)).toEqual([0, 1]);
  expect(spotsOf({ path: "/zones/0/rows/0/seats/1" }, spotsOfFile("pretix", pretix), file)).toEqual([1]);
});

test("a line of a table leads to its row on the map that the server has laid out", () => {
  const file = { format: "csv" as const, text: csv };
  expect(spotsOf({ line: 3 }, spotsOfMap(map), file)).toEqual([2, 3]);
});

test("a table with positions is drawn without the server", () => {
  const spots = spotsOfFile("csv", 'section,row,seat,category,x,y\n"A, left",1,7,VIP,3,4\nB,1,8,VIP,,\n');
  expect(spots).toEqual([
    { x: 3, y: 4, seatId: "A, left-1-7", section: "A, left", row: "1", path: "", line: 2 },
  ]);
});

test("what stands at the place is repeated, whatever the file is", () => {
  expect(excerpt({ line: 2 }, { text: csv })).toBe("Stalls,A,1-2,VIP");
  expect(excerpt({ path: "/zones/0/name" }, { text: pretix })).toBe('"Stalls"');
  expect(excerpt({ path: "/zones/9/name" }, { text: pretix })).toBe("");
  expect(excerpt({ path: "/a" }, { text: "{broken" })).toBe("");
  expect(spotsOfFile("json", "{broken")).toEqual([]);
});
