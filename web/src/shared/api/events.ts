// Server-sent events over fetch, so that the request can carry a token.

export type ServerEvent = { event: string; id: string; data: string };

/** Takes pieces of a stream, gives the events that are whole. */
export class Parser {
  #rest = "";

  push(piece: string): ServerEvent[] {
    this.#rest += piece;
    const blocks = this.#rest.split(/\r?\n\r?\n/);
    this.#rest = blocks.pop() ?? "";
    return blocks.map(parse).filter((event) => event !== null);
  }
}

function parse(block: string): ServerEvent | null {
  const event: ServerEvent = { event: "message", id: "", data: "" };
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    if (field === "event") event.event = value ?? "";
    else if (field === "id") event.id = value ?? "";
    else if (field === "data") data.push(value ?? "");
  }
  return data.length > 0 ? { ...event, data: data.join("\n") } : null;
}

/** The server says something at least every 15 seconds: a stream silent for so long is broken, though nobody said so. */
const SILENCE_MS = 40_000;

/** Follows a stream until it ends; whoever calls begins again. `false`: there was no stream. */
export async function follow(
  path: string,
  token: string | null,
  told: (event: ServerEvent) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const headers: Record<string, string> = { accept: "text/event-stream" };
    if (token) headers.authorization = `Bearer ${token}`;
    const response = await fetch(path, { headers, signal: AbortSignal.any([signal, silence.signal]) });
    if (!response.ok || !response.body) return false;
    const [reader, parser] = [response.body.pipeThrough(new TextDecoderStream()).getReader(), new Parser()];
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return true;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      parser.push(value).forEach(told);
    }
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
