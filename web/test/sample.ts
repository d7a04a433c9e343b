// A made-up study and replay, for tests and for work on the page. Nothing in it is a result.
// The same sizes and seed give the same data.

import type { Index, Overlay, Replay, Source } from "../src/data";

export interface SampleSize {
  satellites: number;
  threats: number;
  interceptors: number;
  runs: number;
  seed: number;
}

export const FEW: SampleSize = { satellites: 24, threats: 4, interceptors: 3, runs: 5, seed: 1 };
/** The size that the page is timed with. */
export const MANY: SampleSize = { satellites: 8000, threats: 100, interceptors: 100, runs: 200, seed: 1 };

const EARTH_KM = 6371;
const MU_KM3_S2 = 398600.4418;
const J2 = 0.00108262982;
const START_S = 60;
const FLIGHT_S = 1800;
const STEP_S = 14;
const SHELLS = [
  { name: "tracking layer", a_km: 7378, i_deg: 80, planes: 24 },
  { name: "interceptors in orbit", a_km: 6878, i_deg: 45, planes: 40 },
  { name: "warning", a_km: 26560, i_deg: 63.4, planes: 3 },
];
const FROM = { lat_deg: 40, lon_deg: 127 };
const TO = [
  { name: "north-east", lat_deg: 41, lon_deg: -74 },
  { name: "west coast", lat_deg: 37, lon_deg: -121 },
  { name: "middle", lat_deg: 41, lon_deg: -100 },
];
const SITES = [
  { name: "northern site", layer: "ground-based", lat_deg: 64, lon_deg: -146 },
  { name: "coast site", layer: "terminal", lat_deg: 35, lon_deg: -120 },
];

type Vector = [number, number, number];

export function sampleIndex(size: SampleSize = FEW): Index {
  const random = randomFrom(size.seed);
  const runs = Array.from({ length: size.runs }, (_, run) => run);
  const kills = runs.map(() => Math.round(size.interceptors * (0.4 + 0.6 * random())));
  const leakers = kills.map((n) => Math.max(0, size.threats - n));
  return {
    format: 1, kind: "raid", title: "Sample study", note: "Made up for tests. Notional.", price_year: 2025,
    version: "0.0.0", seed: size.seed, runs: size.runs, fidelity: "kinematic",
    scenario_sha256: "0".repeat(64), catalogue_sha256: "1".repeat(64),
    summary: { leak_through: { value: 0.25, error: 0.02 }, runs: size.runs },
    raids: [{ name: "raid", start: "2028-06-01T12:00:00Z", note: "", launched: size.threats }],
    layers: [
      { name: "ground-based", interceptor: "sample_gbi", note: "" },
      { name: "terminal", interceptor: "sample_terminal", note: "" },
    ],
    sites: SITES.map((site) => ({ ...site, alt_m: 100, stock: 40, range_km: site.layer === "terminal" ? 200 : 0 })),
    sensors: [
      { ...sensor("northern radar", "radar"), lat_deg: 52.7, lon_deg: 174.1, azimuth_deg: 320, sector_deg: 120, range_km: 4000 },
      { ...sensor("coast radar", "radar"), lat_deg: 39.1, lon_deg: -121.4, azimuth_deg: 300, sector_deg: 240, range_km: 5000 },
      { ...sensor("tracking eye", "infrared"), constellation: "tracking layer", field_of_regard_deg: 100, range_km: 3000 },
    ],
    areas: TO.map((place) => ({ ...place, radius_km: 300, note: "" })),
    places: [{ name: "launch area", ...FROM, note: "" }],
    constellations: SHELLS.map((shell, s) => ({
      name: shell.name, n: share(size.satellites, s), carries: s === 0 ? ["tracking eye"] : [], note: "",
    })),
    overlays: [{ name: "overlay-0.json", kind: "footprint", label: "terminal against sample_icbm", of: "terminal" },
               { name: "overlay-1.json", kind: "coverage", label: "tracking eye on tracking layer", of: "tracking layer" }],
    outcomes: {
      run: runs, leakers, kills, leak_through: leakers.map((n) => n / size.threats),
      shots: kills.map((n) => n + 1), cost_musd: kills.map((n) => 12 * (n + 1)),
    },
    assumptions: [
      { path: "sample_gbi.p_kill", value: 0.6, low: 0.4, high: 0.8, unit: "", grade: "assumed", source: "assumption",
        why: "made up", sampled: true },
      { path: "sample_gbi.cost_musd", value: 12, low: 10, high: 15, unit: "M$", grade: "estimated", source: "sample2025",
        why: "", sampled: false },
    ],
    references: { sample2025: { author: "Nobody", title: "A made-up source", year: 2025, publisher: "None", link: "" } },
  };
}

export function sampleReplay(size: SampleSize = FEW, run = 0): Replay {
  const random = randomFrom(size.seed + 7919 * run);
  const n = size.threats + size.interceptors;
  const paths = Array.from({ length: size.threats }, (_, k) => threatPath(k, random));
  const shots = Array.from({ length: size.interceptors }, (_, k) => {
    const target = k % size.threats;
    return { target, ...interceptorPath(k, paths[target]!, 0.55 + 0.3 * random()), isHit: random() < 0.7 };
  });
  const endOf = paths.map((path, k) => {
    const hits = shots.filter((shot) => shot.target === k && shot.isHit).map((shot) => shot.t_s.at(-1)!);
    return hits.length ? Math.min(...hits) : path.t_s.at(-1)!;
  });
  const isKilled = paths.map((path, k) => endOf[k]! < path.t_s.at(-1)!);
  const all = [...paths.map((path, k) => cut(path, endOf[k]!)), ...shots];
  const text = <T>(threat: (k: number) => T, shot: (k: number) => T): T[] =>
    [...paths.map((_, k) => threat(k)), ...shots.map((_, k) => shot(k))];
  const places = paths.map((_, k) => TO[k % TO.length]!.name);
  const site = (k: number) => SITES[k % SITES.length]!;
  const rows = all.reduce((sum, path) => sum + path.t_s.length, 0);
  const tracks = {
    rows, id: new Int32Array(rows), t_s: new Float32Array(rows), phase: new Uint8Array(rows),
    x_km: new Float32Array(rows), y_km: new Float32Array(rows), z_km: new Float32Array(rows),
  };
  let row = 0;
  all.forEach((path, id) => path.t_s.forEach((t_s, k) => {
    tracks.id[row] = id;
    tracks.t_s[row] = t_s;
    tracks.phase[row] = path.phase[k]!;
    [tracks.x_km[row], tracks.y_km[row], tracks.z_km[row]] = path.r_km[k]!;
    row += 1;
  }));
  return {
    run, raid: "raid",
    meta: { end_s: START_S + FLIGHT_S + size.threats * 4 + 60, thinned_m: 100, gmst_rad: 1.2, notes: ["Made up for tests."] },
    objects: {
      rows: n,
      id: Int32Array.from({ length: n }, (_, id) => id),
      start_s: Float64Array.from(all, (path) => path.t_s[0]!),
      end_s: Float64Array.from(all, (path) => path.t_s.at(-1)!),
      target: Int32Array.from(text(() => -1, (k) => shots[k]!.target)),
      satellite: new Int32Array(n).fill(-1),
      raid_number: new Int32Array(n),
      kind: text(() => "threat", () => "interceptor"),
      name: text((k) => `T${String(k).padStart(3, "0")}`, (k) => `I${String(k).padStart(3, "0")}`),
      type: text(() => "sample_icbm", (k) => (site(k).layer === "terminal" ? "sample_terminal" : "sample_gbi")),
      threat_class: text(() => "ballistic", () => ""),
      layer: text(() => "", (k) => site(k).layer),
      site: text(() => "", (k) => site(k).name),
      place: text(() => "launch area", () => ""),
      area: text((k) => places[k]!, () => ""),
      fate: text((k) => (isKilled[k] ? "destroyed" : "leaked"), (k) => (shots[k]!.isHit ? "hit" : "missed")),
      reason: text((k) => (isKilled[k] ? "" : "all shots missed"), () => ""),
    },
    tracks,
    events: eventsOf(all, size.threats, shots, isKilled, site),
    satellites: satellitesOf(size),
    beliefs: beliefsOf(all.slice(0, size.threats), random),
  };
}

export const OVERLAY: Overlay = {
  format: 1, label: "", about: ["Made up for tests."], levels: ["one or more", "two or more"],
  lat_edges_deg: [33, 34, 35, 36], lon_edges_deg: [-122, -121, -120, -119], level: [[0, 1, 1], [1, 2, 1], [0, 1, 0]],
};

export function sampleSource(size: SampleSize = FEW): Source {
  return {
    index: () => Promise.resolve(sampleIndex(size)),
    replay: (run) => Promise.resolve(sampleReplay(size, run)),
    progress: () => Promise.resolve(null),
    overlay: (name) => Promise.resolve({ ...OVERLAY, label: name }),
    holds: () => true,
  };
}

interface Path {
  t_s: number[];
  r_km: Vector[];
  phase: number[];
}

/** A great circle with a parabola of height: enough to look at. */
function threatPath(k: number, random: () => number): Path {
  const from = vector(FROM.lat_deg + random() * 2, FROM.lon_deg + random() * 2);
  const goal = TO[k % TO.length]!;
  const to = vector(goal.lat_deg + random() * 2, goal.lon_deg + random() * 2);
  const angle = Math.acos(dot(from, to));
  const path: Path = { t_s: [], r_km: [], phase: [] };
  for (let t = 0; t <= FLIGHT_S; t += STEP_S) {
    const u = t / FLIGHT_S;
    const a = Math.sin((1 - u) * angle) / Math.sin(angle);
    const b = Math.sin(u * angle) / Math.sin(angle);
    const radius = EARTH_KM + 4 * 1200 * u * (1 - u);
    path.t_s.push(START_S + 4 * k + t);
    path.r_km.push([0, 1, 2].map((i) => radius * (a * from[i]! + b * to[i]!)) as Vector);
    path.phase.push(u < 0.12 ? 0 : u < 0.95 ? 1 : 2);
  }
  return path;
}

function interceptorPath(k: number, target: Path, share_: number): Path {
  const site = SITES[k % SITES.length]!;
  const from = vector(site.lat_deg, site.lon_deg).map((c) => c * EARTH_KM) as Vector;
  const meet = Math.floor(share_ * (target.t_s.length - 1));
  const to = target.r_km[meet]!;
  const end_s = target.t_s[meet]!;
  const steps = 25;
  const path: Path = { t_s: [], r_km: [], phase: [] };
  for (let s = 0; s <= steps; s += 1) {
    const u = s / steps;
    const r = [0, 1, 2].map((i) => from[i]! + u * (to[i]! - from[i]!)) as Vector;
    const lift = (EARTH_KM + u * (Math.hypot(...to) - EARTH_KM)) / Math.hypot(...r);
    path.t_s.push(end_s - 350 * (1 - u));
    path.r_km.push(r.map((c) => c * lift) as Vector);
    path.phase.push(u < 0.3 ? 0 : 1);
  }
  return path;
}

function cut(path: Path, end_s: number): Path {
  const n = path.t_s.filter((t) => t <= end_s + 1e-9).length;
  return { t_s: path.t_s.slice(0, n), r_km: path.r_km.slice(0, n), phase: path.phase.slice(0, n) };
}

interface SampleEvent { t_s: number; kind: string; object: number; other: number; r_km: Vector; layer: string; site: string; sensor: string }

function eventsOf(all: Path[], threats: number, shots: { target: number; isHit: boolean }[], isKilled: boolean[],
                  site: (k: number) => { name: string; layer: string }): Replay["events"] {
  const list: SampleEvent[] = [];
  all.forEach((path, id) => {
    const last = path.t_s.length - 1;
    const add = (kind: string, k: number, other: number, layer: string, name: string, sensor = "") =>
      list.push({ t_s: path.t_s[k]!, kind, object: id, other, r_km: path.r_km[k]!, layer, site: name, sensor });
    if (id < threats) {
      add("launch", 0, -1, "", "");
      add("warned", Math.min(4, last), -1, "", "", "warning eye");
      add("seen", Math.min(8, last), -1, "", "", "northern radar");
      if (!isKilled[id]) add("leak", last, -1, "", "");
      return;
    }
    const shot = shots[id - threats]!;
    const from = site(id - threats);
    add("shot", 0, shot.target, from.layer, from.name);
    add(shot.isHit ? "kill" : "miss", last, shot.target, from.layer, from.name);
  });
  list.sort((p, q) => p.t_s - q.t_s);
  const axis = (i: 0 | 1 | 2) => Float32Array.from(list, (event) => event.r_km[i]);
  return {
    rows: list.length, t_s: Float64Array.from(list, (e) => e.t_s),
    object: Int32Array.from(list, (e) => e.object), other: Int32Array.from(list, (e) => e.other),
    x_km: axis(0), y_km: axis(1), z_km: axis(2),
    kind: list.map((e) => e.kind), layer: list.map((e) => e.layer), site: list.map((e) => e.site),
    sensor: list.map((e) => e.sensor), satellite: Int32Array.from(list, (e) => (e.kind === "warned" ? 1 : -1)),
    satellite_2: new Int32Array(list.length).fill(-1),
  };
}

function satellitesOf(size: SampleSize): Replay["satellites"] {
  const n = size.satellites;
  const column = () => new Float64Array(n);
  const out = {
    rows: n, id: Int32Array.from({ length: n }, (_, k) => k), works: new Uint8Array(n).fill(1), rounds: new Int32Array(n), a_km: column(), e: column(),
    i_rad: column(), raan_rad: column(), argp_rad: column(), m_rad: column(), raan_rad_s: column(), argp_rad_s: column(),
    m_rad_s: column(), constellation: [] as string[],
  };
  let row = 0;
  SHELLS.forEach((shell, s) => {
    const count = share(n, s);
    const planes = Math.min(shell.planes, Math.max(count, 1));
    for (let k = 0; k < count; k += 1, row += 1) {
      const motion = Math.sqrt(MU_KM3_S2 / shell.a_km ** 3);
      const drift = 1.5 * J2 * (6378.137 / shell.a_km) ** 2 * motion;
      const i = (shell.i_deg * Math.PI) / 180;
      out.a_km[row] = shell.a_km;
      out.e[row] = s === 2 ? 0.1 : 0.001;
      out.i_rad[row] = i;
      out.raan_rad[row] = (2 * Math.PI * (k % planes)) / planes;
      out.m_rad[row] = (2 * Math.PI * Math.floor(k / planes) * planes) / count + 0.3 * (k % planes);
      out.raan_rad_s[row] = -drift * Math.cos(i);
      out.argp_rad_s[row] = drift * (2 - 2.5 * Math.sin(i) ** 2);
      out.m_rad_s[row] = motion - 0.5 * drift * (1 - 1.5 * Math.sin(i) ** 2);
      out.works[row] = k % 17 === 16 ? 0 : 1;
      out.constellation.push(shell.name);
    }
  });
  return out;
}

function beliefsOf(threats: Path[], random: () => number): Replay["beliefs"] {
  const list = threats.flatMap((path, object) => path.t_s.map((t_s, k) => ({ object, t_s, r_km: path.r_km[k]!, k })))
    .filter(({ k }) => k >= 8 && k % 3 === 0);
  const sigma_km = Float32Array.from(list, ({ k }) => 60 / Math.sqrt(k));
  const off = list.map((_, k) => [0, 1, 2].map(() => (2 * random() - 1) * sigma_km[k]!));
  const axis = (i: 0 | 1 | 2) => Float32Array.from(list, ({ r_km }, k) => r_km[i] + off[k]![i]!);
  // Longer along x than across, so that the ellipsoids are seen to turn; the trace is that of a ball of sigma.
  const share = (part: number) => sigma_km.map((sigma) => part * sigma ** 2);
  return {
    rows: list.length, object: Int32Array.from(list, (b) => b.object), t_s: Float64Array.from(list, (b) => b.t_s),
    x_km: axis(0), y_km: axis(1), z_km: axis(2), sigma_km,
    xx_km2: share(2.5), yy_km2: share(0.4), zz_km2: share(0.1), xy_km2: share(0.2), xz_km2: share(0), yz_km2: share(0),
  };
}

function sensor(name: string, kind: "radar" | "infrared"): Index["sensors"][number] {
  return { name, type: `sample_${kind}`, kind, constellation: null, lat_deg: null, lon_deg: null, alt_m: 0, azimuth_deg: 0,
           sector_deg: 360, range_km: 0, field_of_regard_deg: 0 };
}

function share(n: number, shell: number): number {
  const few = Math.min(3, n);
  const first = Math.ceil((n - few) * 0.4);
  return [first, n - few - first, few][shell]!;
}

function vector(lat_deg: number, lon_deg: number): Vector {
  const lat = (lat_deg * Math.PI) / 180;
  const lon = (lon_deg * Math.PI) / 180;
  return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
}

function dot(p: Vector, q: Vector): number {
  return p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
}

function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
}
