// Who is signed in, and the one way in which the organiser's pages ask the server.

import { type Answer, type Ask, ask } from "../shared/api/client";
import { forgetKey, keepKey, storedKey } from "./key";

class Session {
  key = $state(storedKey(sessionStorage, localStorage));
  /** The key that was in use is not accepted any more. */
  refused = $state(false);

  async signIn(key: string, onDevice: boolean): Promise<Answer<unknown>> {
    const answer = await ask("/api/admin/events?limit=1", { token: key });
    if (answer.kind === "ok") {
      keepKey(key, onDevice, sessionStorage, localStorage);
      this.key = key;
      this.refused = false;
    }
    return answer;
  }

  signOut(): void {
    forgetKey(sessionStorage, localStorage);
    this.key = null;
  }

  async ask<T>(path: string, how: Ask = {}): Promise<Answer<T>> {
    const answer = await ask<T>(path, { ...how, token: this.key });
    if (
      answer.kind === "problem" &&
      ["operator_key_invalid", "operator_key_missing"].includes(answer.problem.code)
    ) {
      this.refused = true;
      this.signOut();
    }
    return answer;
  }
}

export const session = new Session();
