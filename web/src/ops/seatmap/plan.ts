// A file that is to become a seat map: what it is, and how far it has come.

import type { ImportReport, MapProblem } from "../types";

export type Format = "pretix" | "csv" | "json";

export const MEDIA_TYPES: Record<Format, string> = {
  pretix: "application/vnd.pretix.seating-plan+json",
  csv: "text/csv",
  json: "application/json",
};

/** JSON with zones is a pretix seating plan, other JSON our own, anything else CSV. */
export function formatOf(text: string): Format {
  const start = text.replace(/^\ufeff/, "").trimStart();
  if (!start.startsWith("{") && !start.startsWith("[")) return "csv";
  try {
    return "zones" in JSON.parse(start) ? "pretix" : "json";
  } catch {
    return /"zones"\s*:/.test(start) ? "pretix" : "json";
  }
}

export type PlanFile = { name: string; text: string; format: Format };

export type Import =
  | { step: "choosing" }
  | { step: "checking"; file: PlanFile }
  | { step: "checked"; file: PlanFile; report: ImportReport; looking: number | null }
  | { step: "unusable"; file: PlanFile; problems: MapProblem[]; looking: number | null }
  | { step: "taking"; file: PlanFile; report: ImportReport; looking: number | null }
  | { step: "taken"; seats: number };

export type ImportNews =
  | { news: "file"; file: PlanFile }
  | { news: "report"; report: ImportReport }
  | { news: "problems"; problems: MapProblem[] }
  | { news: "look"; at: number }
  | { news: "take" }
  | { news: "taken"; seats: number }
  | { news: "refused" }
  | { news: "again" };

export function step(state: Import, told: ImportNews): Import {
  switch (told.news) {
    case "file":
      return { step: "checking", file: told.file };
    case "again":
      return { step: "choosing" };
    case "report":
      return state.step === "checking"
        ? { step: "checked", file: state.file, report: told.report, looking: null }
        : state;
    case "problems":
      return state.step === "checking" || state.step === "taking"
        ? { step: "unusable", file: state.file, problems: told.problems, looking: null }
        : state;
    case "look":
      return state.step === "checked" || state.step === "unusable" ? { ...state, looking: told.at } : state;
    case "take":
      return state.step === "checked" ? { ...state, step: "taking" } : state;
    case "taken":
      return state.step === "taking" ? { step: "taken", seats: told.seats } : state;
    case "refused":
      // What failed on the way may be tried again: the file is still there.
      if (state.step === "taking") return { ...state, step: "checked" };
      return state.step === "checking" ? { step: "choosing" } : state;
  }
}
