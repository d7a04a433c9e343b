import { expect, test } from "vitest";
import { sunAt } from "../src/map/sun";

const DEG = 180 / Math.PI;

test("the Sun is over the tropic in June and over the equator in March", () => {
  expect(Math.asin(sunAt("2024-06-20T20:51:00Z", 0, 0)[2]) * DEG).toBeCloseTo(23.44, 1);
  expect(Math.asin(sunAt("2024-03-20T03:06:00Z", 0, 0)[2]) * DEG).toBeCloseTo(0, 1);
});

test("at noon in Greenwich it is near Greenwich, and moves west with time", () => {
  // Earth's angle at 2024-06-20 12:00 UTC: 280.46062 + 360.98564737 d, d = 8937.0 days after J2000.
  const gmst = (((280.46062 + 360.98564737 * 8937) % 360) / DEG);
  const lon = (t_s: number) => { const [x, y] = sunAt("2024-06-20T12:00:00Z", t_s, gmst); return Math.atan2(y, x) * DEG; };
  expect(Math.abs(lon(0))).toBeLessThan(1);
  expect(lon(3600) - lon(0)).toBeCloseTo(-15, 1);
});
