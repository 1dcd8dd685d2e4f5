// Sections as silhouettes: their rows as thick lines, one path for each section and category.

import type { Hall } from "../hall";
import { stretchesOf } from "../outline";
import { type Box, touch } from "../view";
import { css, type Rgb } from "./colour";

export type Silhouette = { section: number; category: number; path: Path2D };

export function silhouettesOf(hall: Hall): Silhouette[] {
  return hall.sections.flatMap((_, section) => {
    const paths = new Map<number, Path2D>();
    for (const { category, points } of stretchesOf(hall, section)) {
      const path = paths.get(category) ?? new Path2D();
      paths.set(category, path);
      points.forEach(({ x, y }, at) => {
        if (at === 0) path.moveTo(x, y);
        else path.lineTo(x, y);
      });
    }
    return [...paths].map(([category, path]) => ({ section, category, path }));
  });
}

export type SectionsScene = {
  hall: Hall;
  box: Box;
  paint: (section: number, category: number) => Rgb;
};

/** Draws into a context whose unit is that of the hall. */
export function drawSections(
  context: CanvasRenderingContext2D,
  silhouettes: Silhouette[],
  { hall, box, paint }: SectionsScene,
): void {
  context.lineCap = "butt";
  context.lineJoin = "round";
  for (const { section, category, path } of silhouettes) {
    const of = hall.sections[section];
    if (!of || !touch(of.box, box)) continue;
    context.strokeStyle = css(paint(section, category));
    context.lineWidth = of.spacing * 1.12;
    context.stroke(path);
  }
}
