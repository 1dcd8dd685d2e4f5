// What is drawn round the seats: the stage and other shapes of the map; where there are none, where one looks.

import { MARGIN } from "../camera";
import type { Hall } from "../hall";
import type { Shape } from "../types";
import type { View } from "../view";
import { contrast, css, inkOn, legible, luminance, mix, parse, type Rgb } from "./colour";
import type { Theme } from "./theme";

const LEAST_TEXT = 8;

/** Draws into a context whose unit is a CSS pixel. */
export function drawShapes(
  context: CanvasRenderingContext2D,
  hall: Hall,
  view: View,
  theme: Theme,
  front: string,
): void {
  context.save();
  context.translate(view.x, view.y);
  context.scale(view.scale, view.scale);
  for (const shape of hall.map.shapes) drawShape(context, shape, view, theme);
  context.restore();
  if (hall.map.shapes.length === 0) drawFront(context, hall, view, theme, front);
}

function drawShape(context: CanvasRenderingContext2D, shape: Shape, view: View, theme: Theme): void {
  context.save();
  context.translate(shape.x, shape.y);
  context.rotate((shape.rotation * Math.PI) / 180);
  context.translate(-shape.x, -shape.y);
  context.beginPath();
  outline(context, shape, 10 / view.scale);
  if (shape.color) {
    context.fillStyle = css(toned(shape.color, theme));
    context.fill();
  }
  if (shape.border_color) {
    context.strokeStyle = css(toned(shape.border_color, theme));
    context.lineWidth = 1.25 / view.scale;
    context.stroke();
  }
  const { text } = shape;
  if (text && text.size * view.scale >= LEAST_TEXT) {
    const ground = shape.color ? toned(shape.color, theme) : theme.ground;
    const ink = legible(parse(text.color ?? ""), ground, 4.5);
    write(context, text.text, text.x, text.y, text.size, css(ink), theme.font);
  }
  context.restore();
}

function outline(context: CanvasRenderingContext2D, shape: Shape, corner: number): void {
  const { x, y } = shape;
  if (shape.kind === "rectangle")
    context.roundRect(x, y, shape.width, shape.height, Math.min(corner, shape.height / 4));
  else if (shape.kind === "circle") context.ellipse(x, y, shape.radius, shape.radius, 0, 0, 7);
  else if (shape.kind === "ellipse") context.ellipse(x, y, shape.radius_x, shape.radius_y, 0, 0, 7);
  else if (shape.kind === "polygon") {
    for (const point of shape.points) context.lineTo(point.x, point.y);
    context.closePath();
  }
}

/** Plans are drawn for white paper: in the dark their light colours are taken back. */
function toned(color: string, theme: Theme): Rgb {
  const own = parse(color);
  return luminance(theme.ground) > 0.4 || contrast(own, theme.ground) < 2.5
    ? own
    : mix(own, theme.ground, 0.76);
}

/** A pill on the side to which one looks from every seat. */
function drawFront(
  context: CanvasRenderingContext2D,
  hall: Hall,
  view: View,
  theme: Theme,
  text: string,
): void {
  const { front: at } = hall;
  const width = Math.min(420, Math.max(72, (hall.box.right - hall.box.left) * view.scale * 0.12));
  const [x, y] = [at.x * view.scale + view.x, at.y * view.scale + view.y];
  // At the edge of the hall it is beyond it, in the margin, and hides no seat.
  const isBeyond = at.y <= hall.box.top;
  const height = Math.min(isBeyond ? MARGIN - 2 : 44, Math.max(22, width * 0.2));
  const down = isBeyond ? -height / 2 : 0;
  const ground = mix(theme.ink, theme.ground, 0.82);
  context.beginPath();
  context.roundRect(x - width / 2, y + down - height / 2, width, height, height / 2);
  context.fillStyle = css(ground);
  context.fill();
  const ink = css(legible(mix(inkOn(ground), ground, 0.25), ground, 4.5));
  write(context, text, x, y + down, height * 0.48, ink, theme.font);
}

function write(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  size: number,
  ink: string,
  font: string,
): void {
  context.font = `600 ${size}px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = ink;
  context.fillText(text, x, y);
}
