// The parts that the frame holds. Until they are there, stand-ins.

import type { Source } from "./data";
import type { Loaded } from "./loaded";
import type { Store } from "./state";

export type Mount = (root: HTMLElement, store: Store, data: Loaded) => () => void;

export const mountGlobe: Mount = (root) => standIn(root, "The globe is drawn here.");
export const mountMap: Mount = (root) => standIn(root, "The flat map is drawn here.");
export const mountPanels: Mount = (root) => standIn(root, "Panels are drawn here.");

export function source(): Source {
  const none = (): Promise<never> => Promise.reject(new Error("This page was built without a reader of results."));
  return { index: none, replay: none };
}

function standIn(root: HTMLElement, text: string): () => void {
  root.textContent = text;
  return () => root.replaceChildren();
}
