// The rows of a section, with the index of each seat in the whole map.

import type { SeatMap } from "../types";

export type RowOfSeats = { name: string; seats: { at: number; number: string }[] };

export function rowsOf(map: SeatMap, section: number): RowOfSeats[] {
  const size = (rows: SeatMap["sections"][number]["rows"]) =>
    rows.reduce((sum, { seats }) => sum + seats.length, 0);
  let at = map.sections.slice(0, section).reduce((sum, { rows }) => sum + size(rows), 0);
  return (map.sections[section]?.rows ?? []).map(({ name, seats }) => ({
    name,
    seats: seats.map(({ number }) => ({ at: at++, number })),
  }));
}
