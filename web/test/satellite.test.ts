import { expect, test } from "vitest";
import { firedBy, satelliteFacts, satelliteName, satelliteState, spentTimes } from "../src/satellite";
import { Store, type State } from "../src/state";
import { sampleIndex, sampleReplay } from "./sample";

const ARMED = "interceptors in orbit";

/** Two of the sample's rounds are fired by the first armed satellite, which has two; the second has fired before. */
function armed() {
  const index = sampleIndex();
  index.layers.push({ name: "boost", interceptor: "sample_sbi", note: "" });
  index.constellations.find(({ name }) => name === ARMED)!.carries = ["boost"];
  const replay = sampleReplay();
  const first = replay.satellites.constellation.indexOf(ARMED);
  replay.satellites.constellation.forEach((name, k) => { if (name === ARMED) replay.satellites.rounds[k] = 2; });
  replay.satellites.rounds[first + 1] = 0;
  const rounds = [...replay.objects.id].filter((row) => replay.objects.kind[row] === "interceptor");
  for (const row of rounds.slice(0, 2)) replay.objects.satellite[row] = first;
  replay.objects.satellite[rounds[2]!] = first + 2;
  return { index, replay, first, rounds };
}

test("a satellite is spent once it has fired all that it had, not before", () => {
  const { index, replay, first, rounds } = armed();
  const spent = spentTimes(index, replay);
  const starts = rounds.slice(0, 2).map((row) => replay.objects.start_s[row]!);
  expect(spent[first]).toBe(Math.max(...starts));
  expect(spent[first + 1]).toBe(-Infinity);
  expect(spent[first + 2]).toBe(Infinity);
  expect(spent[0]).toBe(Infinity); // carries none
  expect(firedBy(replay, first)).toEqual([...rounds.slice(0, 2)].sort((p, q) => replay.objects.start_s[p]! - replay.objects.start_s[q]!));
});

test("its state in words", () => {
  const { index, replay, first, rounds } = armed();
  const starts = rounds.slice(0, 2).map((row) => replay.objects.start_s[row]!).sort((p, q) => p - q);
  const state = (id: number, t_s: number) => satelliteState(index, replay, id, t_s);
  expect(state(first, starts[0]! - 1)).toBe("works, 2 of 2 interceptors left");
  expect(state(first, starts[0]!)).toBe("works, 1 of 2 interceptors left");
  expect(state(first, starts[1]!)).toBe("spent: has fired all that it had");
  expect(state(first + 1, 0)).toBe("spent: had fired all before this raid");
  expect(state(0, 0)).toBe("works");
  replay.satellites.works[0] = 0;
  expect(state(0, 0)).toBe("out of order in this run");
  expect(state(9999, 0)).toBe("not in this raid of this run");
  expect(satelliteName(replay, first)).toBe(`${ARMED} ${first}`);
});

test("altitude and speed on the card are those of its orbit", () => {
  const { index, replay, first } = armed();
  const facts = new Map(satelliteFacts(index, replay, first, 500));
  expect(facts.get("carries")).toBe("boost");
  // a = 6,878 km, nearly round: 500 km up, 7.6 km/s against the stars; the Earth turns up to 0.35 of that away at 45 degrees.
  expect(Math.abs(parseFloat(facts.get("altitude")!) - 500)).toBeLessThan(30);
  expect(parseFloat(facts.get("speed")!)).toBeGreaterThan(7.1);
  expect(parseFloat(facts.get("speed")!)).toBeLessThan(7.7);
});

test("one thing is picked at a time", () => {
  const store = new Store({ selected: 3, satellite: null } as State);
  store.set({ satellite: 7 });
  expect([store.state.selected, store.state.satellite]).toEqual([null, 7]);
  store.set({ selected: 1 });
  expect([store.state.selected, store.state.satellite]).toEqual([1, null]);
  store.set({ selected: null });
  expect(store.state.satellite).toBeNull();
});
