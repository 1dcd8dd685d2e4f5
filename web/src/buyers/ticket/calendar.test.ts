import { expect, test } from "vitest";
import type { KeptTicket } from "../kept";
import { calendar, fold } from "./calendar";

const ticket = {
  event: {
    event_id: "gala",
    name: "봄 음악회; 2부, 앙코르",
    venue: "작은 극장",
    starts_at: "2030-01-01T10:30:00.000Z",
    time_zone: "Asia/Seoul",
  },
  reservation: { reservation_id: "r1", confirmed_at: "2029-12-01T01:02:03.000Z" },
  qr: null,
} as unknown as KeptTicket;

test("an evening has its instant, place and words, with what calendars would misread escaped", () => {
  const file = calendar(ticket, "A 1열 2번\n코드 0427", "https://example.org/#/tickets/r1");
  expect(file).toContain("\r\nDTSTART:20300101T103000Z\r\n");
  expect(file).toContain("\r\nDTSTAMP:20291201T010203Z\r\n");
  expect(file).toContain("SUMMARY:봄 음악회\\; 2부\\, 앙코르\r\n");
  expect(file).toContain("DESCRIPTION:A 1열 2번\\n코드 0427\r\n");
  expect(file.endsWith("END:VCALENDAR\r\n")).toBe(true);
});

test("long lines are folded between letters, at 75 bytes", () => {
  const long = `SUMMARY:${"가나다".repeat(30)}`;
  const lines = fold(long).split("\r\n");
  expect(lines.every((line) => new TextEncoder().encode(line).length <= 75)).toBe(true);
  expect(lines.map((line, at) => (at === 0 ? line : line.slice(1))).join("")).toBe(long);
  expect(fold("SHORT")).toBe("SHORT");
});
