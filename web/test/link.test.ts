import { afterEach, expect, test, vi } from "vitest";
import { readLink, writeAsItChanges, writeLink } from "../src/link";
import type { State } from "../src/state";
import { sampleIndex } from "./sample";

const INDEX = sampleIndex();
const OTHER = { name: "more", title: "More", runs: 9, has_replay: true };
const STATE: State = {
  zoom: [1200, 1500.5], beside: { of: "other", run: 4, selected: 7, isActive: true },
  run: 3, raid: "raid", t_s: 1300.04, end_s: 2000, speed: 20, playing: true, view: "map", theme: "light", selected: 2,
  following: true, off: new Set(["fans", "a,b", "50% & more=less", "é"]), camera: [-98.123, 40, 2.5], panel: "study",
};

afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals(); });

test("what is written is read back, names with any sign in them too", () => {
  const { changes, problems } = readLink(`#${writeLink(STATE)}`, INDEX, OTHER);
  expect(problems).toEqual([]);
  const { playing: _, end_s: __, ...kept } = STATE;
  expect(changes).toEqual({ ...kept, t_s: 1300, camera: [-98.12, 40, 2.5] });
});

test("names of raids survive", () => {
  const index = { ...INDEX, raids: [{ name: "mar 09 & <b>#1</b>, 50%", start: "", note: "", launched: 1 }] };
  const raid = index.raids[0]!.name;
  expect(readLink(`#${writeLink({ ...STATE, raid })}`, index).changes.raid).toBe(raid);
});

test("an empty fragment asks for nothing", () => {
  expect(readLink("", INDEX)).toEqual({ changes: {}, problems: [] });
  expect(readLink("#", INDEX)).toEqual({ changes: {}, problems: [] });
});

test("nothing off is said too: it is not what a page opens with", () => {
  expect(readLink(writeLink({ ...STATE, off: new Set() }), INDEX).changes.off).toEqual(new Set());
});

test("what this study does not have is said and left out", () => {
  const { changes, problems } = readLink("#run=99&raid=nowhere&view=cube&t=soon&cam=1,2&sel=-4&speed=&panel=study", INDEX);
  expect(changes).toEqual({ panel: "study" });
  expect(problems).toHaveLength(7);
  expect(problems).toContain("The link says run=99; this study has runs 0 to 4.");
});

test.each([
  ["with=3", { of: "this", run: 3, selected: null, isActive: false }],
  ["with=other:8&sel2=5", { of: "other", run: 8, selected: 5, isActive: false }],
  ["with=0&side=b&sel2=-1", { of: "this", run: 0, selected: null, isActive: true }],
])("%s stands beside", (link, beside) => {
  expect(readLink(link, INDEX, OTHER)).toEqual({ changes: { beside }, problems: [] });
});

test.each([
  ["with=5", "this study has runs 0 to 4"], ["with=", "this study has runs"], ["with=-1", "this study has runs"],
  ["with=1e0", "this study has runs"], ["with=other:9", "the other study has runs 0 to 8"], ["with=other", "this study has runs"],
])("%s cannot", (link, said) => {
  const { changes, problems } = readLink(link, INDEX, OTHER);
  expect(changes).toEqual({});
  expect(problems[0]).toContain(said);
});

test("nothing stands beside where there is no other study, or no replay", () => {
  expect(readLink("with=other:0", INDEX).problems[0]).toContain("there is no other study here");
  expect(readLink("with=other:0", INDEX, { ...OTHER, has_replay: false }).problems[0]).toContain("a campaign has no replay");
  expect(readLink("with=0", { ...INDEX, raids: [] }).problems[0]).toContain("a campaign has no replay");
});

test.each(["zoom=5", "zoom=5-", "zoom=-5", "zoom=9-3", "zoom=a-b", "zoom=3-3", "zoom=0-1e99"])("%s is no part of the time", (link) => {
  const { changes, problems } = readLink(link, INDEX);
  expect([changes, problems.length]).toEqual([{}, 1]);
});

test("a broken escape is text, not an error", () => {
  expect(readLink("#off=%E0%A4%A&t=5", INDEX).changes).toEqual({ off: new Set(["%E0%A4%A"]), t_s: 5 });
});

test("the address is written at most once in half a second, with the last state", () => {
  vi.useFakeTimers();
  const replaceState = vi.fn();
  vi.stubGlobal("history", { replaceState });
  let told = (): void => {};
  let state = STATE;
  writeAsItChanges(() => state, (listener) => { told = listener; return () => {}; });
  for (let t_s = 0; t_s < 50; t_s += 1) {
    state = { ...STATE, t_s };
    told();
  }
  expect(replaceState).not.toHaveBeenCalled();
  vi.advanceTimersByTime(500);
  expect(replaceState).toHaveBeenCalledTimes(1);
  expect(replaceState.mock.calls[0]![2]).toContain("t=49&");
});
