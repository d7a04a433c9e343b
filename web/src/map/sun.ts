// Where the Sun stands, for shading the night: within 0.02 degrees (Vallado 2013, algorithm 29).

import { EARTH_RATE_RAD_S } from "../orbit";
import type { Vector } from "../place";

const RAD = Math.PI / 180;
const J2000_MS = Date.UTC(2000, 0, 1, 12);

/** Unit vector to the Sun, Earth-fixed, `t_s` after `start` (ISO 8601); `gmst_rad` is the Earth's angle at 0 s. */
export function sunAt(start: string, t_s: number, gmst_rad: number): Vector {
  const centuries = (Date.parse(start) + 1000 * t_s - J2000_MS) / (36525 * 86400e3);
  const anomaly = RAD * (357.5277233 + 35999.05034 * centuries);
  const longitude = RAD * (280.4606184 + 36000.77005361 * centuries + 1.914666471 * Math.sin(anomaly)
    + 0.019994643 * Math.sin(2 * anomaly));
  const tilt = RAD * (23.439291 - 0.0130042 * centuries);
  const x = Math.cos(longitude);
  const y = Math.sin(longitude) * Math.cos(tilt);
  const angle = gmst_rad + EARTH_RATE_RAD_S * t_s;
  return [x * Math.cos(angle) + y * Math.sin(angle), y * Math.cos(angle) - x * Math.sin(angle),
          Math.sin(longitude) * Math.sin(tilt)];
}
