// The parts that the frame holds. Panels and the reader of results: stand-ins until they are there.

import type { Source } from "./data";
import type { Loaded } from "./loaded";
import type { Store } from "./state";

export { mountGlobe } from "./globe/index";
export { mountMap } from "./map/index";

export function mountPanels(root: HTMLElement, _store: Store, _data: Loaded): () => void {
  root.textContent = "Panels are drawn here.";
  return () => root.replaceChildren();
}

export function source(): Source {
  const none = (): Promise<never> => Promise.reject(new Error("This page was built without a reader of results."));
  return { index: none, replay: none };
}
