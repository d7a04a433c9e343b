import { expect, test } from "vitest";
import { eventsOf, originOf, seenBy, stateOf } from "../src/card";
import { LANES, laneTimes, shown, strokes, zoom } from "../src/lanes";
import { filtered } from "../src/log";
import { marked } from "../src/pickers";
import { inWords, lastBefore, lineOf, nextAfter, nextLeak, storyOf, upTo } from "../src/story";
import { flying } from "../src/waiting";
import { MANY, sampleReplay } from "./sample";

const REPLAY = sampleReplay();
const STORY = storyOf(REPLAY);
const END = REPLAY.meta.end_s;

test("counts are the rows of the table up to the cursor", () => {
  const { kind, t_s } = REPLAY.events;
  for (const cursor of [0, 63, 900, 1500, END]) {
    const rows = (name: string): number => kind.filter((k, row) => k === name && t_s[row]! <= cursor).length;
    const now = STORY.counts(cursor);
    expect([now.launched, now.killed, now.leaked, now.shots]).toEqual([rows("launch"), rows("kill"), rows("leak"), rows("shot")]);
  }
  expect(STORY.counts(END).in_flight).toBe(0);
  expect(STORY.counts(END).killed + STORY.counts(END).leaked).toBe(4);
});

test("every threat is in flight, destroyed or leaked, at any time", () => {
  const story = storyOf(sampleReplay(MANY));
  for (let t_s = 0; t_s <= 2500; t_s += 50) {
    const now = story.counts(t_s);
    expect(now.in_flight).toBe(now.launched - now.killed - now.leaked);
  }
});

test("decoys count neither as launched nor as destroyed", () => {
  const kind = REPLAY.objects.kind.map((name, row) => (row === 0 ? "decoy" : name));
  const now = storyOf({ ...REPLAY, objects: { ...REPLAY.objects, kind } }).counts(END);
  expect(now.launched).toBe(3);
  expect(now.killed + now.leaked).toBe(3);
});

test("stepping goes through all events, each instant once, and stops", () => {
  const instants = [...new Set(STORY.times)];
  const forth: number[] = [];
  for (let t = -1, at = nextAfter(STORY.times, t); at !== null; at = nextAfter(STORY.times, t)) forth.push(t = STORY.times[at]!);
  expect(forth).toEqual(instants);
  const back: number[] = [];
  for (let t = 1e9, at = lastBefore(STORY.times, t); at !== null; at = lastBefore(STORY.times, t)) back.push(t = STORY.times[at]!);
  expect(back.reverse()).toEqual(instants);
});

test("the number of entries up to a time", () => {
  expect([-1, 1, 1.5, 2, 9].map((t) => upTo([1, 2, 2, 3], t))).toEqual([0, 1, 1, 3, 4]);
  expect(upTo([], 1)).toBe(0);
});

test("the next leaker, and round to the first again", () => {
  const leaks = STORY.happenings.filter((h) => h.kind === "leak");
  expect(nextLeak(STORY, 0)).toBe(leaks[0]);
  expect(nextLeak(STORY, leaks[0]!.t_s)).toBe(leaks[1] ?? leaks[0]);
  expect(nextLeak(STORY, END)).toBe(leaks[0]);
  expect(nextLeak({ ...STORY, happenings: [] }, 0)).toBeNull();
});

test("each lane holds its own events, and one stroke for each", () => {
  const lanes = laneTimes(STORY.happenings);
  expect(lanes.map((times) => times.length)).toEqual(LANES.map(({ kinds }) => STORY.happenings.filter((h) => (kinds as readonly string[]).includes(h.kind)).length));
  expect(lanes[0]).toEqual([60, 64, 68, 72]);
  expect(strokes(lanes[0]!, 2).match(/M/g)).toHaveLength(4);
  expect(strokes([60], 2)).toBe("M60.00 2.15v0.7");
});

test("a window of time stays within the raid and keeps the cursor in it", () => {
  expect(zoom([0, 1000], 500, 0.5, 1000)).toEqual([250, 750]);
  expect(zoom([0, 1000], 10, 0.5, 1000)).toEqual([0, 500]);
  expect(zoom([0, 1000], 990, 0.5, 1000)).toEqual([500, 1000]);
  expect(zoom([0, 12], 6, 0.1, 1000)[1]).toBe(11);
  expect(shown([0, 100], 50, 1000)).toEqual([0, 100]);
  expect(shown([0, 100], 300, 1000)).toEqual([290, 390]);
  expect(shown([0, 100], 999, 1000)).toEqual([900, 1000]);
});

test("an object is named by what its row says at the time", () => {
  const leaked = REPLAY.objects.fate.indexOf("leaked");
  expect(stateOf(REPLAY, leaked, 0)).toBe("not yet launched");
  expect(stateOf(REPLAY, leaked, 500)).toBe("in flight");
  expect(stateOf(REPLAY, leaked, END)).toBe("leaked: all shots missed");
  expect(stateOf(REPLAY, REPLAY.objects.kind.indexOf("interceptor"), 0)).toBe("not yet fired");
});

test("a threat comes from its launch place, an interceptor from its site", () => {
  const site = REPLAY.objects.site.map((name) => name || "the site that destroyed it");
  const replay = { ...REPLAY, objects: { ...REPLAY.objects, site } };
  expect(originOf(replay, 0)).toBe("launch area");
  expect(originOf(replay, REPLAY.objects.kind.indexOf("interceptor"))).toBe("northern site");
});

test("the story of a threat holds the shots at it", () => {
  const shot = STORY.happenings.find((h) => h.kind === "shot")!;
  const kinds = eventsOf(STORY, shot.threat!).map((h) => h.kind);
  expect(kinds).toEqual(expect.arrayContaining(["launch", "shot"]));
  expect(inWords(shot)).toMatch(/^shot at by /);
  expect(lineOf(shot)).toMatch(/^shot at: T\d+ by /);
});

test("what was seen says which sensor saw it, and by which satellite", () => {
  const [warned, seen] = ["warned", "seen"].map((kind) => STORY.happenings.find((h) => h.kind === kind)!);
  const fleet = REPLAY.satellites.constellation[1]!;
  expect(inWords(warned!)).toBe(`warned of by warning eye, ${fleet} 1`);
  expect(lineOf(seen!)).toMatch(/^tracked: T\d+ by northern radar$/);
  const pair = { ...REPLAY.events, satellite_2: REPLAY.events.satellite.map((id) => (id < 0 ? -1 : 0)) };
  const told = storyOf({ ...REPLAY, events: pair }).happenings.find((h) => h.kind === "warned")!.told;
  expect(told).toBe(`warning eye, ${fleet} 1 and ${REPLAY.satellites.constellation[0]!} 0`);
  expect(seenBy(eventsOf(STORY, seen!.threat!))).toBe("warning eye (its burn), northern radar");
  expect(filtered(STORY.happenings, "northern radar").every((h) => h.kind === "seen")).toBe(true);
});

test("what is waited for, in words", () => {
  expect(flying(3, "b", null)).toBe("Flying run 3 of b again ...");
  expect(flying(3, "b", { run: 3, raid: "b", done: 0, of: 1 })).toBe("Flying run 3 of b again ...");
  expect(flying(3, "b", { run: 3, raid: "b", done: 1, of: 5 })).toBe("Flying run 3 of b again ... Raid 2 of 5.");
  expect(flying(3, "b", { run: 2, raid: "a", done: 1, of: 5 })).toBe("Waiting for run 2 of a, which is flown first ...");
});

test("the filter wants every word", () => {
  expect(filtered(STORY.happenings, "").length).toBe(STORY.happenings.length);
  expect(filtered(STORY.happenings, "t001 LAUNCH").map((h) => h.t_s)).toEqual([64]);
  expect(filtered(STORY.happenings, "t001 nothing")).toEqual([]);
});

test("best, median and worst runs are by leakers", () => {
  const outcomes = { run: [0, 1, 2, 3, 4], leakers: [4, 1, 3, 0, 2], leak_through: [], shots: [], kills: [], cost_musd: [] };
  expect(marked(outcomes).map(({ run }) => run)).toEqual([3, 4, 0]);
  expect(marked({ ...outcomes, run: [], leakers: [] })).toEqual([]);
});
