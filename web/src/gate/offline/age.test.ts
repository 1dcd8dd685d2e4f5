import { expect, test } from "vitest";
import { age } from "./age";

const NOON = Date.parse("2031-05-01T12:00:00.000Z");
const after = (seconds: number) => age("2031-05-01T12:00:00.000Z", NOON + seconds * 1000);

test("a list has an age from its first full minute on, in minutes and then in full hours", () => {
  expect([after(0), after(59)]).toEqual([null, null]);
  expect(after(60)).toEqual({ unit: "minutesOld", n: 1 });
  expect(after(3599)).toEqual({ unit: "minutesOld", n: 59 });
  expect(after(3600)).toEqual({ unit: "hoursOld", n: 1 });
  expect(after(3 * 3600 - 1)).toEqual({ unit: "hoursOld", n: 2 });
});

test("a clock that was put back makes no age", () => expect(after(-500)).toBeNull());
