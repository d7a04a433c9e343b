// Where data come from: blocks inside the page (a mailed file), or else the server. docs/formats/replay.md.

import { tableFromIPC } from "@uwdata/flechette";
import type { Index, Replay, Source, Studies, Table } from "./data";

const FORMAT = 1;
const BLOCK = "data:";

/** Something about the data that a reader of the page must be told; `message` is a sentence. */
export class DataError extends Error {
  override name = "DataError";
}

/** Bytes of a file of the data by its path, such as ["replay", "0", RAID, "meta.json"]. */
type Fetch = (...path: string[]) => Promise<Uint8Array>;

/** The page's own blocks where it has any, else the server that it came from. */
export function sourceOf(page: Document): Source {
  if (page.getElementById(`${BLOCK}index.json`)) return embeddedSource(page);
  const studies = async (): Promise<Studies> => jsonOf(await served("data/")("studies.json"), "studies.json");
  return { ...serverSource("data/"), studies };
}

/** The study beside the one shown, on the same server. */
export function otherSource(): Source {
  return serverSource("beside/");
}

/** Files below `base`, an address that ends in a slash. */
export function serverSource(base: string): Source {
  return sourceFrom(served(base));
}

function served(base: string): Fetch {
  return async (...path) => {
    let answer: Response;
    try {
      answer = await fetch(base + path.map(encodeURIComponent).join("/"), { cache: "no-cache" });
    } catch {
      throw new DataError("The server does not answer: start opendome view again, and load this page anew.");
    }
    if (!answer.ok) throw new DataError(await sentenceOf(answer, path.join("/")));
    return new Uint8Array(await answer.arrayBuffer());
  };
}

/** Blocks `<script type="application/octet-stream" id="data:NAME">` that hold base64 of gzip. */
export function embeddedSource(page: Document): Source {
  return sourceFrom(async (...path) => {
    const name = path.join("/");
    const text = page.getElementById(BLOCK + name)?.textContent;
    if (text === null || text === undefined) {
      throw new DataError(`This file does not hold ${name}: it holds only the runs that it was made with. ` +
                          "opendome view shows every run of the results.");
    }
    return unpacked(text);
  });
}

/** The server's own sentence where it gives one. */
async function sentenceOf(answer: Response, name: string): Promise<string> {
  const found: unknown = await answer.json().catch(() => null);
  const own = found !== null && typeof found === "object" && "error" in found ? found.error : null;
  return typeof own === "string" ? own : `The server gives no ${name} (answer ${answer.status}).`;
}

async function unpacked(base64: string): Promise<Uint8Array> {
  const packed = Uint8Array.from(atob(base64.trim()), (char) => char.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function sourceFrom(fetchOne: Fetch): Source {
  return {
    async index() {
      const found = jsonOf<Index>(await fetchOne("index.json"), "index.json");
      checkFormat(found.format, "index.json");
      return found;
    },
    async replay(run, raid) {
      const folder = ["replay", String(run), raid];
      const meta = jsonOf<Meta>(await fetchOne(...folder, "meta.json"), "meta.json");
      checkFormat(meta.format, "meta.json");
      const names = ["objects.arrow", "events.arrow", "satellites.arrow", "beliefs.arrow", ...meta.tracks];
      const files = await Promise.all(names.map((name) => fetchOne(...folder, name)));
      return replayOf(meta, files);
    },
  };
}

/** `meta.json`. */
export interface Meta {
  format: number;
  run: number;
  raid: string;
  end_s: number;
  thinned_m: number;
  gmst_rad: number;
  notes: string[];
  /** Rounds that each site held when the raid began. */
  stocks?: { layer: string; site: string; stock: number }[];
  /** Names of the files that the tracks are in, cut by time. */
  tracks: string[];
}

/** A replay from its files: objects, events, satellites, beliefs, then the tracks in their pieces. */
export function replayOf(meta: Meta, files: Uint8Array[]): Replay {
  const [objects, events, satellites, beliefs, ...tracks] = files;
  return {
    run: meta.run, raid: meta.raid,
    meta: { end_s: meta.end_s, thinned_m: meta.thinned_m, gmst_rad: meta.gmst_rad, notes: meta.notes, stocks: meta.stocks },
    objects: tableOf(objects!, "objects.arrow", ["id", "start_s", "end_s", "target", "raid_number"],
                     ["kind", "name", "type", "threat_class", "layer", "site", "place", "area", "fate", "reason"]),
    events: tableOf(events!, "events.arrow", ["t_s", "object", "other", "x_km", "y_km", "z_km"], ["kind", "layer", "site"]),
    satellites: tableOf(satellites!, "satellites.arrow", ["id", "a_km", "e", "i_rad", "raan_rad", "argp_rad", "m_rad",
                                                          "raan_rad_s", "argp_rad_s", "m_rad_s", "works"], ["constellation"]),
    beliefs: tableOf(beliefs!, "beliefs.arrow", ["object", "t_s", "x_km", "y_km", "z_km", "sigma_km", "xx_km2", "xy_km2",
                                                 "xz_km2", "yy_km2", "yz_km2", "zz_km2"], []),
    tracks: joined(tracks.map((bytes, k) => tableOf(bytes, meta.tracks[k]!, TRACK_COLUMNS, []))),
  };
}

type Column = Float32Array | Float64Array | Int32Array | Uint8Array;

const TRACK_COLUMNS = ["id", "t_s", "x_km", "y_km", "z_km", "phase"] as const;

/** A table of an Arrow stream: columns of numbers as typed arrays, of text as arrays of strings. */
export function tableOf<N extends string, S extends string>(bytes: Uint8Array, name: string, numbers: readonly N[],
                                                           texts: readonly S[]): Table<N, S> {
  let table: ReturnType<typeof tableFromIPC>;
  try {
    table = tableFromIPC(bytes);
  } catch {
    throw new DataError(`${name} cannot be read: it is damaged, or not what this page expects.`);
  }
  const column = (key: string): unknown => {
    const found = table.getChild(key);
    if (!found) throw new DataError(`${name} has no column ${key}: it was written by another version of OpenDome.`);
    return found.toArray();
  };
  const pairs: [string, unknown][] = [...numbers, ...texts].map((key) => [key, column(key)]);
  return { rows: table.numRows, ...Object.fromEntries(pairs) } as Table<N, S>;
}

type Tracks = Replay["tracks"];

/** Pieces of tracks cut by time, as one table: object by object, in order of time. */
function joined(pieces: Tracks[]): Tracks {
  if (pieces.length === 1) return pieces[0]!;
  const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0);
  const id = concatenated(pieces.map((piece) => piece.id), rows);
  const order = Int32Array.from(id, (_, row) => row).sort((p, q) => id[p]! - id[q]! || p - q);
  const pairs = TRACK_COLUMNS.map((key): [string, Column] => {
    const whole = key === "id" ? id : concatenated(pieces.map((piece) => piece[key]), rows);
    return [key, whole.map((_: number, row: number) => whole[order[row]!]!) as Column];
  });
  return { rows, ...Object.fromEntries(pairs) } as Tracks;
}

function concatenated(parts: Column[], rows: number): Column {
  const whole = new (parts[0]!.constructor as new (n: number) => Column)(rows);
  let row = 0;
  for (const part of parts) {
    whole.set(part, row);
    row += part.length;
  }
  return whole;
}

function jsonOf<T>(bytes: Uint8Array, name: string): T {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as T;
  } catch {
    throw new DataError(`${name} cannot be read: it is damaged, or not what this page expects.`);
  }
}

function checkFormat(found: unknown, name: string): void {
  if (found !== FORMAT) {
    throw new DataError(`${name} has format ${String(found)}, and this page reads format ${FORMAT}: ` +
                        "it was written by another version of OpenDome.");
  }
}
