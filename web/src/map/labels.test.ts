import { expect, test } from "vitest";
import { hallOf } from "./hall";
import { labelsOf, type SectionWords } from "./labels";
import { stadium } from "./testing";
import { fit, touch } from "./view";

const hall = hallOf(stadium());
const words: SectionWords[] = hall.sections.map(({ name }) => ({
  name: `Section ${name}`,
  short: name,
  price: "₩90,000",
  free: "634 free",
  soldOut: false,
}));
const measure = (text: string, bold: boolean) => text.length * (bold ? 8 : 7);

function labels(width: number, height: number, nearer = 1) {
  const size = { width, height };
  const whole = fit(hall.box, size, 16);
  return labelsOf(hall, words, { ...whole, scale: whole.scale * nearer }, size, measure);
}

test.each([320, 700, 1200, 3000])("no words on top of others, on a screen of %d pixels", (width) => {
  const placed = labels(width, width * 0.7);
  expect(placed.length).toBeGreaterThan(0);
  placed.forEach(({ box }, at) => {
    expect(placed.slice(at + 1).filter((other) => touch(box, other.box))).toEqual([]);
  });
});

test("the nearer, the more is said: names first, then prices and what is free", () => {
  const far = labels(600, 420);
  const near = labels(2600, 1800);
  expect(far.some(({ lines }) => lines.length === 1)).toBe(true);
  expect(near.length).toBeGreaterThan(far.length);
  expect(near.filter(({ lines }) => lines.length === 3).length).toBeGreaterThan(20);
});

test("where there is no room at all nothing is said; a price that nobody knows leaves no empty line", () => {
  expect(labels(40, 30)).toEqual([]);
  words[1] = { ...(words[1] as SectionWords), price: "" };
  const placed = labels(2600, 1800).find(({ section }) => section === 1);
  expect(placed?.lines).toEqual(["2", "634 free"]);
});

test("what is beyond the screen is not said", () => {
  const size = { width: 600, height: 400 };
  const view = { scale: 0.2, x: 5000, y: 5000 };
  expect(labelsOf(hall, words, view, size, measure)).toEqual([]);
});
