import { beforeEach, expect, test, vi } from "vitest";
import { speaker } from "../i18n/i18n.svelte";
import { seatName, seatNames } from "./words";

const seat = (section: string, row: string, number: string) => ({ section, row, number });

beforeEach(() => {
  vi.stubGlobal("localStorage", { setItem: () => {}, getItem: () => null });
  vi.stubGlobal("document", { documentElement: {} });
  speaker.speak("en");
});

test("a short name is that of a section, a long one is a name", () => {
  expect(seatName(seat("A", "3", "12"))).toBe("Section A, row 3, seat 12");
  expect(seatName(seat("Front Stalls", "C", "4"))).toBe("Front Stalls, row C, seat 4");
});

test("seats of one row are named together, wherever they stand in the list", () => {
  const seats = [seat("A", "1", "5"), seat("B", "1", "5"), seat("A", "1", "6")];
  expect(seatNames(seats)).toBe("Section A, row 1, seats 5, 6 · Section B, row 1, seat 5");
});

test("the same seats in the other language", () => {
  speaker.speak("ko");
  expect(seatNames([seat("A", "1", "5"), seat("A", "1", "6")])).toBe("A구역 1열 5, 6번");
});

test("what has no more than a number is called by it", () => {
  expect(seatNames([seat("", "", "A-1-5"), seat("", "", "A-1-6")])).toBe("A-1-5 · A-1-6");
});
