import { expect, test } from "vitest";
import type { MapProblem } from "../types";
import { formatOf, type Import, type ImportNews, step } from "./plan";

const file = { name: "hall.csv", text: "section,row,seats", format: "csv" as const };
const report = { seats_total: 2, sections: 1, problems: [] };
const run = (...news: ImportNews[]) => news.reduce<Import>(step, { step: "choosing" });

test("the format is told from what the file says, not from its name", () => {
  expect(formatOf('{"zones": []}')).toBe("pretix");
  expect(formatOf('\ufeff {"sections": []}')).toBe("json");
  expect(formatOf('{"zones": [broken')).toBe("pretix");
  expect(formatOf("section,row,seats\n")).toBe("csv");
});

test("a file is checked before it is taken", () => {
  const taken = run(
    { news: "file", file },
    { news: "report", report },
    { news: "take" },
    { news: "taken", seats: 2 },
  );
  expect(taken).toEqual({ step: "taken", seats: 2 });
  expect(run({ news: "file", file }, { news: "take" }).step).toBe("checking");
});

test("a file with errors can't be taken", () => {
  const problems: MapProblem[] = [{ severity: "error", where: { line: 3 }, code: "no_seats", what: "no" }];
  const unusable = run({ news: "file", file }, { news: "problems", problems }, { news: "take" });
  expect(unusable).toEqual({ step: "unusable", file, problems, looking: null });
});

test("what failed on the way can be tried again", () => {
  expect(
    run({ news: "file", file }, { news: "report", report }, { news: "take" }, { news: "refused" }),
  ).toEqual({
    step: "checked",
    file,
    report,
    looking: null,
  });
});

test("an answer that comes after another file was chosen is not believed", () => {
  expect(run({ news: "file", file }, { news: "again" }, { news: "report", report })).toEqual({
    step: "choosing",
  });
});
