import { expect, test } from "vitest";
import { fieldErrors, pointer, trouble } from "./problems";

const problem = (code: string, more: object = {}) => ({
  code,
  status: 422,
  title: "",
  detail: "why",
  ...more,
});

test("an answer is no trouble, a lost network is", () => {
  expect(trouble({ kind: "ok", value: 1, status: 200, headers: new Headers() })).toBeNull();
  expect(trouble({ kind: "offline" })).toEqual({ text: "offline", detail: "" });
});

test("a problem nobody wrote a text for is told in the server's words", () => {
  const told = trouble({ kind: "problem", problem: problem("brand_new"), retryAfterMs: null });
  expect(told).toEqual({ text: null, detail: "why" });
});

test("mistakes stand at their fields, the first one of each", () => {
  const errors = [
    { field: "/queue/capacity", detail: "first" },
    { field: "/queue/capacity", detail: "second" },
  ];
  expect(fieldErrors(problem("invalid_request", { errors }))).toEqual({
    "/queue/capacity": { text: null, detail: "first" },
  });
});

test("problems that mean one field stand there, too", () => {
  expect(fieldErrors(problem("event_exists"))).toEqual({
    "/event_id": { text: "eventExists", detail: "why" },
  });
  expect(fieldErrors(problem("field_fixed", { field: "currency" }))).toEqual({
    "/currency": { text: "fieldFixed", detail: "why" },
  });
});

test("names with slashes and tildes make safe pointers", () => {
  expect(pointer("prices", "A/B~C")).toBe("/prices/A~1B~0C");
});
