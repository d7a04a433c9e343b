// The studio's keyboard. Each key has a button too; a field keeps the keys that it needs for its text.

import { button, el } from "../dom";
import type { Studio } from "./desk";

export const KEYS: readonly [string, string][] = [
  ["/", "filter the numbers"], ["Ctrl + Enter", "run and compare"], ["Ctrl + Z", "undo (outside of a text)"],
  ["Ctrl + Shift + Z", "redo"], ["\u2191 \u2193", "in a number: a step up or down"], ["T", "dark or light"], ["?", "this list"],
  ["Esc", "close; in the filter: show all again"],
];

export interface Ways {
  focusFilter: () => void;
  help: () => void;
}

export type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** What a key does; null: nothing here. `isInText`: the focus is in a field for text. */
export function actionOf(press: Press, isInText: boolean, studio: Studio, ways: Ways): (() => void) | null {
  const { key, altKey, shiftKey } = press;
  if (altKey) return null;
  const small = key.length === 1 ? key.toLowerCase() : key;
  if (press.ctrlKey || press.metaKey) {
    if (small === "Enter") return () => void studio.run();
    if (isInText) return null;
    if (small === "z") return shiftKey ? studio.redo : studio.undo;
    return small === "y" ? studio.redo : null;
  }
  if (isInText) return null;
  if (small === "/") return ways.focusFilter;
  if (small === "?") return ways.help;
  return small === "t" ? studio.toggleTheme : null;
}

export function mountKeys(studio: Studio, ways: Ways): void {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    const act = actionOf(event, isText(event.target), studio, ways);
    if (!act) return;
    event.preventDefault();
    act();
  });
}

function isText(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

export function helpDialog(): HTMLDialogElement {
  const list = el("dl", { class: "keys" });
  for (const [key, what] of KEYS) list.append(el("dt", {}, el("kbd", {}, key)), el("dd", {}, what));
  const dialog = el("dialog", { class: "help", "aria-label": "Help" }, el("h2", {}, "Keys"), list,
    el("h2", {}, "How to read a row"),
    el("p", {}, "The bar is the range in which the number may lie: a ring where it started, a triangle where yours stands, an arrow if that is further out. "
      + "Click or drag along the bar to set it. A number outside its range is run all the same; a mistake is not."),
    el("p", {}, "What you change is kept in this tab until it is closed, for each starting point."));
  dialog.append(button("Close", () => dialog.close()));
  return dialog;
}
