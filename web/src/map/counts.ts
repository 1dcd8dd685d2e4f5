// How many seats are free, and what they cost: by section, by category, by row.

import type { Hall } from "./hall";
import { FREE } from "./states";

export type Counts = { sections: Uint32Array; categories: Uint32Array; rows: Uint32Array; free: number };

export function countFree(hall: Hall, states: ArrayLike<number>): Counts {
  const counts = {
    sections: new Uint32Array(hall.sections.length),
    categories: new Uint32Array(hall.categories.length),
    rows: new Uint32Array(hall.rows.length),
    free: 0,
  };
  hall.rows.forEach(({ first, end, section }, row) => {
    let free = 0;
    for (let seat = first; seat < end; seat += 1) {
      if ((states[seat] ?? FREE) !== FREE) continue;
      free += 1;
      (counts.categories[hall.category[seat] as number] as number) += 1;
    }
    counts.rows[row] = free;
    (counts.sections[section] as number) += free;
    counts.free += free;
  });
  return counts;
}

/** The lowest and the highest price in a section, null where none is known. */
export function pricesOf(hall: Hall, section: number): { low: number; high: number } | null {
  const prices = (hall.sections[section]?.categories ?? [])
    .map((category) => hall.categories[category]?.price ?? null)
    .filter((price) => price !== null);
  return prices.length > 0 ? { low: Math.min(...prices), high: Math.max(...prices) } : null;
}

/** The seats whose state is another than before; of what was not known nothing has changed. */
export function changed(before: ArrayLike<number>, now: ArrayLike<number>): number[] {
  const seats: number[] = [];
  const known = Math.min(before.length, now.length);
  for (let seat = 0; seat < known; seat += 1) if (before[seat] !== now[seat]) seats.push(seat);
  return seats;
}
