// The states of all seats as they change.

import { type Availability, type HallStates, learn } from "../../map/states";
import { ask } from "../../shared/api/client";
import { follow } from "../../shared/api/events";
import { forever } from "../reconnect";

export class LiveHall {
  known = $state.raw<HallStates | null>(null);
  #eventId: string;

  constructor(eventId: string) {
    this.#eventId = eventId;
  }

  async follow(signal: AbortSignal): Promise<void> {
    await forever(async () => {
      const since = this.known ? `?since=${this.known.version}` : "";
      const path = `/api/events/${this.#eventId}/availability/stream${since}`;
      return await follow(path, null, (event) => this.#told(JSON.parse(event.data)), signal);
    }, signal);
  }

  async ask(): Promise<void> {
    const answer = await ask<Availability>(`/api/events/${this.#eventId}/availability`);
    if (answer.kind === "ok") this.#told({ ...answer.value, full: true } as Availability);
  }

  #told(news: Availability): void {
    // The first event of a stream is the whole state and may not say so.
    const whole = "states" in news ? { ...news, full: true as const } : news;
    const next = learn(this.known, whole);
    if (next) this.known = next;
    else void this.ask();
  }
}
