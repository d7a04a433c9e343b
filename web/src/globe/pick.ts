// What is nearest to a place on the screen. Objects come before satellites.

import type { PerspectiveCamera } from "three";
import { Vector3 } from "three";
import type { Replay } from "../data";
import { satellitesAt } from "../orbit";
import { EARTH_KM, FLYING, type Places } from "../place";
import { isBehindEarth } from "./camera";
import { isShown } from "./moving";

export const REACH_PX = 10;

export interface Picked {
  kind: "object" | "satellite";
  /** Row in the table of objects or satellites. */
  row: number;
}

/** Place on the screen, pixels, of an Earth-fixed place in km; null where it is behind the camera or the Earth. */
export function onScreen(camera: PerspectiveCamera, width: number, height: number, x_km: number, y_km: number, z_km: number):
  { x: number; y: number } | null {
  const r = new Vector3(x_km, y_km, z_km).divideScalar(EARTH_KM);
  if (isBehindEarth(camera.position, r.x, r.y, r.z)) return null;
  r.project(camera);
  return Math.abs(r.z) > 1 ? null : { x: ((r.x + 1) / 2) * width, y: ((1 - r.y) / 2) * height };
}

type Seen = (x_km: number, y_km: number, z_km: number) => { x: number; y: number } | null;

export function nearest(replay: Replay, places: Places, t_s: number, off: ReadonlySet<string>, x: number, y: number,
                        seen: Seen): Picked | null {
  const objects = closest(replay.objects.rows, places.r_km, x, y, seen,
                          (row) => places.state[row] === FLYING && isShown(replay, row, off));
  if (objects >= 0) return { kind: "object", row: objects };
  const { satellites } = replay;
  const row = closest(satellites.rows, satellitesAt(satellites, t_s, replay.meta.gmst_rad), x, y, seen,
                      (k) => satellites.works[k] === 1 && !off.has(satellites.constellation[k]!));
  return row < 0 ? null : { kind: "satellite", row };
}

function closest(n: number, r_km: ArrayLike<number>, x: number, y: number, seen: Seen, isOn: (k: number) => boolean): number {
  let best = -1;
  let best_px = REACH_PX;
  for (let k = 0; k < n; k += 1) {
    const at = isOn(k) ? seen(r_km[3 * k]!, r_km[3 * k + 1]!, r_km[3 * k + 2]!) : null;
    const far = at ? Math.hypot(at.x - x, at.y - y) : Infinity;
    if (far > best_px) continue;
    best = k;
    best_px = far;
  }
  return best;
}
