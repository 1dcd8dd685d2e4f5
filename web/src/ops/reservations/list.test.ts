import { expect, test } from "vitest";
import type { Reservation } from "../types";
import { BEGIN, type News, next, pagePath } from "./list";

const one = (id: string, state = "confirmed") => ({ reservation_id: id, state }) as Reservation;
const page = (asked: number, ids: string[], cursor: string | null = null): News => ({
  news: "page",
  asked,
  page: { items: ids.map((id) => one(id)), next_cursor: cursor },
});

test("pages follow each other, a new question begins anew", () => {
  const first = next(BEGIN, page(1, ["a"], "c1"));
  const more = next(first, { news: "more" });
  expect(pagePath("gala", more)).toContain("cursor=c1");
  const both = next(more, page(2, ["b"]));
  expect(both.items.map((item) => item.reservation_id)).toEqual(["a", "b"]);
  const asked = next(both, { news: "query", query: " kim " });
  expect(pagePath("gala", asked)).toBe("/api/admin/events/gala/reservations?limit=50&q=kim");
  expect(next(asked, page(3, ["k"])).items).toHaveLength(1);
});

test("a late answer to an old question is not believed", () => {
  const asked = next(BEGIN, { news: "query", query: "kim" });
  expect(next(asked, page(1, ["a"]))).toBe(asked);
  expect(next(asked, { news: "failed", asked: 1 })).toBe(asked);
});

test("where there is no more, nothing more is asked", () => {
  const all = next(BEGIN, page(1, ["a"]));
  expect(next(all, { news: "more" })).toBe(all);
});

test("a cancelled reservation is seen at its place", () => {
  const list = next(BEGIN, page(1, ["a", "b"]));
  const after = next(list, { news: "changed", reservation: one("b", "cancelled") });
  expect(after.items.map((item) => item.state)).toEqual(["confirmed", "cancelled"]);
});
