// Where objects are at a time: linear between the samples of their tracks. And places on the ellipsoid.

import type { Replay } from "./data";

export type Vector = readonly [number, number, number];

/** WGS-84. */
export const EARTH_KM = 6378.137;
export const FLATTENING = 1 / 298.257223563;
const E2 = FLATTENING * (2 - FLATTENING);
const RAD = Math.PI / 180;

export const NOT_YET = 0;
export const FLYING = 1;
export const OVER = 2;

/** Rows of each object's track. Objects by row of `replay.objects`. */
export interface Tracks {
  table: Replay["tracks"];
  /** Rows of the table by object and time. */
  order: Int32Array;
  /** Per object: first place in `order`, and the one after its last. */
  first: Int32Array;
  after: Int32Array;
  /** Per object: where the last search ended. */
  cursor: Int32Array;
  /** Row of an object by its id. */
  rowOf: Map<number, number>;
}

/** All objects at one time. */
export interface Places {
  r_km: Float32Array;
  /** NOT_YET, FLYING or OVER; an object that is over stays at its last place. */
  state: Uint8Array;
  phase: Uint8Array;
}

export function tracksOf(replay: Replay): Tracks {
  const table = replay.tracks;
  const n = replay.objects.rows;
  const rowOf = new Map<number, number>();
  for (let k = 0; k < n; k += 1) rowOf.set(replay.objects.id[k]!, k);
  const order = inOrder(table);
  const first = new Int32Array(n);
  const after = new Int32Array(n);
  for (let at = 0; at < order.length;) {
    const id = table.id[order[at]!]!;
    let end = at + 1;
    while (end < order.length && table.id[order[end]!] === id) end += 1;
    const row = rowOf.get(id);
    if (row !== undefined) [first[row], after[row]] = [at, end];
    at = end;
  }
  return { table, order, first, after, cursor: Int32Array.from(first), rowOf };
}

export function placesOf(tracks: Tracks): Places {
  const n = tracks.first.length;
  return { r_km: new Float32Array(3 * n), state: new Uint8Array(n), phase: new Uint8Array(n) };
}

/** Fills `out` with all objects at `t_s`. */
export function placesAt(tracks: Tracks, t_s: number, out: Places): void {
  for (let row = 0; row < tracks.first.length; row += 1) {
    out.state[row] = placeAt(tracks, row, t_s, out.r_km, 3 * row);
    const end = tracks.after[row]! - tracks.first[row]!;
    out.phase[row] = end ? tracks.table.phase[tracks.order[tracks.cursor[row]!]!]! : 0;
  }
}

/** Writes the place, km, of the object in `row` and returns its state; the cursor stays at the sample before. */
export function placeAt(tracks: Tracks, row: number, t_s: number, out: Float32Array | number[], at = 0): number {
  const { table, order } = tracks;
  const first = tracks.first[row]!;
  const last = tracks.after[row]! - 1;
  if (last < first) return NOT_YET;
  const k = seek(tracks, row, t_s);
  const p = order[k]!;
  const q = order[Math.min(k + 1, last)]!;
  const span = table.t_s[q]! - table.t_s[p]!;
  const u = span > 0 ? Math.min(1, Math.max(0, (t_s - table.t_s[p]!) / span)) : 0;
  out[at] = table.x_km[p]! + u * (table.x_km[q]! - table.x_km[p]!);
  out[at + 1] = table.y_km[p]! + u * (table.y_km[q]! - table.y_km[p]!);
  out[at + 2] = table.z_km[p]! + u * (table.z_km[q]! - table.z_km[p]!);
  if (t_s < table.t_s[order[first]!]!) return NOT_YET;
  return t_s > table.t_s[order[last]!]! ? OVER : FLYING;
}

/** What a card says of where an object is. Speed is against the turning Earth, mean over the step between two samples. */
export interface Standing {
  state: number;
  phase: number;
  lat_deg: number;
  lon_deg: number;
  alt_km: number;
  speed_km_s: number;
}

export function standingAt(tracks: Tracks, id: number, t_s: number): Standing | null {
  const row = tracks.rowOf.get(id);
  if (row === undefined || tracks.after[row] === tracks.first[row]) return null;
  const r = [0, 0, 0];
  const state = placeAt(tracks, row, t_s, r);
  const { table, order } = tracks;
  const k = tracks.cursor[row]!;
  const p = order[Math.max(tracks.first[row]!, Math.min(k, tracks.after[row]! - 2))]!;
  const q = order[Math.min(k + 1, tracks.after[row]! - 1)]!;
  const step = Math.hypot(table.x_km[q]! - table.x_km[p]!, table.y_km[q]! - table.y_km[p]!, table.z_km[q]! - table.z_km[p]!);
  const span = table.t_s[q]! - table.t_s[p]!;
  return { state, phase: table.phase[order[k]!]!, ...geodetic(r[0]!, r[1]!, r[2]!), speed_km_s: span > 0 ? step / span : 0 };
}

/** Earth-fixed place, km, of a geodetic point. */
export function fixed(lat_deg: number, lon_deg: number, alt_km = 0): Vector {
  const s = Math.sin(lat_deg * RAD);
  const c = Math.cos(lat_deg * RAD);
  const n = EARTH_KM / Math.sqrt(1 - E2 * s * s);
  return [(n + alt_km) * c * Math.cos(lon_deg * RAD), (n + alt_km) * c * Math.sin(lon_deg * RAD), (n * (1 - E2) + alt_km) * s];
}

/** Geodetic latitude, longitude and altitude of an Earth-fixed place in km (Bowring 1976, two steps). */
export function geodetic(x: number, y: number, z: number): { lat_deg: number; lon_deg: number; alt_km: number } {
  const b = EARTH_KM * (1 - FLATTENING);
  const p = Math.hypot(x, y);
  let s = EARTH_KM * z;
  let c = b * p;
  let top = z;
  let base = p;
  for (let step = 0; step < 2; step += 1) {
    const d = Math.hypot(s, c);
    s /= d;
    c /= d;
    top = z + (E2 / (1 - E2)) * b * s ** 3;
    base = p - E2 * EARTH_KM * c ** 3;
    s = b * top;
    c = EARTH_KM * base;
  }
  const d = Math.hypot(top, base);
  const alt_km = (p * base + z * top) / d - EARTH_KM * Math.sqrt(1 - E2 * (top / d) ** 2);
  return { lat_deg: Math.atan2(top, base) / RAD, lon_deg: Math.atan2(y, x) / RAD, alt_km };
}

/** East, north and up at a geodetic point, as unit vectors. */
export function axesAt(lat_deg: number, lon_deg: number): { east: Vector; north: Vector; up: Vector } {
  const [sp, cp] = [Math.sin(lat_deg * RAD), Math.cos(lat_deg * RAD)];
  const [sl, cl] = [Math.sin(lon_deg * RAD), Math.cos(lon_deg * RAD)];
  return { east: [-sl, cl, 0], north: [-sp * cl, -sp * sl, cp], up: [cp * cl, cp * sl, sp] };
}

/** Circle of `radius_km` on the ground: `n` points of latitude and longitude (on a sphere; for drawing). */
export function circle(lat_deg: number, lon_deg: number, radius_km: number, n = 64): [number, number][] {
  const d = Math.min(radius_km / 6371, Math.PI);
  const [sp, cp] = [Math.sin(lat_deg * RAD), Math.cos(lat_deg * RAD)];
  return Array.from({ length: n }, (_, k) => {
    const azimuth = (2 * Math.PI * k) / n;
    const lat = Math.asin(Math.max(-1, Math.min(1, sp * Math.cos(d) + cp * Math.sin(d) * Math.cos(azimuth))));
    const lon = Math.atan2(Math.sin(azimuth) * Math.sin(d) * cp, Math.cos(d) - sp * Math.sin(lat));
    return [lat / RAD, ((lon_deg + lon / RAD + 540) % 360) - 180];
  });
}

function seek(tracks: Tracks, row: number, t_s: number): number {
  const { table, order } = tracks;
  const last = tracks.after[row]! - 1;
  let k = tracks.cursor[row]!;
  const isAt = (j: number) => table.t_s[order[j]!]! <= t_s && (j === last || table.t_s[order[j + 1]!]! > t_s);
  if (!isAt(k) && k < last && isAt(k + 1)) k += 1;
  if (!isAt(k)) {
    let low = tracks.first[row]!;
    let high = last;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (table.t_s[order[middle]!]! <= t_s) low = middle;
      else high = middle - 1;
    }
    k = low;
  }
  tracks.cursor[row] = k;
  return k;
}

function inOrder(table: Replay["tracks"]): Int32Array {
  const order = Int32Array.from({ length: table.rows }, (_, k) => k);
  const before = (p: number, q: number) => table.id[p]! - table.id[q]! || table.t_s[p]! - table.t_s[q]!;
  for (let k = 1; k < order.length; k += 1) if (before(k - 1, k) > 0) return order.sort(before);
  return order;
}
