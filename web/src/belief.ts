// What the defence believed of an object, as it is drawn: the ellipsoid of one standard deviation, seen from the camera or
// laid on the map, and how far its middle was from the truth. Geometry alone.

import type { Replay } from "./data";
import { axesAt, EARTH_KM, geodetic, placeAt, type Tracks, type Vector } from "./place";

/** Symmetric, three by three: xx, xy, xz, yy, yz, zz. */
export type Covariance = readonly [number, number, number, number, number, number];

/** On the screen: pixels from the top left corner, y downwards. */
export interface Ellipse {
  x: number;
  y: number;
  /** Half axes; the first is the longer. */
  major: number;
  minor: number;
  /** From the x axis to the longer half axis, rad, turning towards y. */
  turn_rad: number;
}

/** An ellipse whose longer half axis is shorter than this, pixels, is drawn as a dashed circle of this radius instead. */
export const LEAST_PX = 6;

export function covarianceOf({ beliefs }: Replay, k: number): Covariance {
  return [beliefs.xx_km2[k]!, beliefs.xy_km2[k]!, beliefs.xz_km2[k]!, beliefs.yy_km2[k]!, beliefs.yz_km2[k]!, beliefs.zz_km2[k]!];
}

/** p' C q. */
function form([xx, xy, xz, yy, yz, zz]: Covariance, p: Vector, q: Vector): number {
  return p[0] * (xx * q[0] + xy * q[1] + xz * q[2]) + p[1] * (xy * q[0] + yy * q[1] + yz * q[2])
    + p[2] * (xz * q[0] + yz * q[1] + zz * q[2]);
}

/** The ellipse of a covariance in the plane: half axes are the roots of its eigenvalues. */
export function ellipseOf(x: number, y: number, xx: number, xy: number, yy: number): Ellipse {
  const mean = (xx + yy) / 2;
  const apart = Math.hypot((xx - yy) / 2, xy);
  return { x, y, major: Math.sqrt(Math.max(0, mean + apart)), minor: Math.sqrt(Math.max(0, mean - apart)),
           turn_rad: apart > 0 ? Math.atan2(xy, (xx - yy) / 2) / 2 : 0 };
}

/**
 * Outline, on a screen of `width` by `height` pixels, of the ellipsoid of a covariance about `r`: exact in perspective.
 * `matrix` (16, by columns) takes places to clip space; covariance and r are in its unit of length. null where the
 * ellipsoid is behind the camera or around it.
 *
 * The planes that touch the ellipsoid make its dual quadric, and the camera P takes that to the dual of the outline,
 * P (C - r r') P': its last entry scales it, the rest are the middle and, less that squared, the outline's own covariance.
 */
export function silhouette(matrix: ArrayLike<number>, width: number, height: number, r: Vector, covariance: Covariance): Ellipse | null {
  const row = (k: number): number[] => [0, 1, 2, 3].map((column) => matrix[4 * column + k]!);
  const [cx, cy, w] = [row(0), row(1), row(3)];
  const toPixels = [cx.map((c, i) => ((c + w[i]!) * width) / 2), cy.map((c, i) => ((w[i]! - c) * height) / 2), w];
  const at = toPixels.map((p) => p[0]! * r[0] + p[1]! * r[1] + p[2]! * r[2] + p[3]!);
  const dual = (i: number, j: number): number =>
    form(covariance, toPixels[i] as unknown as Vector, toPixels[j] as unknown as Vector) - at[i]! * at[j]!;
  const scale = dual(2, 2);
  if (at[2]! <= 0 || scale >= 0) return null;
  const [x, y] = [dual(0, 2) / scale, dual(1, 2) / scale];
  return ellipseOf(x, y, x * x - dual(0, 0) / scale, x * y - dual(0, 1) / scale, y * y - dual(1, 1) / scale);
}

/** The ellipsoid laid on the flat map straight down: x to the east and y to the south, `scale` pixels for a degree. */
export function onMap(r_km: Vector, covariance_km2: Covariance, scale: number): Omit<Ellipse, "x" | "y"> {
  const { lat_deg, lon_deg, alt_km } = geodetic(...r_km);
  const { east, north } = axesAt(lat_deg, lon_deg);
  const north_px = (scale * 180) / (Math.PI * (EARTH_KM + alt_km));
  const east_px = north_px / Math.max(0.01, Math.cos((lat_deg * Math.PI) / 180));
  return ellipseOf(0, 0, form(covariance_km2, east, east) * east_px ** 2, -form(covariance_km2, east, north) * east_px * north_px,
                   form(covariance_km2, north, north) * north_px ** 2);
}

/** As it is drawn: what would be too small to see becomes a circle of LEAST_PX, and `isLarger` says so. */
export function drawnAs(found: Pick<Ellipse, "major" | "minor" | "turn_rad">): { major: number; minor: number; turn_rad: number; isLarger: boolean } {
  const isLarger = found.major < LEAST_PX;
  return isLarger ? { major: LEAST_PX, minor: LEAST_PX, turn_rad: 0, isLarger }
    : { major: found.major, minor: Math.max(0.7, found.minor), turn_rad: found.turn_rad, isLarger };
}

export interface Miss {
  /** Where the object was when the track was updated, and where it was believed to be, km. */
  truth_km: Vector;
  believed_km: Vector;
  off_km: number;
}

/** How far belief `k` was from where its object, in `row`, was at that instant. */
export function errorOf(replay: Replay, tracks: Tracks, row: number, k: number): Miss {
  const kept = tracks.cursor[row]!;
  const at = [0, 0, 0];
  placeAt(tracks, row, replay.beliefs.t_s[k]!, at);
  tracks.cursor[row] = kept;
  const truth_km = at as unknown as Vector;
  const believed_km: Vector = [replay.beliefs.x_km[k]!, replay.beliefs.y_km[k]!, replay.beliefs.z_km[k]!];
  return { truth_km, believed_km, off_km: Math.hypot(...truth_km.map((c, i) => c - believed_km[i]!)) };
}
