// The same hall as a list: sections, their rows, their seats, as filters leave them.

import type { Hall } from "./hall";
import { FREE } from "./states";

export type Filter = { free: boolean; accessible: boolean; category: string };
export type Listed = { section: number; seats: number; free: number; rows: ListedRow[] };
export type ListedRow = { row: number; free: number; seats: number[] };

/**
 * Sections and rows without seats that fit are left out. Chosen seats always fit: they can be taken back. `seats` are all of
 * the wished kind, free or not: of twenty seats with one sold 19 of 20 are free, also where only free ones are listed.
 */
export function listed(
  hall: Hall,
  states: ArrayLike<number>,
  chosen: ReadonlySet<number>,
  filter: Filter,
): Listed[] {
  const category = hall.categories.findIndex(({ name }) => name === filter.category);
  const isWished = (seat: number) =>
    (!filter.accessible || hall.accessible[seat] === 1) && (category < 0 || hall.category[seat] === category);
  const fits = (seat: number) =>
    chosen.has(seat) || ((!filter.free || (states[seat] ?? FREE) === FREE) && isWished(seat));
  return hall.sections.flatMap(({ firstRow, endRow }, section) => {
    const rows: ListedRow[] = [];
    let seats = 0;
    for (let row = firstRow; row < endRow; row += 1) {
      seats += seatsOf(hall, row, (seat) => chosen.has(seat) || isWished(seat)).length;
      const found = seatsOf(hall, row, fits);
      if (found.length > 0) rows.push({ row, seats: found, free: freeOf(found, states) });
    }
    const free = rows.reduce((all, row) => all + row.free, 0);
    return rows.length === 0 ? [] : [{ section, rows, seats, free }];
  });
}

function seatsOf(hall: Hall, row: number, fits: (seat: number) => boolean): number[] {
  const { first = 0, end = 0 } = hall.rows[row] ?? {};
  const seats: number[] = [];
  for (let seat = first; seat < end; seat += 1) if (fits(seat)) seats.push(seat);
  return seats;
}

const freeOf = (seats: number[], states: ArrayLike<number>): number =>
  seats.reduce((all, seat) => all + Number((states[seat] ?? FREE) === FREE), 0);
