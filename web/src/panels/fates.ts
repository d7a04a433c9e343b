// Where threats ended in the run shown: rows of the objects table, counted.

import type { Replay } from "../data";
import { estimate, list, text, type Estimate } from "./summary";

export interface Flow {
  from: string;
  to: string;
  n: number;
}

export interface Flows {
  sources: { name: string; n: number }[];
  ends: { name: string; kind: EndKind; n: number }[];
  flows: Flow[];
}

export type EndKind = "destroyed" | "leaked" | "outside" | "void" | "other";

const ORDER: EndKind[] = ["destroyed", "leaked", "outside", "void", "other"];

/** From types of threats into kills by layer, leaks by reason, and what came to nothing by itself. */
export function flowsOf(objects: Replay["objects"], layers: string[]): Flows {
  const sources = new Map<string, number>();
  const ends = new Map<string, { kind: EndKind; rank: number; n: number }>();
  const flows = new Map<string, Flow>();
  for (let k = 0; k < objects.rows; k += 1) {
    if (objects.kind[k] === "interceptor") continue;
    const from = objects.type[k]! + (objects.kind[k] === "decoy" ? ", decoys" : "");
    const { name: to, kind } = endOf(objects.fate[k]!, objects.layer[k]!, objects.reason[k]!);
    add(sources, from);
    const rank = ORDER.indexOf(kind) * 1000 + (kind === "destroyed" ? layers.indexOf(objects.layer[k]!) : 0);
    const end = ends.get(to) ?? { kind, rank, n: 0 };
    ends.set(to, { ...end, n: end.n + 1 });
    const key = JSON.stringify([from, to]);
    const flow = flows.get(key) ?? { from, to, n: 0 };
    flows.set(key, { ...flow, n: flow.n + 1 });
  }
  return {
    sources: [...sources].map(([name, n]) => ({ name, n })),
    ends: [...ends].sort(([, a], [, b]) => a.rank - b.rank || b.n - a.n).map(([name, { kind, n }]) => ({ name, kind, n })),
    flows: [...flows.values()],
  };
}

export interface ReasonRow {
  reason: string;
  /** Leakers of the run shown. */
  n: number;
  /** Share of leakers over all runs; null where no run had it. */
  mean: Estimate | null;
}

/** Why threats leaked: the run shown, and the share over runs that the summary gives. */
export function reasonRows(objects: Replay["objects"], reasons: unknown): ReasonRow[] {
  const here = new Map<string, number>();
  for (let k = 0; k < objects.rows; k += 1) {
    if (objects.kind[k] === "threat" && objects.fate[k] === "leaked") add(here, objects.reason[k] || "not recorded");
  }
  const rows = list(reasons).map((row) => ({ reason: text(row.reason), n: 0, mean: estimate(row) }));
  const known = new Set(rows.map((row) => row.reason));
  const more = [...here.keys()].filter((reason) => !known.has(reason)).map((reason) => ({ reason, n: 0, mean: null }));
  return [...rows, ...more].map((row) => ({ ...row, n: here.get(row.reason) ?? 0 }));
}

function endOf(fate: string, layer: string, reason: string): { name: string; kind: EndKind } {
  if (fate === "destroyed") return { name: layer ? `destroyed: ${layer}` : "destroyed", kind: "destroyed" };
  if (fate === "leaked") return { name: reason ? `leaked: ${reason}` : "leaked", kind: "leaked" };
  if (fate === "outside") return { name: "outside", kind: "outside" };
  if (fate === "void") return { name: "came to nothing", kind: "void" };
  return { name: fate || "not recorded", kind: "other" };
}

function add(into: Map<string, number>, name: string): void {
  into.set(name, (into.get(name) ?? 0) + 1);
}
