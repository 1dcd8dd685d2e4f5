// The figures of a sale over time, as charts want them: columns of numbers, never longer than they may be.

import type { Stats } from "../types";

/** Ten minutes, once a second. */
export const LONGEST = 600;

export type Series = {
  /** Seconds since 1970, as uPlot wants them. */
  at: number[];
  waiting: number[];
  admitted: number[];
  held: number[];
  sold: number[];
  /** In minor units. */
  revenue: number[];
  p99: Record<string, (number | null)[]>;
};

export const EMPTY: Series = { at: [], waiting: [], admitted: [], held: [], sold: [], revenue: [], p99: {} };

const end = <T>(values: T[], value: T): T[] => [...values, value].slice(-LONGEST);

export function add(series: Series, stats: Stats, nowMs: number): Series {
  const at = Math.floor(nowMs / 1000);
  // Two figures in one second: the charts have one place for a second.
  if (series.at.at(-1) === at) return series;
  const p99: Series["p99"] = {};
  for (const { name, p99_ms } of stats.services) {
    const before = series.p99[name] ?? series.at.map(() => null);
    p99[name] = end(before, p99_ms);
  }
  return {
    at: end(series.at, at),
    waiting: end(series.waiting, stats.queue.waiting),
    admitted: end(series.admitted, stats.queue.admitted),
    held: end(series.held, stats.seats.held),
    sold: end(series.sold, stats.seats.sold),
    revenue: end(series.revenue, stats.revenue),
    p99,
  };
}

/** The last minutes, those without figures as nothing. */
export function minutes(
  stats: Stats | null,
  nowMs: number,
  count = 30,
): [number[], number[], number[], number[]] {
  const last = Math.floor(nowMs / 60_000);
  const known = new Map(
    stats?.per_minute.map((minute) => [Math.floor(Date.parse(minute.minute) / 60_000), minute]),
  );
  const slots = Array.from({ length: count }, (_, at) => last - count + 1 + at);
  return [
    slots.map((slot) => slot * 60),
    slots.map((slot) => known.get(slot)?.entered ?? 0),
    slots.map((slot) => known.get(slot)?.admitted ?? 0),
    slots.map((slot) => known.get(slot)?.confirmed ?? 0),
  ];
}
