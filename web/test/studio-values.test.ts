import { expect, test } from "vitest";
import { doingWords, countWords } from "../src/studio/runbox";
import { blocksOf, holds, kindsOf, shownRows, splitLabel, wordsIn } from "../src/studio/search";
import { commands, fileName } from "../src/studio/save";
import { duration, firstSentence } from "../src/studio/starts";
import { allowed, isOutside, nextValue, placeOn, readValue, valueAt, wordsOf } from "../src/studio/values";
import { IDLE } from "../src/studio/desk";
import { GROUPS, sampleRow, sampleRows } from "./studio-sample";

const STOCK = sampleRow({ path: "layers.upper.stock", kind: "integer", value: 72, low: 48, high: 96, minimum: 0, unit: "rounds" });
const SHARE = sampleRow({ path: "p_kill", value: 0.9, low: 0.8, high: 1, minimum: 0, maximum: 1 });

test.each([
  ["90", 90], [" 90 ", 90], ["+5", 5], ["\u22124", -4], ["1e3", 1000], ["7.0", 7], ["-0", 0],
])("%j is read as %d", (typed, value) => {
  expect(readValue(STOCK, typed)).toEqual({ value });
});

test.each([
  ["", /cannot be empty; it started with 72 rounds/], ["ninety", /such as 72/], ["90 rounds", /Leave the unit out: it is rounds/],
  ["1,5", /1\.5, or 15/], ["2.5", /whole number is wanted here: 2 or 3/], ["1e999", /too large/], ["0x10", /number is wanted/], ["Infinity", /number is wanted/],
])("%j is told to be wrong, and how to write it", (typed, says) => {
  const read = readValue(STOCK, typed);
  expect("says" in read && read.says).toMatch(says);
});

test("what may be empty is nothing when it is; a text keeps its blanks", () => {
  const free = sampleRow({ path: "x", value: null });
  expect(readValue(free, "")).toEqual({ value: null });
  const text = sampleRow({ path: "title", kind: "text", value: "A" });
  expect(readValue(text, " two words ")).toEqual({ value: " two words " });
  expect(readValue(text, "")).toEqual({ value: "" });
  expect(readValue(sampleRow({ path: "note", kind: "text", value: null }), "")).toEqual({ value: null });
});

test("a choice gives the value and not its text; a date is not emptied", () => {
  const salvo = sampleRow({ path: "salvo", kind: "choice", value: 1, choices: [1, 2] });
  expect(readValue(salvo, "2")).toEqual({ value: 2 });
  expect(readValue(sampleRow({ path: "start", kind: "date", value: "2026-03-01" }), " ")).toHaveProperty("says");
});

test("outside of a range is below low or above high, and never without a range", () => {
  expect([47, 48, 96, 97].map((value) => isOutside(STOCK, value))).toEqual([true, false, false, true]);
  expect(isOutside(sampleRow({ path: "x" }), 1e9)).toBe(false);
  expect(isOutside(STOCK, null)).toBe(false);
});

test("places on the bar: the ends are the range's, and far beyond is drawn at the edge", () => {
  expect([48, 72, 96, 1000, -1000].map((value) => placeOn({ low: 48, high: 96 }, value))).toEqual([0, 0.5, 1, 1.15, -0.15]);
  const stock = { ...STOCK, low: 48, high: 96 };
  expect([-1, 0, 0.5, 1, 2].map((place) => valueAt(stock, place))).toEqual([48, 48, 72, 96, 96]);
  expect(valueAt({ ...SHARE, low: 0.8, high: 1 }, 0.333)).toBe(0.866);
});

test("arrow keys step in round numbers and stop at what is allowed", () => {
  expect([nextValue(STOCK, 72, 1), nextValue(STOCK, 72, -1), nextValue(STOCK, 0, -1)]).toEqual([74, 70, 0]);
  expect([nextValue(SHARE, 0.9, 1), nextValue(SHARE, 1, 1)]).toEqual([0.91, 1]);
  expect(nextValue(sampleRow({ path: "count", kind: "integer", value: 18 }), 18, 1)).toBe(19);
});

test("values in words", () => {
  expect([wordsOf(null), wordsOf(true), wordsOf(72, "rounds"), wordsOf(1234567), wordsOf(2028), wordsOf(0.00001)]).toEqual(
    ["nothing", "yes", "72 rounds", "1,234,567", "2028", "0.00001"]);
  expect(wordsOf("x".repeat(90))).toHaveLength(60);
  expect([allowed(STOCK), allowed(SHARE), allowed(sampleRow({ path: "x", maximum: 5 })), allowed(sampleRow({ path: "x" }))]).toEqual(["at least 0", "0 to 1", "at most 5", ""]);
});

// ---- finding and grouping -------------------------------------------------------------------------------------------

test("every word must be somewhere in a row: name, place, reason or source", () => {
  const kill = sampleRows().find(({ path }) => path.endsWith("p_kill.ballistic"))!;
  expect(holds(kill, wordsIn("Writer THAAD"))).toBe(true);
  expect(holds(kill, wordsIn("think tank"))).toBe(true);
  expect(holds(kill, wordsIn("writer patriot"))).toBe(false);
});

test("only what was changed, whatever else is asked for", () => {
  const rows = sampleRows();
  const path = "layers.upper.sites.upper-1.stock";
  expect(shownRows(rows, { words: "", onlyChanged: true }, { [path]: 90 }).map((row) => row.path)).toEqual([path]);
  expect(shownRows(rows, { words: "lat", onlyChanged: true }, { [path]: 90 })).toEqual([]);
});

test("groups of a kind stand together; each row is in one section", () => {
  const rows = sampleRows();
  const kinds = kindsOf(GROUPS, rows);
  expect(kinds.map(({ name }) => name)).toEqual(["The scenario", "Layers", "Raids", "Interceptors of the catalogue", "Threats of the catalogue"]);
  expect(kinds[1]!.sections.map(({ name }) => name)).toEqual(["upper", "lower", "short-range", "guns"]);
  expect(kinds.flatMap(({ sections }) => sections.flatMap(({ all }) => all))).toHaveLength(rows.length);
  expect(kindsOf([], [sampleRow({ path: "x", group: "" })])[0]!.name).toBe("Other");
});

test("rows of one site stand under its name", () => {
  const blocks = blocksOf(sampleRows().filter(({ group }) => group === "layers.upper"));
  expect(blocks.map(({ name, rows }) => [name, rows.length])).toEqual([["", 3], ["sites upper-0", 2], ["sites upper-1", 2]]);
  expect(splitLabel("from: sites: stock")).toEqual(["from: sites", "stock"]);
});

// ---- words ----------------------------------------------------------------------------------------------------------

test("a file name has nothing in it that a shell or a folder minds", () => {
  expect(fileName("Gulf raids on the UAE, 28 February")).toBe("my-gulf-raids-on-the-uae-28-february.toml");
  expect(fileName("A salvo of ICBMs against interceptors in orbit (changed in the studio)")).toBe("my-a-salvo-of-icbms-against-interceptors-in.toml");
  expect(fileName("x".repeat(90))).toBe(`my-${"x".repeat(40)}.toml`);
  expect(fileName("../../etc/\u00c4pfel <b>")).toBe("my-etc-apfel-b.toml");
  expect(fileName("\u5bfe")).toBe("my-scenario.toml");
});

test("the commands repeat a result", () => {
  expect(commands({ start: "gulf-2026" }, "my-x.toml", 50, 7)).toBe(
    "opendome run my-x.toml --runs 50 --seed 7 --out results/my-x\nopendome compare gulf-2026 my-x.toml --runs 50 --seed 7");
  expect(commands({ toml: "" }, "my-x.toml", 50, 7)).not.toContain("compare");
});

test("the first sentence of a note", () => {
  expect(firstSentence("Counts follow the\nU.S. Army. The defence is notional.")).toBe("Counts follow the U.S. Army.");
  expect(firstSentence("No full stop")).toBe("No full stop");
  expect(firstSentence("")).toBe("");
});

test("times and progress in words", () => {
  expect([duration(0.2), duration(12.4), duration(300), duration(7200)]).toEqual(["a second", "12 s", "5 min", "2 h"]);
  expect(countWords({ ...IDLE, done: 34, total: 200, elapsed_s: 75.4 })).toBe("34 of 200, 1 min 15 s");
  expect(doingWords({ ...IDLE, state: "waiting" })).toMatch(/Waiting/);
  expect(doingWords({ ...IDLE, state: "running", doing: "your scenario" })).toBe("Running your scenario ...");
});
