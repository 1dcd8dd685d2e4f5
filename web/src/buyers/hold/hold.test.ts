import { expect, test } from "vitest";
import type { Answer } from "../../shared/api/client";
import type { HoldState, Reservation } from "../types";
import { checked, confirmed, type Holding, IDLE, mistake, passed, sending, share } from "./hold";

const END = Date.parse("2030-01-01T10:05:00.000Z");
const hold = {
  hold_id: "h",
  hold_token: "s",
  event_id: "gala",
  seats: [],
  total: 0,
  currency: "KRW",
  expires_at: "2030-01-01T10:05:00.000Z",
  expires_in_seconds: 300,
  server_time: "2030-01-01T10:00:00.000Z",
};
const held: Holding = { kind: "held", hold, confirm: IDLE };
const ok = <T>(value: T): Answer<T> => ({ kind: "ok", value, status: 200, headers: new Headers() });
const no = (code: string, status: number, more = {}): Answer<never> => ({
  kind: "problem",
  problem: { code, status, title: "", detail: "why", ...more },
  retryAfterMs: null,
});
const offline: Answer<never> = { kind: "offline" };
const reservation = { reservation_id: "r", code: "0427" } as Reservation;

test("a kept hold is what the server says it is", () => {
  const says = (state: HoldState["state"]) => checked(ok({ ...hold, state }));
  expect(says("held")).toEqual(held);
  expect(says("expired")).toEqual({ kind: "over", why: "expired" });
  expect(says("released")).toEqual({ kind: "over", why: "released" });
  expect(says("confirmed")).toEqual({ kind: "held", hold, confirm: { kind: "unsure", tries: 0 } });
  expect(checked(no("hold_invalid", 403))).toEqual({ kind: "over", why: "expired" });
});

test("a field is told what is wrong with it as it stands, and nothing once it is mended", () => {
  expect(["", "  ", "Kim", "x".repeat(101), `${"x".repeat(100)} `].map(mistake)).toEqual([
    "needed",
    "needed",
    null,
    "tooLong",
    null,
  ]);
});

test("without an answer a kept hold is not given up", () => {
  expect(checked(offline)).toEqual({ kind: "checking", lost: true });
  expect(checked(no("recovering", 503))).toEqual({ kind: "checking", lost: true });
});

test("a confirm without an answer is asked again, and then it is known", () => {
  const once = confirmed({ kind: "held", hold, confirm: { kind: "sending", tries: 0 } }, offline);
  expect(once).toEqual({ kind: "held", hold, confirm: { kind: "unsure", tries: 1 } });
  const twice = confirmed(once, no("idempotency_in_progress", 409));
  expect(twice).toMatchObject({ confirm: { kind: "unsure", tries: 2 } });
  expect(confirmed(twice, ok(reservation))).toEqual({ kind: "bought", reservation });
});

test("a hold that ran out or was taken says why it is over", () => {
  expect(confirmed(held, no("hold_expired", 410))).toEqual({ kind: "over", why: "expired" });
  expect(confirmed(held, no("hold_released", 410))).toEqual({ kind: "over", why: "released" });
  expect(confirmed(held, no("seats_unavailable", 409))).toEqual({ kind: "over", why: "taken" });
});

test("wrong fields are told at the fields", () => {
  const after = confirmed(
    held,
    no("invalid_request", 422, { errors: [{ field: "/buyer/name", detail: "too long" }] }),
  );
  expect(after).toMatchObject({ confirm: { kind: "refused", errors: { name: "too long" } } });
});

test("the server's clock ends a hold, but never one that is being confirmed", () => {
  expect(passed(held, END - 1)).toBe(held);
  expect(passed(held, END)).toEqual({ kind: "over", why: "expired" });
  const unsure: Holding = { kind: "held", hold, confirm: { kind: "unsure", tries: 1 } };
  expect(passed(unsure, END + 9)).toBe(unsure);
});

test("the same buyer keeps the key over any number of tries, another name gets another", () => {
  const keep = { holdId: "h", token: "s", key: "k1", buyer: null };
  const first = sending(keep, { name: "Kim", contact: "a" }, "k2");
  expect(first.key).toBe("k1");
  expect(sending(first, { name: "Kim", contact: "a" }, "k3").key).toBe("k1");
  expect(sending(first, { name: "Lee", contact: "a" }, "k3").key).toBe("k3");
});

test("what is left of the time goes from one to nothing", () => {
  expect(share(hold, 300, END - 300_000)).toBe(1);
  expect(share(hold, 300, END - 75_000)).toBe(0.25);
  expect(share(hold, 300, END + 1)).toBe(0);
});
