// A ticket's QR code, read without asking anyone: the text that the server signs, base 41 over bytes.

export type EntryTicket = { eventUid: string; reservationId: string; expiresAtMs: number };

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*-.:";
const SIGNATURE_BYTES = 64;
/** Version, kind, four bytes of the key's id, the event, the reservation, the last second. */
const MESSAGE_BYTES = 2 + 4 + 8 + 16 + 8;
const [VERSION, ENTRY] = [1, 5];

/** Null for what the server never writes. */
export function base41(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const chunk = text.slice(at, at + 3);
    let number = 0;
    for (const character of [...chunk].reverse()) {
      const digit = ALPHABET.indexOf(character);
      if (digit < 0) return null;
      number = number * 41 + digit;
    }
    if (chunk.length === 3 && number <= 0xffff) bytes.push(number >> 8, number & 0xff);
    else if (chunk.length === 2 && number <= 0xff) bytes.push(number);
    else return null;
  }
  return new Uint8Array(bytes);
}

const hex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** What the text says, if `key` has signed it. */
export async function readTicket(text: string, key: CryptoKey): Promise<EntryTicket | null> {
  const bytes = base41(text);
  if (bytes?.length !== MESSAGE_BYTES + SIGNATURE_BYTES) return null;
  const [message, signature] = [bytes.subarray(0, MESSAGE_BYTES), bytes.subarray(MESSAGE_BYTES)];
  if (message[0] !== VERSION || message[1] !== ENTRY) return null;
  if (!(await crypto.subtle.verify("Ed25519", key, signature, message))) return null;
  const id = hex(message.subarray(14, 30));
  const seconds = new DataView(message.buffer, message.byteOffset).getBigUint64(30);
  return {
    eventUid: hex(message.subarray(6, 14)),
    reservationId: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"),
    expiresAtMs: Number(seconds) * 1000,
  };
}
