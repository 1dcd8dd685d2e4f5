import { expect, test } from "vitest";
import { detailOf, short, whoOf } from "./entry";

const ID = "0190a3c4-5d6e-7f80-9123-456789abcdef";

test("a key is told with its name, and one from before names were kept without", () => {
  expect(detailOf("staff_key.remove", `${ID} (North gate (left))`)).toEqual({
    kind: "key",
    id: ID,
    name: "North gate (left)",
  });
  expect(detailOf("staff_key.add", ID)).toEqual({ kind: "key", id: ID, name: null });
});

test("a reservation is told with its code and why it was cancelled", () => {
  const of = (detail: string) => detailOf("reservation.cancel", detail);
  const common = { kind: "reservation", id: ID };
  expect(of(`${ID} (0427): The buyer asked: twice`)).toEqual({
    ...common,
    code: "0427",
    reason: "The buyer asked: twice",
  });
  expect(of(`${ID}: The buyer asked`)).toEqual({ ...common, code: null, reason: "The buyer asked" });
  expect(detailOf("receipt.reissue", `${ID} (0427)`)).toEqual({ ...common, code: "0427", reason: null });
});

test("settings, seats and maps are told as what they are", () => {
  expect(detailOf("event.change", "venue, queue.capacity")).toEqual({
    kind: "fields",
    fields: ["venue", "queue.capacity"],
  });
  expect(detailOf("seats.block", "2 blocked, 0 unblocked")).toEqual({
    kind: "seats",
    blocked: 2,
    unblocked: 0,
  });
  expect(detailOf("map.import", "3fa9c2e1")).toEqual({ kind: "map", id: "3fa9c2e1" });
});

test("what is not known is told as it stands, and nothing is nothing", () => {
  expect(detailOf("event.pause", "Back soon")).toEqual({ kind: "text", text: "Back soon" });
  expect(detailOf("reservation.cancel", "by hand")).toEqual({ kind: "text", text: "by hand" });
  expect(detailOf("seats.block", "all of them")).toEqual({ kind: "text", text: "all of them" });
  expect(detailOf("event.open", null)).toBeNull();
});

test("who did it is the operator, or somebody at the door by the name of their key", () => {
  expect(whoOf("operator")).toEqual({ kind: "operator" });
  expect(whoOf(`staff key ${ID} (North gate)`)).toEqual({ kind: "key", id: ID, name: "North gate" });
  expect(whoOf("somebody")).toBeNull();
});

test("a short id is the end of a long one", () => {
  expect(short(ID)).toBe("…89abcdef");
  expect(short("spring-gala")).toBe("spring-gala");
});
