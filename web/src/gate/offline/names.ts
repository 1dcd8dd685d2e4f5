// How seats are called where there is no network: the signed list has no more of a seat than its id.

import type { SeatMap } from "../../map/types";
import type { SeatPlace } from "../../shared/seats/words";
import type { Listed } from "./list";

/** Section, row and number by the seat's id. */
export type SeatNames = Record<string, readonly [string, string, string]>;

export function namesOf({ sections }: Pick<SeatMap, "sections">): SeatNames {
  const names: SeatNames = {};
  for (const section of sections)
    for (const row of section.rows)
      for (const { seat_id, number } of row.seats) names[seat_id] = [section.name, row.name, number];
  return names;
}

/** A seat that is not known is called by its id. */
export function placeOf(names: SeatNames, seatId: string): SeatPlace {
  const [section, row, number] = names[seatId] ?? ["", "", seatId];
  return { section, row, number };
}

/** Whether every seat of a list has a name: another hall may have been taken since the names were asked for. */
export const knowsAll = (names: SeatNames, listed: readonly Pick<Listed, "seats">[]): boolean =>
  listed.every(({ seats }) => seats.every((seat) => seat in names));
