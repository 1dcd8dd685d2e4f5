// How many, in words: "1 seat", "1,206 seats". For message files, so it knows neither pages nor which language is spoken.

/** `#` stands for the number. A language without a singular has the other form alone. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
/** `written` in place of the number itself, where that is a range. */
export type Counted = (n: number, forms: Forms, written?: string) => string;

export function counted(locale: string): Counted {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (n, forms, written = numbers.format(n)) =>
    (forms[rules.select(n)] ?? forms.other).replaceAll("#", written);
}
