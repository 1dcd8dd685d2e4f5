import { expect, test } from "vitest";
import { forgetKey, keepKey, storedKey } from "./key";

function shelf() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

test("a key stays in its tab unless the operator wants it on the device", () => {
  const [tab, device] = [shelf(), shelf()];
  keepKey("secret", false, tab, device);
  expect(storedKey(tab, device)).toBe("secret");
  expect(storedKey(shelf(), device)).toBeNull();
  keepKey("secret", true, tab, device);
  expect(storedKey(shelf(), device)).toBe("secret");
});

test("signing out forgets the key in both places", () => {
  const [tab, device] = [shelf(), shelf()];
  keepKey("secret", true, tab, device);
  forgetKey(tab, device);
  expect(storedKey(tab, device)).toBeNull();
});
