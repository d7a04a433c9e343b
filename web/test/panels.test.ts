import { expect, test } from "vitest";
import type { Index, Replay } from "../src/data";
import { months, returnsOf, stockRows } from "../src/panels/campaign";
import { isRecorded, layerTimes, threatTimes } from "../src/panels/counts";
import { upTo } from "../src/story";
import { flowsOf, reasonRows } from "../src/panels/fates";
import { clock, level, money, perCent, share, short, withError } from "../src/panels/format";
import { binName, histogram, runRows } from "../src/panels/outcomes";
import { scoreAt, sumOf, threatWords } from "../src/panels/scoreboard";
import { gradeCounts, matching, sourcesOf } from "../src/panels/search";
import { timeStep } from "../src/charts";
import { steps } from "../src/panels/stock";
import { estimate } from "../src/panels/summary";
import { FEW, MANY, sampleIndex, sampleReplay } from "./sample";

// ---- numbers: what src/opendome/results/text.py gives for the same ------------------------------------------------

test.each([
  [0.118, 0.007, "0.118 ± 0.007"],
  [0.11849, 0.0195, "0.12 ± 0.02"],
  [1234.5, 12.6, "1,234 ± 13"],
  [1234567, 9500, "1,235,000 ± 10,000"],
  [0.25, 0, "0.25 ± 0"],
  [2.5, 1, "2.5 ± 1.0"],
  [0.125, 0.05, "0.12 ± 0.05"],
  [15483.055, 125.86, "15,480 ± 130"],
  [0.0690974212034384, 0.0026846135481534057, "0.069 ± 0.003"],
])("%d and its error %d are written as the command line writes them", (value, error, words) => {
  expect(withError(value, error)).toBe(words);
});

test("a value without an error, and no value", () => {
  expect(withError(3, null)).toBe("3 ± ?");
  expect(withError(null, 1)).toBe("not known");
  expect(estimate({ value: null, error: null })).toBeNull();
});

test.each([
  [0.00001, "1e-5"],
  [0.000123456, "0.0001235"],
  [2.0625, "2.062"],
  [1234.5, "1,234"],
  [1235.5, "1,236"],
  [12.345, "12.35"],
  [-0.5, "-0.5"],
  [3, "3"],
  [99.96, "99.96"],
  [4000000, "4,000,000"],
  [100, "100"],
])("%d in at most four digits", (value, words) => {
  expect(short(value)).toBe(words);
});

test("bands, shares, money, clock", () => {
  expect([level(99.96), level(1234.5), level(2.0625)]).toEqual(["100", "1,234", "2.1"]);
  expect([share(0.0625), share(1), share(null)]).toEqual(["0.062", "1.000", "–"]);
  expect([perCent(0), perCent(0.004), perCent(0.5), perCent(0.995), perCent(1)]).toEqual([
    "0 %",
    "below 1 %",
    "50 %",
    "above 99 %",
    "100 %",
  ]);
  expect([money(0), money(1234.4), money(12.345)]).toEqual(["–", "1,234", "12.3"]);
  expect([clock(0), clock(65.9), clock(3725)]).toEqual(["T+00:00", "T+01:05", "T+1:02:05"]);
});

// ---- scoreboard ---------------------------------------------------------------------------------------------------

type EventRow = [kind: string, t_s: number, object: number, other: number, layer: string];
type ObjectRow = [id: number, kind: string, type: string, fate: string, layer: string, reason: string];

const OBJECTS: ObjectRow[] = [
  [0, "threat", "icbm", "destroyed", "upper", ""],
  [1, "threat", "icbm", "leaked", "", "no stock"],
  [2, "threat", "slbm", "outside", "", ""],
  [3, "decoy", "icbm", "destroyed", "lower", ""],
  [4, "decoy", "icbm", "void", "", ""],
  [5, "interceptor", "thaad", "hit", "upper", ""],
  [6, "interceptor", "thaad", "hit", "lower", ""],
  [7, "threat", "icbm", "leaked", "", "all shots missed"],
  [8, "threat", "icbm", "leaked", "", "no stock"],
];

const EVENTS: EventRow[] = [
  ["launch", 0, 0, -1, ""],
  ["launch", 1, 1, -1, ""],
  ["launch", 1, 3, -1, ""],
  ["shot", 10, 5, 0, "upper"],
  ["shot", 10, 6, 3, "lower"],
  ["kill", 20, 5, 0, "upper"],
  ["kill", 25, 6, 3, "lower"],
  ["shot", 12, 5, 0, "upper"],
  ["leak", 40, 1, -1, ""],
  ["outside", 41, 2, -1, ""],
];

function study(stocks?: { layer: string; site: string; stock: number }[]): { index: Index; replay: Replay } {
  const index = sampleIndex(FEW);
  const replay = sampleReplay(FEW);
  index.layers = [
    { name: "upper", interceptor: "a", note: "" },
    { name: "lower", interceptor: "b", note: "" },
  ];
  index.sites = [
    { ...index.sites[0]!, layer: "upper", stock: 4 },
    { ...index.sites[0]!, name: "other", layer: "upper", stock: 6 },
  ];
  replay.objects = objects(OBJECTS);
  replay.events = {
    ...replay.events,
    rows: EVENTS.length,
    kind: EVENTS.map(([kind]) => kind),
    t_s: Float64Array.from(EVENTS, (row) => row[1]),
    object: Int32Array.from(EVENTS, (row) => row[2]),
    other: Int32Array.from(EVENTS, (row) => row[3]),
    layer: EVENTS.map((row) => row[4]),
  };
  if (stocks) Object.assign(replay.meta, { stocks });
  return { index, replay };
}

function objects(rows: ObjectRow[]): Replay["objects"] {
  return {
    ...sampleReplay(FEW).objects,
    rows: rows.length,
    id: Int32Array.from(rows, ([id]) => id),
    kind: rows.map((row) => row[1]),
    type: rows.map((row) => row[2]),
    fate: rows.map((row) => row[3]),
    layer: rows.map((row) => row[4]),
    reason: rows.map((row) => row[5]),
  };
}

test("shots, kills and rounds left grow with the cursor, and kills of decoys stand apart", () => {
  const { index, replay } = study();
  const [upper, lower] = layerTimes(index, replay) as [
    ReturnType<typeof layerTimes>[0],
    ReturnType<typeof layerTimes>[0],
  ];
  expect(scoreAt(upper, 9.99)).toEqual({ shots: 0, kills: 0, decoys: 0, left: 10 });
  expect(scoreAt(upper, 10)).toEqual({ shots: 1, kills: 0, decoys: 0, left: 9 });
  expect(scoreAt(upper, 20)).toEqual({ shots: 2, kills: 1, decoys: 0, left: 8 });
  expect(scoreAt(lower, 30)).toEqual({ shots: 1, kills: 0, decoys: 1, left: null });
  expect(sumOf([scoreAt(upper, 30), scoreAt(lower, 30)])).toEqual({ shots: 3, kills: 1, decoys: 1, left: null });
});

test("rounds that the run recorded go before those of the scenario", () => {
  const { index, replay } = study([
    { layer: "upper", site: "x", stock: 7 },
    { layer: "lower", site: "y", stock: 1 },
  ]);
  expect(layerTimes(index, replay).map(({ stock }) => stock)).toEqual([7, 1]);
  const later = study();
  later.replay.raid = "a later raid";
  expect(layerTimes(later.index, later.replay).map(({ stock }) => stock)).toEqual([null, null]);
  expect([isRecorded(replay), isRecorded(study().replay)]).toEqual([true, false]);
});

test("threats are counted without decoys", () => {
  const times = threatTimes(study().replay);
  expect(threatWords(times, 25)).toBe("Threats: 2 launched, 1 destroyed, 0 leaked, 0 outside defended areas");
  expect(threatWords(times, 100)).toBe("Threats: 2 launched, 1 destroyed, 1 leaked, 1 outside defended areas");
});

test("instants up to and with the cursor are counted", () => {
  const times = Float64Array.of(1, 2, 2, 5);
  expect([0, 1, 1.5, 2, 4, 5, 9].map((t_s) => upTo(times, t_s))).toEqual([0, 1, 1, 3, 3, 4, 4]);
});

test("the stock curve steps down at shots, to what the scoreboard has at the end", () => {
  const { index, replay } = study();
  const upper = layerTimes(index, replay)[0]!;
  expect(steps(upper, 50)).toEqual([
    [0, 100, 10],
    [10, 90, 9],
    [12, 80, 8],
    [50, 80, 8],
  ]);
  expect(steps({ ...upper, shots: Float64Array.of(0, 3, 3) }, 3)).toEqual([
    [0, 90, 9],
    [3, 70, 7],
  ]);
});

test("a large sample: the scoreboard at the end has every shot of the events table", () => {
  const [index, replay] = [sampleIndex(MANY), sampleReplay(MANY)];
  const sum = sumOf(layerTimes(index, replay).map((layer) => scoreAt(layer, replay.meta.end_s)));
  expect(sum.shots).toBe(replay.events.kind.filter((kind) => kind === "shot").length);
  expect(sum.kills).toBe(replay.events.kind.filter((kind) => kind === "kill").length);
});

// ---- where threats end --------------------------------------------------------------------------------------------

test("flows hold every threat and decoy once, ends in order", () => {
  const found = flowsOf(objects(OBJECTS), ["upper", "lower"]);
  expect(found.sources).toEqual([
    { name: "icbm", n: 4 },
    { name: "slbm", n: 1 },
    { name: "icbm, decoys", n: 2 },
  ]);
  expect(found.ends.map(({ name, n }) => [name, n])).toEqual([
    ["destroyed: upper", 1],
    ["destroyed: lower", 1],
    ["leaked: no stock", 2],
    ["leaked: all shots missed", 1],
    ["outside", 1],
    ["came to nothing", 1],
  ]);
  expect(found.flows.reduce((sum, { n }) => sum + n, 0)).toBe(7);
});

test("reasons of the run shown stand beside those of all runs", () => {
  const mean = { value: 0.4, error: 0.1, runs: 9, low: 0, high: 1 };
  const rows = reasonRows(objects(OBJECTS), [
    { reason: "never seen", ...mean },
    { reason: "no stock", ...mean },
  ]);
  expect(rows).toEqual([
    { reason: "never seen", n: 0, mean },
    { reason: "no stock", n: 2, mean },
    { reason: "all shots missed", n: 1, mean: null },
  ]);
  const decoy: ObjectRow = [0, "decoy", "icbm", "leaked", "", "no stock"];
  expect(reasonRows(objects([decoy]), undefined)).toEqual([]);
});

// ---- runs of a study ----------------------------------------------------------------------------------------------

const outcomes = (leakers: number[]): Index["outcomes"] => ({
  run: leakers.map((_, k) => k),
  leakers,
  leak_through: leakers.map((n) => n / 10),
  shots: leakers,
  kills: leakers,
  cost_musd: leakers,
});

test("runs come in order of leakers, with best, median and worst marked", () => {
  const rows = runRows(outcomes([3, 0, 7, 3]));
  expect(rows.map(({ run }) => run)).toEqual([2, 3, 0, 1]);
  expect(rows.map(({ marks }) => marks)).toEqual([["worst"], [], ["median"], ["best"]]);
  expect(runRows(outcomes([5]))[0]!.marks).toEqual(["best", "median", "worst"]);
  expect(runRows(outcomes([]))).toEqual([]);
});

test("a histogram holds every run once, in few bins of whole numbers", () => {
  expect(histogram([0, 0, 2])).toEqual([
    { from: 0, to: 0, runs: 2 },
    { from: 1, to: 1, runs: 0 },
    { from: 2, to: 2, runs: 1 },
  ]);
  const wide = histogram([103, 98, 250, 171, 251]);
  expect(wide.length).toBeLessThanOrEqual(24);
  expect(wide.reduce((sum, { runs }) => sum + runs, 0)).toBe(5);
  expect(wide.map(binName)[0]).toBe("90–99");
  expect(wide.at(-1)).toEqual({ from: 250, to: 259, runs: 2 });
});

// ---- assumptions --------------------------------------------------------------------------------------------------

test("assumptions are found by words and grade", () => {
  const { assumptions } = sampleIndex(FEW);
  const paths = (words: string, ...grades: string[]) =>
    matching(assumptions, words, new Set(grades)).map(({ path }) => path);
  expect(paths("")).toEqual(["sample_gbi.p_kill", "sample_gbi.cost_musd"]);
  expect(paths("GBI cost")).toEqual(["sample_gbi.cost_musd"]);
  expect(paths("made up")).toEqual(["sample_gbi.p_kill"]);
  expect(paths("declared")).toEqual(["sample_gbi.p_kill"]);
  expect(paths("gbi", "estimated")).toEqual(["sample_gbi.cost_musd"]);
  expect(paths("nothing of it")).toEqual([]);
  expect(gradeCounts(assumptions)).toEqual([
    ["assumed", 1],
    ["estimated", 1],
  ]);
  expect(sourcesOf(sampleIndex(FEW))).toEqual([
    { key: "assumption", n: 1 },
    { key: "sample2025", n: 1 },
  ]);
});

// ---- campaigns ----------------------------------------------------------------------------------------------------

test("stocks of a campaign in words", () => {
  const same = (value: unknown) => ({ median: value, low: value, high: value });
  const summary = {
    until: "2032-12",
    stocks: [
      {
        owner: "us",
        interceptor: "thaad",
        start: same(600),
        level: same(500),
        lowest: same(200),
        lowest_month: same("2026-03"),
        exhausted: same(null),
        share_exhausted: 0,
        share_fell: 1,
        back: { median: "2029-06", low: "2029-01", high: null },
        share_not_back: 0.15,
      },
      {
        owner: "uae",
        interceptor: "thaad",
        start: same(90),
        level: same(90),
        lowest: same(90),
        lowest_month: same("2026-02"),
        exhausted: { median: null, low: "2026-03", high: null },
        share_exhausted: 0.2,
        share_fell: 0,
        back: null,
        share_not_back: 0,
      },
    ],
  };
  expect(stockRows(summary)).toEqual([
    {
      interceptor: "thaad",
      owner: "us",
      start: "600",
      lowest: "200",
      lowestIn: "2026-03",
      exhausted: "never",
      level: "500",
      back: "2029-06 (2029-01 to later), not by 2032-12 in 15 % of runs",
    },
    {
      interceptor: "thaad",
      owner: "uae",
      start: "90",
      lowest: "–",
      lowestIn: "–",
      exhausted: "never (2026-03 to never), 20 % of runs",
      level: "90",
      back: "did not fall",
    },
  ]);
  expect(months(same("2027-01"), "later")).toBe("2027-01");
  expect(
    returnsOf(
      stockRows({ until: "2032-12", stocks: [...summary.stocks, { ...summary.stocks[1], interceptor: "patriot" }] }),
    ),
  ).toEqual({
    interceptors: ["thaad", "patriot"],
    rows: [
      { owner: "us", back: ["2029-06 (2029-01 to later), not by 2032-12 in 15 % of runs", null] },
      { owner: "uae", back: ["did not fall", "did not fall"] },
    ],
  });
});

test("time axes have round steps", () => {
  expect([120, 2460, 47000, 400000].map((end_s) => timeStep(end_s))).toEqual([60, 900, 21600, 172800]);
});
