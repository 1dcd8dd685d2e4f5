// A real event's map and its seats' states, as they change.

import { ask } from "../../shared/api/client";
import { follow } from "../../shared/api/events";
import { type Availability, type HallStates, learn } from "../states";
import type { SeatMap } from "../types";

export class Live {
  map = $state.raw<SeatMap | null>(null);
  known = $state.raw<HallStates | null>(null);
  currency = $state("KRW");
  readonly #path: string;

  constructor(eventId: string) {
    this.#path = `/api/events/${eventId}`;
  }

  async begin(signal: AbortSignal): Promise<void> {
    const [event, map] = await Promise.all([
      ask<{ currency: string }>(this.#path),
      ask<SeatMap>(`${this.#path}/map`),
    ]);
    if (event.kind === "ok") this.currency = event.value.currency;
    await this.#all();
    if (map.kind === "ok") this.map = map.value;
    const since = `?since=${this.known?.version ?? 0}`;
    const told = ({ data }: { data: string }) => this.#told(JSON.parse(data));
    await follow(`${this.#path}/availability/stream${since}`, null, told, signal);
  }

  async #all(): Promise<void> {
    const answer = await ask<Availability>(`${this.#path}/availability`);
    if (answer.kind === "ok") this.#told(answer.value);
  }

  #told(news: Availability): void {
    const next = learn(this.known, news);
    if (next) this.known = next;
    else void this.#all();
  }
}
