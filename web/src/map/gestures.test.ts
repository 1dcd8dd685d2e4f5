import { beforeEach, describe, expect, test } from "vitest";
import { type Finger, Gestures } from "./gestures";

let gestures: Gestures;
beforeEach(() => {
  gestures = new Gestures();
});

const finger = (x: number, y: number, at: number, id = 1, isMouse = false): Finger => ({
  id,
  x,
  y,
  at,
  isMouse,
});

describe("a tap", () => {
  test("is a finger that stays, also a little beside itself", () => {
    gestures.down(finger(10, 10, 0));
    expect(gestures.move(finger(15, 12, 20))).toEqual([]);
    expect(gestures.up(finger(15, 12, 40))).toEqual([{ kind: "tap", at: { x: 15, y: 12 }, isMouse: false }]);
  });

  test("twice at the same place is a double tap, and a third one begins anew", () => {
    const tap = (x: number, at: number) => {
      gestures.down(finger(x, 10, at));
      return gestures.up(finger(x, 10, at + 10))[0]?.kind;
    };
    expect([tap(10, 0), tap(12, 150), tap(12, 300)]).toEqual(["tap", "double tap", "tap"]);
    expect([tap(12, 2000), tap(90, 2100), tap(90, 3000)]).toEqual(["tap", "tap", "tap"]);
  });
});

describe("a drag", () => {
  test("moves by all the way from where it began", () => {
    gestures.down(finger(0, 0, 0));
    gestures.move(finger(4, 0, 10));
    expect(gestures.move(finger(14, 5, 20))).toEqual([{ kind: "pan", x: 14, y: 5 }]);
    expect(gestures.move(finger(15, 5, 30))).toEqual([{ kind: "pan", x: 1, y: 0 }]);
  });

  test("throws with the speed of its last moment", () => {
    gestures.down(finger(0, 0, 0));
    for (let at = 10; at <= 200; at += 10) gestures.move(finger(at * 2, 0, at));
    const [thrown] = gestures.up(finger(400, 0, 200));
    expect(thrown).toEqual({ kind: "throw", speed: { x: 2, y: 0 } });
  });

  test("that rested before it ended throws nothing", () => {
    gestures.down(finger(0, 0, 0));
    gestures.move(finger(100, 0, 50));
    expect(gestures.up(finger(100, 0, 400))).toEqual([]);
  });

  test("of a mouse begins sooner", () => {
    gestures.down(finger(0, 0, 0, 1, true));
    expect(gestures.move(finger(6, 0, 10, 1, true)).length).toBe(1);
  });

  test("of nobody does nothing", () => {
    expect(gestures.move(finger(50, 50, 0))).toEqual([]);
    expect(gestures.up(finger(50, 50, 0))).toEqual([]);
  });
});

describe("two fingers", () => {
  test("twice as far from each other are twice as near, round the point between them", () => {
    gestures.down(finger(100, 100, 0, 1));
    gestures.down(finger(200, 100, 0, 2));
    expect(gestures.move(finger(300, 100, 10, 2))).toEqual([
      { kind: "pan", x: 50, y: 0 },
      { kind: "zoom", factor: 2, at: { x: 200, y: 100 } },
    ]);
  });

  test("that end are neither a tap nor a throw", () => {
    gestures.down(finger(100, 100, 0, 1));
    gestures.down(finger(200, 100, 0, 2));
    gestures.move(finger(220, 100, 10, 2));
    expect(gestures.up(finger(220, 100, 20, 2))).toEqual([]);
    expect(gestures.up(finger(100, 100, 30, 1))).toEqual([]);
    expect(gestures.busy).toBe(false);
  });

  test("one that the system takes away is gone", () => {
    gestures.down(finger(100, 100, 0, 1));
    gestures.cancel(1);
    expect(gestures.busy).toBe(false);
  });
});
