// The number of each seat's category, for its colour.

import type { SeatMap } from "../types";

export function paintOf(map: SeatMap): number[] {
  const numbers = new Map(map.categories.map(({ name }, at) => [name, at]));
  return map.sections.flatMap(({ rows }) =>
    rows.flatMap(({ seats }) => seats.map(({ category }) => numbers.get(category) ?? 0)),
  );
}
