import { describe, expect, test } from "vitest";
import { type Hall, hallOf } from "./hall";
import { mapOf, small, stadium } from "./testing";
import { type Arrow, beginning, rowEnd, step } from "./walk";

const hall = small({ S: ["AAAA", "AAAA", "AA AA"], T: ["AAAA"] });
const walked = (of: Hall, from: string, ...arrows: Arrow[]) =>
  of.ids[arrows.reduce((seat, arrow) => step(of, seat, arrow), of.indexOf.get(from) ?? -1)];

describe("arrows", () => {
  test("left and right go along the row", () => {
    expect(walked(hall, "S-1-2", "right", "right")).toBe("S-1-4");
    expect(walked(hall, "S-1-2", "left")).toBe("S-1-1");
  });

  test("up and down go to the next row, over a gap too, and into the next section", () => {
    expect(walked(hall, "S-1-3", "down")).toBe("S-2-3");
    expect(walked(hall, "S-2-3", "up")).toBe("S-1-3");
    expect(walked(hall, "S-3-2", "right")).toBe("S-3-4");
    expect(walked(hall, "S-3-2", "down")).toBe("T-1-2");
  });

  test("stay at the edge of the hall", () => {
    expect(walked(hall, "S-1-1", "left")).toBe("S-1-1");
    expect(walked(hall, "T-1-2", "down")).toBe("T-1-2");
  });

  test("follow the eye in a block that stands on its side, and in a row that is numbered from the right", () => {
    const turn = ({ x, y }: { x: number; y: number }) => ({ x: y, y: x });
    const side = hallOf(mapOf(hall.map.sections.map((of) => moved(of, turn))));
    expect(walked(side, "S-1-2", "down")).toBe("S-1-3");
    expect(walked(side, "S-1-2", "right")).toBe("S-2-2");
    const mirrored = hallOf(mapOf(hall.map.sections.map((of) => moved(of, ({ x, y }) => ({ x: -x, y })))));
    expect(walked(mirrored, "S-1-2", "right")).toBe("S-1-1");
  });
});

function moved(section: Hall["map"]["sections"][number], to: (at: { x: number; y: number }) => object) {
  const rows = section.rows.map((row) => ({
    ...row,
    seats: row.seats.map((seat) => ({ ...seat, ...to(seat) })),
  }));
  return { ...section, rows };
}

test("Home and End lead to the ends of the row", () => {
  const seat = hall.indexOf.get("S-2-3") ?? -1;
  expect([hall.ids[rowEnd(hall, seat, "first")], hall.ids[rowEnd(hall, seat, "last")]]).toEqual([
    "S-2-1",
    "S-2-4",
  ]);
});

test("the keyboard begins at a free seat near where one looks, or at any where none is free", () => {
  const states = new Uint8Array(hall.seats).fill(2);
  expect(beginning(hall, states, { x: 0, y: 10 })).toBe(0);
  states[6] = 0;
  expect(beginning(hall, states, { x: 0, y: 10 })).toBe(6);
});

test("arrows lead to every section of the stadium", () => {
  const big = hallOf(stadium());
  const arrows: Arrow[] = ["left", "right", "up", "down"];
  const [seen, ahead] = [new Set([0]), [0]];
  for (let seat = ahead.pop(); seat !== undefined; seat = ahead.pop()) {
    for (const next of arrows.map((arrow) => step(big, seat ?? 0, arrow)))
      if (!seen.has(next)) {
        seen.add(next);
        ahead.push(next);
      }
  }
  const sections = big.sections.filter(({ first, end }) => {
    for (let seat = first; seat < end; seat += 1) if (!seen.has(seat)) return false;
    return true;
  });
  expect(sections.length).toBe(58);
});
