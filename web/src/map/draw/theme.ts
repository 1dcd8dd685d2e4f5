// The colours of the page, as the page has them now: light, dark, or whatever the tokens say.

import { css, legible, mix, parse, type Rgb } from "./colour";

export type Theme = {
  ground: Rgb;
  surface: Rgb;
  ink: Rgb;
  soft: Rgb;
  accent: Rgb;
  onAccent: Rgb;
  warn: Rgb;
  bad: Rgb;
  /** Of seats by their state, where states are coloured and not categories. */
  states: Rgb[];
  font: string;
};

const TOKENS = ["sunken", "surface", "ink", "ink-soft", "accent", "on-accent", "warn", "bad"] as const;
const STATE_TOKENS = ["map-free", "map-held", "map-sold", "map-blocked"] as const;

/** A token may be `light-dark(…)`: only an element that wears it knows which of both it is. */
export function themeOf(element: HTMLElement): Theme {
  const probe = element.ownerDocument.createElement("span");
  // On the way from one colour to the next it would wear neither.
  probe.style.transition = "none";
  element.append(probe);
  const worn = (token: string) => {
    probe.style.color = `var(--${token})`;
    return parse(getComputedStyle(probe).color);
  };
  const [ground, surface, ink, soft, accent, onAccent, warn, bad] = TOKENS.map(worn) as [
    Rgb,
    Rgb,
    Rgb,
    Rgb,
    Rgb,
    Rgb,
    Rgb,
    Rgb,
  ];
  const states = STATE_TOKENS.map(worn);
  const font = getComputedStyle(element).fontFamily;
  probe.remove();
  return { ground, surface, ink, soft, accent, onAccent, warn, bad, states, font };
}

/** A category's colour, as it is seen on the map's ground; faint where it is not asked for. */
export function categoryColour(color: string, theme: Theme, faint = false): Rgb {
  const seen = legible(parse(color), theme.ground, 3);
  return faint ? mix(seen, theme.ground, 0.78) : seen;
}

/** The same as CSS, for a legend. */
export const categoryCss = (color: string, theme: Theme): string => css(categoryColour(color, theme));
