// The list of reservations: what is asked, what came, and what is done with one of them.

import type { Page, Reservation } from "../types";

export type List = {
  query: string;
  items: Reservation[];
  cursor: string | null;
  state: "loading" | "ready" | "more" | "failed";
  /** Counts the questions, so that a late answer to an old one is not believed. */
  asked: number;
};

export const BEGIN: List = { query: "", items: [], cursor: null, state: "loading", asked: 1 };

export type News =
  | { news: "query"; query: string }
  | { news: "more" }
  | { news: "page"; asked: number; page: Page<Reservation> }
  | { news: "failed"; asked: number }
  | { news: "changed"; reservation: Reservation };

export function next(list: List, told: News): List {
  switch (told.news) {
    case "query":
      return { ...list, query: told.query, cursor: null, state: "loading", asked: list.asked + 1 };
    case "more":
      return list.state === "ready" && list.cursor ? { ...list, state: "more", asked: list.asked + 1 } : list;
    case "page": {
      if (told.asked !== list.asked) return list;
      const items = list.state === "more" ? [...list.items, ...told.page.items] : told.page.items;
      return { ...list, items, cursor: told.page.next_cursor ?? null, state: "ready" };
    }
    case "failed":
      return told.asked === list.asked ? { ...list, state: "failed" } : list;
    case "changed": {
      const { reservation } = told;
      const items = list.items.map((item) =>
        item.reservation_id === reservation.reservation_id ? { ...item, state: reservation.state } : item,
      );
      return { ...list, items };
    }
  }
}

export function pagePath(eventId: string, list: List): string {
  const asked = new URLSearchParams({ limit: "50" });
  if (list.query.trim()) asked.set("q", list.query.trim());
  if (list.state === "more" && list.cursor) asked.set("cursor", list.cursor);
  return `/api/admin/events/${eventId}/reservations?${asked}`;
}
