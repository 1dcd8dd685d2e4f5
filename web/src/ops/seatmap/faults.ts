// What is wrong with a seat map, in the page's language: the server tells codes with values.

import { count, type Language, speaker } from "../../shared/i18n/i18n.svelte";
import type { MapProblem } from "../types";
import en from "./faults/en";
import ko from "./faults/ko";

/** Texts with the names of values in braces. */
export type FaultTexts = {
  told: Record<MapProblem["code"], string>;
  /** What has a name that is not as names are. */
  named: Record<"map" | "category" | "section" | "row" | "seat" | "area", string>;
};

const TEXTS: Record<Language, FaultTexts> = { en, ko };

/** The problem in words; null if the server is newer than the page and tells what the page has no words for. */
export function faultText(problem: MapProblem): string | null {
  const { told, named } = TEXTS[speaker.language];
  const values: Record<string, string | number> = "values" in problem ? problem.values : {};
  const shown = (name: string) => {
    const value = values[name] ?? "";
    if (name === "whose") return named[value as keyof FaultTexts["named"]] ?? "";
    return typeof value === "number" ? count(value) : value;
  };
  const text: string | undefined = told[problem.code];
  return text?.replace(/\{(\w+)\}/g, (_, name: string) => shown(name)) ?? null;
}
