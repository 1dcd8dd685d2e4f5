// The seat maps: large, the same for ever under their version, so fetched once and early.

import type { SeatMap } from "../map/types";
import { ask } from "../shared/api/client";

const fetched = new Map<string, Promise<SeatMap | null>>();

export function mapOf(eventId: string, version: string | null | undefined): Promise<SeatMap | null> {
  if (!version) return Promise.resolve(null);
  const path = `/api/events/${eventId}/map?version=${version}`;
  const known = fetched.get(path);
  if (known) return known;
  const coming = ask<SeatMap>(path, { timeoutMs: 60_000 }).then((answer) => {
    if (answer.kind === "ok") return answer.value;
    fetched.delete(path);
    return null;
  });
  fetched.set(path, coming);
  return coming;
}
