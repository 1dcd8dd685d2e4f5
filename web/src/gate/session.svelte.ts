// Who is signed in at this device, where they stand, and the one way in which the door's pages ask the server.

import { type Answer, type Ask, ask } from "../shared/api/client";
import { forgetAll, type Loss, loss } from "./offline/kept";
import type { DoorEvent, StaffSession } from "./types";

const KEY = "jari.staff-key";
const GATE = "jari.gate";
const EVENT = "jari.gate-event";
/** What the server said of the key, for a start without a network. */
const STAFF = "jari.gate-staff";

class Session {
  key = $state(localStorage.getItem(KEY));
  gate = $state(localStorage.getItem(GATE) ?? "");
  staff = $state.raw<StaffSession | null>(null);
  eventId = $state(localStorage.getItem(EVENT));
  /** The key that was in use is not accepted any more. */
  refused = $state(false);
  /** What kept somebody from signing out, as long as it does. */
  held = $state.raw<Loss | null>(null);

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
    if (answer.kind === "ok") {
      this.staff = answer.value;
      localStorage.setItem(STAFF, JSON.stringify(answer.value));
    } else this.#refuse(answer);
    return answer;
  }

  /** Goes on with what was known when there was a network. */
  resume(): boolean {
    const kept = localStorage.getItem(STAFF);
    if (kept && this.key) this.staff = JSON.parse(kept);
    return this.staff !== null;
  }

  choose(eventId: string | null): void {
    this.eventId = eventId;
    if (eventId) localStorage.setItem(EVENT, eventId);
    else localStorage.removeItem(EVENT);
  }

  /** Leaves nothing on the device, unless something would be lost and nobody said that it may be. */
  async leave(whatever = false): Promise<void> {
    if (!whatever) await this.#weigh();
    if (this.held && !whatever) return;
    // First, so that nothing is kept any more afterwards.
    this.#signOut();
    await forgetAll();
  }

  /** Something was sent or seen: it may hold nobody any more. */
  async weighAgain(): Promise<void> {
    if (this.held) await this.#weigh();
  }

  async #weigh() {
    const lost = await loss();
    this.held = lost.unsent + lost.doubts > 0 ? lost : null;
  }

  #signOut(): void {
    for (const name of [KEY, EVENT, STAFF]) localStorage.removeItem(name);
    [this.key, this.staff, this.eventId, this.held] = [null, null, null, null];
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
      // What was not sent stays on the device for a key that is accepted.
      this.#signOut();
    }
  }
}

export const session = new Session();
