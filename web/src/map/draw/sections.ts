// Sections as silhouettes: their rows as thick lines, one path for each section and category.

import type { Hall } from "../hall";
import { stretchesOf } from "../outline";
import { touch } from "../view";
import { css, mix, type Rgb } from "./colour";
import type { Theme } from "./theme";

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
  theme: Theme;
  box: { left: number; top: number; right: number; bottom: number };
  colours: Rgb[];
  /** Of each section, from 0 to 1. */
  share: (section: number) => number;
  /** Seats are drawn on top of them. */
  under: boolean;
};

/** Draws into a context whose unit is that of the hall. */
export function drawSections(
  context: CanvasRenderingContext2D,
  silhouettes: Silhouette[],
  { hall, theme, box, colours, share, under }: SectionsScene,
): void {
  context.lineCap = "butt";
  context.lineJoin = "round";
  for (const { section, category, path } of silhouettes) {
    const of = hall.sections[section];
    if (!of || !touch(of.box, box)) continue;
    const left = share(section);
    const colour = left === 0 && !under ? theme.soft : (colours[category] ?? theme.soft);
    const fainter = under ? 0.9 : left === 0 ? 0.72 : 0.55 - 0.55 * left ** 0.6;
    context.strokeStyle = css(mix(colour, theme.ground, fainter));
    context.lineWidth = of.spacing * 1.12;
    context.stroke(path);
  }
}
