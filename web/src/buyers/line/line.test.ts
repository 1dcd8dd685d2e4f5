import { expect, test } from "vitest";
import type { Place } from "../types";
import {
  askInMs,
  hasEnded,
  heard,
  isLost,
  isTurn,
  type Line,
  NOTHING,
  progress,
  range,
  wantsStream,
  worthSaying,
} from "./line";

function place(ahead: number | null, more: Partial<Place> = {}): Place {
  return {
    event_id: "gala",
    state: "waiting",
    ticket: "t",
    position: ahead === null ? null : ahead + 1,
    ahead,
    behind: 3,
    eta_seconds: { p50: 60, p90: 90 },
    poll_after_ms: 8000,
    pass: null,
    pass_expires_at: null,
    message: null,
    server_time: "2030-01-01T10:00:00.000Z",
    ...more,
  };
}
const at = (line: Line, ahead: number | null, more: Partial<Place> = {}) =>
  heard(line, { kind: "place", place: place(ahead, more), at: 1000 });
const offline = (line: Line) => heard(line, { kind: "offline" });

test("the bar is as long as the line was, and moves as people go in", () => {
  const first = at(NOTHING, 200);
  expect(progress(first)).toBe(0);
  const later = at(first, 50);
  expect(progress(later)).toBe(0.75);
  expect(progress(at(later, 0))).toBe(1);
});

test("someone parked who comes back makes the line longer, and the bar never negative", () => {
  const grown = at(at(NOTHING, 10), 15);
  expect([grown.from, progress(grown)]).toEqual([15, 0]);
});

test("late news do not undo newer ones", () => {
  const now = at(NOTHING, 5, { server_time: "2030-01-01T10:00:09.000Z" });
  expect(at(now, 50, { server_time: "2030-01-01T10:00:01.000Z" })).toBe(now);
});

test("asks when the server wished, a little later where a stream tells anyway", () => {
  const line = at(NOTHING, 5);
  expect(askInMs(NOTHING, false, 0, 0)).toBe(0);
  expect(askInMs(line, false, 2000, 0)).toBe(7000);
  expect(askInMs(line, true, 2000, 0)).toBe(11_000);
  // After a sleep the time is over: at once.
  expect(askInMs(line, true, 9_000_000, 0)).toBe(0);
});

test("without a network it keeps the place, asks less and less often, and says so from the second time on", () => {
  const line = at(NOTHING, 5);
  const once = offline(line);
  expect([once.place, isLost(once)]).toEqual([line.place, false]);
  const often = [1, 2, 3, 4, 5].reduce(offline, once);
  expect(isLost(often)).toBe(true);
  expect(askInMs(often, false, 0, 1)).toBeGreaterThan(askInMs(once, false, 0, 1) ?? 0);
  expect(isLost(at(often, 4))).toBe(false);
});

test("a server that asks for patience gets it", () => {
  const busy = heard(NOTHING, { kind: "problem", code: "x", status: 503, retryAfterMs: 30_000, at: 0 });
  expect(askInMs(busy, false, 0, 0)).toBe(30_000);
  expect(hasEnded(busy)).toBe(false);
});

test("a place that has ended or is refused is not asked about again", () => {
  for (const state of ["expired", "done", "left", "closed"] as const) {
    const line = at(NOTHING, null, { state });
    expect([hasEnded(line), askInMs(line, false, 0, 0)]).toEqual([true, null]);
  }
  const refused = heard(NOTHING, {
    kind: "problem",
    code: "ticket_invalid",
    status: 403,
    retryAfterMs: null,
    at: 0,
  });
  expect([refused.refused, askInMs(refused, false, 0, 0)]).toEqual(["ticket_invalid", null]);
});

test("paused, sold out, not open and recovering go on being asked about", () => {
  for (const state of ["paused", "sold_out", "not_open", "recovering"] as const)
    expect(askInMs(at(NOTHING, 5, { state }), false, 1000, 0)).toBe(8000);
});

test("only those near the front follow a stream", () => {
  expect(wantsStream(at(NOTHING, 5, { poll_after_ms: 2000 }))).toBe(true);
  expect(wantsStream(at(NOTHING, 90_000, { poll_after_ms: 60_000 }))).toBe(false);
  expect(wantsStream(at(NOTHING, 0, { state: "admitted" }))).toBe(false);
});

test("it is one's turn once, and not for a page that is opened later", () => {
  const waiting = at(NOTHING, 5);
  const turn = at(waiting, 0, { state: "admitted" });
  expect(isTurn(waiting, turn)).toBe(true);
  expect(isTurn(turn, turn)).toBe(false);
  expect(isTurn(NOTHING, turn)).toBe(false);
});

test("a wait is said as people say it, rounded up", () => {
  expect(range({ p50: 12, p90: 31 })).toEqual({ unit: "seconds", low: 15, high: 35 });
  expect(range({ p50: 0, p90: 0 })).toEqual({ unit: "seconds", low: 5, high: 5 });
  expect(range({ p50: 96, p90: 140 })).toEqual({ unit: "minutes", low: 2, high: 3 });
  expect(range({ p50: 30, p90: 70 })).toEqual({ unit: "minutes", low: 1, high: 2 });
  expect(range({ p50: 6000, p90: 9000 })).toEqual({ unit: "hours", low: 2, high: 2.5 });
});

test("a screen reader hears of every state, and of each tenth of the way", () => {
  const far = place(1000);
  expect(worthSaying(null, far)).toBe(true);
  expect(worthSaying(far, place(950))).toBe(false);
  expect(worthSaying(far, place(899))).toBe(true);
  expect(worthSaying(place(8), place(7))).toBe(true);
  expect(worthSaying(far, place(1000, { state: "paused" }))).toBe(true);
});
