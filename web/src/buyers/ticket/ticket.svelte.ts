// One ticket: as it is kept, then as the server says it is now.

import { type Answer, ask } from "../../shared/api/client";
import { type KeptTicket, kept } from "../kept";
import type { Reservation } from "../types";
import { qrPath } from "./qr";

export class Ticket {
  kept = $state.raw<KeptTicket | null>(null);
  busy = $state(false);
  readonly #id: string;

  constructor(reservationId: string) {
    this.#id = reservationId;
    this.kept = kept.ticket(reservationId);
  }

  get #token(): string | null {
    return this.kept?.reservation.receipt_token ?? null;
  }

  async refresh(): Promise<void> {
    const now = await ask<Reservation>(`/api/reservations/${this.#id}`, { token: this.#token });
    if (now.kind === "ok") this.#keep({ reservation: now.value });
    if (this.kept?.qr || this.kept?.reservation.state === "cancelled") return;
    const svg = await ask<string>(`/api/reservations/${this.#id}/ticket.svg`, { token: this.#token });
    if (svg.kind === "ok") this.#keep({ qr: qrPath(svg.value) });
  }

  async cancel(): Promise<Answer<unknown>> {
    this.busy = true;
    const answer = await ask(`/api/reservations/${this.#id}`, { method: "DELETE", token: this.#token });
    this.busy = false;
    await this.refresh();
    return answer;
  }

  /** The printable ticket. */
  async pdf(): Promise<Blob | null> {
    this.busy = true;
    try {
      const headers = { authorization: `Bearer ${this.#token}` };
      const response = await fetch(`/api/reservations/${this.#id}/ticket.pdf`, { headers });
      return response.ok ? await response.blob() : null;
    } catch {
      return null;
    } finally {
      this.busy = false;
    }
  }

  #keep(news: Partial<KeptTicket>): void {
    if (!this.kept) return;
    this.kept = { ...this.kept, ...news };
    kept.keepTicket(this.kept);
  }
}

/** Hands a file to whoever reads the page. */
export function save(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
