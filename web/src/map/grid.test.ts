import { expect, test } from "vitest";
import { hallOf } from "./hall";
import { stadium } from "./testing";

const hall = hallOf(stadium());

/** Numbers that look random and are the same each time. */
function* randoms(): Generator<number, never> {
  let state = 12_345;
  for (;;) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

test("the nearest seat is the one that looking at all of them finds", () => {
  const random = randoms();
  const { left, right, top, bottom } = hall.box;
  let [found, missed] = [0, 0];
  for (let round = 0; round < 300; round += 1) {
    const [x, y] = [left + random.next().value * (right - left), top + random.next().value * (bottom - top)];
    const reach = 10 + random.next().value * 300;
    const away = (seat: number) => Math.hypot((hall.x[seat] ?? 0) - x, (hall.y[seat] ?? 0) - y);
    let best = 0;
    for (let seat = 1; seat < hall.seats; seat += 1) if (away(seat) < away(best)) best = seat;
    const seat = hall.grid.nearest(x, y, reach);
    if (seat === null) missed += 1;
    else found += 1;
    expect(seat === null ? Infinity : away(seat)).toBe(away(best) <= reach ? away(best) : Infinity);
  }
  expect(Math.min(found, missed)).toBeGreaterThan(20);
});

test("every seat of a box is found, each once", () => {
  const box = { left: 1300, top: 100, right: 3100, bottom: 1700 };
  const out = new Uint32Array(hall.seats);
  const found = [...out.subarray(0, hall.grid.within(box, out))];
  const inside = Array.from(hall.x, (x, seat) => ({ seat, x, y: hall.y[seat] ?? 0 })).filter(
    ({ x, y }) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom,
  );
  expect(inside.length).toBeGreaterThan(500);
  expect(new Set(found).size).toBe(found.length);
  const known = new Set(found);
  expect(inside.filter(({ seat }) => !known.has(seat))).toEqual([]);
  const visited: number[] = [];
  hall.grid.each(box, (seat) => visited.push(seat));
  expect(visited).toEqual(found);
});

test("what does not fit is passed over", () => {
  const [x, y] = [hall.x[0] ?? 0, hall.y[0] ?? 0];
  expect(hall.grid.nearest(x, y, 100)).toBe(0);
  const other = hall.grid.nearest(x, y, 100, (seat) => seat !== 0) ?? 0;
  expect(other).not.toBe(0);
  expect(Math.hypot((hall.x[other] ?? 0) - x, (hall.y[other] ?? 0) - y)).toBe(hall.pitch);
  expect(hall.grid.nearest(x, y, 1, (seat) => seat !== 0)).toBeNull();
});
