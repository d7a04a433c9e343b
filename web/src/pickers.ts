// Which raid of which run is shown. The best, median and worst runs stand first, by leakers.

import type { Index } from "./data";
import { el } from "./dom";
import type { Held } from "./held";
import type { Loaded } from "./loaded";
import { besideOf, type Beside, type State, type Store } from "./state";

/** Runs by leakers: the fewest, the middle one and the most, from the table of outcomes. */
export function marked(outcomes: Index["outcomes"]): { label: string; run: number; leakers: number }[] {
  const rows = outcomes.run.map((run, i) => ({ run, leakers: outcomes.leakers[i]! }));
  if (!rows.length) return [];
  rows.sort((a, b) => a.leakers - b.leakers || a.run - b.run);
  const at = { fewest: 0, median: (rows.length - 1) >> 1, most: rows.length - 1 };
  return Object.entries(at).map(([label, row]) => ({ label, ...rows[row]! }));
}

/** What may stand beside: the runs of this study, and of the other one where there is one. Choosing is by value,
 *  "this:12" or "other:0"; "" is none. */
export function mountBeside(root: HTMLElement, store: Store, data: Loaded, other: { name: string; index: () => Promise<Index> } | null): () => void {
  const { index, held = [] } = data;
  const select = el("select", { "aria-label": "Beside" });
  const groups = (of: Beside["of"], study: Index, name: string): HTMLOptGroupElement[] => {
    const leakers = new Map(study.outcomes.run.map((run, i) => [run, study.outcomes.leakers[i]!]));
    const option = (run: number, mark: string): HTMLOptionElement =>
      el("option", { value: `${of}:${run}` }, `beside: ${of === "other" ? `${name}, ` : ""}${runText(run, leakers.get(run), study)}${mark}`);
    const isThere = (run: number): boolean => of === "other" || !held.length || held.some((one) => one.run === run);
    const first = marked(study.outcomes).filter(({ run }) => isThere(run)).map(({ label, run }) => option(run, ` (${label})`));
    const all = Array.from({ length: study.runs }, (_, run) => run).filter(isThere).map((run) => option(run, ""));
    return [...(first.length ? [group(`${name}, by leakers`, first)] : []), group(`${name}, all runs`, all)];
  };
  select.append(el("option", { value: "" }, "beside: none"), ...groups("this", index, "This study"));
  select.addEventListener("change", () => store.set({ beside: besideFrom(select.value) }));
  root.append(select);
  const draw = ({ beside }: Readonly<State>): void => {
    const value = beside ? `${beside.of}:${beside.run}` : "";
    if (select.value === value) return;
    const same = [...select.options].filter((option) => option.value === value);
    if (same.length) same[same.length - 1]!.selected = true; // that of all runs: the marked ones come first
  };
  void other?.index().then((found) => {
    select.append(...groups("other", found, other.name || found.title));
    draw(store.state);
  }).catch(() => {}); // who chooses it is told why it cannot be read
  draw(store.state);
  return store.subscribe((state, changed) => { if (changed.has("beside")) draw(state); });
}

function besideFrom(value: string): Beside | null {
  const [of, run] = value.split(":");
  return value ? besideOf(of === "other" ? "other" : "this", Number(run)) : null;
}

/** Leakers are those of all raids of a run, which is said where there are more than one. */
function runText(run: number, leaked: number | undefined, { raids }: Index): string {
  return `run ${run}${leaked === undefined ? "" : `, ${leaked} leaked${raids.length > 1 ? " in all raids" : ""}`}`;
}

/** What a mailed file does not hold cannot be picked. */
export function mountPickers(root: HTMLElement, store: Store, data: Loaded): () => void {
  const { index, held = [] } = data;
  const isOut = (fits: (one: Held) => boolean): boolean => held.length > 0 && !held.some(fits);
  const raids = el("select", { "aria-label": "Raid" }, ...index.raids.map((raid) => el("option", { value: raid.name, disabled: isOut((one) => one.raid === raid.name) }, raid.name)));
  const runs = el("select", { "aria-label": "Run" });
  const leakers = new Map(index.outcomes.run.map((run, i) => [run, index.outcomes.leakers[i]!]));
  const option = (run: number, mark: string): HTMLOptionElement =>
    el("option", { value: run, disabled: isOut((one) => one.run === run) }, `${runText(run, leakers.get(run), index)}${mark}`);
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
