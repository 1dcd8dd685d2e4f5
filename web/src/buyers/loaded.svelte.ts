// Something that is asked for until there is an answer.

import { type Answer, ask } from "../shared/api/client";
import { waitMs } from "../shared/api/reconnect";

export class Loaded<T> {
  value = $state.raw<T | null>(null);
  /** The server said that there is no such thing. */
  missing = $state(false);
  /** No answer came; it is being tried again. */
  lost = $state(false);
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Asks, and without an answer again and again until `signal`. */
  async load(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const answer: Answer<T> = await ask<T>(this.#path, { signal });
      if (signal.aborted) return;
      this.missing =
        answer.kind === "problem" && answer.problem.status < 500 && answer.problem.status !== 429;
      this.lost = answer.kind !== "ok" && !this.missing;
      if (answer.kind === "ok") this.value = answer.value;
      if (!this.lost) return;
      const wish = answer.kind === "problem" ? answer.retryAfterMs : null;
      await pause(wish ?? waitMs(failures, Math.random()), signal);
    }
  }

  /** Loads now and then every so often while the page is seen; not at the same moment as everyone else. */
  async every(ms: () => number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (document.visibilityState === "visible") await this.load(signal);
      await pause(ms() * (0.85 + 0.3 * Math.random()), signal);
    }
  }
}

/** Over as soon as the network or the page comes back, too. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((over) => {
    const control = new AbortController();
    const end = () => {
      clearTimeout(timer);
      control.abort();
      over();
    };
    const timer = setTimeout(end, ms);
    for (const what of ["online", "pageshow"]) addEventListener(what, end, { signal: control.signal });
    document.addEventListener("visibilitychange", end, { signal: control.signal });
    signal.addEventListener("abort", end, { signal: control.signal });
  });
}

/** Runs something that follows a signal for as long as a component is there: for `onMount`. */
export function whileHere(run: (signal: AbortSignal) => void): () => void {
  const control = new AbortController();
  run(control.signal);
  return () => control.abort();
}
