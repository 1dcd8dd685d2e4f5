// The operator key: kept for this tab, or on this device where the operator wants so. Never in an address.

const STORED = "jari.operator-key";
type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export function storedKey(tab: Shelf, device: Shelf): string | null {
  return tab.getItem(STORED) ?? device.getItem(STORED);
}

export function keepKey(key: string, onDevice: boolean, tab: Shelf, device: Shelf): void {
  tab.setItem(STORED, key);
  if (onDevice) device.setItem(STORED, key);
  else device.removeItem(STORED);
}

export function forgetKey(tab: Shelf, device: Shelf): void {
  tab.removeItem(STORED);
  device.removeItem(STORED);
}
