import { expect, test } from "vitest";
import { eventLink, routeOf, TABS } from "./route";

test("an empty address is the list of events", () => {
  for (const hash of ["", "#", "#/"]) expect(routeOf(hash)).toEqual({ screen: "events" });
});

test("every tab of an event has an address of its own", () => {
  for (const tab of TABS)
    expect(routeOf(eventLink("spring-gala", tab))).toEqual({ screen: "event", eventId: "spring-gala", tab });
  expect(routeOf("#/events/spring-gala")).toEqual({ screen: "event", eventId: "spring-gala", tab: "live" });
});

test("what is no address of ours is said to be unknown", () => {
  for (const hash of ["#/nothing", "#/events/Spring", "#/events/a/b", "#/events/../x"])
    expect(routeOf(hash)).toEqual({ screen: "unknown" });
});
