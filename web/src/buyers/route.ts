// Where one is: the part of the address after #, so that the pages are static files. No token is ever part of it.

export type Route =
  | { screen: "events" }
  | { screen: "event"; eventId: string }
  /** The line, the seats and the hold: which of them, follows from what one has. */
  | { screen: "buy"; eventId: string }
  | { screen: "tickets" }
  | { screen: "ticket"; reservationId: string }
  | { screen: "unknown" };

const EVENT = /^events\/([a-z0-9][a-z0-9-]{0,47})(\/buy)?$/;
const TICKET = /^tickets\/([0-9A-Za-z-]{1,64})$/;

export function routeOf(hash: string): Route {
  const path = hash.replace(/^#?\/?/, "").replace(/\/$/, "");
  if (path === "") return { screen: "events" };
  if (path === "tickets") return { screen: "tickets" };
  const [, eventId, buy] = EVENT.exec(path) ?? [];
  if (eventId) return { screen: buy ? "buy" : "event", eventId };
  const [, reservationId] = TICKET.exec(path) ?? [];
  return reservationId ? { screen: "ticket", reservationId } : { screen: "unknown" };
}

export const eventLink = (eventId: string): string => `#/events/${eventId}`;
export const buyLink = (eventId: string): string => `#/events/${eventId}/buy`;
export const ticketLink = (reservationId: string): string => `#/tickets/${reservationId}`;
