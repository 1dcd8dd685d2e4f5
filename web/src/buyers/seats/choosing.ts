// What a buyer has chosen on the map, and what came between, as plain functions.

import type { Problem } from "../../shared/api/client";

/** What a hold asks for: seats by id, or the best ones together. */
export type Wish =
  | { seats: readonly string[] }
  | { best_available: { quantity: number; section?: string; category?: string; accessible?: boolean } };

export type Trouble =
  /** Someone was faster when holding; others as good may be had. */
  | { kind: "taken"; seats: string[]; wanted: readonly string[]; alternatives: string[][] }
  /** Someone took chosen seats while one was still looking. */
  | { kind: "lost"; seats: string[]; wanted: readonly string[] }
  | { kind: "none_together"; quantity: number }
  | { kind: "limit"; limit: number; remaining: number }
  | { kind: "offline" }
  | { kind: "busy" }
  | { kind: "other"; detail: string };

export type Choosing = { chosen: readonly string[]; trouble: Trouble | null };

export const NOTHING_CHOSEN: Choosing = { chosen: [], trouble: null };

export const choose = ({ chosen, trouble }: Choosing, seatId: string): Choosing => ({
  chosen: chosen.includes(seatId) ? chosen : [...chosen, seatId],
  // Choosing on is an answer to most troubles; seats lost are told until a hold is tried.
  trouble: trouble?.kind === "lost" ? trouble : null,
});

export const unchoose = ({ chosen }: Choosing, seatId: string): Choosing => ({
  chosen: chosen.filter((one) => one !== seatId),
  trouble: null,
});

/** Seats that someone else has now: they are given up, and it is remembered what was wanted. */
export function losing({ chosen, trouble }: Choosing, seats: readonly string[]): Choosing {
  const before = trouble?.kind === "lost" ? trouble : { seats: [], wanted: chosen };
  return {
    chosen: chosen.filter((one) => !seats.includes(one)),
    trouble: { kind: "lost", seats: [...new Set([...before.seats, ...seats])], wanted: before.wanted },
  };
}

/** What ends the visit to the shop rather than this one wish. */
export type Ended = "pass_over" | "paused" | "closed" | "not_open" | "recovering" | "gone";
const ENDING: Record<string, Ended> = {
  pass_missing: "pass_over",
  pass_invalid: "pass_over",
  pass_expired: "pass_over",
  sale_paused: "paused",
  sale_closed: "closed",
  sale_not_open: "not_open",
  recovering: "recovering",
  event_not_found: "gone",
};
export const endedBy = (problem: Problem): Ended | null => ENDING[problem.code] ?? null;

/** After a hold was refused. What was wished stays chosen, without what is gone. */
export function refused({ chosen }: Choosing, wish: Wish, problem: Problem): Choosing {
  const wanted = "seats" in wish ? wish.seats : chosen;
  const seats = strings(problem.seats);
  const left = wanted.filter((one) => !seats.includes(one));
  switch (problem.code) {
    case "seats_unavailable": {
      const alternatives = Array.isArray(problem.alternatives) ? problem.alternatives.map(strings) : [];
      const whole = alternatives.filter(({ length }) => length > 0);
      return { chosen: left, trouble: { kind: "taken", seats, wanted, alternatives: whole } };
    }
    case "seat_not_found":
      return { chosen: left, trouble: { kind: "taken", seats, wanted, alternatives: [] } };
    case "no_adjacent_seats": {
      const quantity = "best_available" in wish ? wish.best_available.quantity : wanted.length;
      return { chosen, trouble: { kind: "none_together", quantity } };
    }
    case "limit_exceeded": {
      const [limit, remaining] = [Number(problem.limit), Number(problem.remaining)];
      return { chosen: wanted.slice(0, remaining), trouble: { kind: "limit", limit, remaining } };
    }
    default:
      return { chosen: left, trouble: unknown(problem) };
  }
}

function unknown({ status, detail, title }: Problem): Trouble {
  if (status === 429 || status >= 500) return { kind: "busy" };
  return { kind: "other", detail: detail || title || String(status) };
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
