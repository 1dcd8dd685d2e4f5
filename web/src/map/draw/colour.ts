// Colours as numbers: mixing, and whether one can be seen on another (WCAG's contrast).

export type Rgb = readonly [number, number, number];

/** `#rgb`, `#rrggbb` or `rgb(…)`; grey where it is neither. */
export function parse(text: string): Rgb {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(text.trim())?.[1];
  if (hex) {
    const digits = hex.length === 3 ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? []);
    return digits.map((pair) => Number.parseInt(pair, 16)) as unknown as Rgb;
  }
  const [red, green, blue] = (/^rgba?\(/.test(text) ? (text.match(/[\d.]+/g) ?? []) : []).map(Number);
  return red === undefined || green === undefined || blue === undefined
    ? [128, 128, 128]
    : [red, green, blue];
}

export const css = ([red, green, blue]: Rgb): string =>
  `rgb(${Math.round(red)}, ${Math.round(green)}, ${Math.round(blue)})`;

/** `part` 0 is the first colour, 1 the other. */
export function mix(one: Rgb, other: Rgb, part: number): Rgb {
  const [red, green, blue] = one.map((value, at) => value + ((other[at] ?? 0) - value) * part);
  return [red ?? 0, green ?? 0, blue ?? 0];
}

export function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [12, 13, 16];

/** White or black, whichever is seen better. */
export const inkOn = (ground: Rgb): Rgb =>
  contrast(WHITE, ground) >= contrast(BLACK, ground) ? WHITE : BLACK;

/** The colour, lighter or darker until it is seen on its ground. */
export function legible(colour: Rgb, ground: Rgb, least: number): Rgb {
  const ink = inkOn(ground);
  for (let part = 0; part < 1; part += 0.1) {
    const now = mix(colour, ink, part);
    if (contrast(now, ground) >= least) return now;
  }
  return ink;
}
