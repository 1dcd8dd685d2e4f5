// Answers at the door: the server where it can be reached, else the list that this device keeps.

import type { SeatMap } from "../../map/types";
import { type Answer, ask } from "../../shared/api/client";
import { waitMs } from "../../shared/api/reconnect";
import { session } from "../session.svelte";
import type { BatchAnswer, CheckIn, DoorEvent, Party, PartySeat, SignedList } from "../types";
import {
  acknowledged,
  came,
  type Desk,
  EMPTY_DESK,
  freeSeats,
  letIn,
  renewed,
  settled,
  takenBack,
  type Waiting,
  type Wish,
  went,
} from "./desk";
import { keepDesk, keepList, keepNames, keptDesk, keptList, keptNames } from "./kept";
import { DoorList, type Listed } from "./list";
import { knowsAll, namesOf, placeOf, type SeatNames } from "./names";

/** Nobody waits longer in the rain where a list is at hand. */
const PATIENCE_MS = 4_000;
const RENEW_MS = 30_000;
const BATCH_AT_MOST = 500;
/** Begins the id of an entry that the server has not heard of; its nonce follows. */
const UNSENT = "unsent ";

export type Trust = "none" | "kept" | "unchecked" | "forged";

export class Keeper {
  desk = $state.raw<Desk>(EMPTY_DESK);
  list = $state.raw<DoorList | null>(null);
  trust = $state<Trust>("none");
  names = $state.raw<SeatNames>({});
  /** Since when nobody answers; null while somebody does. */
  offlineSince = $state<string | null>(null);
  readonly #eventId: string;
  readonly #base: string;
  readonly #ids = new Map<string, string>();
  /** The names are asked for once, and again where the list has a seat without one. */
  #namesAsked = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #stopped = false;

  constructor(event: DoorEvent) {
    this.#eventId = event.event_id;
    this.#base = `/staff/events/${encodeURIComponent(event.event_id)}`;
  }

  /** Keeps the list fresh and the outbox empty until it is told to stop. */
  start(): () => void {
    const awake = () => void this.sync();
    void this.#open().then(awake);
    addEventListener("online", awake);
    return () => {
      this.#stopped = true;
      clearTimeout(this.#timer);
      removeEventListener("online", awake);
    };
  }

  async #open() {
    this.desk = await keptDesk(this.#eventId);
    this.names = await keptNames(this.#eventId);
    const kept = await keptList(this.#eventId);
    if (kept) await this.#trustIn(await DoorList.checked(kept));
  }

  /** One at a time; whoever asks meanwhile waits for the one that runs. */
  sync(): Promise<void> {
    this.#running ??= this.#sync().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #sync() {
    clearTimeout(this.#timer);
    const reached = (await this.#send()) && (await this.#renew());
    this.#heard(reached);
    this.#failures = reached ? 0 : this.#failures + 1;
    const pause = reached ? RENEW_MS : waitMs(this.#failures, Math.random());
    if (!this.#stopped) this.#timer = setTimeout(() => void this.sync(), pause);
  }

  async #send(): Promise<boolean> {
    for (let items = this.desk.outbox; items.length > 0; items = this.desk.outbox) {
      const body = { items: items.slice(0, BATCH_AT_MOST).map(asItem) };
      const answer = await session.ask<BatchAnswer>(`${this.#base}/check-ins/batch`, {
        method: "POST",
        body,
      });
      if (answer.kind !== "ok") return isAnswered(answer);
      this.#learn(answer.value.items);
      await this.#step((desk) => settled(desk, answer.value.items));
      // What could not be taken now is sent next time.
      if (this.desk.outbox.length === items.length) return true;
    }
    return true;
  }

  /** Under which id the server has what was sent. */
  #learn(items: BatchAnswer["items"]) {
    for (const item of items)
      if ("check_in_id" in item && item.check_in_id)
        this.#ids.set(String(item.nonce), String(item.check_in_id));
  }

  async #renew(): Promise<boolean> {
    const at = new Date().toISOString();
    const etag = this.list?.etag;
    const headers: Record<string, string> = etag ? { "if-none-match": etag } : {};
    const answer = await session.ask<SignedList>(`${this.#base}/manifest`, { headers });
    if (answer.kind !== "ok") return isAnswered(answer);
    const kept = await keptList(this.#eventId);
    const signed = answer.status === 304 ? kept?.signed : answer.value;
    if (!signed) return true;
    const next = { signed, etag: answer.status === 304 ? (etag ?? null) : answer.headers.get("etag"), at };
    const checked = await DoorList.checked(next);
    // Whoever signed out meanwhile leaves nothing behind.
    if (!session.key) return true;
    if (checked instanceof DoorList) {
      await keepList(this.#eventId, next);
      await this.#step((desk) => renewed(desk, at));
    }
    await this.#trustIn(checked);
    await this.#renewNames();
    return true;
  }

  /** Without an answer seats are called as before, or by their ids. */
  async #renewNames() {
    if (this.#namesAsked && knowsAll(this.names, this.list?.listed ?? [])) return;
    const answer = await ask<SeatMap>(`/api/events/${encodeURIComponent(this.#eventId)}/map`);
    if (answer.kind !== "ok" || !session.key) return;
    this.#namesAsked = true;
    this.names = namesOf(answer.value);
    await keepNames(this.#eventId, this.names);
  }

  async #trustIn(checked: DoorList | "unchecked" | "forged") {
    if (checked instanceof DoorList) [this.list, this.trust] = [checked, "kept"];
    else this.trust = checked;
  }

  async #step(step: (desk: Desk) => Desk) {
    this.desk = await keepDesk(this.#eventId, step);
    await session.weighAgain();
  }

  #heard(reached: boolean) {
    if (reached) this.offlineSince = null;
    else this.offlineSince ??= new Date().toISOString();
  }

  /** The server's answer, or null where it does not answer and the list has to. */
  async #ask<T>(path: string, body: unknown): Promise<Answer<T> | null> {
    if (this.offlineSince && this.list) return null;
    const how = { method: "POST" as const, body };
    const answer = await session.ask<T>(path, this.list ? { ...how, timeoutMs: PATIENCE_MS } : how);
    if (isAnswered(answer) || !this.list) return answer;
    this.#heard(false);
    void this.sync();
    return null;
  }

  async lookUp(code: string): Promise<Answer<Party>> {
    const answer = await this.#ask<Party>(`${this.#base}/lookup`, { code });
    if (answer) return answer;
    const listed = await this.list?.ofCode(code);
    return listed ? ok(this.#party(code, listed)) : unknown("not_listed");
  }

  async checkIn(wish: Wish): Promise<Answer<CheckIn>> {
    const answer = await this.#ask<CheckIn>(`${this.#base}/check-ins`, wish);
    if (!answer) return this.#byList(wish);
    if (answer.kind === "ok") await this.#noted(answer.value);
    return answer;
  }

  async #noted({ admitted }: CheckIn) {
    const seats = admitted.map((seat) => seat.seat_id);
    if (seats.length > 0 && session.key)
      await this.#step((desk) => came(desk, seats, new Date().toISOString()));
  }

  async #byList(wish: Wish): Promise<Answer<CheckIn>> {
    const [now, list] = [new Date(), this.list];
    const listed =
      "code" in wish ? await list?.ofCode(wish.code) : await list?.ofToken(wish.entry_token, now.getTime());
    if (listed === "forged") return unknown("ticket_not_found");
    if (!listed) return unknown("not_listed");
    let told = letIn(EMPTY_DESK, listed, wish, now.toISOString())[1];
    await this.#step((desk) => {
      const [next, answer] = letIn(desk, listed, wish, now.toISOString());
      told = answer;
      return next;
    });
    return ok({
      check_in_id: told.outcome === "admitted" ? UNSENT + wish.nonce : null,
      outcome: told.outcome,
      admitted: told.admitted.map(this.#seat),
      remaining: told.remaining.map(this.#seat),
      history: [],
    } as CheckIn);
  }

  /** Whether the entry was undone. */
  async undo({ check_in_id: id, admitted }: CheckIn): Promise<boolean> {
    if (!id) return false;
    const nonce = id.startsWith(UNSENT) ? id.slice(UNSENT.length) : null;
    if (nonce && (await this.#takeBack(nonce))) return true;
    const known = nonce ? this.#ids.get(nonce) : id;
    if (!known) return false;
    const body = { reason: "undone at the door" };
    const answer = await session.ask(`/staff/check-ins/${known}/void`, { method: "POST", body });
    if (answer.kind !== "ok") return false;
    const seats = admitted.map((seat) => seat.seat_id);
    await this.#step((desk) => went(desk, seats));
    return true;
  }

  /** What is on its way can't be taken back here. */
  async #takeBack(nonce: string): Promise<boolean> {
    await this.#running;
    let done = false;
    await this.#step((desk) => {
      const next = takenBack(desk, nonce);
      done = next !== null;
      return next ?? desk;
    });
    return done;
  }

  acknowledge(nonce: string): Promise<void> {
    return this.#step((desk) => acknowledged(desk, nonce));
  }

  /** The list has no more of a seat than its id, and nothing of its category. */
  #seat = (seat_id: string): PartySeat =>
    ({ ...placeOf(this.names, seat_id), seat_id, category: "", checked_in: false }) as PartySeat;

  #party(code: string, listed: Listed): Party {
    const free = freeSeats(this.desk, listed);
    const seats = listed.seats.map((seat) => ({ ...this.#seat(seat), checked_in: !free.includes(seat) }));
    const state = listed.state === "cancelled" ? "cancelled" : "confirmed";
    return {
      reservation_id: listed.reservation_id_hash,
      code,
      state,
      buyer_name: "",
      seats,
      history: [],
    } as unknown as Party;
  }
}

/** A gateway without a server behind it is no answer either. */
const isAnswered = (answer: Answer<unknown>): boolean =>
  answer.kind === "ok" || (answer.kind === "problem" && answer.problem.status < 500);
const ok = <T>(value: T): Answer<T> => ({ kind: "ok", value, status: 200, headers: new Headers() });
const unknown = (code: string): Answer<never> => ({
  kind: "problem",
  problem: { code, status: 404, title: "", detail: "" },
  retryAfterMs: null,
});
const asItem = ({ wish, at }: Waiting) => ({ ...wish, occurred_at: at });
