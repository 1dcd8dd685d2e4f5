import { expect, test } from "vitest";
import type { Problem } from "../../shared/api/client";
import { choose, endedBy, losing, NOTHING_CHOSEN, refused, unchoose } from "./choosing";

const problem = (code: string, more: Record<string, unknown> = {}, status = 409): Problem => ({
  code,
  status,
  title: "",
  detail: "",
  ...more,
});
const two = ["A-1", "A-2"].reduce(choose, NOTHING_CHOSEN);

test("seats are chosen once and given up again", () => {
  expect(choose(two, "A-1").chosen).toEqual(["A-1", "A-2"]);
  expect(unchoose(two, "A-1").chosen).toEqual(["A-2"]);
});

test("a seat lost while looking is given up, and what was wanted is remembered", () => {
  const once = losing(two, ["A-2"]);
  expect(once).toEqual({
    chosen: ["A-1"],
    trouble: { kind: "lost", seats: ["A-2"], wanted: ["A-1", "A-2"] },
  });
  const twice = losing(once, ["A-1"]);
  expect(twice).toEqual({
    chosen: [],
    trouble: { kind: "lost", seats: ["A-2", "A-1"], wanted: ["A-1", "A-2"] },
  });
});

test("a refused hold keeps the free seats and offers others as good", () => {
  const alternatives = [["A-3", "A-4"], ["A-5", "A-6"], []];
  const after = refused(
    two,
    { seats: two.chosen },
    problem("seats_unavailable", { seats: ["A-1"], alternatives }),
  );
  expect(after.chosen).toEqual(["A-2"]);
  expect(after.trouble).toEqual({
    kind: "taken",
    seats: ["A-1"],
    wanted: ["A-1", "A-2"],
    alternatives: [
      ["A-3", "A-4"],
      ["A-5", "A-6"],
    ],
  });
  expect(choose(after, "B-1").trouble).toBeNull();
});

test("an alternative that is gone too is refused like any wish", () => {
  const after = refused(
    two,
    { seats: ["A-3"] },
    problem("seats_unavailable", { seats: ["A-3"], alternatives: [] }),
  );
  expect(after).toMatchObject({ chosen: [], trouble: { kind: "taken", seats: ["A-3"], alternatives: [] } });
});

test("none together and too many say how many", () => {
  const best = { best_available: { quantity: 4 } };
  expect(refused(two, best, problem("no_adjacent_seats")).trouble).toEqual({
    kind: "none_together",
    quantity: 4,
  });
  const most = refused(two, { seats: two.chosen }, problem("limit_exceeded", { limit: 4, remaining: 1 }));
  expect(most).toEqual({ chosen: ["A-1"], trouble: { kind: "limit", limit: 4, remaining: 1 } });
});

test("what ends the visit is told apart from what ends a wish", () => {
  expect(endedBy(problem("pass_expired", {}, 403))).toBe("pass_over");
  expect(endedBy(problem("sale_paused"))).toBe("paused");
  expect(endedBy(problem("seats_unavailable"))).toBeNull();
});

test("a busy server is no fault of the buyer's", () => {
  expect(refused(two, { seats: two.chosen }, problem("x", {}, 503))).toEqual({
    chosen: ["A-1", "A-2"],
    trouble: { kind: "busy" },
  });
  expect(refused(two, { seats: two.chosen }, problem("x", { detail: "why" }, 422)).trouble).toEqual({
    kind: "other",
    detail: "why",
  });
});
