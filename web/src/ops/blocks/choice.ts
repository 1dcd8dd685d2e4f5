// Which seats are chosen, and what can be done with them.

export type Choice = ReadonlySet<number>;

/** One seat more or less. */
export function toggle(choice: Choice, seat: number): Choice {
  const next = new Set(choice);
  if (!next.delete(seat)) next.add(seat);
  return next;
}

/** Several seats: all are chosen; where all were, none of them is. */
export function toggleAll(choice: Choice, seats: readonly number[]): Choice {
  const next = new Set(choice);
  const all = seats.length > 0 && seats.every((seat) => choice.has(seat));
  for (const seat of seats) {
    if (all) next.delete(seat);
    else next.add(seat);
  }
  return next;
}

const [FREE, BLOCKED] = [0, 3];

/** What is free can be blocked, what is blocked can be given back; held and sold seats can be neither. */
export function possible(choice: Choice, states: ArrayLike<number>): { block: number[]; unblock: number[] } {
  const seats = [...choice].sort((a, b) => a - b);
  return {
    block: seats.filter((seat) => (states[seat] ?? FREE) === FREE),
    unblock: seats.filter((seat) => states[seat] === BLOCKED),
  };
}
