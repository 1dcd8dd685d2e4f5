import { expect, test } from "vitest";
import { isTimeZone, toInstant, toLocal } from "./zoned";

test("times are those of the place, wherever the operator sits", () => {
  expect(toInstant("2026-12-01T19:30", "Asia/Seoul")).toBe("2026-12-01T10:30:00.000Z");
  expect(toLocal("2026-12-01T10:30:00.000Z", "Asia/Seoul")).toBe("2026-12-01T19:30");
});

test("summer time is the place's", () => {
  expect(toInstant("2026-07-01T19:30", "Europe/London")).toBe("2026-07-01T18:30:00.000Z");
  expect(toInstant("2026-12-01T19:30", "Europe/London")).toBe("2026-12-01T19:30:00.000Z");
});

test("an hour that comes twice is the first, an hour that is left out counts on", () => {
  expect(toInstant("2026-10-25T01:30", "Europe/London")).toBe("2026-10-25T00:30:00.000Z");
  expect(toInstant("2026-03-29T01:30", "Europe/London")).toBe("2026-03-29T01:30:00.000Z");
});

test("there and back is the same, also at midnight", () => {
  for (const local of ["2026-01-01T00:00", "2026-06-30T23:59"])
    for (const zone of ["Asia/Seoul", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"])
      expect(toLocal(toInstant(local, zone), zone)).toBe(local);
});

test("what is no time or no zone is nothing", () => {
  expect(toInstant("tomorrow", "Asia/Seoul")).toBeNull();
  expect(toInstant("2026-12-01T19:30", "Mars/Base")).toBeNull();
  expect(toLocal(null, "Asia/Seoul")).toBe("");
  expect(isTimeZone("")).toBe(false);
});
