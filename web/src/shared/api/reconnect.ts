// When to ask for a stream again: soon at first, then less often, and not everyone at the same moment.

export const FIRST_MS = 500;
export const LONGEST_MS = 15_000;

/** `chance` is from 0 to 1: the wait is between half and all of the step. */
export function waitMs(failures: number, chance: number): number {
  const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10));
  return Math.round(step * (0.5 + chance / 2));
}

/** Follows a stream again and again until told to stop. `go` says whether it was there for a while. */
export async function forever(go: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    failures = (await go()) ? 0 : failures + 1;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs(failures, Math.random()));
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
