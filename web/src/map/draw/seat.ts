// One seat: its form says its state to those who see no colours. Free is full, held is a ring, sold a cross, blocked
// a dash; accessible seats are round; chosen ones are large with a tick.

import { css, inkOn, mix, type Rgb } from "./colour";

export type Look = { state: number; accessible: boolean; colour: Rgb; ground: Rgb; ink: Rgb };
type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
type Form = (context: Context, x: number, y: number, side: number, look: Look) => void;

/** Below this many pixels a seat is a dot. */
const FORM_FROM = 6;
const NUMBER_FROM = 13;
const FONT_PX = 20;

/** Draws a seat with its middle at `x`, `y`. */
export function drawSeat(
  context: Context,
  x: number,
  y: number,
  side: number,
  look: Look,
  number?: { text: string; font: string },
): void {
  const form = side < FORM_FROM ? dot : (FORMS[look.state] ?? full);
  form(context, x, y, side, look);
  if (look.state !== 0 || side < NUMBER_FROM) return;
  if (look.accessible) wheelchair(context, x, y, side, look);
  else if (number) write(context, x, y, side, look, number);
}

const FORMS: readonly Form[] = [full, ring, cross, dash];

function dot(context: Context, x: number, y: number, side: number, look: Look): void {
  const size = Math.max(1, look.state === 0 || look.state === 1 ? side : Math.round(side * 0.5));
  const paint = look.state === 0 ? look.colour : mix(look.colour, look.ground, 0.5);
  context.fillStyle = css(look.state > 1 ? faint(look) : paint);
  context.fillRect(x - size / 2, y - size / 2, size, size);
}

function outline(context: Context, x: number, y: number, side: number, round: boolean): void {
  context.beginPath();
  context.roundRect(x - side / 2, y - side / 2, side, side, round ? side / 2 : side * 0.28);
}

function full(context: Context, x: number, y: number, side: number, look: Look): void {
  outline(context, x, y, side, look.accessible);
  context.fillStyle = css(look.colour);
  context.fill();
  if (!look.accessible || side >= NUMBER_FROM) return;
  context.beginPath();
  context.arc(x, y, side * 0.2, 0, 7);
  context.fillStyle = css(inkOn(look.colour));
  context.fill();
}

function ring(context: Context, x: number, y: number, side: number, look: Look): void {
  const width = Math.max(1, side * 0.14);
  outline(context, x, y, side - width, look.accessible);
  context.strokeStyle = css(mix(look.colour, look.ground, 0.3));
  context.lineWidth = width;
  context.stroke();
}

function cross(context: Context, x: number, y: number, side: number, look: Look): void {
  const arm = side * 0.22;
  lines(context, side, look, [
    [x - arm, y - arm, x + arm, y + arm],
    [x - arm, y + arm, x + arm, y - arm],
  ]);
}

function dash(context: Context, x: number, y: number, side: number, look: Look): void {
  lines(context, side, look, [[x - side * 0.22, y, x + side * 0.22, y]]);
}

function lines(context: Context, side: number, look: Look, all: [number, number, number, number][]): void {
  context.beginPath();
  for (const [fromX, fromY, toX, toY] of all) {
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
  }
  context.strokeStyle = css(faint(look));
  context.lineWidth = Math.max(1, side * 0.11);
  context.lineCap = "round";
  context.stroke();
}

const faint = (look: Look): Rgb => mix(look.ink, look.ground, 0.62);

function write(
  context: Context,
  x: number,
  y: number,
  side: number,
  look: Look,
  { text, font }: { text: string; font: string },
): void {
  const size = side * (text.length > 3 ? 0.34 : text.length > 2 ? 0.42 : 0.52);
  // One font for every size: to find a font takes long, to scale it does not.
  context.save();
  context.translate(x, y + size * 0.06);
  context.scale(size / FONT_PX, size / FONT_PX);
  context.font = `600 ${FONT_PX}px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = css(inkOn(look.colour));
  context.fillText(text, 0, 0);
  context.restore();
}

/** A person in a wheelchair, in a few strokes. */
function wheelchair(context: Context, x: number, y: number, side: number, look: Look): void {
  const unit = side / 24;
  const at = (across: number, down: number): [number, number] => [x + across * unit, y + down * unit];
  context.strokeStyle = context.fillStyle = css(inkOn(look.colour));
  context.lineWidth = Math.max(1, 1.9 * unit);
  context.lineCap = context.lineJoin = "round";
  context.beginPath();
  context.arc(...at(-1.5, -7), 1.9 * unit, 0, 7);
  context.fill();
  context.beginPath();
  context.moveTo(...at(-1.5, -3.5));
  context.lineTo(...at(-1, 1.5));
  context.lineTo(...at(3.5, 1.5));
  context.lineTo(...at(5.5, 6));
  context.moveTo(...at(-1.2, -1.2));
  context.lineTo(...at(3, -1.2));
  context.stroke();
  context.beginPath();
  context.arc(...at(-1, 3.2), 4.4 * unit, 0.4, 4.1);
  context.stroke();
}

/** A chosen seat: the largest of all, with a tick. */
export function drawChosen(
  context: Context,
  x: number,
  y: number,
  side: number,
  { accent, onAccent, ground }: { accent: Rgb; onAccent: Rgb; ground: Rgb },
): void {
  outline(context, x, y, side, false);
  context.fillStyle = css(accent);
  context.strokeStyle = css(ground);
  context.lineWidth = Math.max(1.5, side * 0.1);
  context.stroke();
  context.fill();
  context.beginPath();
  context.moveTo(x - side * 0.24, y + side * 0.02);
  context.lineTo(x - side * 0.06, y + side * 0.2);
  context.lineTo(x + side * 0.26, y - side * 0.18);
  context.strokeStyle = css(onAccent);
  context.lineWidth = Math.max(1.2, side * 0.13);
  context.lineCap = context.lineJoin = "round";
  context.stroke();
}
