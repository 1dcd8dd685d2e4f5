// Where the seats of a file stand, as far as the file can be read: so that problems can be shown on it.

import type { MapProblem, SeatMap } from "../types";
import type { Format } from "./plan";

export type Spot = {
  x: number;
  y: number;
  seatId: string;
  section: string;
  row: string;
  path: string;
  line: number;
};

const NOWHERE = { path: "", line: 0 };

/** The seats of a map that the server has read. */
export function spotsOfMap(map: Pick<SeatMap, "sections">): Spot[] {
  return map.sections.flatMap((section) =>
    section.rows.flatMap((row) =>
      row.seats.map(({ x, y, seat_id }) => ({
        ...NOWHERE,
        x,
        y,
        seatId: seat_id,
        section: section.name,
        row: row.name,
      })),
    ),
  );
}

/** The seats of a file; those without a position are left out. */
export function spotsOfFile(format: Format, text: string): Spot[] {
  if (format === "csv") return spotsOfTable(text);
  try {
    const plan = JSON.parse(text);
    return format === "pretix" ? walk(plan, "zones", "seat_guid") : walk(plan, "sections", "seat_id");
  } catch {
    return [];
  }
}

type Loose = Record<string, unknown>;
const loose = (value: unknown): Loose =>
  value !== null && typeof value === "object" ? (value as Loose) : {};
const list = (value: unknown): Loose[] => (Array.isArray(value) ? value.map(loose) : []);
const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

/** Positions are sums of those of zone, row and seat; our own maps have them in the seat. */
function place(parts: Loose[], key: "x" | "y"): number {
  const own = parts.at(-1)?.[key];
  if (typeof own === "number") return own;
  const sum = parts.map((part) => loose(part.position)[key]);
  return typeof sum.at(-1) === "number"
    ? sum.reduce((all: number, one) => all + (Number(one) || 0), 0)
    : Number.NaN;
}

function walk(plan: unknown, outer: string, id: string): Spot[] {
  const spots = list(loose(plan)[outer]).flatMap((zone, z) =>
    list(zone.rows).flatMap((row, r) =>
      list(row.seats).map((seat, s) => ({
        x: place([zone, row, seat], "x"),
        y: place([zone, row, seat], "y"),
        seatId: text(seat[id]),
        section: text(zone.name),
        row: text(row.row_number ?? row.name),
        path: `/${outer}/${z}/rows/${r}/seats/${s}`,
        line: 0,
      })),
    ),
  );
  return spots.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
}

function spotsOfTable(csv: string): Spot[] {
  const [head = "", ...lines] = csv.replace(/^\ufeff/, "").split(/\r?\n/);
  const names = cells(head).map((name) => name.toLowerCase());
  const column = (name: string, of: string[]) => of[names.indexOf(name)] ?? "";
  const spots = lines.map((line, at) => {
    const of = cells(line);
    const [section, row] = [column("section", of), column("row", of)];
    const [x, y] = [column("x", of), column("y", of)].map((n) => (n === "" ? Number.NaN : Number(n)));
    const seatId = `${section}-${row}-${column("seat", of)}`;
    return { x: x ?? Number.NaN, y: y ?? Number.NaN, seatId, section, row, path: "", line: at + 2 };
  });
  return spots.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
}

function cells(line: string): string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = ""]) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell.trim(),
  );
}

/** The indices of the spots that a problem is about. */
export function spotsOf(
  where: MapProblem["where"],
  spots: Spot[],
  file: { format: Format; text: string },
): number[] {
  const { seat_id, path, line } = where;
  const found = (fits: (spot: Spot) => boolean) => spots.flatMap((spot, at) => (fits(spot) ? [at] : []));
  const bySeat = seat_id ? found((spot) => spot.seatId === seat_id) : [];
  if (bySeat.length > 0) return bySeat;
  if (path) {
    const isUnder = (spot: Spot) => `${spot.path}/`.startsWith(`${path}/`);
    const byPath = found(isUnder);
    if (byPath.length > 0) return byPath;
    const ids = new Set(
      spotsOfFile(file.format, file.text)
        .filter(isUnder)
        .map((spot) => spot.seatId),
    );
    return found((spot) => ids.has(spot.seatId));
  }
  if (line === undefined) return [];
  const onLine = found((spot) => spot.line === line);
  if (onLine.length > 0) return onLine;
  const [names, of] = [1, line].map((n) => cells(file.text.split(/\r?\n/)[n - 1] ?? ""));
  const column = (name: string) => of?.[names?.findIndex((cell) => cell.toLowerCase() === name) ?? -1];
  return found((spot) => spot.section === column("section") && spot.row === column("row"));
}

/** What stands in the file at that place: a line, or a piece of JSON. */
export function excerpt(where: MapProblem["where"], file: { text: string }): string {
  if (where.line !== undefined) return (file.text.split(/\r?\n/)[where.line - 1] ?? "").slice(0, 300);
  if (where.path === undefined) return "";
  try {
    const keys = where.path.split("/").slice(1);
    const value = keys.reduce<unknown>(
      (inner, key) => loose(inner)[key.replaceAll("~1", "/").replaceAll("~0", "~")],
      JSON.parse(file.text),
    );
    return (JSON.stringify(value) ?? "").slice(0, 300);
  } catch {
    return "";
  }
}
