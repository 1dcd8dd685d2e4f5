// Texts in two languages, with checked keys. A text is a string, or a function of what it needs.

export type Language = "ko" | "en";
export const LANGUAGES: readonly Language[] = ["ko", "en"];

// biome-ignore lint/suspicious/noExplicitAny: each text says itself what it needs.
type Text = string | ((...needs: any[]) => string);
export type Messages = Record<string, Text>;

const STORED = "jari.language";

function preferred(): Language {
  const stored = globalThis.localStorage?.getItem(STORED);
  if (stored === "ko" || stored === "en") return stored;
  return (globalThis.navigator?.languages ?? []).find((tag) => /^(ko|en)\b/.test(tag))?.startsWith("en")
    ? "en"
    : "ko";
}

class Speaker {
  language = $state<Language>(preferred());

  speak(language: Language): void {
    this.language = language;
    localStorage.setItem(STORED, language);
    document.documentElement.lang = language;
  }
}

/** Which language the page speaks. */
export const speaker = new Speaker();

/** The texts of one area: `const t = texts({ ko, en })`, then `t().title` or `t().seats(3)`. */
export function texts<T extends Messages>(both: { ko: T; en: T }): () => T {
  return () => both[speaker.language];
}

const locale = (): string => (speaker.language === "ko" ? "ko-KR" : "en-GB");

const formats = new Map<string, Intl.NumberFormat>();

/** To make a format takes longer than to use it a hundred times, and a hall has many prices. */
function format(locale: string, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = `${locale} ${options.currency ?? ""} ${options.currencyDisplay ?? ""}`;
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, known);
  return known;
}

/** Digits after the point of a currency: KRW and JPY have none. */
export function minorDigits(currency: string): number {
  return format("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** An amount in minor units, as people write it. */
export function money(minor: number, currency: string): string {
  const amount = minor / 10 ** minorDigits(currency);
  return format(locale(), { style: "currency", currency, currencyDisplay: "narrowSymbol" }).format(amount);
}

/** The same in few letters, where there is little room: "₩1.2M". */
export function moneyInShort(minor: number, currency: string): string {
  const amount = minor / 10 ** minorDigits(currency);
  return format(locale(), {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    notation: "compact",
    maximumFractionDigits: 1,
  }).format(amount);
}

export function count(value: number): string {
  return format(locale()).format(value);
}

/** An instant at the place of the event. */
export function when(instant: string, timeZone: string, style: "full" | "short" = "full"): string {
  const options: Intl.DateTimeFormatOptions =
    style === "full"
      ? { dateStyle: "full", timeStyle: "short", timeZone }
      : { dateStyle: "medium", timeStyle: "short", timeZone };
  return new Intl.DateTimeFormat(locale(), options).format(new Date(instant));
}
