// Which section carries which words when one looks from afar: as much as there is room for, and nothing on top of
// something else.

import type { Hall } from "./hall";
import { type Box, type Size, toScreen, touch, type View } from "./view";

/** What can be said of a section: its name, its price, how many are free. */
export type SectionWords = { name: string; price: string; free: string; soldOut: boolean };
export type Label = { section: number; box: Box; lines: string[]; soldOut: boolean };
export type Measure = (text: string, bold: boolean) => number;

export const LINE = 15;
const PADDING = { x: 7, y: 3 };
/** A name may stand out of its section by that much. */
const STANDS_OUT = 1.25;

export function labelsOf(
  hall: Hall,
  words: readonly SectionWords[],
  view: View,
  size: Size,
  measure: Measure,
): Label[] {
  const largest = hall.sections.map((_, at) => at).sort((a, b) => seats(hall, b) - seats(hall, a));
  const placed: Label[] = [];
  for (const section of largest) {
    const label = labelOf(hall, section, words[section], view, measure);
    if (!label || !touch(label.box, { left: 0, top: 0, right: size.width, bottom: size.height })) continue;
    if (placed.every(({ box }) => !touch(box, label.box))) placed.push(label);
  }
  return placed;
}

const seats = (hall: Hall, at: number): number =>
  (hall.sections[at]?.end ?? 0) - (hall.sections[at]?.first ?? 0);

function labelOf(
  hall: Hall,
  at: number,
  words: SectionWords | undefined,
  view: View,
  measure: Measure,
): Label | null {
  const section = hall.sections[at];
  if (!section || !words) return null;
  const [across, down] = [
    (section.box.right - section.box.left) * view.scale,
    (section.box.bottom - section.box.top) * view.scale,
  ];
  const all = [words.name, words.price, words.free].filter((line) => line !== "");
  const lines = [all, all.slice(0, 1)].find((some) => {
    const { width, height } = sizeOf(some, measure);
    const room = some.length === 1 ? STANDS_OUT : 1;
    return width <= across * room && height <= Math.max(down, across / 2) * room;
  });
  if (!lines) return null;
  const { width, height } = sizeOf(lines, measure);
  const middle = toScreen(view, section.middle);
  const box = {
    left: middle.x - width / 2,
    top: middle.y - height / 2,
    right: middle.x + width / 2,
    bottom: middle.y + height / 2,
  };
  return { section: at, box, lines, soldOut: words.soldOut };
}

function sizeOf(lines: string[], measure: Measure): { width: number; height: number } {
  const widest = Math.max(...lines.map((line, at) => measure(line, at === 0)));
  return { width: widest + 2 * PADDING.x, height: lines.length * LINE + 2 * PADDING.y };
}
