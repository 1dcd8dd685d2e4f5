import { expect, test } from "vitest";
import type { BatchAnswer } from "../types";
import {
  acknowledged,
  came,
  type Desk,
  EMPTY_DESK,
  letIn,
  renewed,
  settled,
  takenBack,
  type Wish,
  went,
} from "./desk";
import type { Listed } from "./list";

const NOON = "2031-05-01T12:00:00.000Z";
const LATER = "2031-05-01T12:05:00.000Z";
const listed = (more: Partial<Listed> = {}): Listed => ({
  checked_in: [],
  code_hash: "c",
  reservation_id_hash: "r",
  seats: ["A-1", "A-2", "A-3"],
  state: "confirmed",
  ...more,
});
const wish = (nonce: string, seats?: string[]): Wish => ({ code: "0427", nonce, ...(seats && { seats }) });
const answers = (...items: unknown[]) => items as BatchAnswer["items"];
const nonces = (desk: Desk) => desk.outbox.map((one) => one.wish.nonce);

test("who is let in by the list waits to be sent, and is not let in again", () => {
  const [some, first] = letIn(EMPTY_DESK, listed(), wish("one", ["A-2"]), NOON);
  expect(first).toEqual({ outcome: "admitted", admitted: ["A-2"], remaining: ["A-1", "A-3"] });
  const [all, second] = letIn(some, listed({ checked_in: ["A-1"] }), wish("two"), NOON);
  expect(second).toEqual({ outcome: "admitted", admitted: ["A-3"], remaining: [] });
  const [same, third] = letIn(all, listed({ checked_in: ["A-1"] }), wish("three"), NOON);
  expect(third.outcome).toBe("already_admitted");
  expect(same).toBe(all);
  expect(all.outbox).toEqual([
    { wish: wish("one", ["A-2"]), seats: ["A-2"], at: NOON },
    { wish: wish("two", ["A-3"]), seats: ["A-3"], at: NOON },
  ]);
});

test("what was cancelled lets nobody in", () => {
  const [desk, told] = letIn(EMPTY_DESK, listed({ state: "cancelled" }), wish("one"), NOON);
  expect([desk, told.outcome]).toEqual([EMPTY_DESK, "cancelled"]);
});

test("an entry that the server took is gone; one that it took otherwise is to be looked at until somebody has", () => {
  let desk: Desk = EMPTY_DESK;
  for (const nonce of ["good", "twice", "late", "strange", "limited", "later"])
    [desk] = letIn(desk, listed({ seats: [nonce] }), wish(nonce), NOON);
  const history = [{ check_in_id: "x", at: NOON, gate: "North", seats: [], conflict: false }];
  desk = settled(
    desk,
    answers(
      { nonce: "good", outcome: "admitted", history: [] },
      { nonce: "twice", outcome: "conflict", history },
      { nonce: "late", outcome: "cancelled", history: [] },
      { nonce: "strange", status: 404, code: "code_not_found" },
      { nonce: "limited", status: 429, code: "too_many_attempts" },
      { nonce: "later", status: 503, code: "unavailable" },
      { nonce: "nobody's", outcome: "conflict", history },
    ),
  );
  expect(nonces(desk)).toEqual(["limited", "later"]);
  expect(desk.doubts.map(({ nonce, kind }) => [nonce, kind])).toEqual([
    ["twice", "conflict"],
    ["late", "cancelled"],
    ["strange", "refused"],
  ]);
  expect(desk.doubts[0]).toMatchObject({ code: "0427", seats: ["twice"], history });
  expect(acknowledged(desk, "twice").doubts).toHaveLength(2);
});

test("an entry is taken back while it is unsent", () => {
  const [desk] = letIn(EMPTY_DESK, listed(), wish("one"), NOON);
  expect(takenBack(desk, "one")).toEqual(EMPTY_DESK);
  expect(takenBack(desk, "two")).toBeNull();
});

test("a newer list forgets what it knows itself, but not what was not sent or came after it was asked for", () => {
  const [unsent] = letIn(EMPTY_DESK, listed({ seats: ["B-1"] }), wish("one"), NOON);
  const desk = came(came(unsent, ["A-1"], NOON), ["A-2"], LATER);
  expect(Object.keys(renewed(desk, LATER).seen)).toEqual(["B-1", "A-2"]);
  expect(went(desk, ["A-1", "B-1"]).seen).toEqual({ "A-2": LATER });
});
