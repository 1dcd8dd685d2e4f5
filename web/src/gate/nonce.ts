/** Names one entry, whatever device made it. Also without https, where browsers have no `randomUUID`. */
export const nonce = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
