import { expect, test } from "vitest";
import { BASE_SPAN_S, based, rebase, satelliteAt, satellitesAt, type Satellites } from "../src/orbit";
import { EARTH_KM } from "../src/place";
import cases from "./orbits.json";
import { MANY, sampleReplay } from "./sample";

const n = cases.satellites.a_km.length;
const columns = Object.fromEntries(Object.entries(cases.satellites).map(([name, column]) => [name, Float64Array.from(column)]));
const satellites = { rows: n, ...columns } as unknown as Satellites;

test("satellites are where the simulator has them, to a metre after a day", () => {
  cases.t_s.forEach((t_s, row) => {
    const places = satellitesAt(satellites, t_s, cases.gmst_rad);
    for (let k = 0; k < n; k += 1) {
      const truth = cases.places_km[row]![k]!;
      const off_km = Math.hypot(...truth.map((c, i) => c - places[3 * k + i]!));
      expect(off_km, `satellite ${k} at ${t_s} s`).toBeLessThan(1e-3);
    }
  });
});

/** The shader's steps in single precision. */
function drawn(given: ReturnType<typeof based>, j: number, t_s: number): number[] {
  const f = Math.fround;
  const dt = f(t_s - given.base_s);
  const [a, e, ci, si] = given.shape.subarray(4 * j, 4 * j + 4) as unknown as [number, number, number, number];
  const angle = (i: number) => f(given.angles[3 * j + i]! + f(given.rates[3 * j + i]! * dt));
  const [node, perigee, m] = [angle(0), angle(1), angle(2)];
  let u = f(m + f(f(e * f(Math.sin(m))) / f(Math.sqrt(f(f(1 - f(2 * e * f(Math.cos(m)))) + e * e)))));
  for (let step = 0; step < 4; step += 1) u = f(u - f(f(f(u - f(e * f(Math.sin(u)))) - m) / f(1 - f(e * f(Math.cos(u))))));
  const x = f(a * f(f(Math.cos(u)) - e));
  const y = f(f(a * f(Math.sqrt(f(1 - f(e * e))))) * f(Math.sin(u)));
  const [cp, sp, cn, sn] = [Math.cos(perigee), Math.sin(perigee), Math.cos(node), Math.sin(node)].map(f) as [number, number, number, number];
  const along = f(f(cp * x) - f(sp * y));
  const across = f(f(sp * x) + f(cp * y));
  return [f(f(cn * along) - f(f(sn * across) * ci)), f(f(sn * along) + f(f(cn * across) * ci)), f(across * si)].map((c) => c * EARTH_KM);
}

test("in single precision they are drawn within 100 m, whatever the time", () => {
  const rows = Int32Array.from({ length: n }, (_, k) => k);
  const given = based(satellites, rows, EARTH_KM);
  for (const base_s of [0, 3600, 86400]) {
    rebase(given, satellites, rows, base_s, cases.gmst_rad);
    for (const dt of [0, BASE_SPAN_S / 3, BASE_SPAN_S, -BASE_SPAN_S]) {
      for (let k = 0; k < n; k += 1) {
        const truth = [0, 0, 0];
        satelliteAt(satellites, k, base_s + dt, cases.gmst_rad, truth);
        const off_km = Math.hypot(...drawn(given, k, base_s + dt).map((c, i) => c - truth[i]!));
        expect(off_km, `satellite ${k}, ${dt} s after ${base_s} s`).toBeLessThan(0.1);
      }
    }
  }
});

test("8,000 satellites take milliseconds", () => {
  const many = sampleReplay(MANY).satellites;
  const out = satellitesAt(many, 10, 0);
  const start = performance.now();
  satellitesAt(many, 1000, 0, out);
  expect(performance.now() - start).toBeLessThan(100);
});
