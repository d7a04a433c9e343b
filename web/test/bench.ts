// Globe or map alone with the made-up replay: bench.html?view=map&size=few&theme=light&t=1000&cam=-120,45,2.5
// "&two" draws two of them next to each other on one clock.
// Built and timed by test/bench.py.

import { mountGlobe } from "../src/globe";
import { mountMap } from "../src/map";
import { FirstSide, SecondSide } from "../src/sides";
import { besideOf, Store } from "../src/state";
import { FEW, MANY, sampleIndex, sampleReplay, sampleSource } from "./sample";

const query = new URLSearchParams(location.search);
const size = query.get("size") === "few" ? FEW : MANY;
const theme = query.get("theme") === "light" ? "light" : "dark";
document.documentElement.dataset["theme"] = theme;
const replay = sampleReplay(size);
const store = new Store({
  run: 0, raid: "raid", t_s: Number(query.get("t") ?? 900), end_s: replay.meta.end_s, zoom: null,
  beside: query.has("two") ? besideOf("this", 1) : null, speed: 20, playing: false,
  view: query.get("view") === "map" ? "map" : "globe", theme, selected: query.has("sel") ? Number(query.get("sel")) : null,
  following: query.has("follow"), off: new Set(query.get("off")?.split(",") ?? []),
  camera: (query.get("cam")?.split(",").map(Number) ?? [-150, 50, 3.2]) as unknown as [number, number, number], panel: "replay",
});
const root = document.querySelector<HTMLElement>("#view")!;
const loaded = { index: sampleIndex(size), replay: () => replay, source: sampleSource(size) };
const frames: number[] = [];
const work: number[] = [];
const begun = performance.now();
const plain = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (act) => plain((now) => {
  const from = performance.now();
  act(now);
  work.push(performance.now() - from);
});
const mount = store.state.view === "map" ? mountMap : mountGlobe;
if (query.has("two")) {
  const other = sampleReplay(size, 1);
  const halves = [0, 1].map((k) => {
    const half = document.createElement("div");
    half.style.cssText = `position: absolute; inset: 0 ${k ? 0 : 50}% 0 ${k ? 50 : 0}%`;
    root.append(half);
    return half;
  });
  mount(halves[0]!, new FirstSide(store), loaded);
  mount(halves[1]!, new SecondSide(store, () => other), { ...loaded, replay: () => other });
} else mount(root, store, loaded);

function play(seconds: number): Promise<number[]> {
  frames.length = work.length = 0;
  return new Promise((done) => {
    const start = performance.now();
    let before = start;
    const step = (now: number) => {
      frames.push(now - before);
      store.set({ t_s: store.state.t_s + ((now - before) / 1000) * store.state.speed });
      before = now;
      if (now - start < 1000 * seconds) requestAnimationFrame(step);
      else done(frames.slice(2));
    };
    requestAnimationFrame(step);
  });
}

const viewer = { store, play, work: () => work.filter((ms) => ms > 0.3), first_ms: 0, ready: false };
Object.assign(window, { viewer });
requestAnimationFrame(() => requestAnimationFrame(() => {
  viewer.first_ms = performance.now();
  viewer.ready = true;
  console.log(`mounted at ${Math.round(begun)} ms, first frame ${Math.round(viewer.first_ms)} ms after navigation`);
}));
