// Which part of the hall is seen: plain geometry. Screen = hall × scale + offset, in CSS pixels.

import type { Point } from "./types";

export type View = { scale: number; x: number; y: number };
export type Size = { width: number; height: number };
export type Box = { left: number; top: number; right: number; bottom: number };

export const toScreen = (view: View, at: Point): Point => ({
  x: at.x * view.scale + view.x,
  y: at.y * view.scale + view.y,
});

export const toHall = (view: View, at: Point): Point => ({
  x: (at.x - view.x) / view.scale,
  y: (at.y - view.y) / view.scale,
});

/** The view with all of a box in the middle of the screen. */
export function fit(box: Box, size: Size, margin: number, most = Number.POSITIVE_INFINITY): View {
  const across = Math.max(1, size.width - 2 * margin) / Math.max(1e-6, box.right - box.left);
  const down = Math.max(1, size.height - 2 * margin) / Math.max(1e-6, box.bottom - box.top);
  const middle = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  return centred(middle, Math.min(across, down, most), size);
}

/** The view with a point of the hall in the middle of the screen. */
export function centred(at: Point, scale: number, size: Size): View {
  return { scale, x: size.width / 2 - at.x * scale, y: size.height / 2 - at.y * scale };
}

/** Nearer or further; what is under the finger stays there. */
export function zoomed(view: View, factor: number, at: Point, least: number, most: number): View {
  const scale = Math.min(most, Math.max(least, view.scale * factor));
  const by = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by };
}

/** What the screen shows of the hall, and `margin` pixels more on each side. */
export function seen(view: View, size: Size, margin = 0): Box {
  const start = toHall(view, { x: -margin, y: -margin });
  const end = toHall(view, { x: size.width + margin, y: size.height + margin });
  return { left: start.x, top: start.y, right: end.x, bottom: end.y };
}

/** The hall never leaves the screen: a part of it as large as a third of the screen always stays. */
export function kept(view: View, box: Box, size: Size): View {
  const hold = (offset: number, start: number, end: number, length: number) => {
    const room = Math.min(length / 3, (end - start) * view.scale);
    return Math.min(length - room - start * view.scale, Math.max(room - end * view.scale, offset));
  };
  return {
    scale: view.scale,
    x: hold(view.x, box.left, box.right, size.width),
    y: hold(view.y, box.top, box.bottom, size.height),
  };
}

/** Between two views: `part` from 0 to 1. The scale grows evenly to the eye, and the way is straight. */
export function between(from: View, to: View, part: number, size: Size): View {
  const scale = from.scale * (to.scale / from.scale) ** part;
  const middle = { x: size.width / 2, y: size.height / 2 };
  const [start, end] = [toHall(from, middle), toHall(to, middle)];
  // When one zooms in, most of the way is gone while everything is still small.
  const even = Math.abs(to.scale - from.scale) < 1e-9 * to.scale;
  const gone = even ? part : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / to.scale);
  const at = { x: start.x + (end.x - start.x) * gone, y: start.y + (end.y - start.y) * gone };
  return centred(at, scale, size);
}

export function around(points: readonly Point[]): Box {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const point of points) extend(box, point.x, point.y);
  return box;
}

export function extend(box: Box, x: number, y: number): void {
  if (x < box.left) box.left = x;
  if (x > box.right) box.right = x;
  if (y < box.top) box.top = y;
  if (y > box.bottom) box.bottom = y;
}

export const grown = (box: Box, by: number): Box => ({
  left: box.left - by,
  top: box.top - by,
  right: box.right + by,
  bottom: box.bottom + by,
});

export const touch = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
