// What each layer of the defence had done by an instant: rows of the events table, counted.

import type { Index, Replay } from "../data";

/** Rounds that the layers held when the raid began, as the run recorded them (`stocks` of `meta.json`). */
export interface StartStock {
  layer: string;
  site: string;
  stock: number;
}

export interface LayerTimes {
  layer: string;
  interceptor: string;
  /** Rounds at the start of the raid; null where nobody says. */
  stock: number | null;
  /** Instants of shots and kills, in order, s. Kills of decoys stand apart: figures of kills do not hold them. */
  shots: Float64Array;
  kills: Float64Array;
  decoys: Float64Array;
}

export interface ThreatTimes {
  launched: Float64Array;
  destroyed: Float64Array;
  leaked: Float64Array;
  outside: Float64Array;
}

/** A row for every layer of the scenario, in its order. */
export function layerTimes(index: Index, replay: Replay): LayerTimes[] {
  const { events } = replay;
  const decoys = decoysOf(replay);
  const found = new Map(
    index.layers.map(({ name }) => [name, { shots: [] as number[], kills: [] as number[], decoys: [] as number[] }]),
  );
  for (let k = 0; k < events.rows; k += 1) {
    const into = found.get(events.layer[k]!);
    if (!into) continue;
    const t_s = events.t_s[k]!;
    if (events.kind[k] === "shot") into.shots.push(t_s);
    else if (events.kind[k] === "kill") (isOf(decoys, replay, k) ? into.decoys : into.kills).push(t_s);
  }
  const stocks = startStocks(index, replay);
  return index.layers.map(({ name, interceptor }) => {
    const { shots, kills, decoys: fooled } = found.get(name)!;
    return {
      layer: name,
      interceptor,
      stock: stocks.get(name) ?? null,
      shots: sorted(shots),
      kills: sorted(kills),
      decoys: sorted(fooled),
    };
  });
}

/** When threats (not decoys) were launched and when each met its end. */
export function threatTimes(replay: Replay): ThreatTimes {
  const { events } = replay;
  const decoys = decoysOf(replay);
  const found: Record<string, number[]> = { launch: [], kill: [], leak: [], outside: [] };
  for (let k = 0; k < events.rows; k += 1) {
    const into = found[events.kind[k]!];
    if (into && !isOf(decoys, replay, k)) into.push(events.t_s[k]!);
  }
  return {
    launched: sorted(found.launch!),
    destroyed: sorted(found.kill!),
    leaked: sorted(found.leak!),
    outside: sorted(found.outside!),
  };
}

/** Whether rounds at the start are those that the run recorded; else they are the scenario's plain values. */
export function isRecorded(replay: Replay): boolean {
  return recorded(replay).length > 0;
}

/** Rounds at the start of the raid by layer: as the run recorded them, else, of the first raid alone, as the scenario
 *  gives them; before a later raid some have been fired. */
function startStocks(index: Index, replay: Replay): Map<string, number> {
  const found = new Map<string, number>();
  const rows = recorded(replay);
  const isFirst = index.raids[0]?.name === replay.raid;
  for (const { layer, stock } of rows.length ? rows : isFirst ? index.sites : [])
    found.set(layer, (found.get(layer) ?? 0) + stock);
  return found;
}

function recorded(replay: Replay): StartStock[] {
  const meta: Replay["meta"] & { stocks?: StartStock[] } = replay.meta;
  return meta.stocks ?? [];
}

function decoysOf(replay: Replay): Set<number> {
  const { id, kind, rows } = replay.objects;
  const found = new Set<number>();
  for (let k = 0; k < rows; k += 1) if (kind[k] === "decoy") found.add(id[k]!);
  return found;
}

/** Whether an event is about a decoy, whichever of its two objects that is. */
function isOf(decoys: Set<number>, replay: Replay, k: number): boolean {
  return decoys.has(replay.events.object[k]!) || decoys.has(replay.events.other[k]!);
}

function sorted(times: number[]): Float64Array {
  return Float64Array.from(times).sort();
}
