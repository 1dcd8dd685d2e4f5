import { expect, test } from "vitest";
import type { Answer } from "../shared/api/client";
import type { CheckIn } from "./types";
import { verdict } from "./verdict";

const answered = (outcome: string): Answer<CheckIn> => ({
  kind: "ok",
  status: 200,
  headers: new Headers(),
  value: { outcome, check_in_id: null, admitted: [], remaining: [], history: [] } as unknown as CheckIn,
});
const refused = (code: string, status: number): Answer<CheckIn> => ({
  kind: "problem",
  problem: { code, status, title: "", detail: "said by the server" },
  retryAfterMs: null,
});
const shown = (answer: Answer<CheckIn>) => {
  const { tone, word } = verdict(answer);
  return `${tone} ${word}`;
};

test("each answer has a colour and a word", () => {
  expect(shown(answered("admitted"))).toBe("good admitted");
  expect(shown(answered("already_admitted"))).toBe("warn already");
  expect(shown(answered("cancelled"))).toBe("bad cancelled");
  expect(shown(refused("code_not_found", 404))).toBe("bad unknown");
  expect(shown(refused("ticket_not_found", 404))).toBe("bad unknown");
  expect(shown(refused("not_listed", 404))).toBe("bad unlisted");
  expect(shown(refused("too_many_attempts", 429))).toBe("warn limited");
  expect(shown({ kind: "offline" })).toBe("warn offline");
});

test("what has no word of ours is told in the server's", () => {
  expect(verdict(refused("wrong_event", 403))).toMatchObject({
    word: "refused",
    detail: "said by the server",
  });
  expect(verdict(refused("code_not_found", 404)).detail).toBe("");
});
