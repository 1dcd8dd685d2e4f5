// What stands out: chosen seats, seats that changed just now, marked ones, and the one that the keyboard is at.

import type { Hall } from "../hall";
import { toScreen, type View } from "../view";
import { css, mix, type Rgb } from "./colour";
import { drawChosen } from "./seat";
import type { Theme } from "./theme";

export type Marks = {
  chosen: ReadonlySet<number>;
  /** Seats that something is to be said about: problems of an import. */
  marked: ReadonlySet<number>;
  /** Where the keyboard is. */
  at: number | null;
  /** Under the mouse. */
  over: number | null;
  /** Seats that changed, and when. */
  pulses: ReadonlyMap<number, number>;
};

export const PULSE_MS = 900;

export function drawMarks(
  context: CanvasRenderingContext2D,
  hall: Hall,
  view: View,
  theme: Theme,
  marks: Marks,
  now: number,
): void {
  const side = Math.max(3, hall.pitch * view.scale * 0.84);
  const at = (seat: number) => toScreen(view, { x: hall.x[seat] as number, y: hall.y[seat] as number });
  for (const [seat, began] of marks.pulses) {
    const part = Math.min(1, Math.max(0, (now - began) / PULSE_MS));
    const { x, y } = at(seat);
    context.globalAlpha = (1 - part) * 0.9;
    ring(context, x, y, side * (1 + 0.9 * part), side * 0.14, theme.warn);
    context.globalAlpha = 1;
  }
  for (const seat of marks.marked) {
    const { x, y } = at(seat);
    // At the corner: what the seat is stays to be seen.
    const corner = side > 16 ? side * 0.42 : 0;
    warning(context, x + corner, y - corner, Math.min(18, Math.max(10, side)), theme);
  }
  for (const seat of marks.chosen) {
    const { x, y } = at(seat);
    drawChosen(context, x, y, Math.max(9, side * 1.16), theme);
  }
  if (marks.over !== null) {
    const { x, y } = at(marks.over);
    ring(context, x, y, side + 3, 2, theme.ink);
  }
  if (marks.at !== null) {
    const { x, y } = at(marks.at);
    const around = Math.max(14, side * 1.16 + 8);
    // Two rings: one of them is seen on every ground.
    ring(context, x, y, around + 2, 6, theme.surface);
    ring(context, x, y, around + 2, 3, mix(theme.accent, theme.ink, 0.15));
  }
}

function ring(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  side: number,
  width: number,
  colour: Rgb,
): void {
  context.beginPath();
  context.roundRect(x - side / 2, y - side / 2, side, side, side * 0.3);
  context.strokeStyle = css(colour);
  context.lineWidth = Math.max(1.5, width);
  context.stroke();
}

/** A triangle, seen whatever the colours are. */
function warning(context: CanvasRenderingContext2D, x: number, y: number, side: number, theme: Theme): void {
  context.beginPath();
  context.moveTo(x, y - side * 0.62);
  context.lineTo(x + side * 0.62, y + side * 0.46);
  context.lineTo(x - side * 0.62, y + side * 0.46);
  context.closePath();
  context.lineJoin = "round";
  context.strokeStyle = css(theme.surface);
  context.lineWidth = Math.max(2, side * 0.2);
  context.stroke();
  context.fillStyle = css(theme.bad);
  context.fill();
  context.fillStyle = css(theme.surface);
  context.fillRect(x - side * 0.06, y - side * 0.26, side * 0.12, side * 0.36);
  context.fillRect(x - side * 0.06, y + side * 0.2, side * 0.12, side * 0.12);
}
