// Where one is: the part of the address after #, so that the pages are static files.

export type Tab = "live" | "reservations" | "blocks" | "map" | "settings";
export const TABS: readonly Tab[] = ["live", "reservations", "blocks", "map", "settings"];

export type Route =
  | { screen: "events" }
  | { screen: "new" }
  | { screen: "event"; eventId: string; tab: Tab }
  | { screen: "staff-keys" }
  | { screen: "audit" }
  | { screen: "unknown" };

const EVENT = /^events\/([a-z0-9][a-z0-9-]{0,47})(?:\/([a-z]+))?$/;

export function routeOf(hash: string): Route {
  const path = hash.replace(/^#?\/?/, "").replace(/\/$/, "");
  if (path === "") return { screen: "events" };
  if (path === "new" || path === "staff-keys" || path === "audit") return { screen: path };
  const [, eventId, tab = "live"] = EVENT.exec(path) ?? [];
  const known = TABS.find((name) => name === tab);
  return eventId && known ? { screen: "event", eventId, tab: known } : { screen: "unknown" };
}

export function eventLink(eventId: string, tab: Tab = "live"): string {
  return `#/events/${eventId}/${tab}`;
}
