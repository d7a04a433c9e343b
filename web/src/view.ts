// The centre: globe or flat map, one at a time.

import type { Loaded } from "./loaded";
import { mountGlobe, mountMap } from "./parts";
import type { State, Store } from "./state";

const MISSING = "This browser draws no globe (WebGL is missing): the flat map is shown.";

/** Shows the view that the state names. A globe that cannot be drawn turns the state to the map: then that is said. */
export function mountView(root: HTMLElement, store: Store, data: Loaded, say: (sentence: string) => void): () => void {
  let leave = (): void => {};
  let mounted: State["view"] | null = null;
  const show = (view: State["view"]): void => {
    if (mounted === view) return;
    leave();
    leave = () => {};
    root.replaceChildren();
    mounted = view;
    root.setAttribute("aria-label", view === "globe" ? "Globe" : "Flat map");
    const left = mount(view);
    if (mounted === view) leave = left;
    else say(MISSING);
  };
  const mount = (view: State["view"]): (() => void) => {
    if (view === "map") return mountMap(root, store, data);
    try {
      return mountGlobe(root, store, data);
    } catch {
      store.set({ view: "map" });
      return () => {};
    }
  };
  const stop = store.subscribe((state, changed) => { if (changed.has("view")) show(state.view); });
  show(store.state.view);
  return () => {
    stop();
    leave();
  };
}
