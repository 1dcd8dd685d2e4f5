// The states of all seats as they change.

import { ask } from "../shared/api/client";
import { follow } from "../shared/api/events";
import { forever } from "../shared/api/reconnect";
import { type Availability, type HallStates, learn } from "./states";

export class LiveHall {
  known = $state.raw<HallStates | null>(null);
  /** The server can't be heard: what is known may be old. */
  lost = $state(false);
  #eventId: string;

  constructor(eventId: string) {
    this.#eventId = eventId;
  }

  async follow(signal: AbortSignal): Promise<void> {
    await forever(async () => {
      const since = this.known ? `?since=${this.known.version}` : "";
      const path = `/api/events/${this.#eventId}/availability/stream${since}`;
      const was = await follow(path, null, (event) => this.#told(JSON.parse(event.data)), signal);
      // Streams are capped: whoever gets none still sees the hall, a little later.
      if (!was && !signal.aborted) await this.ask();
      return was;
    }, signal);
  }

  async ask(): Promise<void> {
    const answer = await ask<Availability>(`/api/events/${this.#eventId}/availability`);
    this.lost = answer.kind === "offline";
    if (answer.kind === "ok") this.#told({ ...answer.value, full: true } as Availability);
  }

  #told(news: Availability): void {
    this.lost = false;
    // The first event of a stream is the whole state and may not say so.
    const whole = "states" in news ? { ...news, full: true as const } : news;
    const next = learn(this.known, whole);
    if (next) this.known = next;
    else void this.ask();
  }
}
