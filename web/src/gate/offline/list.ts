// The signed list of an event's reservations: checked before it is kept, and asked when nobody else answers.

import type { SignedList } from "../types";
import { readTicket } from "./ticket";

export type Listed = SignedList["manifest"]["reservations"][number];
/** `at`: when the server was asked for it. */
export type KeptList = { signed: SignedList; etag: string | null; at: string };

const LABEL = "jari manifest\n";
const text = new TextEncoder();

const fromBase64Url = (encoded: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(encoded.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

const fromHex = (digits: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** The key that signed the list, or null where this browser can't check signatures. */
async function keyOf({ manifest }: SignedList): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey("raw", fromBase64Url(manifest.public_key), "Ed25519", false, [
      "verify",
    ]);
  } catch {
    // No secure address, or a browser from before 2025.
    return null;
  }
}

/** A list as the door uses it: without a network, and only with a signature that is right. */
export class DoorList {
  readonly at: string;
  readonly etag: string | null;
  readonly #signed: SignedList;
  readonly #key: CryptoKey;
  readonly #byCode = new Map<string, Listed>();
  readonly #byId = new Map<string, Listed>();

  private constructor({ signed, etag, at }: KeptList, key: CryptoKey) {
    [this.at, this.etag, this.#signed, this.#key] = [at, etag, signed, key];
    // Where a code stands twice, the later reservation has it.
    for (const listed of signed.manifest.reservations) {
      this.#byCode.set(listed.code_hash, listed);
      this.#byId.set(listed.reservation_id_hash, listed);
    }
  }

  static async checked(kept: KeptList): Promise<DoorList | "unchecked" | "forged"> {
    const key = await keyOf(kept.signed);
    if (!key) return "unchecked";
    // The members stand in the order of their names, as they were signed.
    const signed = text.encode(LABEL + JSON.stringify(kept.signed.manifest));
    const right = await crypto.subtle.verify("Ed25519", key, fromBase64Url(kept.signed.signature), signed);
    return right ? new DoorList(kept, key) : "forged";
  }

  get listed(): readonly Listed[] {
    return this.#signed.manifest.reservations;
  }

  async ofCode(code: string): Promise<Listed | null> {
    return this.#byCode.get(await this.#hash(code)) ?? null;
  }

  /** Null is a ticket that was signed, but may have been bought after the list was made. */
  async ofToken(token: string, nowMs: number): Promise<Listed | "forged" | null> {
    const ticket = await readTicket(token, this.#key);
    if (!ticket || ticket.eventUid !== this.#signed.manifest.event_uid || nowMs >= ticket.expiresAtMs)
      return "forged";
    return this.#byId.get(await this.#hash(ticket.reservationId)) ?? null;
  }

  async #hash(salted: string): Promise<string> {
    const [salt, tail] = [fromHex(this.#signed.manifest.salt), text.encode(salted)];
    const bytes = new Uint8Array(salt.length + tail.length);
    bytes.set(salt);
    bytes.set(tail, salt.length);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}
