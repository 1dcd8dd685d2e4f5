// What a buyer wants without choosing seats: so many, next to each other. The server finds them.

import type { Counts } from "./counts";
import type { Hall } from "./hall";

/** `best_available` of a hold. */
export type BestWish = { quantity: number; section?: string; category?: string; accessible?: boolean };
export type Draft = { quantity: number; section: string; category: string; accessible: boolean };

/** Only what was asked for is said. */
export function wishOf({ quantity, section, category, accessible }: Draft): BestWish {
  return {
    quantity,
    ...(section === "" ? {} : { section }),
    ...(category === "" ? {} : { category }),
    ...(accessible ? { accessible } : {}),
  };
}

export const within = (quantity: number, most: number): number => Math.min(Math.max(1, quantity), most);

/** Sections with free seats, of one category where one is named. */
export function sectionsFor(hall: Hall, counts: Counts, category: string): { name: string; free: number }[] {
  const wanted = hall.categories.findIndex(({ name }) => name === category);
  return hall.sections.flatMap(({ name, categories }, at) => {
    const free = counts.sections[at] ?? 0;
    return free > 0 && (wanted < 0 || categories.includes(wanted)) ? [{ name, free }] : [];
  });
}
