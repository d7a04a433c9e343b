// What moves and stands on the flat map, in strokes of a 2D canvas.

import { covarianceOf, drawnAs, errorOf, onMap, type Miss } from "../belief";
import type { Index, Replay } from "../data";
import { beliefAt, isOfDecoy, isShown, type Beliefs } from "../globe/moving";
import { layerOf } from "../globe/ground";
import { eyes, rimAngle } from "../globe/fields";
import { satelliteAt, satellitesAt } from "../orbit";
import { circle, EARTH_KM, FLYING, geodetic, type Places, type Tracks } from "../place";
import { across, down, type Frame } from "./frame";
import type { Palette } from "./palette";

export interface Canvas {
  brush: CanvasRenderingContext2D;
  frame: Frame;
  colours: Palette;
}

/** What is known of the satellites of one replay. */
export interface Sky {
  shells: number[][];
  /** Places, written here. */
  satellites: Float64Array;
  /** Since when each has no interceptor left. */
  spent_s: Float64Array;
}

const TRAIL_S = 600;
const RAD = Math.PI / 180;

/** Rows of the satellites that work, by constellation. */
export function shellsOf(index: Index, { satellites }: Replay): number[][] {
  const ordinal = new Map(index.constellations.map(({ name }, k) => [name, k]));
  const out = index.constellations.map((): number[] => []);
  satellites.constellation.forEach((name, k) => {
    if (satellites.works[k]) out[ordinal.get(name) ?? -1]?.push(k);
  });
  return out;
}

/** Longitude and latitude, degrees, of every sample, once per replay. */
export function flatTracks(tracks: Tracks): { lon: Float32Array; lat: Float32Array } {
  const { table, order } = tracks;
  const lon = new Float32Array(order.length);
  const lat = new Float32Array(order.length);
  order.forEach((row, at) => {
    const place = geodetic(table.x_km[row]!, table.y_km[row]!, table.z_km[row]!);
    [lon[at], lat[at]] = [place.lon_deg, place.lat_deg];
  });
  return { lon, lat };
}

export function drawNight({ brush, frame, colours }: Canvas, sun: readonly [number, number, number]): void {
  const tan = Math.tan(Math.asin(sun[2])) || 1e-6;
  const noon = Math.atan2(sun[1], sun[0]) / RAD;
  const dark = sun[2] > 0 ? -90 : 90;
  brush.beginPath();
  brush.moveTo(0, down(frame, dark));
  for (let x = 0; x <= frame.width; x += 6) {
    const lon = frame.lon_deg + (x - frame.width / 2) / frame.scale;
    brush.lineTo(x, down(frame, Math.atan(-Math.cos((lon - noon) * RAD) / tan) / RAD));
  }
  brush.lineTo(frame.width, down(frame, dark));
  brush.globalAlpha = 0.28;
  brush.fillStyle = colours.night;
  brush.fill();
  brush.globalAlpha = 1;
}

export function drawGround(canvas: Canvas, index: Index, off: ReadonlySet<string>): void {
  const { brush, colours } = canvas;
  if (!off.has("areas")) for (const area of index.areas) {
    ring(canvas, circle(area.lat_deg, area.lon_deg, area.radius_km), colours.area, 0.14);
  }
  if (!off.has("fans")) for (const sensor of index.sensors) {
    if (sensor.kind !== "radar" || sensor.lat_deg === null || sensor.lon_deg === null || !(sensor.range_km > 0)) continue;
    const all = circle(sensor.lat_deg, sensor.lon_deg, sensor.range_km, 120);
    const inSector = all.filter((_, k) => {
      const turn = Math.abs(((k * 3 - sensor.azimuth_deg + 540) % 360) - 180);
      return turn <= sensor.sector_deg / 2;
    });
    // Starting where the sector starts, not at north.
    const from = Math.round((((sensor.azimuth_deg - sensor.sector_deg / 2) % 360) + 360) / 3) % 120;
    const sector = sensor.sector_deg >= 360 ? all
      : [[sensor.lat_deg, sensor.lon_deg] as [number, number], ...inSector.map((_, k) => all[(from + k) % 120]!)];
    ring(canvas, sector, colours.fan, 0.08);
  }
  if (off.has("sites")) return;
  for (const site of index.sites) {
    const colour = colours.layers[layerOf(index, site.layer) % colours.layers.length]!;
    brush.setLineDash([4, 4]);
    if (site.range_km > 0) ring(canvas, circle(site.lat_deg, site.lon_deg, site.range_km), colour, 0);
    brush.setLineDash([]);
    brush.fillStyle = colour;
    brush.fillRect(across(canvas.frame, site.lon_deg) - 3.5, down(canvas.frame, site.lat_deg) - 3.5, 7, 7);
  }
  for (const place of index.places) triangle(canvas, place.lat_deg, place.lon_deg, 5, colours.threat, false);
}

export function drawFields(canvas: Canvas, index: Index, replay: Replay, t_s: number, off: ReadonlySet<string>, satellite: number): void {
  if (off.has("fields")) return;
  const r = [0, 0, 0];
  for (const sensor of index.sensors) {
    if (sensor.kind !== "infrared" || sensor.constellation === null) continue;
    for (const k of eyes(replay, sensor.constellation, off, satellite)) {
      satelliteAt(replay.satellites, k, t_s, replay.meta.gmst_rad, r);
      const { lat_deg, lon_deg } = geodetic(r[0]!, r[1]!, r[2]!);
      const angle = rimAngle(Math.hypot(...r) / EARTH_KM, sensor.field_of_regard_deg, sensor.range_km / EARTH_KM);
      ring(canvas, circle(lat_deg, lon_deg, angle * 6371), canvas.colours.cursor, 0);
    }
  }
}

export function drawSatellites({ brush, frame, colours }: Canvas, index: Index, replay: Replay, t_s: number,
                               off: ReadonlySet<string>, { shells, satellites: out, spent_s }: Sky, picked: number): void {
  const { satellites } = replay;
  satellitesAt(satellites, t_s, replay.meta.gmst_rad, out);
  const at = (k: number): [number, number] => {
    const x = out[3 * k]!;
    const y = out[3 * k + 1]!;
    // Geodetic latitude from the flattened radius: within 0.2 degrees at these heights, less than a pixel.
    return [across(frame, Math.atan2(y, x) / RAD), down(frame, Math.atan2(out[3 * k + 2]!, Math.sqrt(x * x + y * y)) / RAD)];
  };
  const size = satellites.rows > 2000 ? 1.6 : 3;
  index.constellations.forEach(({ name }, ordinal) => {
    if (off.has(name)) return;
    brush.fillStyle = colours.shells[ordinal % colours.shells.length]!;
    for (const k of shells[ordinal]!) {
      if (t_s >= spent_s[k]!) continue;
      const [x, y] = at(k);
      brush.fillRect(x - size / 2, y - size / 2, size, size);
    }
    brush.strokeStyle = colours.miss;
    brush.lineWidth = 1.2;
    for (const k of shells[ordinal]!) {
      if (t_s < spent_s[k]!) continue;
      const [x, y] = at(k);
      brush.strokeRect(x - 2.5, y - 2.5, 5, 5);
    }
  });
  if (picked < 0) return;
  brush.beginPath();
  brush.arc(...at(picked), 7, 0, 2 * Math.PI);
  brush.strokeStyle = colours.cursor;
  brush.lineWidth = 1.6;
  brush.stroke();
}

export function drawTrails(canvas: Canvas, replay: Replay, tracks: Tracks, flat: { lon: Float32Array; lat: Float32Array },
                           places: Places, t_s: number, off: ReadonlySet<string>, selectedRow: number): void {
  if (off.has("trails")) return;
  const { brush, frame, colours } = canvas;
  const { table, order } = tracks;
  for (let row = 0; row < replay.objects.rows; row += 1) {
    const [first, after] = [tracks.first[row]!, tracks.after[row]!];
    if (after - first < 2 || !isShown(replay, row, off)) continue;
    const end_s = table.t_s[order[after - 1]!]!;
    const isPicked = row === selectedRow;
    if (table.t_s[order[first]!]! > t_s || (!isPicked && t_s - end_s > TRAIL_S)) continue;
    brush.strokeStyle = trailColour(replay, row, t_s > end_s, colours);
    brush.globalAlpha = isPicked ? 1 : 0.55 * (1 - Math.max(0, t_s - end_s) / TRAIL_S) + 0.05;
    brush.lineWidth = isPicked ? 2.4 : 1.2;
    brush.beginPath();
    const upTo = tracks.cursor[row]!;
    let before = NaN;
    const go = (lon: number, lat: number): void => {
      const x = across(frame, lon);
      if (Math.abs(x - before) < 180 * frame.scale) brush.lineTo(x, down(frame, lat));
      else brush.moveTo(x, down(frame, lat));
      before = x;
    };
    for (let at = first; at <= upTo; at += 1) go(flat.lon[at]!, flat.lat[at]!);
    if (places.state[row] === FLYING) {
      const here = geodetic(places.r_km[3 * row]!, places.r_km[3 * row + 1]!, places.r_km[3 * row + 2]!);
      go(here.lon_deg, here.lat_deg);
    }
    brush.stroke();
  }
  brush.globalAlpha = 1;
}

export function drawObjects(canvas: Canvas, replay: Replay, tracks: Tracks, beliefs: Beliefs, places: Places, t_s: number,
                            off: ReadonlySet<string>, selectedRow: number): void {
  const { brush, colours } = canvas;
  for (let row = 0; row < replay.objects.rows; row += 1) {
    if (places.state[row] !== FLYING || !isShown(replay, row, off)) continue;
    const at = geodetic(places.r_km[3 * row]!, places.r_km[3 * row + 1]!, places.r_km[3 * row + 2]!);
    const size = row === selectedRow ? 1.7 : 1;
    const kind = replay.objects.kind[row];
    if (kind === "interceptor") disc(canvas, at.lat_deg, at.lon_deg, 3.2 * size, colours.interceptor, true);
    else triangle(canvas, at.lat_deg, at.lon_deg, 5 * size, kind === "decoy" ? colours.decoy : places.phase[row] ? colours.threat : colours.boost, kind !== "decoy");
    const k = off.has("beliefs") ? -1 : beliefAt(replay, beliefs, row, t_s);
    if (k < 0) continue;
    belief(canvas, replay, k);
    if (row === selectedRow) missLine(canvas, errorOf(replay, tracks, row, k));
  }
  brush.globalAlpha = 1;
}

export function drawEvents(canvas: Canvas, replay: Replay, tracks: Tracks, t_s: number, off: ReadonlySet<string>): void {
  if (off.has("events")) return;
  const { brush, frame, colours } = canvas;
  const { events } = replay;
  for (let k = 0; k < events.rows; k += 1) {
    const age = t_s - events.t_s[k]!;
    const kind = events.kind[k];
    if (age < 0 || (kind !== "kill" && kind !== "leak" && !(kind === "miss" && age < 300))) continue;
    if (!Number.isFinite(events.x_km[k]!) || (kind === "leak" && isOfDecoy(replay, tracks, k))) continue;
    const at = geodetic(events.x_km[k]!, events.y_km[k]!, events.z_km[k]!);
    const size = (age < 20 ? 2 - age / 20 : 1) * 4;
    if (kind === "leak") {
      disc(canvas, at.lat_deg, at.lon_deg, 1.4 * size, colours.leak, false, 2.2);
      continue;
    }
    const [x, y] = [across(frame, at.lon_deg), down(frame, at.lat_deg)];
    brush.beginPath();
    brush.moveTo(x - size, kind === "kill" ? y - size : y);
    brush.lineTo(x + size, kind === "kill" ? y + size : y);
    if (kind === "kill") {
      brush.moveTo(x - size, y + size);
      brush.lineTo(x + size, y - size);
    }
    brush.strokeStyle = kind === "kill" ? colours.kill : colours.miss;
    brush.lineWidth = 2;
    brush.stroke();
  }
}

/** The ellipsoid of a belief, laid on the ground; dashed where it is drawn larger than it is. */
function belief({ brush, frame, colours }: Canvas, replay: Replay, k: number): void {
  const { x_km, y_km, z_km } = replay.beliefs;
  const r_km = [x_km[k]!, y_km[k]!, z_km[k]!] as const;
  const { lat_deg, lon_deg } = geodetic(...r_km);
  const { major, minor, turn_rad, isLarger } = drawnAs(onMap(r_km, covarianceOf(replay, k), frame.scale));
  brush.beginPath();
  brush.ellipse(across(frame, lon_deg), down(frame, lat_deg), major, minor, turn_rad, 0, 2 * Math.PI);
  brush.setLineDash(isLarger ? [3, 3] : []);
  brush.strokeStyle = colours.ink;
  brush.lineWidth = 1.2;
  brush.stroke();
  brush.setLineDash([]);
}

/** From where the object was to where it was believed to be. */
function missLine({ brush, frame, colours }: Canvas, { truth_km, believed_km }: Miss): void {
  const [from, to] = [truth_km, believed_km].map((r) => geodetic(...r)) as [ReturnType<typeof geodetic>, ReturnType<typeof geodetic>];
  brush.beginPath();
  brush.moveTo(across(frame, from.lon_deg), down(frame, from.lat_deg));
  brush.lineTo(across(frame, to.lon_deg), down(frame, to.lat_deg));
  brush.strokeStyle = colours.ink;
  brush.lineWidth = 1.2;
  brush.stroke();
}

function trailColour(replay: Replay, row: number, isOver: boolean, colours: Palette): string {
  const fate = replay.objects.fate[row];
  const kind = replay.objects.kind[row];
  if (!isOver) return kind === "interceptor" ? colours.interceptor : kind === "decoy" ? colours.decoy : colours.threat;
  if (fate === "destroyed" || fate === "hit") return colours.kill;
  return fate === "leaked" ? colours.leak : colours.miss;
}

function ring({ brush, frame, colours: _ }: Canvas, points: [number, number][], colour: string, fill: number): void {
  if (!points.length) return;
  brush.beginPath();
  let before = NaN;
  let isWhole = true;
  for (const [lat, lon] of [...points, points[0]!]) {
    const x = across(frame, lon);
    const isJump = Math.abs(x - before) > 180 * frame.scale;
    if (Number.isNaN(before) || isJump) brush.moveTo(x, down(frame, lat));
    else brush.lineTo(x, down(frame, lat));
    if (isJump) isWhole = false;
    before = x;
  }
  brush.strokeStyle = brush.fillStyle = colour;
  brush.lineWidth = 1;
  brush.globalAlpha = fill;
  // A shape that is cut by the edge of the map, or holds a pole, gets its outline only.
  if (fill > 0 && isWhole) brush.fill();
  brush.globalAlpha = 0.8;
  brush.stroke();
  brush.globalAlpha = 1;
}

function disc({ brush, frame }: Canvas, lat: number, lon: number, radius: number, colour: string, isFull: boolean, width = 1.2): void {
  brush.beginPath();
  brush.arc(across(frame, lon), down(frame, lat), radius, 0, 2 * Math.PI);
  brush.fillStyle = brush.strokeStyle = colour;
  brush.lineWidth = width;
  if (isFull) brush.fill();
  else brush.stroke();
}

function triangle({ brush, frame }: Canvas, lat: number, lon: number, size: number, colour: string, isFull: boolean): void {
  const [x, y] = [across(frame, lon), down(frame, lat)];
  brush.beginPath();
  brush.moveTo(x, y - size);
  brush.lineTo(x + 0.9 * size, y + 0.8 * size);
  brush.lineTo(x - 0.9 * size, y + 0.8 * size);
  brush.closePath();
  brush.fillStyle = brush.strokeStyle = colour;
  brush.lineWidth = 1.4;
  if (isFull) brush.fill();
  else brush.stroke();
}
