// Dark and light: the system's wish first, then what was chosen.

import type { State } from "./state";

export function systemTheme(): State["theme"] {
  return matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}

export function wantsStillness(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

export function applyTheme(theme: State["theme"]): void {
  document.documentElement.dataset["theme"] = theme;
}
