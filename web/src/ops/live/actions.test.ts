import { expect, test } from "vitest";
import type { AdminEvent } from "../types";
import { actions, isReady, missing } from "./actions";

const event = (more: Partial<AdminEvent>) => ({ map_version: "m1", prices: {}, ...more }) as AdminEvent;

test("nothing reopens what is closed, and a draft can only be opened", () => {
  expect(actions("closed")).toEqual([]);
  expect(actions("draft")).toEqual(["open"]);
  expect(actions("paused")).toContain("resume");
  expect(actions("paused")).not.toContain("pause");
});

test("without a map, or with a category that has no price, it can't open", () => {
  expect(isReady(missing(event({ map_version: null }), null))).toBe(false);
  const categories = [
    { name: "VIP", price: null },
    { name: "Stalls", price: 0 },
  ];
  expect(missing(event({}), categories).prices).toEqual(["VIP"]);
  expect(isReady(missing(event({ prices: { VIP: 0 } }), categories))).toBe(true);
});
