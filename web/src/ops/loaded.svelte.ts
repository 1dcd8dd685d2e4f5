// Something that is asked for: not there yet, there, or refused.

import type { Answer } from "../shared/api/client";
import { type Trouble, trouble } from "./problems";

export class Loaded<T> {
  value = $state.raw<T | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  busy = $state(false);
  #ask: () => Promise<Answer<T>>;

  constructor(ask: () => Promise<Answer<T>>) {
    this.#ask = ask;
  }

  load = async (): Promise<void> => {
    this.busy = true;
    const answer = await this.#ask();
    this.busy = false;
    this.trouble = trouble(answer);
    if (answer.kind === "ok") this.value = answer.value;
  };
}
