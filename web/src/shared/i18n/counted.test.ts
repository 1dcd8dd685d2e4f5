import { expect, test } from "vitest";
import { counted } from "./counted";

const [en, ko] = [counted("en-GB"), counted("ko-KR")];
const SEATS = { one: "# seat", other: "# seats" };

test("one is one, and none and many are many", () => {
  expect([0, 1, 2, 1_206].map((n) => en(n, SEATS))).toEqual(["0 seats", "1 seat", "2 seats", "1,206 seats"]);
});

test("a language without a singular has one form", () => {
  expect([0, 1, 1_206].map((n) => ko(n, { other: "#석" }))).toEqual(["0석", "1석", "1,206석"]);
});

test("a range is written as it is given, and counts as its upper end", () => {
  expect(en(3, { one: "# minute", other: "# minutes" }, "1–3")).toBe("1–3 minutes");
});
