// Events of the run in order of time, with the counts of the table up to an instant. Nothing here is computed but
// "how many rows so far".

import { satelliteName } from "./satellite";
import type { Replay } from "./data";

/** One row of the events table, with the names that belong to it. */
export interface Happening {
  row: number;
  t_s: number;
  kind: string;
  object: number;
  other: number;
  /** The threat or decoy that it is about, whichever of the two that is; null where it is about none. */
  threat: number | null;
  /** Name and type of that threat, or else of the object. */
  name: string;
  type: string;
  layer: string;
  site: string;
  /** The sensor that told of it, and the satellites by which it saw it; else empty. */
  sensor: string;
  satellites: number[];
  /** These in words: "low-eye, low 12 and low 31". */
  told: string;
}

export interface Counts {
  launched: number;
  in_flight: number;
  killed: number;
  leaked: number;
  shots: number;
}

export interface Story {
  happenings: Happening[];
  /** Times of the same, for searching. */
  times: Float64Array;
  /** Row in the objects table, by id. */
  objects: Map<number, number>;
  counts(t_s: number): Counts;
}

/** Number of entries at or before t in a sorted list. */
export function upTo(times: ArrayLike<number>, t_s: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= t_s) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function storyOf(replay: Replay): Story {
  const objects = new Map<number, number>();
  for (let row = 0; row < replay.objects.rows; row++) objects.set(replay.objects.id[row]!, row);
  const happenings = happeningsOf(replay, objects);
  const isThreat = (h: Happening): boolean => {
    const row = h.threat === null ? undefined : objects.get(h.threat);
    return row !== undefined && replay.objects.kind[row] === "threat";
  };
  const timesOf = (kind: string, threatsOnly: boolean): Float64Array =>
    Float64Array.from(happenings.filter((h) => h.kind === kind && (!threatsOnly || isThreat(h))), (h) => h.t_s);
  const launches = timesOf("launch", true);
  const kills = timesOf("kill", true);
  const leaks = timesOf("leak", true);
  const shots = timesOf("shot", false);
  const [starts, ends] = flightTimes(replay);
  return {
    happenings, objects,
    times: Float64Array.from(happenings, (h) => h.t_s),
    counts: (t_s) => ({
      launched: upTo(launches, t_s), in_flight: upTo(starts, t_s) - upTo(ends, t_s), killed: upTo(kills, t_s),
      leaked: upTo(leaks, t_s), shots: upTo(shots, t_s),
    }),
  };
}

function happeningsOf(replay: Replay, objects: Map<number, number>): Happening[] {
  const { events, objects: flown } = replay;
  const rows = Array.from({ length: events.rows }, (_, row) => {
    const object = events.object[row]!;
    const other = events.other[row]!;
    const threat = [object, other].find((id) => objects.has(id) && flown.kind[objects.get(id)!] !== "interceptor") ?? null;
    const at = objects.get(threat ?? object);
    const sensor = events.sensor[row]!;
    const satellites = [events.satellite[row]!, events.satellite_2[row]!].filter((id) => id >= 0);
    return {
      sensor, satellites, told: [sensor, satellites.map((id) => satelliteName(replay, id)).join(" and ")].filter(Boolean).join(", "),
      row, t_s: events.t_s[row]!, kind: events.kind[row]!, object, other, threat,
      name: at === undefined ? "" : flown.name[at]!, type: at === undefined ? "" : flown.type[at]!,
      layer: events.layer[row]!, site: events.site[row]!,
    };
  });
  return rows.sort((a, b) => a.t_s - b.t_s || a.row - b.row);
}

/** When threats started and ended, each sorted. */
function flightTimes(replay: Replay): [Float64Array, Float64Array] {
  const rows = Array.from({ length: replay.objects.rows }, (_, row) => row).filter((row) => replay.objects.kind[row] === "threat");
  return [Float64Array.from(rows, (row) => replay.objects.start_s[row]!).sort(),
          Float64Array.from(rows, (row) => replay.objects.end_s[row]!).sort()];
}

// Times are compared a little apart: going to an event and on to the next must not stay on the same one.
const APART_S = 1e-3;

/** The first event after t, or null. */
export function nextAfter(times: ArrayLike<number>, t_s: number): number | null {
  const at = upTo(times, t_s + APART_S);
  return at < times.length ? at : null;
}

/** The last event before t, or null; the first of those at the same instant. */
export function lastBefore(times: ArrayLike<number>, t_s: number): number | null {
  let at = upTo(times, t_s - APART_S) - 1;
  if (at < 0) return null;
  while (at > 0 && times[at - 1]! === times[at]!) at--;
  return at;
}

/** The next leak after t, and round to the first again; null where nothing leaked. */
export function nextLeak(story: Story, t_s: number): Happening | null {
  const leaks = story.happenings.filter((h) => h.kind === "leak");
  return leaks.find((h) => h.t_s > t_s + APART_S) ?? leaks[0] ?? null;
}

const WORDS: Record<string, string> = {
  launch: "launched", warned: "warned of", warning: "warned of", seen: "tracked", track: "tracked", shot: "shot at",
  kill: "destroyed", miss: "missed", leak: "leaked", outside: "came down outside",
};

/** What happened, in words: "destroyed by gbi, fort-greely". */
export function inWords(happening: Happening): string {
  return `${wordOf(happening)}${byWhom(happening)}`;
}

/** The same with the name of what it happened to: "destroyed: icbm 3 by gbi, fort-greely". */
export function lineOf(happening: Happening): string {
  return `${wordOf(happening)}${happening.name && `: ${happening.name}`}${byWhom(happening)}`;
}

const wordOf = (happening: Happening): string => WORDS[happening.kind] ?? happening.kind;

function byWhom({ layer, site, told }: Happening): string {
  const by = [layer, site, told].filter((part, i, all) => part && all.indexOf(part) === i).join(", ");
  return by && ` by ${by}`;
}
