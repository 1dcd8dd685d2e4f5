import { expect, test } from "vitest";
import { learn, unpack } from "./states";

const full = { full: true as const, version: 5, map_version: "m1", seats_total: 5, states: btoa("\x24\x03") };

test("four seats share a byte, lowest bits first", () => {
  expect([...unpack(btoa("\xe4\x02"), 5)]).toEqual([0, 1, 2, 3, 2]);
});

test("changes are put on what is known; what is known is not written over", () => {
  const known = learn(null, full);
  const next = learn(known, { full: false, version: 6, map_version: "m1", since: 5, changes: [[4, 2]] });
  expect([...(next?.states ?? [])]).toEqual([0, 1, 2, 0, 2]);
  expect(known?.states[4]).toBe(3);
});

test("news that begin later than what is known, or are of another map, are not believed", () => {
  const known = learn(null, full);
  const later = { full: false as const, version: 9, map_version: "m1", since: 7, changes: [] };
  expect(learn(known, later)).toBeNull();
  expect(learn(known, { ...later, since: 5, map_version: "m2" })).toBeNull();
  expect(learn(null, later)).toBeNull();
});

test("old news change nothing", () => {
  const known = learn(null, full);
  expect(learn(known, { full: false, version: 4, map_version: "m1", since: 3, changes: [[0, 2]] })).toBe(
    known,
  );
});
