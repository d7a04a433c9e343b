// The keyboard. Each key has a button too; keys that a field or a button needs for itself are left to it.

import type { Actions, Switch } from "./actions";
import { el, button } from "./dom";
import type { Store } from "./state";

const STEP_S = 10;

export const KEYS: readonly [string, string][] = [
  ["Space", "play or pause"], ["← →", "ten seconds back or on"], ["Shift + ← →", "previous or next event"],
  ["[ ]", "slower or faster"], ["Home End", "start or end"], ["1 to 8", "switch a layer on or off"],
  ["M", "globe or flat map"], ["Alt + arrows", "turn the globe or move the map"], ["+ −", "nearer or farther"],
  ["F", "follow the picked object"], ["N", "next leaker"], ["T", "dark or light"], ["B", "another run beside, or one alone"],
  ["S", "copy a link to this view"], ["K", "keep this moment in a list"], ["L", "to the event log"], ["/", "filter the event log"], ["?", "this list"],
  ["Esc", "close, or pick nothing"],
];

export function mountKeys(store: Store, actions: Actions, switches: readonly Switch[]): () => void {
  const told = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const act = actionOf(event.key, event.shiftKey, store, actions, switches);
    if (!act || isTakenBy(event.target, event.key)) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", told);
  return () => document.removeEventListener("keydown", told);
}

export function actionOf(key: string, shift: boolean, store: Store, actions: Actions, switches: readonly Switch[]): (() => void) | null {
  const { t_s, end_s } = store.state;
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case " ": return actions.play;
    case "ArrowLeft": return shift ? () => actions.step(-1) : () => actions.seek(t_s - STEP_S);
    case "ArrowRight": return shift ? () => actions.step(1) : () => actions.seek(t_s + STEP_S);
    case "[": return () => actions.changeSpeed(-1);
    case "]": return () => actions.changeSpeed(1);
    case "Home": return () => actions.seek(0);
    case "End": return () => actions.seek(end_s);
    case "m": return actions.toggleView;
    case "f": return actions.toggleFollow;
    case "n": return actions.nextLeaker;
    case "t": return actions.toggleTheme;
    case "b": return actions.toggleBeside;
    case "s": return actions.share;
    case "k": return actions.keep;
    case "l": return actions.focusLog;
    case "/": return actions.focusFilter;
    case "?": return actions.help;
    case "Escape": return actions.clear;
    default: {
      const found = switches.find((one) => one.key !== "" && one.key === key);
      return found ? () => actions.toggle(found.names) : null;
    }
  }
}

/** Whether what has the focus needs this key itself: text in a field, Space on a button, arrows in a list. */
function isTakenBy(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement) || key === "Escape") return false;
  if (target instanceof HTMLInputElement && target.type === "range") return false;
  if (target instanceof HTMLInputElement && target.type === "checkbox") return key === " ";
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (target.isContentEditable) return true;
  if (target.closest("[role=tablist]") && key.startsWith("Arrow")) return true;
  return key === " " && target.closest("button, summary, a, [role=button]") !== null;
}

export function helpDialog(): HTMLDialogElement {
  const list = el("dl", { class: "keys" });
  for (const [key, what] of KEYS) list.append(el("dt", {}, el("kbd", {}, key)), el("dd", {}, what));
  const dialog = el("dialog", { class: "help", "aria-label": "Keys" }, el("h2", {}, "Keys"), list);
  const close = button("Close", () => dialog.close());
  dialog.append(el("p", {}, "Each key is a button too. Drag on the lanes below to look at a part of the time closer."), close);
  return dialog;
}
