// Prices as people write them, and the minor units that the API counts in.

import { minorDigits } from "../../shared/i18n/i18n.svelte";

export function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code);
}

/** Minor units; null where the text is no price in this currency. No fractions are calculated with. */
export function toMinor(text: string, currency: string): number | null {
  const digits = isCurrency(currency) ? minorDigits(currency) : 2;
  const match = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/.exec(text.replaceAll(/\s/g, ""));
  if (!match) return null;
  const [, whole = "", part = ""] = match;
  if (part.length > digits) return null;
  const minor = Number(whole.replaceAll(",", "") + part.padEnd(digits, "0"));
  return minor <= 10_000_000_000 ? minor : null;
}

/** The text of an amount in an input. */
export function toText(minor: number | null | undefined, currency: string): string {
  if (minor === null || minor === undefined) return "";
  const digits = isCurrency(currency) ? minorDigits(currency) : 2;
  if (digits === 0) return String(minor);
  const text = String(minor).padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
