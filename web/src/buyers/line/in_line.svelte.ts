// One's place in line, for as long as a page looks at it: heard by stream, by asking, and from other tabs.

import { type Answer, ask } from "../../shared/api/client";
import { follow } from "../../shared/api/events";
import { kept, secret } from "../kept";
import type { Place } from "../types";
import { askInMs, hasEnded, heard, type Line, type News, NOTHING, wantsStream } from "./line";

/** After a stream was refused or broke: streams are capped, and asking does as well. */
const STREAM_AGAIN_MS = 30_000;

/** Coming back to the page is a reason to ask, unless it was asked just now. */
const FRESH_MS = 2_000;

export class InLine {
  line = $state.raw<Line>(NOTHING);
  readonly eventId: string;
  /** Told of every change, with what was before. */
  readonly #changed: (before: Line, now: Line) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;
  #streams = false;
  #streamAfter = 0;
  /** The one tab that follows the stream; where browsers know no locks, each does. */
  #leads = !navigator.locks;
  #others: BroadcastChannel;
  #signal: AbortSignal | null = null;

  constructor(eventId: string, changed: (before: Line, now: Line) => void) {
    this.eventId = eventId;
    this.#changed = changed;
    this.#others = new BroadcastChannel(`jari.line.${eventId}`);
    this.line = { ...NOTHING, from: kept.place(eventId)?.from ?? null };
  }

  /** Goes on until the page is left. */
  run(signal: AbortSignal): void {
    this.#signal = signal;
    const listen = { signal };
    this.#others.addEventListener("message", ({ data }) => this.#hear({ ...data, at: Date.now() }), listen);
    // After sleep, or with the network back, nobody waits for the timer.
    for (const what of ["online", "pageshow", "focus"]) addEventListener(what, () => this.#wake(), listen);
    document.addEventListener("visibilitychange", () => this.#wake(), listen);
    // The device knows before any request fails.
    addEventListener("offline", () => this.#miss(), listen);
    signal.addEventListener("abort", () => {
      clearTimeout(this.#timer);
      this.#others.close();
    });
    this.#lead(signal);
    this.#plan();
  }

  async leave(): Promise<boolean> {
    const ticket = kept.place(this.eventId)?.ticket ?? null;
    const body = { event_id: this.eventId };
    const answer = ticket ? await ask("/api/queue/leave", { method: "POST", token: ticket, body }) : null;
    if (answer?.kind === "offline") return false;
    kept.forgetPlace(this.eventId);
    if (this.line.place) this.#tell({ ...this.line.place, state: "left" });
    return true;
  }

  /** A new place, where the old one has ended. */
  async again(): Promise<void> {
    kept.forgetPlace(this.eventId);
    this.line = NOTHING;
    await this.ask();
  }

  /** Asks for the place now; without a ticket that is to enter. */
  ask = async (): Promise<void> => {
    if (this.#asking) return;
    this.#asking = true;
    clearTimeout(this.#timer);
    const own = kept.place(this.eventId);
    const answer = own?.ticket ? await this.#status(own.ticket) : await this.#enter(own?.visitor ?? secret());
    this.#asking = false;
    if (this.#signal?.aborted) return;
    if (answer.kind === "ok") this.#tell(answer.value);
    else if (answer.kind === "offline") this.#hear(answer);
    else {
      const { code, status } = answer.problem;
      const { retryAfterMs } = answer;
      this.#hear({ kind: "problem", code, status, retryAfterMs, at: Date.now() });
    }
  };

  #status(token: string): Promise<Answer<Place>> {
    return ask<Place>(`/api/queue/status?event_id=${this.eventId}`, { token });
  }

  /** The secret is kept before it is used: whatever comes between, the same place answers. */
  #enter(visitor: string): Promise<Answer<Place>> {
    kept.keepPlace(this.eventId, { visitor, ticket: null, from: null });
    return ask<Place>("/api/queue/enter", { method: "POST", body: { event_id: this.eventId, visitor } });
  }

  #tell(place: Place): void {
    this.#others.postMessage({ kind: "place", place });
    this.#hear({ kind: "place", place, at: Date.now() });
  }

  #hear(news: News): void {
    const before = this.line;
    this.line = heard(before, news);
    if (this.line !== before) {
      this.#keep();
      this.#changed(before, this.line);
    }
    this.#plan();
    void this.#follow();
  }

  #keep(): void {
    const own = kept.place(this.eventId);
    const place = this.line.place;
    if (this.line.refused || (place && hasEnded(this.line) && place.state !== "closed"))
      kept.forgetPlace(this.eventId);
    else if (own && place && (own.ticket !== place.ticket || own.from !== this.line.from))
      kept.keepPlace(this.eventId, { ...own, ticket: place.ticket, from: this.line.from });
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#signal?.aborted) return;
    const told = this.#streams || !this.#leads;
    const wait = askInMs(this.line, told, Date.now(), Math.random());
    if (wait !== null) this.#timer = setTimeout(this.ask, wait);
  }

  #miss(): void {
    if (hasEnded(this.line)) return;
    this.#hear({ kind: "offline" });
    void this.ask();
  }

  #wake(): void {
    const isFresh = this.line.failures === 0 && Date.now() - this.line.heardAt < FRESH_MS;
    if (document.visibilityState === "hidden" || hasEnded(this.line) || isFresh) return;
    void this.ask();
  }

  #lead(signal: AbortSignal): void {
    navigator.locks
      ?.request(`jari.line.${this.eventId}`, { signal }, async () => {
        this.#leads = true;
        this.#plan();
        void this.#follow();
        await new Promise((over) => signal.addEventListener("abort", over));
      })
      .catch(() => {});
  }

  async #follow(): Promise<void> {
    const signal = this.#signal;
    const ticket = this.line.place?.ticket ?? null;
    const wants = this.#leads && !this.#streams && wantsStream(this.line) && Date.now() >= this.#streamAfter;
    if (!wants || !signal || signal.aborted) return;
    this.#streams = true;
    const path = `/api/queue/stream?event_id=${this.eventId}`;
    const was = await follow(path, ticket, (event) => this.#tell(JSON.parse(event.data)), signal);
    this.#streams = false;
    if (!was) this.#streamAfter = Date.now() + STREAM_AGAIN_MS;
    this.#plan();
  }
}
