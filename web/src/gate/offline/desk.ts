// What a device did at the door without a network: pure steps, each from one desk to the next.

import type { BatchAnswer, Entry } from "../types";
import type { Listed } from "./list";

/** What is asked for at the door; the same nonce is never counted twice. */
export type Wish = ({ code: string } | { entry_token: string }) & {
  seats?: string[];
  gate?: string;
  nonce: string;
};
/** An entry that the server has not heard of. */
export type Waiting = { wish: Wish; seats: string[]; at: string };
/** An entry that the server took otherwise than it happened here: somebody has to look at it. */
export type Doubt = {
  nonce: string;
  kind: "conflict" | "cancelled" | "refused";
  code: string | null;
  seats: string[];
  at: string;
  /** Who came in on these seats, and where, as far as the server knows. */
  history: Entry[];
};
export type Desk = {
  /** Seats that came in here, with when: the list may be older. */
  seen: Record<string, string>;
  outbox: Waiting[];
  doubts: Doubt[];
};
export type ByList = {
  outcome: "admitted" | "already_admitted" | "cancelled";
  admitted: string[];
  remaining: string[];
};

export const EMPTY_DESK: Desk = { seen: {}, outbox: [], doubts: [] };

/** Seats of the reservation that are not in yet, as far as this device knows. */
export const freeSeats = (desk: Desk, listed: Listed): string[] =>
  listed.seats.filter((seat) => !listed.checked_in.includes(seat) && !(seat in desk.seen));

/** What the list answers; who is let in waits in the outbox. */
export function letIn(desk: Desk, listed: Listed, wish: Wish, at: string): [Desk, ByList] {
  if (listed.state === "cancelled") return [desk, { outcome: "cancelled", admitted: [], remaining: [] }];
  const free = freeSeats(desk, listed);
  const admitted = free.filter((seat) => !wish.seats || wish.seats.includes(seat));
  const remaining = free.filter((seat) => !admitted.includes(seat));
  if (admitted.length === 0) return [desk, { outcome: "already_admitted", admitted, remaining }];
  const waiting: Waiting = { wish: { ...wish, seats: admitted }, seats: admitted, at };
  const outbox = [...desk.outbox, waiting];
  return [
    { ...came(desk, admitted, at), outbox },
    { outcome: "admitted", admitted, remaining },
  ];
}

/** Seats that the server let in here: the list does not know them before it is asked for again. */
export function came(desk: Desk, seats: string[], at: string): Desk {
  return { ...desk, seen: { ...desk.seen, ...Object.fromEntries(seats.map((seat) => [seat, at])) } };
}

/** They are not in any more. */
export function went(desk: Desk, seats: string[]): Desk {
  const seen = Object.entries(desk.seen).filter(([seat]) => !seats.includes(seat));
  return { ...desk, seen: Object.fromEntries(seen) };
}

/** Takes back an entry that has not been sent; null where it has been. */
export function takenBack(desk: Desk, nonce: string): Desk | null {
  const waiting = desk.outbox.find(({ wish }) => wish.nonce === nonce);
  if (!waiting) return null;
  const outbox = desk.outbox.filter((one) => one !== waiting);
  return went({ ...desk, outbox }, waiting.seats);
}

/** What the server made of the entries that were sent. Those it could not take now stay for the next time. */
export function settled(desk: Desk, answers: BatchAnswer["items"]): Desk {
  let next = desk;
  for (const answer of answers) {
    const nonce = "nonce" in answer ? answer.nonce : null;
    const waiting = desk.outbox.find(({ wish }) => wish.nonce === nonce);
    if (!waiting || ("status" in answer && isForNow(Number(answer.status)))) continue;
    const outbox = next.outbox.filter(({ wish }) => wish.nonce !== waiting.wish.nonce);
    const doubt = doubtOf(waiting, answer);
    next = { ...next, outbox, doubts: doubt ? [...next.doubts, doubt] : next.doubts };
  }
  return next;
}

/** Too many wrong codes, or a server in trouble: nothing is said of this entry. */
const isForNow = (status: number): boolean => status === 429 || status >= 500;

function doubtOf({ wish, seats, at }: Waiting, answer: BatchAnswer["items"][number]): Doubt | null {
  const outcome = "outcome" in answer ? answer.outcome : "refused";
  if (outcome === "admitted") return null;
  const kind = outcome === "cancelled" || outcome === "refused" ? outcome : "conflict";
  const history = "history" in answer ? (answer.history as Entry[]) : [];
  return { nonce: wish.nonce, kind, code: "code" in wish ? wish.code : null, seats, at, history };
}

export const acknowledged = (desk: Desk, nonce: string): Desk => ({
  ...desk,
  doubts: desk.doubts.filter((doubt) => doubt.nonce !== nonce),
});

/** A list has come that was asked for at `askedAt`: it knows what happened before, but for what was not sent. */
export function renewed(desk: Desk, askedAt: string): Desk {
  const unsent = new Set(desk.outbox.flatMap(({ seats }) => seats));
  const seen = Object.entries(desk.seen).filter(([seat, at]) => at >= askedAt || unsent.has(seat));
  return { ...desk, seen: Object.fromEntries(seen) };
}
