// Who is signed in at this device, where they stand, and the one way in which the door's pages ask the server.

import { type Answer, type Ask, ask } from "../shared/api/client";
import type { DoorEvent, StaffSession } from "./types";

const KEY = "jari.staff-key";
const GATE = "jari.gate";
const EVENT = "jari.gate-event";

class Session {
  key = $state(localStorage.getItem(KEY));
  gate = $state(localStorage.getItem(GATE) ?? "");
  staff = $state.raw<StaffSession | null>(null);
  eventId = $state(localStorage.getItem(EVENT));
  /** The key that was in use is not accepted any more. */
  refused = $state(false);

  get event(): DoorEvent | null {
    const events = this.staff?.events ?? [];
    return (
      events.find((event) => event.event_id === this.eventId) ??
      (events.length === 1 ? (events[0] ?? null) : null)
    );
  }

  async signIn(key: string, gate: string): Promise<Answer<StaffSession>> {
    const answer = await this.load(key);
    if (answer.kind === "ok") {
      localStorage.setItem(KEY, key);
      localStorage.setItem(GATE, gate);
      [this.key, this.gate, this.refused] = [key, gate, false];
    }
    return answer;
  }

  async load(key: string): Promise<Answer<StaffSession>> {
    const answer = await ask<StaffSession>("/staff/session", { token: key });
    if (answer.kind === "ok") this.staff = answer.value;
    else this.#refuse(answer);
    return answer;
  }

  choose(eventId: string | null): void {
    this.eventId = eventId;
    if (eventId) localStorage.setItem(EVENT, eventId);
    else localStorage.removeItem(EVENT);
  }

  signOut(): void {
    for (const name of [KEY, EVENT]) localStorage.removeItem(name);
    [this.key, this.staff, this.eventId] = [null, null, null];
  }

  async ask<T>(path: string, how: Ask = {}): Promise<Answer<T>> {
    const answer = await ask<T>(path, { ...how, token: this.key });
    this.#refuse(answer);
    return answer;
  }

  #refuse(answer: Answer<unknown>): void {
    const gone = answer.kind === "problem" && /^staff_key_/.test(answer.problem.code);
    if (gone && this.key) {
      this.refused = true;
      this.signOut();
    }
  }
}

export const session = new Session();
