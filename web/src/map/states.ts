// The states of all seats, two bits each, and how they change.

export const SEAT_STATES = ["free", "held", "sold", "blocked"] as const;
export type SeatState = (typeof SEAT_STATES)[number];
export const FREE = 0;

export type Availability =
  | { full: true; version: number; map_version: string; seats_total: number; states: string }
  | { full: false; version: number; map_version: string; since: number; changes: [number, number][] };

export type HallStates = { version: number; mapVersion: string; states: Uint8Array };

export function unpack(base64: string, seats: number): Uint8Array {
  const bytes = atob(base64);
  const states = new Uint8Array(seats);
  for (let at = 0; at < seats; at += 1) states[at] = (bytes.charCodeAt(at >> 2) >> ((at & 3) * 2)) & 3;
  return states;
}

/** The states after news; null where the news do not fit what is known, so that all must be asked again. */
export function learn(known: HallStates | null, news: Availability): HallStates | null {
  if (news.full) {
    const states = unpack(news.states, news.seats_total);
    return { version: news.version, mapVersion: news.map_version, states };
  }
  if (!known || known.mapVersion !== news.map_version || known.version < news.since) return null;
  if (news.version <= known.version) return known;
  const states = known.states.slice();
  for (const [seat, state] of news.changes) states[seat] = state;
  return { ...known, version: news.version, states };
}
