// Where the camera stands when nobody said where.

import type { Index } from "./data";
import type { State } from "./state";

const RAD = Math.PI / 180;

/** Over the middle of what is attacked and where it comes from, as near as all of it can be seen. For drawing only. */
export function firstCamera(index: Index): State["camera"] {
  const directions = [...index.areas, ...index.places].map(({ lat_deg, lon_deg }) =>
    [Math.cos(lat_deg * RAD) * Math.cos(lon_deg * RAD), Math.cos(lat_deg * RAD) * Math.sin(lon_deg * RAD), Math.sin(lat_deg * RAD)] as const);
  const [x, y, z] = [0, 1, 2].map((axis) => directions.reduce((sum, d) => sum + d[axis]!, 0)) as [number, number, number];
  const length = Math.hypot(x, y, z);
  if (length < 1e-6) return [0, 30, 3];
  const spread = Math.max(...directions.map((d) => Math.acos(Math.min(1, (d[0] * x + d[1] * y + d[2] * z) / length)))) / RAD;
  const tenths = (value: number): number => Math.round(10 * value) / 10;
  return [tenths(Math.atan2(y, x) / RAD), tenths(Math.asin(z / length) / RAD), tenths(1 + Math.min(2, Math.max(0.4, spread / 25)))];
}
