import { expect, test } from "vitest";
import { buyLink, eventLink, routeOf, ticketLink } from "./route";

test("an empty address is the list of events", () => {
  for (const hash of ["", "#", "#/"]) expect(routeOf(hash)).toEqual({ screen: "events" });
});

test("every link leads to its screen", () => {
  expect(routeOf(eventLink("spring-gala"))).toEqual({ screen: "event", eventId: "spring-gala" });
  expect(routeOf(buyLink("spring-gala"))).toEqual({ screen: "buy", eventId: "spring-gala" });
  expect(routeOf(ticketLink("01a2-b"))).toEqual({ screen: "ticket", reservationId: "01a2-b" });
  expect(routeOf("#/tickets")).toEqual({ screen: "tickets" });
});

test("what is no address of ours is said to be unknown", () => {
  for (const hash of ["#/nothing", "#/events/Spring", "#/events/a/b", "#/tickets/../x"])
    expect(routeOf(hash)).toEqual({ screen: "unknown" });
});
