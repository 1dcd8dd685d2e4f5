// What to tell people when the server says no.

import type { Answer, Problem } from "../shared/api/client";

/** Texts for problems, by code; the rest is told in the server's own words. */
export const KNOWN = {
  offline: "offline",
  operator_key_invalid: "keyRefused",
  operator_key_missing: "keyRefused",
  event_exists: "eventExists",
  event_not_found: "eventNotFound",
  event_is_draft: "eventIsDraft",
  event_not_draft: "eventNotDraft",
  field_fixed: "fieldFixed",
  map_missing: "mapMissing",
  price_missing: "priceMissing",
  code_digits_too_few: "codeDigitsTooFew",
  map_in_use: "mapInUse",
  map_invalid: "mapInvalid",
  sale_closed: "saleClosed",
  seats_unavailable: "seatsUnavailable",
  already_checked_in: "alreadyCheckedIn",
  body_too_large: "bodyTooLarge",
  invalid_request: "invalidRequest",
  recovering: "recovering",
} as const;

export type Trouble = { text: (typeof KNOWN)[keyof typeof KNOWN] | null; detail: string };

/** What went wrong, or null if nothing did. */
export function trouble<T>(answer: Answer<T>): Trouble | null {
  if (answer.kind === "ok") return null;
  if (answer.kind === "offline") return { text: "offline", detail: "" };
  const { code, detail, title, status } = answer.problem;
  return { text: KNOWN[code as keyof typeof KNOWN] ?? null, detail: detail || title || String(status) };
}

/** The mistakes of a form by the JSON pointer of the field. */
export function fieldErrors(problem: Problem): Record<string, Trouble> {
  const errors = Array.isArray(problem.errors) ? problem.errors : [];
  const told: Record<string, Trouble> = {};
  const known = { text: KNOWN[problem.code as keyof typeof KNOWN] ?? null, detail: problem.detail };
  for (const { field, detail } of errors as { field: string; detail: string }[])
    told[field] ??= { text: null, detail };
  if (problem.code === "event_exists") told["/event_id"] ??= known;
  if (problem.code === "field_fixed" && typeof problem.field === "string") {
    told[problem.field.startsWith("/") ? problem.field : `/${problem.field}`] ??= known;
  }
  if (problem.code === "code_digits_too_few") told["/code_digits"] ??= known;
  return told;
}

/** A name as a part of a JSON pointer (RFC 6901). */
export function pointer(...parts: (string | number)[]): string {
  return parts.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
