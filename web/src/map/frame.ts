// The flat map's frame: longitude across, geodetic latitude down, centred on the camera's place.

import type { State } from "../state";

export interface Frame {
  width: number;
  height: number;
  lon_deg: number;
  lat_deg: number;
  /** Pixels per degree, the same both ways. */
  scale: number;
}

/** Camera distance from which the whole world fits. */
const WORLD_AT = 3.2;
const SCALE_MAX = 400;

export function frameOf([lon_deg, lat_deg, distance]: State["camera"], width: number, height: number): Frame {
  const whole = Math.max(width / 360, Math.min(width / 360, height / 180));
  const scale = Math.min(SCALE_MAX, whole * Math.max(1, (WORLD_AT - 1) / Math.max(distance - 1, 1e-3)));
  const half = height / (2 * scale);
  return { width, height, lon_deg, lat_deg: half >= 90 ? 0 : Math.min(90 - half, Math.max(half - 90, lat_deg)), scale };
}

/** Pixels from the left edge; the nearest of the world's copies to the middle. */
export function across(frame: Frame, lon_deg: number): number {
  const d = lon_deg - frame.lon_deg;
  return frame.width / 2 + (d - 360 * Math.round(d / 360)) * frame.scale;
}

export function down(frame: Frame, lat_deg: number): number {
  return frame.height / 2 - (lat_deg - frame.lat_deg) * frame.scale;
}
