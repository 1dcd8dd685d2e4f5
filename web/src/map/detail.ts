// How much is drawn: by how many pixels (of CSS) there are from one seat to the next.

/** From here on seats are drawn, not only sections. */
export const SEATS_FROM = 2.6;
/** From here on seats carry their numbers. */
export const NUMBERS_FROM = 17;
/** Up to here sections carry their names. */
export const NAMES_TO = 11;
/** From here on a finger finds a seat; before it a touch goes nearer. */
export const CHOOSE_FROM = 13;
/** From one seat to the next when somebody wants to see a seat. */
export const NEAR = 30;
export const NEAREST = 64;

export type Detail = "sections" | "seats" | "numbers";

export function detailOf(pitch: number): Detail {
  if (pitch < SEATS_FROM) return "sections";
  return pitch < NUMBERS_FROM ? "seats" : "numbers";
}
