// Seats by their ids: how they are called and what they cost.

import type { SeatMap } from "../../map/types";
import type { SeatLine } from "../types";

export class Names {
  readonly #seats: Map<string, SeatLine>;

  constructor(map: SeatMap) {
    const prices = new Map(map.categories.map(({ name, price }) => [name, price ?? 0]));
    this.#seats = new Map();
    for (const section of map.sections)
      for (const row of section.rows)
        for (const { seat_id, number, category } of row.seats) {
          const price = prices.get(category) ?? 0;
          this.#seats.set(seat_id, {
            seat_id,
            number,
            category,
            price,
            section: section.name,
            row: row.name,
          });
        }
  }

  seats(ids: readonly string[]): SeatLine[] {
    return ids.flatMap((id) => this.#seats.get(id) ?? []);
  }

  total(ids: readonly string[]): number {
    return this.seats(ids).reduce((sum, { price }) => sum + price, 0);
  }
}
