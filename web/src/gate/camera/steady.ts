// The same ticket stays before the camera for a while: it is scanned once.

/** What was seen last, and when. */
export type Steady = { text: string; atMs: number } | null;

/** So long a ticket has to be out of sight before it counts as shown again. */
export const AGAIN_AFTER_MS = 2_000;

/** What is seen now, and whether it is a ticket that was not there a moment ago. */
export function see(last: Steady, text: string | null, nowMs: number): [Steady, boolean] {
  if (text === null) return [last, false];
  const isSame = last?.text === text && nowMs - last.atMs < AGAIN_AFTER_MS;
  return [{ text, atMs: nowMs }, !isSame];
}
