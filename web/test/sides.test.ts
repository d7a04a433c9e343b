import { expect, test, vi } from "vitest";
import { ActiveSide, FirstSide, SecondSide } from "../src/sides";
import { besideOf, Store, type State } from "../src/state";

function two(changes: Partial<State> = {}) {
  const main = new Store({
    run: 0, raid: "raid", t_s: 100, end_s: 1000, zoom: null, speed: 20, playing: false, view: "globe", theme: "dark",
    selected: null, following: false, off: new Set(), camera: [0, 0, 3], panel: "replay", beside: besideOf("this", 3), ...changes,
  });
  const first = new FirstSide(main);
  const second = new SecondSide(main, () => ({ run: 3, raid: "raid" }));
  const active = new ActiveSide(first, second, () => main.state.beside?.isActive === true);
  return { main, first, second, active };
}

test("clock, camera, view, theme and switches are one", () => {
  const { main, first, second } = two();
  second.set({ t_s: 250, camera: [10, 20, 2], view: "map", theme: "light", off: new Set(["fans"]), playing: true, speed: 5 });
  for (const key of ["t_s", "camera", "view", "theme", "off", "playing", "speed"] as const) {
    expect(first.state[key]).toBe(main.state[key]);
    expect(second.state[key]).toBe(main.state[key]);
  }
  expect([main.state.t_s, main.state.view]).toEqual([250, "map"]);
});

test("each side has a run and a selection of its own", () => {
  const { main, first, second } = two();
  first.set({ selected: 7 });
  second.set({ selected: 9 });
  expect([first.state.selected, second.state.selected, main.state.selected]).toEqual([7, 9, 7]);
  expect([first.state.run, second.state.run]).toEqual([0, 3]);
  expect(main.state.beside).toEqual({ of: "this", run: 3, selected: 9, isActive: true });
});

test("who picks or follows in a half has log and keys; only one is followed", () => {
  const { main, first, second, active } = two();
  expect(active.state.run).toBe(0);
  second.set({ selected: 9 });
  second.set({ following: true });
  expect([active.state.run, second.state.following, first.state.following]).toEqual([3, true, false]);
  first.set({ selected: 7, following: true });
  expect([active.state.run, second.state.following, first.state.following]).toEqual([0, false, true]);
  second.set({ camera: [1, 2, 3], following: false }); // turning either lets go
  expect(main.state.following).toBe(false);
  expect(active.state.run).toBe(0);
});

test("listeners hear of what is theirs, and all of the run when the other half becomes the active one", () => {
  const { main, first, second, active } = two();
  const heard = { first: vi.fn(), second: vi.fn(), active: vi.fn() };
  first.subscribe((_, changed) => heard.first([...changed]));
  second.subscribe((_, changed) => heard.second([...changed]));
  active.subscribe((state, changed) => heard.active(state.run, [...changed]));
  main.set({ selected: 1 });
  expect(heard.second).not.toHaveBeenCalled();
  expect(heard.active).toHaveBeenLastCalledWith(0, ["selected"]);
  second.tell(new Set<keyof State>(["run"]));
  expect(heard.first).toHaveBeenCalledTimes(1);
  expect(heard.second).toHaveBeenLastCalledWith(["run"]);
  second.set({ selected: 4 });
  const [run, changed] = heard.active.mock.lastCall!;
  expect(run).toBe(3);
  expect(changed).toEqual(expect.arrayContaining(["run", "raid", "selected", "following"]));
  expect(heard.active).toHaveBeenCalledTimes(2);
  main.set({ t_s: 1 });
  expect(heard.active).toHaveBeenCalledTimes(3);
  expect(heard.active).toHaveBeenLastCalledWith(3, ["t_s"]);
});

test("what is not beside cannot be changed, and listeners that left hear nothing", () => {
  const { main, second, active } = two({ beside: null });
  second.set({ selected: 9 });
  expect(main.state.beside).toBeNull();
  const heard = vi.fn();
  active.subscribe(heard)();
  second.subscribe(heard)();
  main.set({ t_s: 5 });
  second.tell(new Set<keyof State>(["run"]));
  expect(heard).not.toHaveBeenCalled();
});
