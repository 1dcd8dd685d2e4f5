import { expect, test } from "vitest";
import { contrast, css, inkOn, legible, mix, parse, type Rgb } from "./colour";

const GROUNDS: Rgb[] = [
  [241, 239, 233],
  [12, 13, 15],
];

test("colours are read as pages and maps write them", () => {
  expect(parse("#0068a8")).toEqual([0, 104, 168]);
  expect(parse("#fff")).toEqual([255, 255, 255]);
  expect(parse("rgb(1, 2, 3)")).toEqual([1, 2, 3]);
  expect(parse("rgba(1, 2, 3, 0.5)")).toEqual([1, 2, 3]);
  expect(parse("nothing")).toEqual([128, 128, 128]);
  expect(css(mix([0, 0, 0], [200, 100, 50], 0.5))).toBe("rgb(100, 50, 25)");
});

test("contrast is that of WCAG", () => {
  expect(contrast([255, 255, 255], [0, 0, 0])).toBeCloseTo(21);
  expect(contrast([119, 119, 119], [255, 255, 255])).toBeCloseTo(4.48, 1);
});

test("any colour of a map is seen by day and by night, and what is written on it can be read", () => {
  for (let hue = 0; hue < 4096; hue += 7) {
    const colour = parse(`#${hue.toString(16).padStart(3, "0")}`);
    for (const ground of GROUNDS) {
      const seen = legible(colour, ground, 3);
      expect(contrast(seen, ground)).toBeGreaterThanOrEqual(3);
      expect(contrast(inkOn(seen), seen)).toBeGreaterThanOrEqual(4.4);
    }
  }
});

test("a colour that is seen already stays what it is", () => {
  expect(legible([0, 104, 168], [255, 255, 255], 3)).toEqual([0, 104, 168]);
});
