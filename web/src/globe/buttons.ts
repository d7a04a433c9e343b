// Buttons over globe and map, for those who use no wheel.

import type { Store } from "../state";
import { moved } from "./camera";

export interface Choice {
  text: string;
  label: string;
  act: () => void;
  isOn?: () => boolean;
}

export function zoomChoices(store: Store): Choice[] {
  const zoom = (factor: number) => () => store.set({ camera: moved(store.state.camera, 0, 0, factor) });
  return [{ text: "+", label: "Nearer", act: zoom(0.7) }, { text: "\u2212", label: "Farther", act: zoom(1 / 0.7) }];
}

/** A part that can be switched off, as a button that is pressed while the part is shown. */
export function switchOf(store: Store, part: string, text: string, label: string): Choice {
  return {
    text, label, isOn: () => !store.state.off.has(part),
    act: () => {
      const off = new Set(store.state.off);
      if (!off.delete(part)) off.add(part);
      store.set({ off });
    },
  };
}

/** Returns what brings the pressed state up to date. */
export function buttons(root: HTMLElement, choices: Choice[]): () => void {
  const box = document.createElement("div");
  box.className = "view-buttons";
  root.append(box);
  const made = choices.map((choice) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = choice.text;
    button.title = choice.label;
    button.setAttribute("aria-label", choice.label);
    button.addEventListener("click", () => {
      choice.act();
      update();
    });
    box.append(button);
    return button;
  });
  const update = () => choices.forEach((choice, k) => {
    if (choice.isOn) made[k]!.setAttribute("aria-pressed", String(choice.isOn()));
  });
  update();
  return update;
}
