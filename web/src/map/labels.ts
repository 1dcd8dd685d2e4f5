// Which section carries which words when one looks from afar: as much as there is room for, and nothing on top of
// something else.

import { PRICES_TO } from "./detail";
import type { Hall } from "./hall";
import { type Box, type Size, toScreen, touch, type View } from "./view";

/** What can be said of a section: its name, its price, how many are free. */
export type SectionWords = { name: string; short: string; price: string; free: string; soldOut: boolean };
/** A bare one has no ground of its own: it is written on the section. */
export type Label = { section: number; box: Box; lines: string[]; bare: boolean; soldOut: boolean };
export type Measure = (text: string, bold: boolean) => number;

export const LINE = 15;
/** The height of a name without a ground. */
export const BARE = 11;
const PADDING = { x: 7, y: 3 };

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
  const all = [words.short, words.price, words.free].filter((line) => line !== "");
  const prices = hall.pitch * view.scale < PRICES_TO ? [all] : [];
  const lines = [...prices, all.slice(0, 1)].find((some) => {
    const { width, height } = sizeOf(some, measure);
    return width <= across && height <= Math.max(down, across / 2);
  });
  const bare = !lines;
  if (bare && !fitsBare(words.short, across, down, measure)) return null;
  const { width, height } = bare ? { width: across, height: BARE } : sizeOf(lines, measure);
  const middle = toScreen(view, section.middle);
  const box = {
    left: middle.x - width / 2,
    top: middle.y - height / 2,
    right: middle.x + width / 2,
    bottom: middle.y + height / 2,
  };
  return { section: at, box, lines: lines ?? [words.short], bare, soldOut: words.soldOut };
}

const fitsBare = (name: string, across: number, down: number, measure: Measure): boolean =>
  measure(name, true) * (BARE / LINE) <= across + 2 && BARE <= Math.max(down, across / 2) + 2;

function sizeOf(lines: string[], measure: Measure): { width: number; height: number } {
  const widest = Math.max(...lines.map((line, at) => measure(line, at === 0)));
  return { width: widest + 2 * PADDING.x, height: lines.length * LINE + 2 * PADDING.y };
}
