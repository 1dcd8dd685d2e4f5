// What is said of seats and sections, in the language of the page.

import { money, texts } from "../shared/i18n/i18n.svelte";
import { seatName as nameOfSeat, sectionName } from "../shared/seats/words";
import { type Counts, pricesOf } from "./counts";
import { type Hall, rowOf, sectionOf } from "./hall";
import type { SectionWords } from "./labels";
import en from "./messages/en";
import ko from "./messages/ko";
import { SEAT_STATES } from "./states";

export const t = texts({ ko, en });

export const stateName = (state: number): string => t()[SEAT_STATES[state] ?? "blocked"];

export function sectionWords(hall: Hall, counts: Counts, currency: string): SectionWords[] {
  return hall.sections.map(({ name }, section) => {
    const free = counts.sections[section] ?? 0;
    return {
      name: sectionName(name),
      short: name,
      price: sectionPrice(hall, section, currency),
      free: free === 0 ? t().soldOut : t().freeSeats(free),
      soldOut: free === 0,
    };
  });
}

export function sectionPrice(hall: Hall, section: number, currency: string): string {
  const prices = pricesOf(hall, section);
  if (!prices) return "";
  const low = money(prices.low, currency);
  return prices.low === prices.high ? low : t().priceFrom(low);
}

/** "Section A, row 3, seat 12". */
export function seatName(hall: Hall, seat: number): string {
  const section = hall.sections[sectionOf(hall, seat)]?.name ?? "";
  return nameOfSeat({ section, row: rowOf(hall, seat).name, number: hall.numbers[seat] ?? "" });
}

export function seatPrice(hall: Hall, seat: number, currency: string): string {
  const price = hall.categories[hall.category[seat] ?? 0]?.price ?? null;
  return price === null ? t().noPrice : money(price, currency);
}

/** All that a picture of a seat says. */
export function seatWords(
  hall: Hall,
  seat: number,
  state: number,
  isChosen: boolean,
  currency: string,
): string[] {
  return [
    hall.categories[hall.category[seat] ?? 0]?.name ?? "",
    seatPrice(hall, seat, currency),
    ...(hall.accessible[seat] ? [t().accessible] : []),
    isChosen ? t().chosen : stateName(state),
  ];
}
