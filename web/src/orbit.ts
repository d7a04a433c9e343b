// Where satellites are: mean elements turned steadily by J2, as src/opendome/orbits/mean.py has it. For drawing.

import type { Replay } from "./data";

export type Satellites = Replay["satellites"];

/** Turning of the Earth, rad/s (WGS-84). */
export const EARTH_RATE_RAD_S = 7.292115e-5;

const KEPLER_STEPS = 12;
const KEPLER_RAD = 1e-13;

/** Eccentric anomaly, rad, of mean anomaly `m_rad`: Newton's rule from a first step of second order. */
export function eccentricAnomaly(m_rad: number, e: number): number {
  let u = m_rad + (e * Math.sin(m_rad)) / Math.sqrt(1 - 2 * e * Math.cos(m_rad) + e * e);
  for (let step = 0; step < KEPLER_STEPS; step += 1) {
    const change = (u - e * Math.sin(u) - m_rad) / (1 - e * Math.cos(u));
    u -= change;
    if (Math.abs(change) < KEPLER_RAD) break;
  }
  return u;
}

/** Writes the Earth-fixed place, km, of satellite `k` at `t_s` into `out` at `at`; `gmst_rad` is the Earth's angle at 0 s. */
export function satelliteAt(s: Satellites, k: number, t_s: number, gmst_rad: number,
                            out: Float32Array | Float64Array | number[], at = 0): void {
  const e = s.e[k]!;
  const node = s.raan_rad[k]! - gmst_rad + (s.raan_rad_s[k]! - EARTH_RATE_RAD_S) * t_s;
  const perigee = s.argp_rad[k]! + s.argp_rad_s[k]! * t_s;
  const u = eccentricAnomaly(s.m_rad[k]! + s.m_rad_s[k]! * t_s, e);
  const x = s.a_km[k]! * (Math.cos(u) - e);
  const y = s.a_km[k]! * Math.sqrt(1 - e * e) * Math.sin(u);
  const cp = Math.cos(perigee);
  const sp = Math.sin(perigee);
  const along = cp * x - sp * y;
  const across = sp * x + cp * y;
  const ci = Math.cos(s.i_rad[k]!);
  const cn = Math.cos(node);
  const sn = Math.sin(node);
  out[at] = cn * along - sn * across * ci;
  out[at + 1] = sn * along + cn * across * ci;
  out[at + 2] = across * Math.sin(s.i_rad[k]!);
}

/** Earth-fixed places, km, of all satellites: x, y, z of the first, of the second, ... */
export function satellitesAt(s: Satellites, t_s: number, gmst_rad: number,
                             out: Float64Array = new Float64Array(3 * s.rows)): Float64Array {
  for (let k = 0; k < s.rows; k += 1) satelliteAt(s, k, t_s, gmst_rad, out, 3 * k);
  return out;
}

/** What the GPU is given: elements that stay, and angles at `base_s` that are close enough for single precision. */
export interface Based {
  base_s: number;
  /** a in Earth radii, e, cosine and sine of the inclination. */
  shape: Float32Array;
  /** Node against Greenwich, perigee, mean anomaly at base_s, rad in -pi to pi. */
  angles: Float32Array;
  /** Their rates, rad/s. */
  rates: Float32Array;
}

/** How far from base_s the GPU may go, s: beyond it the angles are taken anew. Keeps single precision within 10 m. */
export const BASE_SPAN_S = 900;

export function based(s: Satellites, rows: Int32Array, earth_km: number): Based {
  const n = rows.length;
  const out = { base_s: 0, shape: new Float32Array(4 * n), angles: new Float32Array(3 * n), rates: new Float32Array(3 * n) };
  rows.forEach((k, j) => {
    out.shape.set([s.a_km[k]! / earth_km, s.e[k]!, Math.cos(s.i_rad[k]!), Math.sin(s.i_rad[k]!)], 4 * j);
    out.rates.set([s.raan_rad_s[k]! - EARTH_RATE_RAD_S, s.argp_rad_s[k]!, s.m_rad_s[k]!], 3 * j);
  });
  return out;
}

/** Takes the angles at `t_s` as the new base. */
export function rebase(out: Based, s: Satellites, rows: Int32Array, t_s: number, gmst_rad: number): void {
  out.base_s = t_s;
  rows.forEach((k, j) => {
    out.angles[3 * j] = turned(s.raan_rad[k]! - gmst_rad + (s.raan_rad_s[k]! - EARTH_RATE_RAD_S) * t_s);
    out.angles[3 * j + 1] = turned(s.argp_rad[k]! + s.argp_rad_s[k]! * t_s);
    out.angles[3 * j + 2] = turned(s.m_rad[k]! + s.m_rad_s[k]! * t_s);
  });
}

function turned(angle_rad: number): number {
  return angle_rad - 2 * Math.PI * Math.round(angle_rad / (2 * Math.PI));
}
