// The texts of the buyers' pages, and how they say places and times.

import { count, speaker, texts, when } from "../shared/i18n/i18n.svelte";
import { left } from "../shared/time/clock.svelte";
import { range } from "./line/line";
import en from "./messages/en";
import ko from "./messages/ko";
import type { SaleState } from "./types";

export const t = texts({ ko, en });

const STATES = {
  scheduled: "stateScheduled",
  on_sale: "stateOnSale",
  sold_out: "stateSoldOut",
  paused: "statePaused",
  closed: "stateClosed",
} as const;
export const stateName = (state: SaleState): string => t()[STATES[state]];

/** "2 to 3 minutes". */
export function waitWords(eta: { p50: number; p90: number }): string {
  const { unit, low, high } = range(eta);
  const name = { seconds: "seconds", minutes: "minutes", hours: "hours" } as const;
  return low === high ? t()[name[unit]](high) : t()[name[unit]](high, `${count(low)}${t().to}${count(high)}`);
}

/** What is left, as a clock shows it. */
export function clock(until: string, now: number): string {
  const { days, hours, minutes, seconds } = left(Date.parse(until), now);
  const two = (value: number) => String(value).padStart(2, "0");
  const hoursInAll = days * 24 + hours;
  return hoursInAll > 0 ? `${hoursInAll}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** The same for who listens: every minute, then the last half, then the last ten seconds. */
export function spokenClock(until: string, now: number): string {
  const { days, hours, minutes, seconds } = left(Date.parse(until), now);
  const all = (days * 24 + hours) * 60 + minutes;
  if (all >= 1) return t().timeLeft(t().minutes(all));
  return t().timeLeft(t().seconds(seconds > 30 ? 60 : seconds > 10 ? 30 : 10));
}

export function day(instant: string, timeZone: string): { month: string; day: string; weekday: string } {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale(), { timeZone, ...options }).format(new Date(instant));
  const number = new Intl.DateTimeFormat("en", { timeZone, day: "numeric" }).format(new Date(instant));
  return { month: part({ month: "short" }), day: number, weekday: part({ weekday: "short" }) };
}

/** An instant at the place, and where that place's clocks differ from those here, whose clocks are meant. */
export function whenThere(instant: string, timeZone: string, style: "full" | "short" = "full"): string {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const there = when(instant, timeZone, style);
  if (when(instant, here, style) === there) return there;
  const named = new Intl.DateTimeFormat(locale(), { timeZone, timeZoneName: "longGeneric" });
  const zone = named.formatToParts(new Date(instant)).find(({ type }) => type === "timeZoneName");
  return `${there} (${zone?.value ?? timeZone})`;
}

const locale = (): string => (speaker.language === "ko" ? "ko-KR" : "en-GB");
