// What to show at arm's length: one colour and one word for what the server answered.

import type { Answer } from "../shared/api/client";
import type { CheckIn } from "./types";

export type Tone = "good" | "warn" | "bad";
export type Verdict = {
  tone: Tone;
  word: "admitted" | "already" | "cancelled" | "unknown" | "unlisted" | "limited" | "offline" | "refused";
  /** What was answered, where it was an answer about a ticket. */
  checkIn: CheckIn | null;
  /** What the server said, where no word of ours says it. */
  detail: string;
};

const OUTCOMES = {
  admitted: ["good", "admitted"],
  already_admitted: ["warn", "already"],
  cancelled: ["bad", "cancelled"],
} as const;
const PROBLEMS: Record<string, [Tone, Verdict["word"]]> = {
  code_not_found: ["bad", "unknown"],
  ticket_not_found: ["bad", "unknown"],
  invalid_code: ["bad", "unknown"],
  not_listed: ["bad", "unlisted"],
  too_many_attempts: ["warn", "limited"],
};

export function verdict(answer: Answer<CheckIn>): Verdict {
  if (answer.kind === "offline") return { tone: "warn", word: "offline", checkIn: null, detail: "" };
  if (answer.kind === "problem") {
    const [tone, word] = PROBLEMS[answer.problem.code] ?? ["bad", "refused"];
    return { tone, word, checkIn: null, detail: word === "refused" ? answer.problem.detail : "" };
  }
  const [tone, word] = OUTCOMES[answer.value.outcome as keyof typeof OUTCOMES] ?? ["bad", "refused"];
  return { tone, word, checkIn: answer.value, detail: "" };
}
