// Reading replays: tables as they were written, pieces put together, and a sentence where something is wrong.

import { float32, int32, tableFromArrays, tableToIPC, uint8, type DataType } from "@uwdata/flechette";
import { afterEach, describe, expect, test, vi } from "vitest";
import { DataError, embeddedSource, replayOf, serverSource, sourceOf, tableOf, type Meta } from "../src/source";
import { MANY, sampleIndex, sampleReplay } from "./sample";

const META: Meta = { format: 1, run: 3, raid: "raid", end_s: 100, thinned_m: 200, gmst_rad: 1, notes: [], tracks: ["tracks.arrow"] };
const TYPES: Record<string, DataType> = { id: int32(), phase: uint8(), works: uint8(), object: int32(), other: int32(), satellite: int32(), satellite_2: int32(), x_km: float32(),
                                          y_km: float32(), z_km: float32() };

/** An Arrow stream of columns; their row count is not one. */
function bytesOf(columns: Record<string, unknown>): Uint8Array {
  const { rows: _, ...rest } = columns;
  const types = Object.fromEntries(Object.keys(rest).filter((key) => TYPES[key]).map((key) => [key, TYPES[key]!]));
  return tableToIPC(tableFromArrays(rest as Record<string, number[]>, { types }), { format: "stream" })!;
}

function filesOf(replay = sampleReplay()): Uint8Array[] {
  const sigma = replay.beliefs.sigma_km;
  const cov = Object.fromEntries(["xx", "xy", "xz", "yy", "yz", "zz"].map((key) => [`${key}_km2`, sigma]));
  return [replay.objects, replay.events, replay.satellites, { ...replay.beliefs, ...cov }, replay.tracks].map(bytesOf);
}

function cutAt(t_s: number): Uint8Array[] {
  const { tracks } = sampleReplay();
  const rows = Array.from(tracks.id, (_, row) => row);
  return [rows.filter((row) => tracks.t_s[row]! < t_s), rows.filter((row) => tracks.t_s[row]! >= t_s)].map((kept) =>
    bytesOf(Object.fromEntries((["id", "t_s", "x_km", "y_km", "z_km", "phase"] as const)
      .map((key) => [key, kept.map((row) => tracks[key][row]!)]))));
}

async function packed(bytes: Uint8Array): Promise<string> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream("gzip"));
  return btoa(String.fromCharCode(...new Uint8Array(await new Response(stream).arrayBuffer())));
}

/** A page as far as the reader asks for it. */
function pageWith(blocks: Record<string, string>): Document {
  return { getElementById: (id: string) => (id in blocks ? { textContent: blocks[id] } : null) } as unknown as Document;
}

const json = (found: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(found));

afterEach(() => vi.unstubAllGlobals());

describe("a replay", () => {
  test("has the columns that were written, numbers as typed arrays and text as strings", () => {
    const made = sampleReplay();
    const found = replayOf(META, filesOf(made));
    expect(found.run).toBe(3);
    expect(found.objects.name).toEqual(made.objects.name);
    expect(found.tracks.x_km).toEqual(made.tracks.x_km);
    expect(found.tracks.phase).toBeInstanceOf(Uint8Array);
    expect(found.events.kind).toEqual(made.events.kind);
    expect(found.events.sensor).toEqual(made.events.sensor);
    expect(found.events.satellite).toEqual(made.events.satellite);
    expect(found.beliefs.rows).toBe(made.beliefs.rows);
    expect(found.satellites.m_rad_s).toEqual(made.satellites.m_rad_s);
  });

  test("is put together from tracks that were cut by time", () => {
    const { tracks } = sampleReplay();
    const pieces = cutAt(900);
    const found = replayOf({ ...META, tracks: ["tracks-0.arrow", "tracks-1.arrow"] }, [...filesOf().slice(0, 4), ...pieces]).tracks;
    expect(found.rows).toBe(tracks.rows);
    expect(found.id).toEqual(tracks.id);
    expect(Float32Array.from(found.t_s)).toEqual(Float32Array.from(tracks.t_s));
    expect(Float32Array.from(found.z_km)).toEqual(tracks.z_km);
  });

  test("of 8,000 satellites and 200 tracks is read within 300 ms", () => {
    const files = filesOf(sampleReplay(MANY));
    replayOf(META, files);
    const times = Array.from({ length: 5 }, () => {
      const begun = performance.now();
      expect(replayOf(META, files).satellites.rows).toBe(8000);
      return performance.now() - begun;
    });
    expect(Math.min(...times)).toBeLessThan(300);
  });

  test("says which column it lacks, and that it is damaged", () => {
    const { tracks } = sampleReplay();
    expect(() => tableOf(bytesOf({ id: tracks.id }), "tracks.arrow", ["id", "t_s"], [])).toThrow(/tracks\.arrow has no column t_s/);
    expect(() => tableOf(new Uint8Array([1, 2, 3]), "events.arrow", ["id"], [])).toThrow(DataError);
  });
});

describe("the server", () => {
  test("is asked for each file by its address, whatever the raid is called", async () => {
    const asked: string[] = [];
    const files = new Map([["meta.json", json(META)], ...["objects", "events", "satellites", "beliefs", "tracks"]
      .map((name, k): [string, Uint8Array] => [`${name}.arrow`, filesOf()[k]!])]);
    vi.stubGlobal("fetch", (address: string) => {
      asked.push(address);
      return Promise.resolve(new Response(files.get(address.split("/").at(-1)!) as BodyInit));
    });
    const found = await serverSource("data/").replay(3, "<b>night/1");
    expect(found.tracks.rows).toBe(sampleReplay().tracks.rows);
    expect(asked).toContain("data/replay/3/%3Cb%3Enight%2F1/objects.arrow");
    expect(asked).toHaveLength(6);
  });

  test("says how far a flight is, and nothing where it knows nothing", async () => {
    const now = { run: 3, raid: "b", done: 2, of: 5 };
    vi.stubGlobal("fetch", (address: string) => Promise.resolve(Response.json(address === "data/progress" ? now : "?")));
    expect(await serverSource("data/").progress()).toEqual(now);
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("nothing", { status: 404 })));
    expect(await serverSource("data/").progress()).toBeNull();
    expect(await embeddedSource(pageWith({})).progress()).toBeNull();
  });

  test("gives its own sentence where it refuses, and there is one where it is gone", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ error: "run 3: cannot be flown again" }, { status: 409 })));
    await expect(serverSource("data/").replay(3, "raid")).rejects.toThrow("run 3: cannot be flown again");
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("nothing", { status: 404 })));
    await expect(serverSource("data/").index()).rejects.toThrow("The server gives no index.json (answer 404).");
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
    await expect(serverSource("data/").index()).rejects.toThrow(/does not answer/);
  });

  test("of another version is not read", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ ...sampleIndex(), format: 2 })));
    await expect(serverSource("data/").index()).rejects.toThrow(/index\.json has format 2, and this page reads format 1/);
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("<html>")));
    await expect(serverSource("data/").index()).rejects.toThrow(/index\.json cannot be read/);
  });
});

describe("blocks in the page", () => {
  test("come before the server", async () => {
    const page = pageWith({ "data:index.json": await packed(json(sampleIndex())) });
    expect((await sourceOf(page).index()).title).toBe("Sample study");
    await expect(embeddedSource(page).replay(4, "raid")).rejects.toThrow(/does not hold replay\/4\/raid\/meta\.json/);
  });

  test("hold a replay, whatever its raid is called", async () => {
    const files = filesOf();
    const blocks: Record<string, string> = { "data:replay/0/<b>r/meta.json": await packed(json({ ...META, run: 0 })) };
    for (const [k, name] of ["objects", "events", "satellites", "beliefs", "tracks"].entries()) {
      blocks[`data:replay/0/<b>r/${name}.arrow`] = await packed(files[k]!);
    }
    expect((await embeddedSource(pageWith(blocks)).replay(0, "<b>r")).objects.rows).toBe(sampleReplay().objects.rows);
  });
});
