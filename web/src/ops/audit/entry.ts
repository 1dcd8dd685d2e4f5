// What the record says of an action, taken apart: the server writes ids, with what they name behind them where it knows that.

export type Detail =
  /** The settings of an event that were changed, as the API calls them. */
  | { kind: "fields"; fields: string[] }
  | { kind: "seats"; blocked: number; unblocked: number }
  | { kind: "map"; id: string }
  | { kind: "key"; id: string; name: string | null }
  | { kind: "reservation"; id: string; code: string | null; reason: string | null }
  | { kind: "text"; text: string };
export type Who = { kind: "operator" } | { kind: "key"; id: string; name: string };

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const KEY = new RegExp(`^(${UUID})(?: \\((.*)\\))?$`, "s");
const STAFF = new RegExp(`^staff key (${UUID}) \\((.*)\\)$`, "s");
const RESERVATION = new RegExp(`^(${UUID})(?: \\((\\d+)\\))?(?:: (.*))?$`, "s");
const BLOCKS = /^(\d+) blocked, (\d+) unblocked$/;

export function detailOf(action: string, detail: string | null | undefined): Detail | null {
  if (!detail) return null;
  return read(action, detail) ?? { kind: "text", text: detail };
}

function read(action: string, detail: string): Detail | null {
  if (action === "event.change") return { kind: "fields", fields: detail.split(", ") };
  if (action === "map.import") return { kind: "map", id: detail };
  if (action === "seats.block") {
    const [, blocked, unblocked] = BLOCKS.exec(detail) ?? [];
    return blocked ? { kind: "seats", blocked: Number(blocked), unblocked: Number(unblocked) } : null;
  }
  if (/^staff_key\./.test(action)) {
    const [, id, name] = KEY.exec(detail) ?? [];
    return id ? { kind: "key", id, name: name ?? null } : null;
  }
  if (/^(reservation|receipt)\./.test(action)) {
    const [, id, code, reason] = RESERVATION.exec(detail) ?? [];
    return id ? { kind: "reservation", id, code: code ?? null, reason: reason ?? null } : null;
  }
  return null;
}

/** Null is somebody that this page has never heard of. */
export function whoOf(who: string): Who | null {
  if (who === "operator") return { kind: "operator" };
  const [, id, name] = STAFF.exec(who) ?? [];
  return id ? { kind: "key", id, name: name ?? "" } : null;
}

/** Enough of an id to tell it from others: the ends differ, ids of one minute begin alike. */
export const short = (id: string): string => (id.length > 12 ? `…${id.slice(-8)}` : id);
