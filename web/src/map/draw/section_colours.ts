// The colour of a section from afar: that of its category, paler as it sells; for the organiser the other way round.

import type { Counts } from "../counts";
import type { Hall } from "../hall";
import { mix, type Rgb } from "./colour";
import type { Wish } from "./stamps";
import { categoryColour, type Theme } from "./theme";

export function sectionColours(
  hall: Hall,
  theme: Theme,
  { colours, only }: Wish,
  counts: Counts,
): (section: number, category: number) => Rgb {
  const own = hall.categories.map(({ color }, at) =>
    categoryColour(color, theme, only !== null && only !== at),
  );
  const left = (section: number) => {
    const { first = 0, end = 0 } = hall.sections[section] ?? {};
    return (counts.sections[section] ?? 0) / Math.max(1, end - first);
  };
  const [free = theme.soft, , sold = theme.soft] = theme.states;
  if (colours === "states") return (section) => mix(sold, free, left(section));
  return (section, category) => {
    const part = left(section);
    if (part === 0) return mix(theme.soft, theme.ground, 0.72);
    return mix(own[category] ?? theme.soft, theme.ground, 0.55 - 0.55 * part ** 0.6);
  };
}
