// Which part of a hall is seen, and what is under a finger: plain geometry.

export type Point = { x: number; y: number };
export type Box = { width: number; height: number };
/** Screen = map × scale + offset. */
export type View = { scale: number; x: number; y: number };

/** The view that shows all points, with a margin. */
export function fit(points: readonly Point[], box: Box, margin = 12): View {
  if (points.length === 0) return { scale: 1, x: 0, y: 0 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const across = Math.max(1, box.width - 2 * margin) / Math.max(right - left, 1e-6);
  const down = Math.max(1, box.height - 2 * margin) / Math.max(bottom - top, 1e-6);
  const scale = Math.min(across, down, 40);
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  return { scale, x: box.width / 2 - middle.x * scale, y: box.height / 2 - middle.y * scale };
}

/** Nearer or further, with the point under the finger kept where it is. */
export function zoom(view: View, factor: number, at: Point, least: number): View {
  const scale = Math.min(Math.max(view.scale * factor, least), least * 60);
  const by = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by };
}

/** The usual distance between neighbours: seats are drawn and hit by it. */
export function pitch(points: readonly Point[]): number {
  const gaps: number[] = [];
  for (let at = 1; at < points.length; at += 1) {
    const [a, b] = [points[at - 1], points[at]];
    const gap = a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
    if (gap > 0) gaps.push(gap);
  }
  gaps.sort((a, b) => a - b);
  return gaps[gaps.length >> 1] ?? 1;
}

/** The seat under a point of the screen. */
export function seatAt(points: readonly Point[], view: View, at: Point, reach: number): number | null {
  let [best, distance] = [-1, reach * reach];
  points.forEach(({ x, y }, index) => {
    const away = (x * view.scale + view.x - at.x) ** 2 + (y * view.scale + view.y - at.y) ** 2;
    if (away <= distance) [best, distance] = [index, away];
  });
  return best < 0 ? null : best;
}

/** The seats in a frame of the screen. */
export function seatsIn(points: readonly Point[], view: View, a: Point, b: Point): number[] {
  const [left, right] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  return points.flatMap(({ x, y }, index) => {
    const [across, down] = [x * view.scale + view.x, y * view.scale + view.y];
    return across >= left && across <= right && down >= top && down <= bottom ? [index] : [];
  });
}
