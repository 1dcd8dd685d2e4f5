// What is typed at the door: a code by thumb or keyboard, or all of a ticket's text by a scanner that types.

/** `ready` is what to ask for; typing goes on with the next one. */
export type Pad = { typed: string; ready: { code: string } | { entryToken: string } | null };

export const EMPTY: Pad = { typed: "", ready: null };
/** Longer than any entry token. */
const LONGEST = 512;

/** `key` as the keyboard names it; scanners end with Enter. */
export function press(pad: Pad, key: string, digits: number): Pad {
  if (key === "Escape") return EMPTY;
  if (key === "Backspace") return { typed: pad.typed.slice(0, -1), ready: null };
  if (key === "Enter") return entered(pad, digits);
  if (key.length !== 1 || key === " ") return pad;
  const typed = (pad.typed + key).slice(0, LONGEST);
  return { typed, ready: null };
}

function entered({ typed }: Pad, digits: number): Pad {
  if (isCode(typed, digits)) return { typed: "", ready: { code: typed } };
  // A code that is too short goes on being typed; what is no number came from a scanner.
  if (/^\d*$/.test(typed) && typed.length < digits) return { typed, ready: null };
  return { typed: "", ready: { entryToken: typed } };
}

export const isCode = (typed: string, digits: number): boolean =>
  typed.length === digits && /^\d+$/.test(typed);
