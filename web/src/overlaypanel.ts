// The field that chooses what is laid over the picture, and under it what that is and what it rests on.

import { el } from "./dom";
import type { Loaded } from "./loaded";
import { offered } from "./overlay";
import type { State, Store } from "./state";

const GROUPS = { footprint: "Footprints: where there is time to engage", coverage: "Coverage: what is in view from orbit" } as const;

/** Nothing where there is none to choose. */
export function mountOverlays(root: HTMLElement, store: Store, data: Loaded): () => void {
  const { index, source } = data;
  const there = offered(index, source);
  if (!there.length) return () => {};
  const groups = (Object.keys(GROUPS) as (keyof typeof GROUPS)[]).flatMap((kind) => {
    const options = there.filter((k) => index.overlays[k]!.kind === kind)
      .map((k) => el("option", { value: k }, index.overlays[k]!.label));
    return options.length ? [el("optgroup", { label: GROUPS[kind] }, ...options)] : [];
  });
  const select = el("select", { id: "overlay" }, el("option", { value: "" }, "nothing"), ...groups);
  const about = el("div", { class: "about", "aria-live": "polite" });
  root.append(el("div", { class: "overlay" }, el("label", { for: "overlay" }, "Laid over"), select, about));
  select.addEventListener("change", () => store.set({ overlay: select.value === "" ? null : Number(select.value) }));
  const draw = (state: Readonly<State>): void => {
    select.value = state.overlay === null ? "" : String(state.overlay);
    const found = data.overlay?.() ?? null;
    about.replaceChildren(...(found ? [
      el("ol", { class: "levels" }, ...found.levels.map((line, k) => el("li", { class: `level-${Math.min(k, 3)}` }, line))),
      el("ul", {}, ...found.about.map((line) => el("li", {}, line)))] : []));
  };
  draw(store.state);
  return store.subscribe((state, changed) => { if (changed.has("overlay")) draw(state); });
}
