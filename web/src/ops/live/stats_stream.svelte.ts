// The figures of one sale, once a second, for as long as somebody looks.

import { follow } from "../../shared/api/events";
import { forever } from "../../shared/api/reconnect";
import { session } from "../session.svelte";
import type { Stats } from "../types";
import { add, EMPTY, type Series } from "./series";

export class StatsStream {
  stats = $state.raw<Stats | null>(null);
  series = $state.raw<Series>(EMPTY);
  /** When the figures shown came. */
  heardAt = $state(0);
  connection = $state<"connecting" | "live" | "lost">("connecting");
  #eventId: string;

  constructor(eventId: string) {
    this.#eventId = eventId;
  }

  async follow(signal: AbortSignal): Promise<void> {
    await forever(async () => {
      const path = `/api/admin/events/${this.#eventId}/stats/stream`;
      const was = await follow(path, session.key, (event) => this.#told(JSON.parse(event.data)), signal);
      if (!signal.aborted) this.connection = "lost";
      return was;
    }, signal);
  }

  #told(stats: Stats): void {
    this.heardAt = Date.now();
    this.stats = stats;
    this.series = add(this.series, stats, this.heardAt);
    this.connection = "live";
  }
}
