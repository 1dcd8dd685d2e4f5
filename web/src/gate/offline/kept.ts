// What the device keeps for the door, in the browser's own database: one list, one desk and the seats' names for each event.

import { clear, createStore, get, keys, set, type UseStore, update } from "idb-keyval";
import { type Desk, EMPTY_DESK } from "./desk";
import type { KeptList } from "./list";
import type { SeatNames } from "./names";

let opened: UseStore | null = null;
const store = (): UseStore => {
  opened ??= createStore("jari-gate", "kept");
  return opened;
};
const LIST = "list:";
const DESK = "desk:";
const NAMES = "names:";

export const keptList = (eventId: string): Promise<KeptList | undefined> => get(LIST + eventId, store());
export const keepList = (eventId: string, list: KeptList): Promise<void> =>
  set(LIST + eventId, list, store());

export const keptNames = async (eventId: string): Promise<SeatNames> =>
  (await get<SeatNames>(NAMES + eventId, store())) ?? {};
export const keepNames = (eventId: string, names: SeatNames): Promise<void> =>
  set(NAMES + eventId, names, store());

export const keptDesk = async (eventId: string): Promise<Desk> =>
  (await get<Desk>(DESK + eventId, store())) ?? EMPTY_DESK;

/** One step at a time, also where two tabs are open: what one has kept is what the other goes on from. */
export async function keepDesk(eventId: string, step: (desk: Desk) => Desk): Promise<Desk> {
  let next = EMPTY_DESK;
  await update<Desk>(
    DESK + eventId,
    (desk) => {
      next = step(desk ?? EMPTY_DESK);
      return next;
    },
    store(),
  );
  return next;
}

/** What would be lost with this device's memory, over all its events: unsent entries, and doubts that nobody has seen. */
export type Loss = { unsent: number; doubts: number };

export async function loss(): Promise<Loss> {
  const names = (await keys<string>(store())).filter((name) => name.startsWith(DESK));
  const desks = await Promise.all(names.map((name) => keptDesk(name.slice(DESK.length))));
  const sum = (of: (desk: Desk) => unknown[]) => desks.reduce((all, desk) => all + of(desk).length, 0);
  return { unsent: sum(({ outbox }) => outbox), doubts: sum(({ doubts }) => doubts) };
}

export const forgetAll = (): Promise<void> => clear(store());
