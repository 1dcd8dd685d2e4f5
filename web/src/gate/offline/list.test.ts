import { beforeAll, expect, test } from "vitest";
import type { SignedList } from "../types";
import { DoorList } from "./list";
import { base41 } from "./ticket";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*-.:";
const SALT = "00112233445566778899aabbccddeeff";
const EVENT = "0123456789abcdef";
const RESERVATION = "01890a5d-ac96-774b-bcce-b302099a8057";
const ENDS_S = 2_000_000_000;

let keys: CryptoKeyPair;
let signed: SignedList;

const hex = (bytes: ArrayBuffer) => Buffer.from(bytes).toString("hex");
const sign = async (bytes: Uint8Array<ArrayBuffer>) => crypto.subtle.sign("Ed25519", keys.privateKey, bytes);
const hash = async (text: string) =>
  hex(await crypto.subtle.digest("SHA-256", Buffer.concat([Buffer.from(SALT, "hex"), Buffer.from(text)])));

function encode(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = bytes.subarray(at, at + 2);
    let number = pair.reduce((sum, byte) => sum * 256 + byte, 0);
    for (let digits = 0; digits <= pair.length; digits++) {
      text += ALPHABET[number % 41];
      number = Math.floor(number / 41);
    }
  }
  return text;
}

async function ticket({ event = EVENT, id = RESERVATION, kind = 5 } = {}): Promise<string> {
  const end = Buffer.alloc(8);
  end.writeBigUInt64BE(BigInt(ENDS_S));
  const fields = [Buffer.from(event, "hex"), Buffer.from(id.replaceAll("-", ""), "hex"), end];
  const message = new Uint8Array(Buffer.concat([Buffer.from([1, kind, 9, 9, 9, 9]), ...fields]));
  return encode(Buffer.concat([message, Buffer.from(await sign(message))]));
}

beforeAll(async () => {
  keys = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const manifest = {
    code_digits: 4,
    event_id: "gala",
    event_uid: EVENT,
    public_key: Buffer.from(await crypto.subtle.exportKey("raw", keys.publicKey)).toString("base64url"),
    reservations: [
      {
        checked_in: [],
        code_hash: await hash("0427"),
        reservation_id_hash: await hash("an older one"),
        seats: ["A-1"],
        state: "cancelled",
      },
      {
        checked_in: [],
        code_hash: await hash("0427"),
        reservation_id_hash: await hash(RESERVATION),
        seats: ["A-1", "가-2"],
        state: "confirmed",
      },
    ],
    salt: SALT,
  };
  const text = new TextEncoder().encode(`jari manifest\n${JSON.stringify(manifest)}`);
  signed = { manifest, signature: Buffer.from(await sign(text)).toString("base64url") };
});

const checked = async (list: SignedList) => DoorList.checked({ signed: list, etag: null, at: "" });

test("a code is looked for by its hash, and the later reservation has it", async () => {
  const list = (await checked(signed)) as DoorList;
  expect((await list.ofCode("0427"))?.seats).toEqual(["A-1", "가-2"]);
  expect(await list.ofCode("0428")).toBeNull();
});

test("a ticket is let in if the list's key has signed it, for this event and in time", async () => {
  const list = (await checked(signed)) as DoorList;
  const [good, now] = [await ticket(), ENDS_S * 1000 - 1];
  expect(await list.ofToken(good, now)).toMatchObject({ state: "confirmed" });
  expect(await list.ofToken(good, ENDS_S * 1000)).toBe("forged");
  const unlisted = await ticket({ id: "01890a5d-ac96-774b-bcce-b302099a8058" });
  expect(await list.ofToken(unlisted, now)).toBeNull();
  const other = good[60] === "A" ? "B" : "A";
  const bad = [
    `${good.slice(0, 60)}${other}${good.slice(61)}`,
    await ticket({ event: "0123456789abcdee" }),
    await ticket({ kind: 4 }),
    good.slice(3),
    "no ticket",
  ];
  for (const text of bad) expect(await list.ofToken(text, now), text).toBe("forged");
});

test("a list that somebody changed is not used", async () => {
  const [first, ...others] = signed.manifest.reservations;
  const changed = { ...signed.manifest, reservations: [{ ...first, state: "confirmed" }, ...others] };
  expect(await checked({ ...signed, manifest: changed as SignedList["manifest"] })).toBe("forged");
  const noKey = { ...signed.manifest, public_key: "AAAA" };
  expect(await checked({ ...signed, manifest: noKey })).toBe("unchecked");
});

test("base 41 is read as the server writes it", () => {
  expect([...(base41("96") ?? [])]).toEqual([255]);
  expect([...(base41("H:-") ?? [])]).toEqual([255, 255]);
  for (const text of ["0", "0000", "a0", "0 0", "::", ":::", "I:-", "A6", "가"])
    expect(base41(text), text).toBeNull();
});
