// Which raid of which run is shown. The best, median and worst runs stand first, by leakers.

import type { Index } from "./data";
import { el } from "./dom";
import type { Loaded } from "./loaded";
import type { State, Store } from "./state";

/** Runs by leakers: the fewest, the middle one and the most, from the table of outcomes. */
export function marked(outcomes: Index["outcomes"]): { label: string; run: number; leakers: number }[] {
  const rows = outcomes.run.map((run, i) => ({ run, leakers: outcomes.leakers[i]! }));
  if (!rows.length) return [];
  rows.sort((a, b) => a.leakers - b.leakers || a.run - b.run);
  const at = { fewest: 0, median: (rows.length - 1) >> 1, most: rows.length - 1 };
  return Object.entries(at).map(([label, row]) => ({ label, ...rows[row]! }));
}

export function mountPickers(root: HTMLElement, store: Store, data: Loaded): () => void {
  const { index } = data;
  const raids = el("select", { "aria-label": "Raid" }, ...index.raids.map((raid) => el("option", { value: raid.name }, raid.name)));
  const runs = el("select", { "aria-label": "Run" });
  const leakers = new Map(index.outcomes.run.map((run, i) => [run, index.outcomes.leakers[i]!]));
  const option = (run: number, mark: string): HTMLOptionElement => {
    const known = leakers.get(run);
    return el("option", { value: run }, `run ${run}${known === undefined ? "" : `, ${known} leaked`}${mark}`);
  };
  const special = marked(index.outcomes).map(({ label, run }) => option(run, ` (${label})`));
  if (special.length) runs.append(group("By leakers", special));
  const all = Array.from({ length: index.runs }, (_, run) => option(run, ""));
  runs.append(group("All runs", all));
  raids.addEventListener("change", () => store.set({ raid: raids.value }));
  runs.addEventListener("change", () => store.set({ run: Number(runs.value) }));
  root.append(raids, runs);
  const draw = (state: Readonly<State>): void => {
    raids.value = state.raid;
    if (all[state.run] && runs.value !== String(state.run)) all[state.run]!.selected = true;
  };
  draw(store.state);
  return store.subscribe((state, changed) => { if (changed.has("run") || changed.has("raid")) draw(state); });
}

function group(label: string, options: HTMLOptionElement[]): HTMLOptGroupElement {
  return el("optgroup", { label }, ...options);
}
