import { expect, test, vi } from "vitest";
import type { Index, Replay, Source } from "../src/data";
import { fitted, LOWER, strokes } from "../src/lanes";
import { firstBeside, followBeside, otherStudy, raidBeside } from "../src/second";
import { besideOf, Store, type State } from "../src/state";
import { sampleIndex, sampleReplay, FEW } from "./sample";

const INDEX = sampleIndex();
const OTHER_INDEX: Index = { ...INDEX, title: "More", raids: [{ name: "dusk", start: "", note: "", launched: 1 }] };
const OTHER = { name: "more", title: "More", runs: 2, has_replay: true };

/** A source whose replays come when they are let. */
function slow(index: Index) {
  const asked: { run: number; raid: string; give: (fails?: string) => void }[] = [];
  const source: Source = {
    index: () => Promise.resolve(index),
    replay: (run, raid) => new Promise<Replay>((done, fail) => asked.push({ run, raid, give: (why) => {
      if (why) fail(new Error(why));
      else done({ ...sampleReplay(FEW, run), run, raid });
    } })),
  };
  return { source, asked };
}

function beside(state: Partial<State> = {}) {
  const store = new Store({
    run: 0, raid: "raid", t_s: 0, end_s: 1000, zoom: null, speed: 20, playing: false, view: "globe", theme: "dark",
    selected: null, following: false, off: new Set(), camera: [0, 0, 3], panel: "replay", beside: null, ...state,
  });
  const [mine, theirs] = [slow(INDEX), slow(OTHER_INDEX)];
  const stopped = vi.fn();
  const ways = { say: vi.fn(), wait: vi.fn(() => stopped), opened: vi.fn(), arrived: vi.fn(), left: vi.fn() };
  const now = followBeside(store, { index: INDEX, source: mine.source }, otherStudy(OTHER, theirs.source), ways);
  return { store, mine, theirs, ways, stopped, now };
}

const settle = () => new Promise((done) => setTimeout(done));

test("a run beside is waited for, arrives, and goes", async () => {
  const { store, mine, ways, stopped, now } = beside();
  store.set({ beside: besideOf("this", 3) });
  await settle();
  expect([ways.opened.mock.calls.length, ways.wait.mock.calls, now()]).toEqual([1, [[3, "raid"]], null]);
  mine.asked[0]!.give();
  await settle();
  expect([now()!.replay.run, now()!.of, stopped.mock.calls.length]).toEqual([3, "this", 1]);
  expect(ways.arrived).toHaveBeenCalledWith(now());
  store.set({ beside: null });
  expect([now(), ways.left.mock.calls]).toEqual([null, [[false]]]);
  store.set({ beside: { ...besideOf("this", 3), isActive: true } });
  store.set({ beside: null });
  expect(ways.left).toHaveBeenLastCalledWith(true);
});

test("what comes after something else was asked for is dropped", async () => {
  const { store, mine, ways, now } = beside();
  store.set({ beside: besideOf("this", 3) });
  store.set({ beside: besideOf("this", 4) });
  await settle();
  mine.asked[1]!.give();
  await settle();
  mine.asked[0]!.give();
  await settle();
  expect([now()!.replay.run, ways.arrived.mock.calls.length, ways.opened.mock.calls.length]).toEqual([4, 1, 1]);
  store.set({ beside: besideOf("this", 2) });
  store.set({ beside: null });
  await settle();
  mine.asked[2]!.give();
  await settle();
  expect(now()).toBeNull();
});

test("a pick beside asks for nothing; another raid does", async () => {
  const { store, mine } = beside({ beside: besideOf("this", 1) });
  await settle();
  mine.asked[0]!.give();
  await settle();
  store.set({ beside: { ...besideOf("this", 1), selected: 5, isActive: true } });
  expect(mine.asked).toHaveLength(1);
  store.set({ raid: "another" });
  await settle();
  expect(mine.asked.map(({ raid }) => raid)).toEqual(["raid", "raid"]); // the study has no other: its first
});

test("what cannot be shown leaves what was there, and is said", async () => {
  const { store, mine, ways, now } = beside({ beside: besideOf("this", 1) });
  await settle();
  mine.asked[0]!.give();
  await settle();
  store.set({ beside: besideOf("this", 2) });
  await settle();
  mine.asked[1]!.give("Run 2 cannot be flown again.");
  await settle();
  expect(ways.say).toHaveBeenLastCalledWith("Run 2 cannot be flown again.");
  expect([store.state.beside, now()!.replay.run, mine.asked.length]).toEqual([besideOf("this", 1), 1, 2]);
  store.set({ beside: null });
  store.set({ beside: besideOf("this", 3) });
  await settle();
  mine.asked[2]!.give("Run 3 cannot.");
  await settle();
  expect([store.state.beside, now()]).toEqual([null, null]);
});

test("the other study shows its first raid where it has none of the name, and says so", async () => {
  const { theirs, ways, now } = beside({ beside: besideOf("other", 1) });
  await settle();
  theirs.asked[0]!.give();
  await settle();
  expect([now()!.index.title, now()!.replay.raid]).toEqual(["More", "dusk"]);
  expect(ways.say).toHaveBeenCalledWith("B has no raid raid: its first, dusk, stands beside.");
  const two = { ...INDEX, raids: [...OTHER_INDEX.raids, ...INDEX.raids] };
  expect([raidBeside(two, "raid"), raidBeside({ ...INDEX, raids: [] }, "raid")]).toEqual(["raid", null]);
});

test("first the other study, else the most leakers, else the fewest, of what is there", () => {
  const outcomes = { ...INDEX.outcomes, run: [0, 1, 2, 3], leakers: [2, 9, 0, 2] };
  const index = { ...INDEX, runs: 4, outcomes };
  expect(firstBeside(3, index, [], OTHER)).toEqual(besideOf("other", 1));
  expect(firstBeside(0, index, [], null)!.run).toBe(1);
  expect(firstBeside(1, index, [], { ...OTHER, has_replay: false })!.run).toBe(2);
  expect(firstBeside(0, index, [{ run: 0, raid: "raid" }, { run: 3, raid: "raid" }], null)!.run).toBe(3);
  expect(firstBeside(0, index, [{ run: 0, raid: "raid" }], null)).toBeNull();
  expect(firstBeside(0, { ...index, runs: 1, outcomes: { ...outcomes, run: [], leakers: [] } }, [], null)).toBeNull();
});

test("a part of the time stays what it is where it fits another end", () => {
  expect(fitted([10, 20], 100)).toEqual([10, 20]);
  expect(fitted([90, 120], 100)).toEqual([70, 100]);
  expect(fitted([100, 120], 100)).toBeNull();
  expect(fitted([0, 120], 100)).toBeNull();
  expect(fitted(null, 100)).toBeNull();
});

test("a second run has the lower half of a lane", () => {
  expect(strokes([5], 2, LOWER)).toBe("M5.00 2.54v0.4");
});
