// How a seat is called: the same wherever it is called.

import { texts } from "../i18n/i18n.svelte";
import en from "../messages/en";
import ko from "../messages/ko";

const t = texts({ ko, en });

/** Where a seat is. One without a section is known by its number alone: a device at the door may know no more. */
export type SeatPlace = { section: string; row: string; number: string };

/** "Section A" of "A", and "Front Stalls" as it is. */
export const sectionName = (name: string): string =>
  /^[\p{L}\d]{1,3}$/u.test(name) ? t().sectionName(name) : name;

/** "Section A, row 3, seat 12". */
export const seatName = ({ section, row, number }: SeatPlace): string => rowOfSeats(section, row, [number]);

/** "Section A, row 3, seats 12, 13 · Section B, row 1, seat 4": section and row once, then the numbers. */
export function seatNames(seats: readonly SeatPlace[]): string {
  const rows = new Map<string, { section: string; row: string; numbers: string[] }>();
  for (const { section, row, number } of seats) {
    const key = JSON.stringify([section, row]);
    const own = rows.get(key) ?? { section, row, numbers: [] };
    own.numbers.push(number);
    rows.set(key, own);
  }
  return [...rows.values()].map(({ section, row, numbers }) => rowOfSeats(section, row, numbers)).join(" · ");
}

function rowOfSeats(section: string, row: string, numbers: string[]): string {
  if (section === "") return numbers.join(" · ");
  return t().seatsOfRow(sectionName(section), row, numbers);
}
