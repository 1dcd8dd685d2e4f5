// How old the list on this device is, in the words of a person.

const MINUTE_MS = 60_000;
const MINUTES_AN_HOUR = 60;

/** Null is a list of just now. */
export function age(at: string, nowMs: number): { unit: "minutesOld" | "hoursOld"; n: number } | null {
  const minutes = Math.floor((nowMs - Date.parse(at)) / MINUTE_MS);
  if (minutes < 1) return null;
  if (minutes < MINUTES_AN_HOUR) return { unit: "minutesOld", n: minutes };
  return { unit: "hoursOld", n: Math.floor(minutes / MINUTES_AN_HOUR) };
}
