import { expect, test, vi } from "vitest";
import { actionsOn, switchesOf } from "../src/actions";
import { actionOf } from "../src/keys";
import type { Loaded } from "../src/loaded";
import { besideOf, Store, type State } from "../src/state";
import { storyOf } from "../src/story";
import { sampleIndex, sampleReplay, sampleSource } from "./sample";

const REPLAY = sampleReplay();
const DATA: Loaded = { index: sampleIndex(), replay: () => REPLAY, source: sampleSource() };

function page(changes: Partial<State> = {}) {
  const store = new Store({
    run: 0, raid: "raid", t_s: 100, end_s: 1000, zoom: null, speed: 20, playing: false, view: "globe", theme: "dark", selected: null,
    following: false, off: new Set(), camera: [0, 0, 3], panel: "replay", beside: null, ...changes,
  });
  const ways = { say: vi.fn(), openHelp: vi.fn(), closeHelp: vi.fn(() => false), keep: vi.fn(), firstBeside: vi.fn(() => besideOf("this", 3)) };
  const actions = actionsOn(store, () => storyOf(REPLAY), ways);
  const press = (key: string, shift = false): void => actionOf(key, shift, store, actions, switchesOf(DATA))?.();
  return { store, ways, press };
}

test("each key does what the list of keys says", () => {
  const { store, ways, press } = page();
  press("ArrowRight");
  expect(store.state.t_s).toBe(110);
  press("ArrowLeft");
  press("ArrowLeft");
  expect(store.state.t_s).toBe(90);
  press("Home");
  press("ArrowLeft");
  expect(store.state.t_s).toBe(0);
  press("ArrowRight", true);
  expect(store.state.t_s).toBe(60);
  press("End");
  expect(store.state.t_s).toBe(1000);
  press("]");
  press("]");
  press("[");
  expect(store.state.speed).toBe(30);
  press("m");
  expect(store.state.view).toBe("map");
  press("T");
  expect(store.state.theme).toBe("light");
  press("k");
  expect(ways.keep).toHaveBeenCalledOnce();
  press("?");
  expect(ways.openHelp).toHaveBeenCalled();
});

test("space plays, pauses, and starts over at the end", () => {
  const { store, press } = page({ t_s: 1000 });
  press(" ");
  expect([store.state.playing, store.state.t_s]).toEqual([true, 0]);
  press(" ");
  expect(store.state.playing).toBe(false);
});

test("layers go off and on again; all constellations at once", () => {
  const { store, press } = page();
  press("1");
  press("8");
  expect(store.state.off).toEqual(new Set(["threats", ...DATA.index.constellations.map((c) => c.name)]));
  press("8");
  expect(store.state.off).toEqual(new Set(["threats"]));
});

test("next leaker picks the threat; escape lets it go; follow wants one", () => {
  const { store, ways, press } = page();
  press("f");
  expect(ways.say).toHaveBeenCalled();
  press("n");
  expect(REPLAY.objects.fate[store.state.selected!]).toBe("leaked");
  press("f");
  expect(store.state.following).toBe(true);
  press("Escape");
  expect([store.state.selected, store.state.following]).toEqual([null, false]);
});

test("B stands another run beside, takes it away, and says where there is none", () => {
  const { store, ways, press } = page();
  press("b");
  expect(store.state.beside).toEqual(besideOf("this", 3));
  press("b");
  expect(store.state.beside).toBeNull();
  ways.firstBeside.mockReturnValue(null as never);
  press("b");
  expect(store.state.beside).toBeNull();
  expect(ways.say).toHaveBeenCalledTimes(1);
});

test("a listener hears of data that arrived for a run that the store already names", () => {
  const { store } = page();
  const heard = vi.fn();
  store.subscribe((_, changed) => heard([...changed]));
  store.set({ run: 0 });
  expect(heard).not.toHaveBeenCalled();
  store.tell(new Set<keyof State>(["run"]));
  expect(heard).toHaveBeenCalledWith(["run"]);
});
