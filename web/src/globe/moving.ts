// What is where now: objects, what the defence believes of them, and the events so far.

import type { Replay } from "../data";
import { rgb, type Palette } from "../map/palette";
import { EARTH_KM, FLYING, type Places, type Tracks } from "../place";
import { BAR, CROSS, DOT, HIDDEN, HOLLOW, marksOf, put, RING, TRIANGLE, type Marks } from "./points";

/** An event is drawn large for this long, s. */
const FLASH_S = 20;
/** What was seen is marked for this long, s. */
const SEEN_S = 60;

export interface Beliefs {
  /** Rows of the table by object and time. */
  order: Int32Array;
  first: Int32Array;
  after: Int32Array;
}

export function beliefsOf(replay: Replay, tracks: Tracks): Beliefs {
  const { rows, object, t_s } = replay.beliefs;
  const order = Int32Array.from({ length: rows }, (_, k) => k)
    .sort((p, q) => object[p]! - object[q]! || t_s[p]! - t_s[q]!);
  const first = new Int32Array(replay.objects.rows);
  const after = new Int32Array(replay.objects.rows);
  for (let at = 0; at < rows;) {
    let end = at + 1;
    while (end < rows && object[order[end]!] === object[order[at]!]) end += 1;
    const row = tracks.rowOf.get(object[order[at]!]!);
    if (row !== undefined) [first[row], after[row]] = [at, end];
    at = end;
  }
  return { order, first, after };
}

/** Row of the last belief of the object in `row` at or before `t_s`, or -1. */
export function beliefAt(replay: Replay, beliefs: Beliefs, row: number, t_s: number): number {
  let low = beliefs.first[row]! - 1;
  let high = beliefs.after[row]! - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (replay.beliefs.t_s[beliefs.order[middle]!]! <= t_s) low = middle;
    else high = middle - 1;
  }
  return low < beliefs.first[row]! ? -1 : beliefs.order[low]!;
}

export function isShown(replay: Replay, row: number, off: ReadonlySet<string>): boolean {
  const kind = replay.objects.kind[row]!;
  return !off.has(kind === "interceptor" ? "interceptors" : "threats") && !(kind === "decoy" && off.has("decoys"));
}

export function objectMarks(replay: Replay, pixelRatio: number): Marks {
  return marksOf(replay.objects.rows, pixelRatio);
}

export function placeObjects(marks: Marks, replay: Replay, places: Places, off: ReadonlySet<string>, selectedRow: number,
                             colours: Palette): void {
  const { kind } = replay.objects;
  const threat = rgb(colours.threat);
  const boost = rgb(colours.boost);
  const decoy = rgb(colours.decoy);
  const interceptor = rgb(colours.interceptor);
  for (let row = 0; row < replay.objects.rows; row += 1) {
    for (let i = 0; i < 3; i += 1) marks.position[3 * row + i] = places.r_km[3 * row + i]! / EARTH_KM;
    const scale = row === selectedRow ? 1.7 : 1;
    if (places.state[row] !== FLYING || !isShown(replay, row, off)) marks.shape[row] = HIDDEN;
    else if (kind[row] === "interceptor") put(marks, row, DOT, 8 * scale, interceptor);
    else if (kind[row] === "decoy") put(marks, row, HOLLOW, 9 * scale, decoy);
    else put(marks, row, TRIANGLE, 12 * scale, places.phase[row] === 0 ? boost : threat);
  }
  marks.send();
}

/** Whether an event is of a decoy: no leak is drawn for these. */
export function isOfDecoy(replay: Replay, tracks: Tracks, event: number): boolean {
  const row = tracks.rowOf.get(replay.events.object[event]!);
  return row !== undefined && replay.objects.kind[row] === "decoy";
}

/** Shape, size and colour that an event has on the globe; null for those that are only told in the log. */
function look(kind: string, colours: Palette): [number, number, string, number] | null {
  if (kind === "kill") return [CROSS, 12, colours.kill, Infinity];
  if (kind === "leak") return [RING, 15, colours.leak, Infinity];
  if (kind === "miss") return [BAR, 9, colours.miss, 300];
  if (kind === "seen" || kind === "warned") return [HOLLOW, 14, colours.cursor, SEEN_S];
  return null;
}

export function placeEvents(marks: Marks, replay: Replay, tracks: Tracks, t_s: number, off: ReadonlySet<string>,
                            colours: Palette): void {
  const { events } = replay;
  marks.points.visible = !off.has("events");
  for (let k = 0; k < events.rows; k += 1) {
    const drawn = look(events.kind[k]!, colours);
    const age = t_s - events.t_s[k]!;
    if (!drawn || (events.kind[k] === "leak" && isOfDecoy(replay, tracks, k)) || age < 0 || age > drawn[3] || !Number.isFinite(events.x_km[k]!)) {
      marks.shape[k] = HIDDEN;
      continue;
    }
    marks.position.set([events.x_km[k]! / EARTH_KM, events.y_km[k]! / EARTH_KM, events.z_km[k]! / EARTH_KM], 3 * k);
    put(marks, k, drawn[0], drawn[1] * (age < FLASH_S ? 2 - age / FLASH_S : 1), rgb(drawn[2]));
  }
  marks.send();
}
