import { expect, test } from "vitest";
import { blank, type Draft, isSame, slug, toChange, toCreate } from "./draft";

const filled: Draft = {
  ...blank("Asia/Seoul"),
  event_id: "gala",
  name: "Gala",
  venue: "Hall",
  starts_at: "2026-12-01T19:30",
};

test("a new event is sent with instants, numbers, and null for what is left open", () => {
  const { body, mistakes } = toCreate(filled);
  expect(mistakes).toEqual({});
  expect(body).toMatchObject({
    event_id: "gala",
    starts_at: "2026-12-01T10:30:00.000Z",
    sale_opens_at: null,
    code_digits: null,
    hold_seconds: 300,
    queue: { capacity: 100, pass_seconds: 600, max_admitted_per_second: 50 },
  });
});

test("all mistakes are told at once, at their fields", () => {
  const { mistakes } = toCreate({
    ...blank("Nowhere/Town"),
    event_id: "Not A Slug",
    currency: "won",
    capacity: "many",
    hold_seconds: "",
  });
  expect(mistakes).toEqual({
    "/event_id": "badId",
    "/name": "needed",
    "/venue": "needed",
    "/time_zone": "badZone",
    "/currency": "badCurrency",
    "/starts_at": "needed",
    "/hold_seconds": "needed",
    "/queue/capacity": "badNumber",
  });
});

test("a change sends what was changed and nothing else", () => {
  expect(toChange({ ...filled, capacity: "7" }, filled).body).toEqual({ queue: { capacity: 7 } });
  expect(toChange(filled, filled).body).toEqual({});
});

test("another zone moves every instant, because the local times stay", () => {
  const { body } = toChange({ ...filled, time_zone: "Europe/London" }, filled);
  expect(body).toMatchObject({ time_zone: "Europe/London", starts_at: "2026-12-01T19:30:00.000Z" });
});

test("a sale that closes before it opens is a mistake", () => {
  const wrong = { ...filled, sale_opens_at: "2026-11-02T10:00", sale_closes_at: "2026-11-01T10:00" };
  expect(toCreate(wrong).mistakes).toEqual({ "/sale_closes_at": "badOrder" });
});

test("whether a field was changed is known by the pointer that the server names it with", () => {
  const changed = { ...filled, capacity: "7" };
  expect(isSame("/queue/capacity", filled, filled)).toBe(true);
  expect(isSame("/queue/capacity", changed, filled)).toBe(false);
  expect(isSame("/name", changed, filled)).toBe(true);
});

test("an id is proposed from a Latin name", () => {
  expect(slug("Spring Gala 2026!")).toBe("spring-gala-2026");
  expect(slug("봄 음악회")).toBe("");
  expect(slug("Café")).toBe("cafe");
});
