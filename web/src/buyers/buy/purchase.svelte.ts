// One buyer's way from the line to the ticket: what is asked, in which order. What the answers mean is said elsewhere.

import { ask } from "../../shared/api/client";
import { waitMs } from "../../shared/api/reconnect";
import { checked, confirmed, type Holding, IDLE, passed, sending, triesOf } from "../hold/hold";
import { type Buyer, kept, secret } from "../kept";
import { InLine } from "../line/in_line.svelte";
import type { Line } from "../line/line";
import {
  type Choosing,
  choose,
  type Ended,
  endedBy,
  losing,
  NOTHING_CHOSEN,
  refused,
  unchoose,
  type Wish,
} from "../seats/choosing";
import type { Event, Hold, HoldState, Reservation } from "../types";

export class Purchase {
  readonly event: Event;
  readonly inLine: InLine;
  holding = $state.raw<Holding>({ kind: "none" });
  choosing = $state.raw<Choosing>(NOTHING_CHOSEN);
  /** A hold is being asked for. */
  busy = $state(false);
  /** Why nothing can be held just now. */
  ended = $state<Ended | null>(null);
  #signal: AbortSignal | null = null;

  constructor(event: Event, changed: (before: Line, now: Line) => void) {
    this.event = event;
    this.inLine = new InLine(event.event_id, changed);
  }

  run(signal: AbortSignal): void {
    this.#signal = signal;
    // Another tab has held, bought or given up.
    addEventListener("storage", ({ key }) => key?.startsWith("jari.hold.") && this.#restore(), { signal });
    addEventListener("online", () => this.holding.kind === "checking" && this.#restore(), { signal });
    void this.#restore();
    this.inLine.run(signal);
  }

  choose = (seatId: string) => {
    this.choosing = choose(this.choosing, seatId);
  };
  unchoose = (seatId: string) => {
    this.choosing = unchoose(this.choosing, seatId);
  };
  lose = (seats: readonly string[]) => {
    this.choosing = losing(this.choosing, seats);
  };

  hold = async (wish: Wish): Promise<void> => {
    if (this.busy) return;
    this.busy = true;
    const path = `/api/events/${this.event.event_id}/holds`;
    const token = this.inLine.line.place?.pass ?? null;
    // One click is one hold, also if its answer is lost and it is asked for once more.
    const headers = { "idempotency-key": secret() };
    let answer = await ask<Hold>(path, { method: "POST", token, body: wish, headers });
    if (answer.kind === "offline")
      answer = await ask<Hold>(path, { method: "POST", token, body: wish, headers });
    this.busy = false;
    if (answer.kind === "ok") return this.#held(answer.value);
    if (answer.kind === "offline") this.choosing = { ...this.choosing, trouble: { kind: "offline" } };
    else {
      this.ended = endedBy(answer.problem);
      if (this.ended) void this.inLine.ask();
      else this.choosing = refused(this.choosing, wish, answer.problem);
    }
  };

  /** Gives the seats back and chooses again. */
  release = async (): Promise<void> => {
    const own = kept.hold(this.event.event_id);
    this.busy = true;
    if (own) {
      const path = `/api/events/${this.event.event_id}/holds/${own.holdId}`;
      const answer = await ask(path, { method: "DELETE", token: own.token });
      // Bought in another tab meanwhile: then that is what there is.
      if (answer.kind === "problem" && answer.problem.code === "already_confirmed") {
        this.busy = false;
        return this.#restore();
      }
    }
    this.busy = false;
    this.back();
  };

  /** Back to the seats, or to the line if the pass is over. */
  back = (): void => {
    kept.forgetHold(this.event.event_id);
    this.holding = { kind: "none" };
    this.choosing = NOTHING_CHOSEN;
    this.ended = null;
    void this.inLine.ask();
  };

  again = async (): Promise<void> => {
    this.ended = null;
    this.choosing = NOTHING_CHOSEN;
    await this.inLine.again();
  };

  /** The server's clock moves on. */
  tick(serverTime: number): void {
    const now = passed(this.holding, serverTime);
    if (now !== this.holding) this.#become(now);
  }

  confirm = async (buyer: Buyer): Promise<void> => {
    const eventId = this.event.event_id;
    const own = kept.hold(eventId);
    if (this.holding.kind !== "held" || this.holding.confirm.kind === "sending" || !own) return;
    const keep = sending(own, buyer, secret());
    kept.keepHold(eventId, keep);
    const sent: Holding = {
      ...this.holding,
      confirm: { kind: "sending", tries: triesOf(this.holding.confirm) },
    };
    this.holding = sent;
    const answer = await ask<Reservation>(`/api/events/${eventId}/reservations`, {
      method: "POST",
      headers: { "idempotency-key": keep.key },
      body: { hold_token: keep.token, buyer },
    });
    if (this.#signal?.aborted) return;
    const now = confirmed(sent, answer);
    if (now.kind === "bought") this.#bought(now.reservation);
    this.#become(now);
    if (now.kind !== "held") return;
    if (now.confirm.kind === "refused") kept.keepHold(eventId, { ...keep, buyer: null });
    if (now.confirm.kind === "unsure") {
      const wait = answer.kind === "problem" ? answer.retryAfterMs : null;
      this.#sureSoon(buyer, wait ?? waitMs(now.confirm.tries, Math.random()));
    }
  };

  /** A hold that is over is told once. */
  #become(holding: Holding): void {
    if (holding.kind === "over") kept.forgetHold(this.event.event_id);
    this.holding = holding;
  }

  /** Asks once more after a while, or as soon as the network is back. */
  #sureSoon(buyer: Buyer, wait: number): void {
    const control = new AbortController();
    const go = () => {
      control.abort();
      clearTimeout(timer);
      void this.confirm(buyer);
    };
    const timer = setTimeout(go, wait);
    addEventListener("online", go, { signal: control.signal });
    this.#signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      control.abort();
    });
  }

  #held(hold: Hold): void {
    kept.keepHold(this.event.event_id, {
      holdId: hold.hold_id,
      token: hold.hold_token,
      key: secret(),
      buyer: null,
    });
    this.choosing = NOTHING_CHOSEN;
    this.holding = { kind: "held", hold, confirm: IDLE };
  }

  #bought(reservation: Reservation): void {
    const { event_id, name, venue, starts_at, time_zone } = this.event;
    kept.keepTicket({ event: { event_id, name, venue, starts_at, time_zone }, reservation, qr: null });
    kept.forgetHold(event_id);
    kept.forgetPlace(event_id);
  }

  /** What became of the hold that is kept. */
  async #restore(): Promise<void> {
    const own = kept.hold(this.event.event_id);
    if (!own) return this.#gone();
    if (this.holding.kind === "held" && this.holding.hold.hold_id === own.holdId) return;
    this.holding = { kind: "checking", lost: false };
    const path = `/api/events/${this.event.event_id}/holds/${own.holdId}`;
    const answer = await ask<HoldState>(path, { token: own.token });
    if (this.#signal?.aborted) return;
    const now = checked(answer);
    this.#become(now);
    if (now.kind === "checking") setTimeout(() => void this.#restore(), waitMs(3, Math.random()));
    // What was sent before the page was closed is sent again: it is one purchase. One that is bought is answered whole,
    // whoever asks.
    if (now.kind !== "held") return;
    if (own.buyer) void this.confirm(own.buyer);
    else if (now.confirm.kind === "unsure") void this.confirm({ name: "–", contact: "–" });
  }

  /** No hold is kept any more: another tab bought, or gave the seats back. */
  #gone(): void {
    if (this.holding.kind !== "held" || this.holding.confirm.kind === "sending") return;
    const holdSeats = this.holding.hold.seats.map(({ seat_id }) => seat_id).join();
    const bought = kept
      .tickets()
      .find(({ reservation }) => reservation.seats.map(({ seat_id }) => seat_id).join() === holdSeats);
    this.holding = bought
      ? { kind: "bought", reservation: bought.reservation }
      : { kind: "over", why: "released" };
  }
}
