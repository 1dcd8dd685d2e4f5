// What a key does on the map.

import type { Arrow } from "./walk";

export type Press =
  | { kind: "walk"; to: Arrow | "first" | "last" }
  | { kind: "zoom"; factor: number }
  | { kind: "whole" }
  | { kind: "enter" };

const PRESSES: Record<string, Press> = {
  ArrowLeft: { kind: "walk", to: "left" },
  ArrowRight: { kind: "walk", to: "right" },
  ArrowUp: { kind: "walk", to: "up" },
  ArrowDown: { kind: "walk", to: "down" },
  Home: { kind: "walk", to: "first" },
  End: { kind: "walk", to: "last" },
  "+": { kind: "zoom", factor: 1.6 },
  "=": { kind: "zoom", factor: 1.6 },
  "-": { kind: "zoom", factor: 1 / 1.6 },
  "0": { kind: "whole" },
  Enter: { kind: "enter" },
  " ": { kind: "enter" },
};

/** Keys with a modifier belong to the browser. */
export function pressOf(event: {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}): Press | null {
  return event.ctrlKey || event.metaKey || event.altKey ? null : (PRESSES[event.key] ?? null);
}

/** How much nearer a turn of the wheel goes: a pinch on a touchpad comes as a wheel with the control key. */
export function wheelFactor(event: { deltaY: number; deltaMode: number; ctrlKey: boolean }): number {
  const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
  const held = Math.max(-240, Math.min(240, pixels));
  return Math.exp(-held * (event.ctrlKey ? 0.01 : 0.002));
}
