// Switches of what the views draw, each with the swatch that it has there; what shapes mean; and a field to pick a
// satellite by number.

import { switchesOf, type Actions } from "./actions";
import { button, el } from "./dom";
import { icon, type IconName } from "./icons";
import type { Loaded } from "./loaded";
import { mountOverlays } from "./overlaypanel";
import { isArmed } from "./satellite";
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
  const section = el("section", { class: "layers", "aria-label": "Layers" }, el("h2", {}, "Layers"), list);
  root.append(section);
  const leave = mountOverlays(section, store, data);
  section.append(...satellitePicker(store, data), legend(data));
  const draw = (state: Readonly<State>): void => {
    for (const { box, names } of boxes) {
      const on = names.filter((name) => !state.off.has(name)).length;
      box.checked = on > 0;
      box.indeterminate = on > 0 && on < names.length;
    }
  };
  draw(store.state);
  const stop = store.subscribe((state, changed) => { if (changed.has("off")) draw(state); });
  return () => {
    leave();
    stop();
  };
}

/** What is told by shape alone. */
function legend(data: Loaded): HTMLElement {
  const lines = ["Ellipse: where the defence believed a threat to be, one standard deviation. Dashed: smaller than drawn."];
  if (data.index.constellations.some(({ name }) => isArmed(data.index, name))) lines.push("Hollow grey satellite: has fired all that it had.");
  return el("ul", { class: "legend" }, ...lines.map((line) => el("li", {}, line)));
}

/** Picks a satellite by its number: what a click does, for those who cannot click. */
function satellitePicker(store: Store, data: Loaded): HTMLElement[] {
  const last = data.index.constellations.reduce((sum, { n }) => sum + n, 0) - 1;
  if (last < 0) return [];
  const number = el("input", { type: "number", min: 0, max: last, step: 1, "aria-label": `Satellite, 0 to ${last}`, placeholder: `0 to ${last}` });
  const pick = (): void => {
    if (number.value !== "" && number.reportValidity()) store.set({ satellite: number.valueAsNumber, following: false });
  };
  number.addEventListener("keydown", (event) => { if (event.key === "Enter") pick(); });
  return [el("div", { class: "by-number" }, el("span", { "aria-hidden": "true" }, "Satellite"), number, button("Pick", pick, undefined, { "aria-label": "Pick this satellite" }))];
}
