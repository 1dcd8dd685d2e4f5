import { afterEach, describe, expect, test } from "vitest";
import document from "../../../openapi/ticketing-core.json";
import { speaker } from "../../shared/i18n/i18n.svelte";
import type { MapProblem } from "../types";
import { faultText } from "./faults";
import en from "./faults/en";
import ko from "./faults/ko";

/** The codes that the server promises, each with the names of its values. */
const [, { oneOf }] = document.components.schemas.ImportBody.properties.problems.items.allOf as [
  unknown,
  { oneOf: { properties: { code: { enum: [string] }; values?: { required: string[] } } }[] },
];
const PROMISED = oneOf.map(({ properties: { code, values } }) => ({
  code: code.enum[0],
  values: values?.required ?? [],
}));

const at = { severity: "error", where: { line: 3 }, what: "in English" } as const;

afterEach(() => {
  speaker.language = "ko";
});

describe.each([
  ["en", en],
  ["ko", ko],
])("in %s", (_, { told, named }) => {
  test("every code that the server promises has a text, and no other", () => {
    expect(PROMISED.length).toBeGreaterThan(50);
    expect(Object.keys(told).sort()).toEqual(PROMISED.map(({ code }) => code).sort());
  });

  test.each(PROMISED)("$code says all its values", ({ code, values }) => {
    const text = told[code as keyof typeof told];
    const said = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(said)].sort()).toEqual([...values].sort());
  });

  test("whatever has a name is called something", () => {
    expect(Object.values(named).every((text) => text.trim() !== "")).toBe(true);
  });
});

test("values stand in the text, numbers as people write them", () => {
  const problem: MapProblem = {
    ...at,
    code: "name_too_long",
    values: { whose: "row", most: 1000, text: "$&" },
  };
  speaker.language = "ko";
  expect(faultText(problem)).toBe("이름이 1,000자보다 깁니다: 열 ‘$&’");
  speaker.language = "en";
  expect(faultText(problem)).toBe("The name of a row is longer than 1,000 characters: “$&”");
});

test("what a newer server tells is left to its own words", () => {
  expect(faultText({ ...at, code: "of tomorrow" } as unknown as MapProblem)).toBeNull();
});
