import { expect, test } from "vitest";
import { stampInto } from "./blit";

const STAMP = Uint32Array.of(1, 2, 3, 4);

function stamped(x: number, y: number): string[] {
  const pixels = new Uint32Array(12).fill(9);
  stampInto(pixels, 4, 3, STAMP, 2, x, y);
  return [0, 4, 8].map((start) => [...pixels.subarray(start, start + 4)].join(""));
}

test("a stamp stands where it is put", () => {
  expect(stamped(1, 1)).toEqual(["9999", "9129", "9349"]);
});

test.each([
  [-1, 0, ["2999", "4999", "9999"]],
  [3, 0, ["9991", "9993", "9999"]],
  [0, -1, ["3499", "9999", "9999"]],
  [0, 2, ["9999", "9999", "1299"]],
  [4, 0, ["9999", "9999", "9999"]],
  [0, 3, ["9999", "9999", "9999"]],
  [-2, -2, ["9999", "9999", "9999"]],
])("what lies beyond the picture is left out: %d, %d", (x, y, picture) => {
  expect(stamped(x, y)).toEqual(picture);
});

test("what is empty in a stamp leaves what is there", () => {
  const pixels = new Uint32Array(4).fill(9);
  stampInto(pixels, 2, 2, Uint32Array.of(0, 5, 0, 0), 2, 0, 0);
  expect([...pixels]).toEqual([9, 5, 9, 9]);
});
