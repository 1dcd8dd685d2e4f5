import { expect, test } from "vitest";
import { toMinor, toText } from "./price";

test("won have no minor unit, euros have cents", () => {
  expect(toMinor("88000", "KRW")).toBe(88_000);
  expect(toMinor("88,000", "KRW")).toBe(88_000);
  expect(toMinor("19.9", "EUR")).toBe(1_990);
  expect(toMinor("19", "EUR")).toBe(1_900);
  expect(toMinor("0", "EUR")).toBe(0);
});

test("what the currency can't hold is no price", () => {
  for (const text of ["", "-1", "1.5", "1e3", "12,34", "free"]) expect(toMinor(text, "KRW")).toBeNull();
  expect(toMinor("0.001", "USD")).toBeNull();
  expect(toMinor("100000000000", "KRW")).toBeNull();
});

test("an amount reads as it is written", () => {
  for (const [minor, currency] of [
    [5, "EUR"],
    [1_990, "EUR"],
    [88_000, "KRW"],
    [1_250, "BHD"],
  ] as const)
    expect(toMinor(toText(minor, currency), currency)).toBe(minor);
  expect(toText(5, "EUR")).toBe("0.05");
  expect(toText(null, "EUR")).toBe("");
});
