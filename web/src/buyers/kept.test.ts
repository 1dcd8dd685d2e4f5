import { expect, test } from "vitest";
import { Kept, type KeptTicket, memory, secret } from "./kept";

const ticket = (id: string, state = "confirmed"): KeptTicket => ({
  event: {
    event_id: "gala",
    name: "Gala",
    venue: "Hall",
    starts_at: "2030-01-01T10:00:00.000Z",
    time_zone: "Asia/Seoul",
  },
  reservation: {
    reservation_id: id,
    event_id: "gala",
    code: "0427",
    seats: [],
    total: 0,
    currency: "KRW",
    buyer: { name: "Kim", contact: "kim@example.org" },
    confirmed_at: "2029-12-01T10:00:00.000Z",
    receipt_token: "r",
    entry_token: "e",
    state,
  },
  qr: null,
});

test("a place and a hold are found again by another page, each by its event", () => {
  const store = memory();
  new Kept(store).keepPlace("gala", { visitor: "v", ticket: "t", from: 7 });
  new Kept(store).keepHold("gala", { holdId: "h", token: "s", key: "k", buyer: null });
  expect(new Kept(store).place("gala")).toEqual({ visitor: "v", ticket: "t", from: 7 });
  expect(new Kept(store).hold("gala")?.key).toBe("k");
  expect(new Kept(store).place("other")).toBeNull();
  new Kept(store).forgetHold("gala");
  expect(new Kept(store).hold("gala")).toBeNull();
});

test("what is not ours or not whole is as if it were not there", () => {
  const store = memory();
  store.setItem("jari.place.gala", "{ not json");
  store.setItem("jari.hold.gala", '{"holdId": 3}');
  store.setItem("jari.tickets", '{"a": 1}');
  const kept = new Kept(store);
  expect([kept.place("gala"), kept.hold("gala"), kept.tickets()]).toEqual([null, null, []]);
});

test("tickets are newest first, and kept once however often they are told", () => {
  const kept = new Kept(memory());
  kept.keepTicket(ticket("a"));
  kept.keepTicket(ticket("b"));
  kept.keepTicket(ticket("a", "cancelled"));
  expect(kept.tickets().map(({ reservation }) => reservation.reservation_id)).toEqual(["b", "a"]);
  expect(kept.ticket("a")?.reservation.state).toBe("cancelled");
  kept.forgetTicket("b");
  expect(kept.ticket("b")).toBeNull();
});

test("a secret has 256 bits and is another each time", () => {
  expect(secret()).toMatch(/^[0-9a-f]{64}$/);
  expect(secret()).not.toBe(secret());
});
