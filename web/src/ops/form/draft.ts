// The form of an event: texts as they stand in the fields, and what is sent.

import type { AdminEvent } from "../types";
import { isCurrency } from "./price";
import { isTimeZone, toInstant, toLocal } from "./zoned";

export type Draft = {
  event_id: string;
  name: string;
  venue: string;
  description: string;
  starts_at: string;
  time_zone: string;
  sale_opens_at: string;
  sale_closes_at: string;
  currency: string;
  hold_seconds: string;
  max_seats_per_buyer: string;
  code_digits: string;
  capacity: string;
  pass_seconds: string;
  max_admitted_per_second: string;
};

/** A mistake that needs no server to see; the text is chosen by this name. */
export type Mistake = "needed" | "badId" | "badTime" | "badZone" | "badCurrency" | "badNumber" | "badOrder";

export type Checked = { body: Record<string, unknown>; mistakes: Record<string, Mistake> };

export function blank(zone: string): Draft {
  const empty = { event_id: "", name: "", venue: "", description: "", code_digits: "" };
  const times = { starts_at: "", sale_opens_at: "", sale_closes_at: "", time_zone: zone };
  const limits = { currency: "KRW", hold_seconds: "300", max_seats_per_buyer: "4" };
  return {
    ...empty,
    ...times,
    ...limits,
    capacity: "100",
    pass_seconds: "600",
    max_admitted_per_second: "50",
  };
}

export function draftOf(event: AdminEvent): Draft {
  const zone = event.time_zone;
  return {
    event_id: event.event_id,
    name: event.name,
    venue: event.venue,
    description: event.description ?? "",
    starts_at: toLocal(event.starts_at, zone),
    time_zone: zone,
    sale_opens_at: toLocal(event.sale_opens_at, zone),
    sale_closes_at: toLocal(event.sale_closes_at, zone),
    currency: event.currency,
    hold_seconds: String(event.hold_seconds),
    max_seats_per_buyer: String(event.max_seats_per_buyer),
    code_digits: event.code_digits ? String(event.code_digits) : "",
    capacity: String(event.queue.capacity),
    pass_seconds: String(event.queue.pass_seconds),
    max_admitted_per_second: String(event.queue.max_admitted_per_second),
  };
}

/** What is sent to make an event. */
export function toCreate(draft: Draft): Checked {
  return check(draft, null);
}

/** What is sent to change an event: what differs from how it was, so that nothing else is overwritten. */
export function toChange(draft: Draft, before: Draft): Checked {
  return check(draft, before);
}

function check(draft: Draft, before: Draft | null): Checked {
  const checked: Checked = { body: {}, mistakes: {} };
  const zoneChanged = before !== null && draft.time_zone !== before.time_zone;
  const changed = (name: keyof Draft) => before === null || draft[name] !== before[name];
  for (const name of ["event_id", "name", "venue", "time_zone", "currency"] as const)
    if (changed(name)) text(checked, name, draft[name].trim());
  if (changed("description")) checked.body.description = draft.description.trim() || null;
  for (const name of ["starts_at", "sale_opens_at", "sale_closes_at"] as const)
    if (changed(name) || zoneChanged) time(checked, name, draft[name], draft.time_zone);
  for (const name of ["hold_seconds", "max_seats_per_buyer", "code_digits"] as const)
    if (changed(name)) number(checked, checked.body, `/${name}`, name, draft[name]);
  const queue: Record<string, unknown> = {};
  for (const name of ["capacity", "pass_seconds", "max_admitted_per_second"] as const)
    if (changed(name)) number(checked, queue, `/queue/${name}`, name, draft[name]);
  if (Object.keys(queue).length > 0) checked.body.queue = queue;
  if (draft.sale_opens_at && draft.sale_closes_at && draft.sale_closes_at <= draft.sale_opens_at)
    checked.mistakes["/sale_closes_at"] ??= "badOrder";
  return checked;
}

function text(checked: Checked, name: keyof Draft, value: string): void {
  checked.body[name] = value;
  const mistake = textMistake(name, value);
  if (mistake) checked.mistakes[`/${name}`] = mistake;
}

function textMistake(name: keyof Draft, value: string): Mistake | null {
  if (value === "") return "needed";
  if (name === "event_id" && !/^[a-z0-9][a-z0-9-]{0,47}$/.test(value)) return "badId";
  if (name === "time_zone" && !isTimeZone(value)) return "badZone";
  if (name === "currency" && !isCurrency(value)) return "badCurrency";
  return null;
}

function time(checked: Checked, name: keyof Draft, value: string, zone: string): void {
  if (value === "" && name === "starts_at") checked.mistakes[`/${name}`] = "needed";
  checked.body[name] = value === "" ? null : toInstant(value, zone);
  if (value !== "" && checked.body[name] === null && isTimeZone(zone))
    checked.mistakes[`/${name}`] = "badTime";
}

function number(
  checked: Checked,
  body: Record<string, unknown>,
  at: string,
  name: keyof Draft,
  value: string,
): void {
  const written = value.trim();
  if (written === "" && name !== "code_digits") checked.mistakes[at] = "needed";
  else if (written !== "" && !/^\d{1,9}$/.test(written)) checked.mistakes[at] = "badNumber";
  body[name] = written === "" ? null : Number(written);
}

/** Whether the field that a JSON pointer names has what it had before. */
export function isSame(at: string, now: Draft, before: Draft): boolean {
  const name = at.slice(at.lastIndexOf("/") + 1) as keyof Draft;
  return now[name] === before[name];
}

/** A proposal for the id of an event by its name; what is not Latin has none. */
export function slug(name: string): string {
  const plain = name.normalize("NFKD").toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 48);
}
