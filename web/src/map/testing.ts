// Halls for tests: small ones as tests need them, and the real stadium, read from its file.

import { readFileSync } from "node:fs";
import { type Hall, hallOf } from "./hall";
import type { Seat, SeatMap, Section } from "./types";

/** One seat a letter: "A" is the first category, "B" the second, "a" and "b" accessible ones; a blank is a gap. */
export function small(sections: Record<string, string[]>): Hall {
  let top = 0;
  return hallOf(
    mapOf(
      Object.entries(sections).map(([name, rows]) => ({
        name,
        rows: rows.map((row, at) => {
          top += 10;
          return { name: String(at + 1), seats: seatsOf(`${name}-${at + 1}`, row, top) };
        }),
      })),
    ),
  );
}

function seatsOf(row: string, letters: string, y: number): Seat[] {
  return [...letters].flatMap((letter, at) =>
    letter === " "
      ? []
      : [
          {
            seat_id: `${row}-${at + 1}`,
            number: String(at + 1),
            x: 10 * at,
            y,
            category: letter.toUpperCase(),
            accessible: letter !== letter.toUpperCase(),
          },
        ],
  );
}

export function mapOf(sections: Section[]): SeatMap {
  return {
    name: "A hall",
    size: { width: 1000, height: 1000 },
    focus: { x: 0, y: 0 },
    categories: [
      { name: "A", color: "#0068a8", price: 90_000 },
      { name: "B", color: "#b34700", price: 40_000 },
    ],
    sections,
    shapes: [],
  };
}

const PITCH = 24;

/** The 39,616 seats of `venues/metalist-stadium.csv`, each section as a block of straight rows, ten blocks a line. */
export function stadium(): SeatMap {
  const file = new URL("../../../venues/metalist-stadium.csv", import.meta.url);
  const lines = readFileSync(file, "utf8").trim().split("\n").slice(1);
  const sections = new Map<string, Section>();
  for (const line of lines) {
    const [, section = "", row = "", ranges = "", category = ""] =
      /^([^,]*),([^,]*),("[^"]*"|[^,]*),([^,]*)/.exec(line) ?? [];
    const known = sections.get(section) ?? { name: section, rows: [] };
    sections.set(section, known);
    const left = 60 * PITCH * ([...sections.keys()].indexOf(section) % 10);
    const top = 60 * PITCH * Math.floor([...sections.keys()].indexOf(section) / 10);
    const seats = numbers(ranges).map((number) => ({
      seat_id: `${section}-${row}-${number}`,
      number: String(number),
      x: left + PITCH * number,
      y: top + PITCH * known.rows.length,
      category,
      accessible: false,
    }));
    known.rows.push({ name: row, seats });
  }
  const names = ["West", "South", "East", "North"];
  return {
    ...mapOf([...sections.values()]),
    categories: names.map((name) => ({ name, color: "#0068a8", price: 1 })),
  };
}

function numbers(ranges: string): number[] {
  return ranges
    .replaceAll('"', "")
    .split(",")
    .flatMap((range) => {
      const [first = 0, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, at) => first + at);
    });
}
