// What stands at a chart's axis of time.

const MINUTE_S = 60;

/** Hours and minutes; seconds too where there is more than one line a minute, so that no two are written alike. */
export function clocks(seconds: readonly number[], stepSeconds: number, timeZone?: string): string[] {
  const parts: Intl.DateTimeFormatOptions = {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(stepSeconds < MINUTE_S ? { second: "2-digit" } : {}),
    ...(timeZone ? { timeZone } : {}),
  };
  // The same digits in every language of the pages.
  const format = new Intl.DateTimeFormat("en-GB", parts);
  return seconds.map((second) => format.format(second * 1000));
}
