import { expect, test } from "vitest";
import { EMPTY, isCode, type Pad, press } from "./pad";

const type = (keys: string[], pad: Pad = EMPTY) => keys.reduce((pad, key) => press(pad, key, 4), pad);

test("a code is asked for with Enter, and the pad is empty for the next one", () => {
  const pad = type([..."0427"]);
  expect(isCode(pad.typed, 4)).toBe(true);
  expect(press(pad, "Enter", 4)).toEqual({ typed: "", ready: { code: "0427" } });
});

test("a short code is no question yet, and can be mended", () => {
  const short = type([..."042", "Enter"]);
  expect(short).toEqual({ typed: "042", ready: null });
  expect(type(["Backspace", "9", "9"], short).typed).toBe("0499");
  expect(type(["Escape"], short)).toEqual(EMPTY);
});

test("what a scanner types is a ticket, whatever keys it presses between", () => {
  const token = "v1.entry.AbC-_9";
  expect(type(["Shift", ...token, "Enter"]).ready).toEqual({ entryToken: token });
});

test("nothing is kept beyond any ticket's length", () => {
  expect(type([..."x".repeat(2000)]).typed.length).toBe(512);
});
