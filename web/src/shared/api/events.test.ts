import { expect, test } from "vitest";
import { Parser } from "./events";

test("events are put together from pieces, comments are left out", () => {
  const parser = new Parser();
  expect(parser.push(": hello\n\nevent: place\nid: 1\nda")).toEqual([]);
  expect(parser.push('ta: {"a":1}\n\nevent: place\nid: 2\ndata: x\ndata: y\n\n')).toEqual([
    { event: "place", id: "1", data: '{"a":1}' },
    { event: "place", id: "2", data: "x\ny" },
  ]);
});
