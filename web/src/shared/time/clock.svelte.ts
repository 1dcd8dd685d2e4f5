// The server's time: countdowns must not depend on the clock of a telephone.

/** How far the server's clock is ahead of ours, from the answer with the shortest round trip seen. */
export type Offset = { ms: number; roundTripMs: number };

export function better(known: Offset | null, asked: number, answered: number, serverTime: string): Offset {
  const roundTripMs = answered - asked;
  const ms = Date.parse(serverTime) - (asked + roundTripMs / 2);
  return known && known.roundTripMs <= roundTripMs ? known : { ms, roundTripMs };
}

class ServerClock {
  #offset: Offset | null = null;
  /** The server's time in milliseconds, a few times a second. */
  now = $state(Date.now());

  constructor() {
    setInterval(() => {
      this.now = this.read();
    }, 250);
  }

  learn(asked: number, answered: number, serverTime: string): void {
    this.#offset = better(this.#offset, asked, answered, serverTime);
    this.now = this.read();
  }

  read(): number {
    return Date.now() + (this.#offset?.ms ?? 0);
  }
}

export const serverClock = new ServerClock();

export type Left = { days: number; hours: number; minutes: number; seconds: number; over: boolean };

/** What is left until an instant; never less than nothing. */
export function left(until: number, now: number): Left {
  const all = Math.max(0, Math.ceil((until - now) / 1000));
  return {
    days: Math.floor(all / 86_400),
    hours: Math.floor(all / 3600) % 24,
    minutes: Math.floor(all / 60) % 60,
    seconds: all % 60,
    over: all === 0,
  };
}
