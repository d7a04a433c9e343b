import { expect, test, vi } from "vitest";
import type { Source } from "../src/data";
import { cellsAt, followOverlay, offered, sidesAt } from "../src/overlay";
import { Store, type State } from "../src/state";
import { OVERLAY, sampleIndex, sampleSource } from "./sample";

const area = (k: number): number => cellsAt(OVERLAY, k).length;

test("cells of a level are those of it and of all beyond", () => {
  expect([area(1), area(2), area(3)]).toEqual([6, 1, 0]);
  expect(cellsAt(OVERLAY, 2)).toEqual([[1, 1]]);
});

test("the outline goes round what holds and nowhere else", () => {
  // A plus sign with one arm wider: its six cells share six sides, so 24 - 12 = 12 are outside.
  expect(sidesAt(OVERLAY, 1)).toHaveLength(12);
  expect(sidesAt(OVERLAY, 2)).toEqual([[1, 1, 1, 2], [2, 1, 2, 2], [1, 1, 2, 1], [1, 2, 2, 2]]);
});

test("a band round the Earth has no ends", () => {
  const round = { ...OVERLAY, lat_edges_deg: [0, 10], lon_edges_deg: [-180, -60, 60, 180], level: [[1, 1, 1]] };
  expect(sidesAt(round, 1)).toHaveLength(6); // north and south of three cells
  expect(sidesAt({ ...round, lon_edges_deg: [-180, -60, 60, 170] }, 1)).toHaveLength(8);
});

test("a mailed file offers what it holds", () => {
  const holds = (name: string) => name === "overlay-1.json";
  expect(offered(sampleIndex(), sampleSource())).toEqual([0, 1]);
  expect(offered(sampleIndex(), { ...sampleSource(), holds })).toEqual([1]);
});

function followed(source: Source) {
  const store = new Store({ overlay: null } as unknown as State);
  const told = vi.fn();
  const stopped = vi.fn();
  const ways = { say: vi.fn(), wait: vi.fn(() => stopped) };
  const now = followOverlay(store, sampleIndex(), source, ways);
  store.subscribe((_, changed) => { if (changed.has("overlay")) told(); });
  return { store, told, ways, stopped, now };
}

test("an overlay is waited for in words, and everyone is told when it has come", async () => {
  const { store, told, ways, stopped, now } = followed(sampleSource());
  store.set({ overlay: 0 });
  expect(now()).toBeNull();
  expect(ways.wait).toHaveBeenCalledWith("Working out terminal against sample_icbm ...");
  await vi.waitFor(() => expect(now()?.label).toBe("overlay-0.json"));
  expect(told).toHaveBeenCalledTimes(2);
  await vi.waitFor(() => expect(stopped).toHaveBeenCalledTimes(1));
  store.set({ overlay: null });
  expect(now()).toBeNull();
});

test("one that cannot be had is told and let go", async () => {
  const { store, ways } = followed({ ...sampleSource(), overlay: () => Promise.reject(new Error("no site is there")) });
  store.set({ overlay: 1 });
  await vi.waitFor(() => expect(ways.say).toHaveBeenCalledWith("no site is there"));
  expect(store.state.overlay).toBeNull();
});
