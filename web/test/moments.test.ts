import { afterEach, expect, test, vi } from "vitest";
import { asText, nameOf, placeOf, readMoments, writeMoments } from "../src/moments";
import { besideOf, type State } from "../src/state";

const PLACE = placeOf("5c5c");
const STATE: State = {
  run: 3, raid: "salvo", t_s: 1500.4, end_s: 2000, zoom: null, speed: 20, playing: true, view: "map", theme: "light", selected: 2,
  following: true, off: new Set(), camera: [0, 0, 2], panel: "study", beside: null,
};

/** A browser's store with one text in it. */
function kept(text: string | null): Map<string, string> {
  const found = new Map(text === null ? [] : [[PLACE, text]]);
  vi.stubGlobal("localStorage", { getItem: (key: string) => found.get(key) ?? null, setItem: (key: string, value: string) => found.set(key, value) });
  return found;
}

afterEach(() => { vi.unstubAllGlobals(); });

test("what is kept is there again, for the same scenario", () => {
  kept(null);
  const moments = [{ name: "<b>first</b> leak", link: "run=3&t=1500" }];
  expect(writeMoments(PLACE, moments)).toBe(true);
  expect(readMoments(PLACE)).toEqual(moments);
  expect(readMoments(placeOf("other"))).toEqual([]);
});

test.each(["no json", "{}", "null", '[1, null, {"name": "x"}, {"name": 1, "link": "y"}]'])("%s is no list of moments", (text) => {
  kept(text);
  expect(readMoments(PLACE)).toEqual([]);
});

test("a browser that stores nothing is no mistake", () => {
  vi.stubGlobal("localStorage", { getItem: () => { throw new Error("no"); }, setItem: () => { throw new Error("no"); } });
  expect(readMoments(PLACE)).toEqual([]);
  expect(writeMoments(PLACE, [])).toBe(false);
});

test("names say when, which raid and which runs; links are whole addresses", () => {
  expect(nameOf(STATE)).toBe("T+00:25:00, salvo, run 3");
  expect(nameOf({ ...STATE, beside: besideOf("this", 1) })).toBe("T+00:25:00, salvo, run 3 beside run 1");
  expect(nameOf({ ...STATE, beside: besideOf("other", 1) })).toBe("T+00:25:00, salvo, run 3 beside the other study's run 1");
  expect(asText([{ name: "a", link: "t=1" }, { name: "b", link: "t=2" }], "http://127.0.0.1/")).toBe(
    "a: http://127.0.0.1/#t=1\nb: http://127.0.0.1/#t=2");
});
