// The runs of a study, one by one: in order of leakers, and as a distribution.

import type { Index } from "../data";

export type Mark = "best" | "median" | "worst";

export interface RunRow {
  run: number;
  leakers: number;
  leak_through: number;
  shots: number;
  kills: number;
  cost_musd: number;
  marks: Mark[];
}

/** Runs by leakers, most first; of runs that leak the same the later first. The median is the lower one of two. */
export function runRows(outcomes: Index["outcomes"]): RunRow[] {
  const rows = outcomes.run.map((run, k): RunRow => ({
    run, leakers: outcomes.leakers[k]!, leak_through: outcomes.leak_through[k]!, shots: outcomes.shots[k]!,
    kills: outcomes.kills[k]!, cost_musd: outcomes.cost_musd[k]!, marks: [],
  }));
  rows.sort((a, b) => a.leakers - b.leakers || a.run - b.run);
  if (!rows.length) return rows;
  rows[0]!.marks.push("best");
  rows[(rows.length - 1) >> 1]!.marks.push("median");
  rows.at(-1)!.marks.push("worst");
  return rows.reverse();
}

export interface Bin {
  /** Whole numbers of leakers, both ends counted. */
  from: number;
  to: number;
  runs: number;
}

/** Runs by leakers, in at most `most` bins of equal width; every run is in one. */
export function histogram(leakers: number[], most = 24): Bin[] {
  if (!leakers.length) return [];
  let low = Infinity;
  let high = -Infinity;
  for (const n of leakers) {
    low = Math.min(low, n);
    high = Math.max(high, n);
  }
  const width = widthOf((high - low + 1) / most);
  const first = Math.floor(low / width) * width;
  const bins: Bin[] = [];
  for (let from = first; from <= high; from += width) bins.push({ from, to: from + width - 1, runs: 0 });
  for (const n of leakers) bins[Math.floor((n - first) / width)]!.runs += 1;
  return bins;
}

export function binName({ from, to }: Bin): string {
  return from === to ? String(from) : `${from}–${to}`;
}

/** The least of 1, 2, 5, 10, 20, ... that is not below what is asked. */
function widthOf(least: number): number {
  for (let unit = 1; ; unit *= 10) {
    for (const step of [1, 2, 5]) if (unit * step >= least) return unit * step;
  }
}
