// What a buyer must not lose when a page is reloaded or a second one opened: the place in line, the hold, the tickets.
// It stays on this device, and no address ever carries it.

import type { Event, Reservation } from "./types";

/** A place in line: a ticket as soon as there is one, and the secret that makes entering repeatable until then. */
export type KeptPlace = { visitor: string; ticket: string | null; from: number | null };
export type Buyer = { name: string; contact: string };
/** A hold, and with it the key of its confirm: the same key again can't buy twice. */
export type KeptHold = { holdId: string; token: string; key: string; buyer: Buyer | null };
export type KeptEvent = Pick<Event, "event_id" | "name" | "venue" | "starts_at" | "time_zone">;
/** A ticket as it was sold, so that it can be shown without a network. `qr` is the drawing of its QR code. */
export type KeptTicket = { event: KeptEvent; reservation: Reservation; qr: string | null };

export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const placeName = (eventId: string) => `jari.place.${eventId}`;
const holdName = (eventId: string) => `jari.hold.${eventId}`;
const TICKETS = "jari.tickets";

/** A secret of 256 random bits. */
export function secret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Kept {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  place(eventId: string): KeptPlace | null {
    return this.#read<KeptPlace>(placeName(eventId), (one) => typeof one.visitor === "string");
  }

  keepPlace(eventId: string, place: KeptPlace): void {
    this.#write(placeName(eventId), place);
  }

  forgetPlace(eventId: string): void {
    this.#remove(placeName(eventId));
  }

  hold(eventId: string): KeptHold | null {
    const whole = (one: KeptHold) => typeof one.holdId === "string" && typeof one.token === "string";
    return this.#read<KeptHold>(holdName(eventId), whole);
  }

  keepHold(eventId: string, hold: KeptHold): void {
    this.#write(holdName(eventId), hold);
  }

  forgetHold(eventId: string): void {
    this.#remove(holdName(eventId));
  }

  /** Newest first. */
  tickets(): KeptTicket[] {
    return this.#read<KeptTicket[]>(TICKETS, Array.isArray) ?? [];
  }

  ticket(reservationId: string): KeptTicket | null {
    return this.tickets().find(({ reservation }) => reservation.reservation_id === reservationId) ?? null;
  }

  /** A ticket that is there already is replaced where it stands. */
  keepTicket(ticket: KeptTicket): void {
    const all = this.tickets();
    const id = ticket.reservation.reservation_id;
    const at = all.findIndex(({ reservation }) => reservation.reservation_id === id);
    this.#write(TICKETS, at < 0 ? [ticket, ...all] : all.with(at, ticket));
  }

  forgetTicket(reservationId: string): void {
    const rest = this.tickets().filter(({ reservation }) => reservation.reservation_id !== reservationId);
    this.#write(TICKETS, rest);
  }

  #read<T>(name: string, isWhole: (value: T) => boolean): T | null {
    try {
      const value = JSON.parse(this.#store.getItem(name) ?? "null");
      return value && isWhole(value) ? value : null;
    } catch {
      return null;
    }
  }

  #write(name: string, value: unknown): void {
    this.#store.setItem(name, JSON.stringify(value));
  }

  #remove(name: string): void {
    this.#store.removeItem(name);
  }
}

/** For browsers that keep nothing: lasts as long as the page. */
export function memory(): Store {
  const all = new Map<string, string>();
  return {
    getItem: (name) => all.get(name) ?? null,
    setItem: (name, value) => void all.set(name, value),
    removeItem: (name) => void all.delete(name),
  };
}

function storage(): Store {
  try {
    localStorage.setItem("jari.probe", "");
    localStorage.removeItem("jari.probe");
    return localStorage;
  } catch {
    return memory();
  }
}

export const kept = new Kept(storage());
