// What an operator can do with an event in its state, and what is missing before it can open.

import type { AdminEvent } from "../types";

export type Action = "open" | "pause" | "resume" | "close";

const OF_STATE: Record<string, Action[]> = {
  draft: ["open"],
  scheduled: ["pause", "close"],
  on_sale: ["pause", "close"],
  sold_out: ["pause", "close"],
  paused: ["resume", "close"],
  closed: [],
};

export function actions(state: string): Action[] {
  return OF_STATE[state] ?? [];
}

export type Missing = { map: boolean; prices: string[] };

/** What must be there before opening; the categories are those of the event's map. */
export function missing(
  event: AdminEvent,
  categories: { name: string; price: number | null }[] | null,
): Missing {
  const unpriced = (categories ?? []).filter(
    ({ name, price }) =>
      (event.prices[name] ?? price) === null || (event.prices[name] ?? price) === undefined,
  );
  return { map: !event.map_version, prices: unpriced.map(({ name }) => name) };
}

export function isReady({ map, prices }: Missing): boolean {
  return !map && prices.length === 0;
}
