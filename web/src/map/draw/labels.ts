// The words on the map: of sections from afar, of rows from near.

import type { Hall } from "../hall";
import { BARE, type Label, LINE } from "../labels";
import { type Size, toScreen, type View } from "../view";
import { css } from "./colour";
import type { Theme } from "./theme";

export const NAME_FONT = (font: string): string => `700 12.5px ${font}`;
export const LINE_FONT = (font: string): string => `500 11.5px ${font}`;

export function drawLabels(context: CanvasRenderingContext2D, labels: Label[], theme: Theme): void {
  context.textAlign = "center";
  context.textBaseline = "middle";
  const [red, green, blue] = theme.surface;
  for (const label of labels) {
    if (label.bare) {
      drawBare(context, label, theme);
      continue;
    }
    const { box, lines, soldOut } = label;
    context.beginPath();
    const corner = Math.min(10, (box.bottom - box.top) / 2);
    context.roundRect(box.left, box.top, box.right - box.left, box.bottom - box.top, corner);
    context.fillStyle = `rgb(${red} ${green} ${blue} / 92%)`;
    context.fill();
    const middle = (box.left + box.right) / 2;
    const top = (box.top + box.bottom - lines.length * LINE) / 2;
    lines.forEach((line, at) => {
      context.font = at === 0 ? NAME_FONT(theme.font) : LINE_FONT(theme.font);
      context.fillStyle = css(at === 0 && !soldOut ? theme.ink : theme.soft);
      context.fillText(line, middle, top + (at + 0.54) * LINE);
    });
  }
}

/** Small, on the section itself: a line round the letters keeps them apart from any colour. */
function drawBare(context: CanvasRenderingContext2D, { box, lines }: Label, theme: Theme): void {
  const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
  context.font = `700 ${BARE - 1}px ${theme.font}`;
  context.lineJoin = "round";
  context.lineWidth = 2.5;
  context.strokeStyle = css(theme.surface);
  context.strokeText(lines[0] ?? "", x, y);
  context.fillStyle = css(theme.ink);
  context.fillText(lines[0] ?? "", x, y);
}

/** The name of each row that is seen, at its ends. */
export function drawRowNames(
  context: CanvasRenderingContext2D,
  hall: Hall,
  view: View,
  size: Size,
  rows: Iterable<number>,
  theme: Theme,
): void {
  context.font = `600 11px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = css(theme.soft);
  for (const at of rows) {
    const row = hall.rows[at];
    if (!row || row.end - row.first < 2) continue;
    for (const [end, next] of [
      [row.first, row.first + 1],
      [row.end - 1, row.end - 2],
    ] as const) {
      const [a, b] = [pointOf(hall, end), pointOf(hall, next)];
      const length = Math.hypot(a.x - b.x, a.y - b.y) || 1;
      const by = (hall.pitch * 0.95) / length;
      const { x, y } = toScreen(view, { x: a.x + (a.x - b.x) * by, y: a.y + (a.y - b.y) * by });
      if (x > -20 && y > -20 && x < size.width + 20 && y < size.height + 20) context.fillText(row.name, x, y);
    }
  }
}

const pointOf = (hall: Hall, seat: number) => ({ x: hall.x[seat] as number, y: hall.y[seat] as number });

/** The rows of some seats, each once. */
export function rowsOfSeats(hall: Hall, seats: Uint32Array): Set<number> {
  const rows = new Set<number>();
  for (const seat of seats) rows.add(hall.row[seat] as number);
  return rows;
}
