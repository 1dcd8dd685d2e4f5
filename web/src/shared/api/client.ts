// One way to ask the server: problems are values, a lost network is one too.

import { serverClock } from "../time/clock.svelte";

/** What the server says when it says no (RFC 9457), with the fields of that problem. */
export type Problem = {
  code: string;
  status: number;
  title: string;
  detail: string;
  [field: string]: unknown;
};

export type Answer<T> =
  | { kind: "ok"; value: T; status: number; headers: Headers }
  | { kind: "problem"; problem: Problem; retryAfterMs: number | null }
  /** No answer came: it may have been done all the same, so ask again with the same Idempotency-Key. */
  | { kind: "offline" };

export type Ask = {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  token?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  timeoutMs?: number;
};

const TIMEOUT_MS = 15_000;

export async function ask<T>(path: string, how: Ask = {}): Promise<Answer<T>> {
  const headers = new Headers({ accept: "application/json", ...how.headers });
  if (how.token) headers.set("authorization", `Bearer ${how.token}`);
  const raw = how.body instanceof Blob || typeof how.body === "string";
  if (how.body !== undefined && !raw) headers.set("content-type", "application/json");
  const timeout = AbortSignal.timeout(how.timeoutMs ?? TIMEOUT_MS);
  const asked = Date.now();
  try {
    const response = await fetch(path, {
      method: how.method ?? "GET",
      headers,
      body: how.body === undefined ? null : raw ? (how.body as BodyInit) : JSON.stringify(how.body),
      signal: how.signal ? AbortSignal.any([how.signal, timeout]) : timeout,
    });
    return await read<T>(response, asked);
  } catch {
    return { kind: "offline" };
  }
}

async function read<T>(response: Response, asked: number): Promise<Answer<T>> {
  const json = response.headers.get("content-type")?.includes("json");
  const body = json ? await response.json() : await response.text();
  if (response.ok || response.status === 304) {
    if (json && typeof body?.server_time === "string") serverClock.learn(asked, Date.now(), body.server_time);
    return { kind: "ok", value: body as T, status: response.status, headers: response.headers };
  }
  const seconds = Number(response.headers.get("retry-after"));
  return {
    kind: "problem",
    problem: json && body?.code ? body : unknownProblem(response.status),
    retryAfterMs: seconds > 0 ? seconds * 1000 : null,
  };
}

function unknownProblem(status: number): Problem {
  return { code: "unknown", status, title: "", detail: "" };
}
