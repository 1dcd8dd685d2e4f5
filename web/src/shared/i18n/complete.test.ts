import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Messages } from "./i18n.svelte";

const SOURCE = new URL("../..", import.meta.url).pathname;
const AREAS = ["buyers", "map", "gate", "ops", "shared"];

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(svelte|ts)$/.test(name) && !/messages\/|\.test\.ts$/.test(name))
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

const MESSAGES = import.meta.glob<{ default: Messages }>(["../../*/messages/*.ts", "../messages/*.ts"], {
  eager: true,
});

function messages(area: string, language: string): Messages {
  const path = area === "shared" ? `../messages/${language}.ts` : `../../${area}/messages/${language}.ts`;
  return MESSAGES[path]?.default ?? {};
}

describe.each(AREAS)("%s", (area) => {
  test("says everything in both languages, in the same shape", () => {
    const [ko, en] = [messages(area, "ko"), messages(area, "en")];
    expect(Object.keys(ko).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(ko)) {
      expect(typeof text, key).toBe(typeof en[key]);
      if (typeof text === "string") expect(text.trim(), key).not.toBe("");
    }
  });

  test("has no text that nobody says", () => {
    const spoken = sources(join(SOURCE, area)).join("\n");
    const unused = Object.keys(messages(area, "ko")).filter(
      (key) => !new RegExp(`(\\.|["'])${key}\\b`).test(spoken),
    );
    expect(unused).toEqual([]);
  });
});
