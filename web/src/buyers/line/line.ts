// What is known of a place in line, as a plain function of what was heard.

import { waitMs } from "../../shared/api/reconnect";
import type { Place } from "../types";

export type Line = {
  place: Place | null;
  /** When the place was heard, by the clock of this device. */
  heardAt: number;
  /** So many were ahead at first: how long the bar is. */
  from: number | null;
  /** Times in a row that the server could not be asked. */
  failures: number;
  /** The server asked for patience. */
  restUntil: number;
  /** The server does not know this place or this event: to go on, enter anew. */
  refused: string | null;
};

export type News =
  | { kind: "place"; place: Place; at: number }
  | { kind: "offline" }
  | { kind: "problem"; code: string; status: number; retryAfterMs: number | null; at: number };

export const NOTHING: Line = {
  place: null,
  heardAt: 0,
  from: null,
  failures: 0,
  restUntil: 0,
  refused: null,
};

const ENDED: readonly Place["state"][] = ["expired", "done", "left", "closed"];
export const hasEnded = (line: Line): boolean =>
  line.refused !== null || (line.place !== null && ENDED.includes(line.place.state));
export const isLost = (line: Line): boolean => line.failures > 1;

/** What is known after news. News can come twice and late, by stream, by answer and from another tab. */
export function heard(line: Line, news: News): Line {
  if (news.kind === "offline") return { ...line, failures: line.failures + 1 };
  if (news.kind === "problem") {
    const refused = news.status === 403 || news.status === 404 || news.status === 401;
    if (refused) return { ...line, refused: news.code };
    return { ...line, failures: line.failures + 1, restUntil: news.at + (news.retryAfterMs ?? 0) };
  }
  const { place, at } = news;
  if (line.place && Date.parse(place.server_time) < Date.parse(line.place.server_time)) return line;
  const ahead = place.ahead ?? null;
  // Who was parked may come back in front of us: the bar grows longer, it never runs backwards past its beginning.
  const from = ahead === null ? line.from : Math.max(line.from ?? 0, ahead);
  return { place, heardAt: at, from, failures: 0, restUntil: 0, refused: null };
}

/** Someone else tells of the place, so we only ask if they fall silent. */
const PATIENCE_MS = 4_000;

/** In how many milliseconds to ask; null: never again. `told`: a stream or another tab tells of every change. */
export function askInMs(line: Line, told: boolean, now: number, chance: number): number | null {
  if (hasEnded(line)) return null;
  if (line.failures > 0) return Math.max(waitMs(line.failures - 1, chance), line.restUntil - now);
  if (!line.place) return 0;
  const wish = line.place.poll_after_ms + (told ? PATIENCE_MS : 0);
  return Math.max(0, line.heardAt + wish - now);
}

/** Streams are for those whose turn is near: the others ask seldom enough to need none. */
const NEAR_POLL_MS = 15_000;
export function wantsStream(line: Line): boolean {
  return line.place?.state === "waiting" && line.place.poll_after_ms <= NEAR_POLL_MS;
}

/** From 0 to 1: how much of the way is behind us. */
export function progress(line: Line): number {
  const ahead = line.place?.ahead;
  if (ahead === null || ahead === undefined || !line.from) return 0;
  return 1 - ahead / line.from;
}

export type Range = { unit: "seconds" | "minutes" | "hours"; low: number; high: number };

/** The expected wait as people say it: the range from likely to nearly sure, in round numbers that never promise too much. */
export function range(eta: { p50: number; p90: number }): Range {
  const [low, high] = [eta.p50, Math.max(eta.p50, eta.p90)];
  if (high < 60) return { unit: "seconds", low: Math.max(5, up(low, 5)), high: Math.max(5, up(high, 5)) };
  const minutes = (seconds: number) => Math.max(1, Math.ceil(seconds / 60));
  if (high < 5400) return { unit: "minutes", low: minutes(low), high: minutes(high) };
  const halves = (seconds: number) => Math.max(0.5, Math.ceil(seconds / 1800) / 2);
  return { unit: "hours", low: halves(low), high: halves(high) };
}

const up = (value: number, step: number): number => Math.ceil(value / step) * step;

/** Whether this is the moment to call whoever waits: it was not their turn before, and now it is. */
export function isTurn(before: Line, now: Line): boolean {
  return before.place !== null && before.place.state !== "admitted" && now.place?.state === "admitted";
}

/** What a screen reader is told, and how seldom: when the state changes, and when the way is a tenth shorter. */
export function worthSaying(said: Place | null, place: Place): boolean {
  if (!said || said.state !== place.state || said.message !== place.message) return true;
  const [before, now] = [said.position ?? 0, place.position ?? 0];
  return now < before && (now <= 10 || now <= before * 0.9);
}
