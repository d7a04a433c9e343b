// What is said of a satellite: its name and state, where it is drawn, what it fired and what it has left. Counts of rows.

import type { Index, Replay } from "./data";
import { satelliteAt } from "./orbit";
import { geodetic } from "./place";

/** Ids of the interceptors that a satellite fired, in order of time. */
export function firedBy({ objects }: Replay, satellite: number): number[] {
  const rows = Array.from({ length: objects.rows }, (_, row) => row).filter((row) => objects.satellite[row] === satellite);
  return rows.sort((p, q) => objects.start_s[p]! - objects.start_s[q]!).map((row) => objects.id[row]!);
}

/** Whether a constellation carries interceptors. */
export function isArmed(index: Index, constellation: string): boolean {
  const layers = new Set(index.layers.map(({ name }) => name));
  return index.constellations.some(({ name, carries }) => name === constellation && carries.some((one) => layers.has(one)));
}

/** Since when each satellite (row) has no interceptor left, s: Infinity where it still has one at the end or never carried
 *  any, -Infinity where it had fired all of them before this raid. */
export function spentTimes(index: Index, replay: Replay): Float64Array {
  const { satellites, objects } = replay;
  const armed = new Set(index.constellations.map(({ name }) => name).filter((name) => isArmed(index, name)));
  const starts = new Map<number, number[]>();
  for (let row = 0; row < objects.rows; row += 1) {
    const by = objects.satellite[row]!;
    if (by >= 0) starts.set(by, [...(starts.get(by) ?? []), objects.start_s[row]!]);
  }
  return Float64Array.from({ length: satellites.rows }, (_, k) => {
    if (!satellites.works[k] || !armed.has(satellites.constellation[k]!)) return Infinity;
    const rounds = satellites.rounds[k]!;
    if (rounds <= 0) return -Infinity;
    const fired = (starts.get(satellites.id[k]!) ?? []).sort((p, q) => p - q);
    return fired.length >= rounds ? fired[rounds - 1]! : Infinity;
  });
}

/** Row of a satellite by its id; -1 for none. */
export function satelliteRow(replay: Replay, id: number | null): number {
  if (id === null) return -1;
  return replay.satellites.id[id] === id ? id : replay.satellites.id.indexOf(id as never);
}

/** What a satellite is called: its constellation and number. */
export function satelliteName(replay: Replay, id: number): string {
  const row = satelliteRow(replay, id);
  return row < 0 ? `satellite ${id}` : `${replay.satellites.constellation[row]!} ${id}`;
}

/** State of a satellite in words, at t. */
export function satelliteState(index: Index, replay: Replay, id: number, t_s: number): string {
  const row = satelliteRow(replay, id);
  if (row < 0) return "not in this raid of this run";
  if (!replay.satellites.works[row]) return "out of order in this run";
  if (!isArmed(index, replay.satellites.constellation[row]!)) return "works";
  const rounds = replay.satellites.rounds[row]!;
  const { objects } = replay;
  let fired = 0;
  for (let k = 0; k < objects.rows; k += 1) if (objects.satellite[k] === id && objects.start_s[k]! <= t_s) fired += 1;
  if (fired < rounds) return `works, ${rounds - fired} of ${rounds} interceptors left`;
  return rounds ? "spent: has fired all that it had" : "spent: had fired all before this raid";
}

/** What a card says of a satellite, by name. Altitude and speed, against the turning Earth, are read off where it is drawn. */
export function satelliteFacts(index: Index, replay: Replay, id: number, t_s: number): [string, string][] {
  const row = satelliteRow(replay, id);
  if (row < 0) return [["state", satelliteState(index, replay, id, t_s)]];
  const constellation = replay.satellites.constellation[row]!;
  const place = (at_s: number): [number, number, number] => {
    const r: [number, number, number] = [0, 0, 0];
    satelliteAt(replay.satellites, row, at_s, replay.meta.gmst_rad, r);
    return r;
  };
  const [before, after] = [place(t_s - 0.5), place(t_s + 0.5)];
  return [
    ["type", `satellite of ${constellation}`],
    ["carries", index.constellations.find(({ name }) => name === constellation)?.carries.join(", ") ?? ""],
    ["state", satelliteState(index, replay, id, t_s)],
    ["altitude", `${geodetic(...place(t_s)).alt_km.toFixed(0)} km`],
    ["speed", `${Math.hypot(...after.map((c, i) => c - before[i]!)).toFixed(1)} km/s`],
  ];
}
