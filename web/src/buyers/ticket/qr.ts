// The QR code out of the printable ticket, to be drawn large and to be kept for where there is no network.

/** The path of the path named qr: squares of one unit, in as many units as a side has. */
export function qrPath(svg: string): string | null {
  const tag = /<path\b[^>]*\bid="qr"[^>]*>/.exec(svg)?.[0];
  const path = tag && /\sd="([MmHhVvZz0-9 .,-]+)"/.exec(tag)?.[1];
  return path && side(path) > 0 ? path : null;
}

/** Modules of a side: the furthest that a square reaches. */
export function side(path: string): number {
  const squares = [...path.matchAll(/M(\d+)[ ,]\d+h(\d+)/g)];
  return Math.max(0, ...squares.map(([, x, width]) => Number(x) + Number(width)));
}
