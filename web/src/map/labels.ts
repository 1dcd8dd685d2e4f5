// Which section carries which words when one looks from afar: as much as there is room for, and nothing on top of
// something else.

import { SEATS_FROM } from "./detail";
import type { Hall, HallSection } from "./hall";
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
/** Words hide no more than that of a section, across and down. */
const SEEN = 0.55;

/** First a name for each section, the largest first; then prices and free seats where room is left. */
export function labelsOf(
  hall: Hall,
  words: readonly SectionWords[],
  view: View,
  size: Size,
  measure: Measure,
): Label[] {
  const screen = { left: 0, top: 0, right: size.width, bottom: size.height };
  const largest = hall.sections.map((_, at) => at).sort((a, b) => seats(hall, b) - seats(hall, a));
  const placed: Label[] = [];
  for (const section of largest) {
    const label = nameOf(hall, section, words[section], view, measure);
    if (!label || !touch(label.box, screen)) continue;
    if (placed.every(({ box }) => !touch(box, label.box))) placed.push(label);
  }
  placed.forEach((label, at) => {
    const more = allOf(hall, label.section, words[label.section], view, measure);
    if (more && placed.every(({ box }, other) => other === at || !touch(box, more.box))) placed[at] = more;
  });
  return placed;
}

const seats = (hall: Hall, at: number): number =>
  (hall.sections[at]?.end ?? 0) - (hall.sections[at]?.first ?? 0);

type Room = { section: HallSection; across: number; down: number };

function roomOf(hall: Hall, at: number, view: View): Room | null {
  const section = hall.sections[at];
  if (!section) return null;
  const { left, top, right, bottom } = section.box;
  const [across, down] = [(right - left) * view.scale, (bottom - top) * view.scale];
  // A strip that runs aslant has room beside it.
  return { section, across, down: Math.max(down, across / 2) };
}

function nameOf(
  hall: Hall,
  at: number,
  words: SectionWords | undefined,
  view: View,
  measure: Measure,
): Label | null {
  const room = roomOf(hall, at, view);
  if (!room || !words) return null;
  const lines = [words.short];
  const ground = sizeOf(lines, measure);
  const common = { section: at, lines, soldOut: words.soldOut };
  if (ground.width <= room.across && ground.height <= room.down)
    return { ...common, bare: false, box: boxAt(view, room.section, ground) };
  const width = measure(words.short, true) * (BARE / LINE);
  if (width > room.across + 2 || room.down + 2 < BARE) return null;
  return { ...common, bare: true, box: boxAt(view, room.section, { width: width + 2, height: BARE }) };
}

/** Name, price and free seats. Where seats are drawn most of them stay in sight. */
function allOf(
  hall: Hall,
  at: number,
  words: SectionWords | undefined,
  view: View,
  measure: Measure,
): Label | null {
  const room = roomOf(hall, at, view);
  if (!room || !words) return null;
  const lines = [words.short, words.price, words.free].filter((line) => line !== "");
  const ground = sizeOf(lines, measure);
  const part = hall.pitch * view.scale < SEATS_FROM ? 1 : SEEN;
  if (ground.width > room.across * part || ground.height > room.down * part) return null;
  const box = boxAt(view, room.section, ground);
  return { section: at, lines, bare: false, soldOut: words.soldOut, box };
}

function boxAt(view: View, section: HallSection, { width, height }: Size): Box {
  const { x, y } = toScreen(view, section.middle);
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

function sizeOf(lines: string[], measure: Measure): Size {
  const widest = Math.max(...lines.map((line, at) => measure(line, at === 0)));
  return { width: widest + 2 * PADDING.x, height: lines.length * LINE + 2 * PADDING.y };
}
