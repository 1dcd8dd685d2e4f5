// A hold from the moment it is there until it is bought or over, as a plain function of what was heard.

import type { Answer, Problem } from "../../shared/api/client";
import type { KeptHold } from "../kept";
import type { Hold, HoldState, Reservation } from "../types";

export type Holding =
  | { kind: "none" }
  /** A hold is kept from before; whether it lives is being asked. */
  | { kind: "checking"; lost: boolean }
  | { kind: "held"; hold: Hold; confirm: Confirm }
  | { kind: "over"; why: Over }
  | { kind: "bought"; reservation: Reservation };

export type Confirm =
  | { kind: "idle" }
  /** How often there was no answer before. */
  | { kind: "sending"; tries: number }
  /** No answer came: it may have been bought. The same key asks again until there is one. */
  | { kind: "unsure"; tries: number }
  | { kind: "refused"; errors: Record<string, string>; detail: string };

export type Over = "expired" | "released" | "taken";

export const IDLE: Confirm = { kind: "idle" };

/** What a kept hold is, after asking. A confirmed one was bought before the answer was heard: confirm again. */
export function checked(answer: Answer<HoldState>): Holding {
  if (answer.kind === "offline") return { kind: "checking", lost: true };
  if (answer.kind === "problem") {
    return answer.problem.status >= 500 || answer.problem.status === 429
      ? { kind: "checking", lost: true }
      : { kind: "over", why: "expired" };
  }
  const { state, ...hold } = answer.value;
  if (state === "held") return { kind: "held", hold, confirm: IDLE };
  if (state === "confirmed") return { kind: "held", hold, confirm: { kind: "unsure", tries: 0 } };
  return { kind: "over", why: state };
}

const GONE: Record<string, Over> = {
  hold_expired: "expired",
  hold_released: "released",
  hold_invalid: "expired",
  seats_unavailable: "taken",
};

/** After an answer to a confirm. */
export function confirmed(now: Holding, answer: Answer<Reservation>): Holding {
  if (answer.kind === "ok") return { kind: "bought", reservation: answer.value };
  if (now.kind !== "held") return now;
  const tries = 1 + triesOf(now.confirm);
  if (answer.kind === "offline") return { ...now, confirm: { kind: "unsure", tries } };
  const { problem } = answer;
  const why = GONE[problem.code];
  if (why) return { kind: "over", why };
  // 409: the first one is still running. Busy or restarting: it may have been done.
  const again = problem.code === "idempotency_in_progress" || problem.status >= 500 || problem.status === 429;
  if (again) return { ...now, confirm: { kind: "unsure", tries } };
  return { ...now, confirm: { kind: "refused", errors: fields(problem), detail: problem.detail } };
}

export const triesOf = (confirm: Confirm): number => ("tries" in confirm ? confirm.tries : 0);

/** The server's words about fields, by the field's name. */
function fields(problem: Problem): Record<string, string> {
  const errors = Array.isArray(problem.errors) ? problem.errors : [];
  const told: Record<string, string> = {};
  for (const { field, detail } of errors as { field: string; detail: string }[])
    told[field.replace("/buyer/", "")] ??= detail;
  return told;
}

/** As much as the server takes. */
const LONGEST = 100;

/** What is wrong with a name or a contact as it stands in its field. */
export function mistake(text: string): "needed" | "tooLong" | null {
  const length = [...text.trim()].length;
  return length === 0 ? "needed" : length > LONGEST ? "tooLong" : null;
}

/** A hold whose time is over by the server's clock is over, unless a confirm is on its way: then the server decides. */
export function passed(now: Holding, serverTime: number): Holding {
  if (now.kind !== "held" || now.confirm.kind === "sending" || now.confirm.kind === "unsure") return now;
  return Date.parse(now.hold.expires_at) <= serverTime ? { kind: "over", why: "expired" } : now;
}

/** What to send: another name is another request, so it gets another key; the same request keeps its own. */
export function sending(keep: KeptHold, buyer: { name: string; contact: string }, newKey: string): KeptHold {
  const same = keep.buyer?.name === buyer.name && keep.buyer.contact === buyer.contact;
  return { ...keep, buyer, key: same || !keep.buyer ? keep.key : newKey };
}

/** How much of the time is left, from 1 to 0. */
export function share(hold: Hold, seconds: number, serverTime: number): number {
  const left = Date.parse(hold.expires_at) - serverTime;
  return Math.min(1, Math.max(0, left / (Math.max(1, seconds) * 1000)));
}
