// Switches of what the views draw, each with the swatch that it has there.

import { switchesOf, type Actions } from "./actions";
import { el } from "./dom";
import { icon, type IconName } from "./icons";
import type { Loaded } from "./loaded";
import type { State, Store } from "./state";

const PICTURES: Record<string, IconName> = { threat: "threat", interceptor: "interceptor", kill: "kill" };

export function mountLayers(root: HTMLElement, store: Store, data: Loaded, actions: Actions): () => void {
  const boxes: { box: HTMLInputElement; names: readonly string[] }[] = [];
  const list = el("ul", {});
  const add = (label: string, names: readonly string[], picture: SVGElement, key: string, note: string): void => {
    const box = el("input", { type: "checkbox", "aria-keyshortcuts": key || null });
    box.addEventListener("change", () => actions.toggle(names));
    boxes.push({ box, names });
    list.append(el("li", {}, el("label", { title: note || null }, box, picture, el("span", {}, label),
                                ...(key ? [el("kbd", { "aria-hidden": "true" }, key)] : []))));
  };
  for (const one of switchesOf(data)) add(one.label, one.names, icon(PICTURES[one.swatch] ?? "square", one.swatch), one.key, "");
  data.index.constellations.forEach((c, i) =>
    add(`${c.name} (${c.n})`, [c.name], icon("interceptor", `shell-${i % 6}`), "", c.note));
  root.append(el("section", { class: "layers", "aria-label": "Layers" }, el("h2", {}, "Layers"), list));
  const draw = (state: Readonly<State>): void => {
    for (const { box, names } of boxes) {
      const on = names.filter((name) => !state.off.has(name)).length;
      box.checked = on > 0;
      box.indeterminate = on > 0 && on < names.length;
    }
  };
  draw(store.state);
  return store.subscribe((state, changed) => { if (changed.has("off")) draw(state); });
}
