// Times as they are written at the place of the event, and the instants they are.

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone !== "";
  } catch {
    return false;
  }
}

/** `2026-12-01T19:30` at the place, for an instant. */
export function toLocal(instant: string | null | undefined, zone: string): string {
  if (!instant || !isTimeZone(zone)) return "";
  return new Date(Date.parse(instant) + offset(Date.parse(instant), zone)).toISOString().slice(0, 16);
}

/** The instant of a local time; of the two that an hour set back has, the first; null if it is no time. */
export function toInstant(local: string, zone: string): string | null {
  const wall = Date.parse(`${local.slice(0, 16)}Z`);
  if (Number.isNaN(wall) || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(local) || !isTimeZone(zone)) return null;
  // The offset is known for instants only: the two days round the time tell the two that may hold.
  const offsets = [wall - 86_400_000, wall + 86_400_000].map((near) => offset(near, zone));
  const fitting = offsets.map((ms) => wall - ms).filter((at) => at + offset(at, zone) === wall);
  // In an hour that is left out no offset fits: as clocks do, count from before it.
  const at = fitting.length > 0 ? Math.min(...fitting) : wall - (offsets[0] ?? 0);
  return new Date(at).toISOString();
}

/** How far the place's clocks are ahead of UTC, in milliseconds. */
function offset(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return wall - Math.floor(at / 1000) * 1000;
}
