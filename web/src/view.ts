// The centre: globe or flat map, one at a time, with a sentence for those who do not see it.

import { tPlus } from "./clock";
import type { Loaded } from "./loaded";
import { mountGlobe, mountMap } from "./parts";
import type { State, Store } from "./state";
import type { Counts } from "./story";

/** "Globe at T+00:20:00: 12 launched, 3 in flight, 8 destroyed, 1 leaked." */
export function sentenceOf(state: Readonly<State>, counts: Counts): string {
  return `${state.view === "globe" ? "Globe" : "Flat map"} at ${tPlus(state.t_s)}: ${counts.launched} launched, `
    + `${counts.in_flight} in flight, ${counts.killed} destroyed, ${counts.leaked} leaked.`;
}

export function mountView(root: HTMLElement, store: Store, data: Loaded, counts: (t_s: number) => Counts, say: (sentence: string) => void): () => void {
  let leave = (): void => {};
  let mounted: State["view"] | null = null;
  const describe = (state: Readonly<State>): void => {
    const canvas = root.querySelector("canvas");
    canvas?.setAttribute("role", "img");
    canvas?.setAttribute("aria-label", sentenceOf(state, counts(state.t_s)));
  };
  const show = (state: Readonly<State>): void => {
    if (mounted === state.view) return;
    leave();
    root.replaceChildren();
    mounted = state.view;
    root.setAttribute("aria-label", state.view === "globe" ? "Globe" : "Flat map");
    try {
      leave = (state.view === "globe" ? mountGlobe : mountMap)(root, store, data);
    } catch (error) {
      leave = () => {};
      if (state.view !== "globe") throw error;
      say("This browser draws no globe (WebGL is missing): the flat map is shown.");
      store.set({ view: "map" });
    }
  };
  show(store.state);
  describe(store.state);
  const stop = store.subscribe((state, changed) => {
    if (changed.has("view")) show(state);
    // Not while playing: a label that changes all the time is read out all the time.
    if (!state.playing || changed.has("view")) describe(state);
  });
  return () => {
    stop();
    leave();
  };
}
