// What the page shows, as the simulator wrote it. The page places things; it computes no figure.
// docs/formats/replay.md says what each column is. Times are seconds after the start of the raid; positions are
// Earth-fixed (WGS-84), in kilometres.

/** `data/index.json`: what was run, and all that does not move. */
export interface Index {
  format: 1;
  kind: "raid" | "campaign";
  title: string;
  note: string;
  price_year: number;
  version: string;
  seed: number;
  runs: number;
  fidelity: string;
  scenario_sha256: string;
  catalogue_sha256: string;
  /** The first screen, as `Results.summary()` gives it: the numbers on the page are these. */
  summary: Record<string, unknown>;
  raids: Raid[];
  layers: { name: string; interceptor: string; note: string }[];
  sites: { name: string; layer: string; lat_deg: number; lon_deg: number; alt_m: number; stock: number; range_km: number }[];
  sensors: { name: string; type: string; kind: "radar" | "infrared"; constellation: string | null;
             lat_deg: number | null; lon_deg: number | null; alt_m: number; azimuth_deg: number; sector_deg: number;
             range_km: number; field_of_regard_deg: number }[];
  areas: { name: string; lat_deg: number; lon_deg: number; radius_km: number; note: string }[];
  places: { name: string; lat_deg: number; lon_deg: number; note: string }[];
  constellations: { name: string; n: number; carries: string[]; note: string }[];
  /** One row per run: what became of all raids together. */
  outcomes: { run: number[]; leakers: number[]; leak_through: number[]; shots: number[]; kills: number[]; cost_musd: number[] };
  assumptions: { path: string; value: number; low: number; high: number; unit: string; grade: string; source: string; why: string; sampled: boolean }[];
  references: Record<string, { author: string; title: string; year: number; publisher: string; link: string }>;
}

export interface Raid {
  name: string;
  /** Start, UTC, ISO 8601. */
  start: string;
  note: string;
  launched: number;
}

/** One raid of one run: tables by column. Text columns are arrays of strings. */
export interface Replay {
  run: number;
  raid: string;
  /** `meta.json`: when it ends, by how much thinned tracks may be off, Earth's angle at the start. */
  meta: { end_s: number; thinned_m: number; gmst_rad: number; notes: string[]; stocks?: { layer: string; site: string; stock: number }[] };
  /** Everything that flies. `kind`: threat, decoy or interceptor. `fate`: destroyed, leaked, outside, void; hit, missed. */
  objects: Table<"id" | "start_s" | "end_s" | "target" | "raid_number", "kind" | "name" | "type" | "threat_class" | "layer" | "site" | "place" | "area" | "fate" | "reason">;
  /** Where objects are, by id and time. */
  tracks: Table<"id" | "t_s" | "x_km" | "y_km" | "z_km" | "phase", never>;
  /** launch, warned, seen, shot, kill, miss, leak, outside ... */
  events: Table<"t_s" | "object" | "other" | "x_km" | "y_km" | "z_km", "kind" | "layer" | "site">;
  /** Mean elements at the start of the raid, and their rates under J2. */
  satellites: Table<"id" | "a_km" | "e" | "i_rad" | "raan_rad" | "argp_rad" | "m_rad" | "raan_rad_s" | "argp_rad_s" | "m_rad_s" | "works", "constellation">;
  /** What the defence believed of an object: position, and one standard deviation along three axes. */
  beliefs: Table<"object" | "t_s" | "x_km" | "y_km" | "z_km" | "sigma_km", never>;
}

export type Table<N extends string, S extends string> = { rows: number } & Record<N, Float32Array | Float64Array | Int32Array | Uint8Array> & Record<S, string[]>;

/** What is known of a study before anything of it is read. */
export interface Study {
  /** Of its folder, or of whoever serves it; may be empty. */
  name: string;
  title: string;
  runs: number;
  has_replay: boolean;
}

/** `data/studies.json`: what the server has; null for a study that is not there. */
export interface Studies {
  data: Study | null;
  beside: Study | null;
}

/** Where data come from: the server, or blocks inside the page itself (a mailed file). */
export interface Source {
  index(): Promise<Index>;
  replay(run: number, raid: string): Promise<Replay>;
  /** Which studies there are; missing where there is only this one (a mailed file). */
  studies?(): Promise<Studies>;
}
