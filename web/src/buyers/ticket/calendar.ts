// An evening as a file that calendars read (RFC 5545).

import type { KeptTicket } from "../kept";

const utc = (instant: string): string => `${new Date(instant).toISOString().replace(/[-:]|\.\d+/g, "")}`;
const text = (plain: string): string => plain.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");

/** `summary` and `description` are in the language of the page. */
export function calendar({ event, reservation }: KeptTicket, description: string, link: string): string {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Jari//Tickets//EN",
    "BEGIN:VEVENT",
    `UID:${reservation.reservation_id}@jari`,
    `DTSTAMP:${utc(reservation.confirmed_at)}`,
    `DTSTART:${utc(event.starts_at)}`,
    `SUMMARY:${text(event.name)}`,
    `LOCATION:${text(event.venue)}`,
    `DESCRIPTION:${text(description)}`,
    `URL:${link}`,
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return `${lines.map(fold).join("\r\n")}\r\n`;
}

/** No line is longer than 75 bytes; Hangul has three bytes a letter, and no letter is cut. */
export function fold(line: string): string {
  const pieces = [""];
  let bytes = 0;
  for (const letter of line) {
    const size = new TextEncoder().encode(letter).length;
    if (bytes + size > 75) {
      pieces.push(" ");
      bytes = 1;
    }
    pieces[pieces.length - 1] += letter;
    bytes += size;
  }
  return pieces.join("\r\n");
}
