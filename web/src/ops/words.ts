// The texts of the organiser's pages, and names for what the API says in its own words.

import { count, texts } from "../shared/i18n/i18n.svelte";
import en from "./messages/en";
import ko from "./messages/ko";
import type { Trouble } from "./problems";

export const t = texts({ ko, en });

const STATES = {
  draft: "stateDraft",
  scheduled: "stateScheduled",
  on_sale: "stateOnSale",
  sold_out: "stateSoldOut",
  paused: "statePaused",
  closed: "stateClosed",
  confirmed: "stateConfirmed",
  cancelled: "stateCancelled",
  checked_in: "stateCheckedIn",
} as const;

export function stateName(state: string): string {
  const key = STATES[state as keyof typeof STATES];
  return key ? t()[key] : state;
}

const ACTIONS = {
  "event.create": "didCreate",
  "event.change": "didChange",
  "event.delete": "didDelete",
  "event.open": "didOpen",
  "event.pause": "didPause",
  "event.resume": "didResume",
  "event.close": "didClose",
  "map.import": "didImport",
  "seats.block": "didBlock",
  "reservations.export": "didExport",
  "reservation.cancel": "didCancel",
  "receipt.reissue": "didReissue",
  "staff_key.add": "didAddKey",
  "staff_key.remove": "didRemoveKey",
  "code.wrong": "didWrongCode",
} as const;

export function actionName(action: string): string {
  const key = ACTIONS[action as keyof typeof ACTIONS];
  return key ? t()[key] : action;
}

const FIELDS = {
  name: "name",
  venue: "venue",
  description: "description",
  starts_at: "startsAt",
  time_zone: "timeZone",
  sale_opens_at: "saleOpensAt",
  sale_closes_at: "saleClosesAt",
  currency: "currency",
  hold_seconds: "holdSeconds",
  max_seats_per_buyer: "maxSeats",
  code_digits: "codeDigits",
  prices: "prices",
  "queue.capacity": "capacity",
  "queue.pass_seconds": "passSeconds",
  "queue.max_admitted_per_second": "speed",
} as const;

/** A setting of an event, as its form calls it. */
export function fieldName(field: string): string {
  const key = FIELDS[field as keyof typeof FIELDS];
  return key ? t()[key] : field;
}

const SEATS = { free: "seatFree", held: "seatHeld", sold: "seatSold", blocked: "seatBlocked" } as const;

export function seatStateName(state: keyof typeof SEATS): string {
  return t()[SEATS[state]];
}

export function troubleText(trouble: Trouble): string {
  return trouble.text ? t()[trouble.text] : t().refused(trouble.detail);
}

/** What the server lets these fields be; a form sends them whole and not empty. */
const RANGES: Record<string, readonly [number, number]> = {
  "/hold_seconds": [1, 3600],
  "/max_seats_per_buyer": [1, 50],
  "/code_digits": [4, 8],
  "/queue/pass_seconds": [1, 86_400],
  "/queue/max_admitted_per_second": [1, 4_294_967_295],
};

/** What was told of a field: in our words, or the server's where there are none. */
export function fieldText(told: Record<string, Trouble>, at: string): string | null {
  const trouble = told[at];
  if (!trouble) return null;
  if (trouble.text) return t()[trouble.text];
  const range = RANGES[at];
  return range ? t().badRange(count(range[0]), count(range[1])) : trouble.detail;
}
