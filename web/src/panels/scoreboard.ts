// Scoreboard by defence layer: what had been fired and hit by the cursor, beside the mean of the whole study.

import type { Index, Replay } from "../data";
import type { State } from "../state";
import { upTo } from "../story";
import { isRecorded, layerTimes, threatTimes, type LayerTimes, type ThreatTimes } from "./counts";
import { element, scrolled, section, small, table, write, type Column } from "./dom";
import { clock, level, short, withError } from "./format";
import type { Part } from "./loaded";
import { estimate, list, record, text, type Estimate, type Row } from "./summary";

const FROM_EVENTS = "in the run shown, up to the time of the cursor: rows of its events table";
const FROM_STUDY =
  "Mean: over all runs of the study, with its standard error; the bar spans 90 % of the runs, its tick is the mean.";

export function scoreboard(index: Index, replay: Replay): Part {
  const layers = layerTimes(index, replay);
  const threats = threatTimes(replay);
  const means = new Map(list(index.summary.layers).map((one) => [text(one.layer), one]));
  const live = [...layers, null].map(() => FIGURES.map(() => element("td", { class: "number" })));
  const words = element("p", { class: "counts" });
  const at = element("p", { class: "soft" });
  const made = table("By layer of the defence", columnsOf(index, replay), []);
  made.tBodies[0]!.remove();
  layers.forEach(({ layer, interceptor }, k) =>
    made.append(group(layer, interceptor, live[k]!, means.get(layer) ?? {})),
  );
  if (layers.length > 1) made.append(group("all", "", live.at(-1)!, record(index.summary.total)));
  return {
    element: section("Scoreboard", at, words, layers.length ? scrolled(made) : noDefence()),
    show: (state) => show(state, replay, { layers, threats, live, words, at }),
  };
}

/** The rows of one layer: its name, what it has at the cursor, and the mean of the study. */
function group(name: string, interceptor: string, live: HTMLElement[], means: Row): HTMLElement {
  const head = element(
    "th",
    { scope: "rowgroup", colspan: String(FIGURES.length + 1) },
    name,
    interceptor ? small(interceptor) : null,
  );
  const found = FIGURES.map((figure) => estimate(means[figure]));
  const body = element(
    "tbody",
    {},
    element("tr", {}, head),
    element("tr", { class: "live" }, element("th", { scope: "row" }, "now"), ...live),
  );
  if (found.some((one) => one)) {
    body.append(
      element(
        "tr",
        { class: "mean" },
        element("th", { scope: "row" }, "mean"),
        ...found.map((one) => element("td", { class: "number" }, ...beside(one))),
      ),
    );
  }
  return body;
}

export const FIGURES = ["shots", "kills", "left"] as const;

export function noDefence(): HTMLElement {
  return element("p", {}, "The scenario has no defence: it asks what is seen, not what is stopped.");
}

interface Shown {
  layers: LayerTimes[];
  threats: ThreatTimes;
  /** Cells by layer, and last those of all layers. */
  live: HTMLElement[][];
  words: HTMLElement;
  at: HTMLElement;
}

function show({ t_s }: Readonly<State>, replay: Replay, { layers, threats, live, words, at }: Shown): void {
  write(at, `Run ${replay.run}, ${replay.raid}, at ${clock(t_s)}`);
  write(words, threatWords(threats, t_s));
  writeScores(layers, live, t_s);
}

/** Into cells by layer, and last those of all layers. */
export function writeScores(layers: LayerTimes[], live: HTMLElement[][], t_s: number): void {
  const found = layers.map((layer) => scoreAt(layer, t_s));
  [...found, sumOf(found)].forEach((score, k) => scoreTexts(score).forEach((shown, c) => write(live[k]![c]!, shown)));
}

export interface Score {
  shots: number;
  kills: number;
  decoys: number;
  left: number | null;
}

/** What a layer had done by an instant, and the rounds that it had left then. */
export function scoreAt(layer: LayerTimes, t_s: number): Score {
  const shots = upTo(layer.shots, t_s);
  return {
    shots,
    kills: upTo(layer.kills, t_s),
    decoys: upTo(layer.decoys, t_s),
    left: layer.stock === null ? null : layer.stock - shots,
  };
}

export function sumOf(scores: Score[]): Score {
  return scores.reduce(
    (sum, one) => ({
      shots: sum.shots + one.shots,
      kills: sum.kills + one.kills,
      decoys: sum.decoys + one.decoys,
      left: sum.left === null || one.left === null ? null : sum.left + one.left,
    }),
    { shots: 0, kills: 0, decoys: 0, left: 0 as number | null },
  );
}

function scoreTexts({ shots, kills, decoys, left }: Score): [string, string, string] {
  return [short(shots), short(kills) + (decoys ? ` (+${short(decoys)})` : ""), short(left)];
}

export function threatWords(threats: ThreatTimes, t_s: number): string {
  const [launched, destroyed, leaked, outside] = [
    threats.launched,
    threats.destroyed,
    threats.leaked,
    threats.outside,
  ].map((times) => short(upTo(times, t_s)));
  return `Threats: ${launched} launched, ${destroyed} destroyed, ${leaked} leaked, ${outside} outside defended areas`;
}

export function columnsOf(index: Index, replay: Replay): Column[] {
  const raids = index.raids.length > 1 ? " The mean is of all raids together." : "";
  const stock = isRecorded(replay)
    ? "Rounds at the start as this run had them"
    : "Rounds at the start of the first raid as the scenario gives them, before any draw";
  return [
    { head: "" },
    { head: "shots", isNumber: true, hint: `Rounds fired ${FROM_EVENTS}. ${FROM_STUDY}${raids}` },
    {
      head: "kills",
      isNumber: true,
      hint: `Threats destroyed ${FROM_EVENTS}; in brackets decoys, which the mean leaves out. ${FROM_STUDY}${raids}`,
    },
    { head: "left", isNumber: true, hint: `${stock}, less those fired. ${FROM_STUDY}${raids}` },
  ];
}

export function beside(found: Estimate | null): (Node | string)[] {
  if (!found) return ["–"];
  const bar = whisker(found);
  return [withError(found.value, found.error), ...(bar ? [bar] : [])];
}

/** The band of 90 % of the runs with a tick at the mean; both start at zero. */
export function whisker({ value, low, high }: Estimate): SVGElement | null {
  const most = Math.max(high ?? 0, value);
  if (low === null || high === null || !(most > 0)) return null;
  const x = (found: number) => 1 + (46 * Math.max(found, 0)) / most;
  const name = `90 % of runs: ${level(low)} to ${level(high)}`;
  const made = shape("svg", {
    viewBox: "0 0 48 8",
    width: "48",
    height: "8",
    class: "whisker",
    role: "img",
    "aria-label": name,
  });
  made.append(
    shape("path", { d: `M${x(low).toFixed(1)} 4H${x(high).toFixed(1)}`, class: "band" }),
    shape("path", { d: `M${x(value).toFixed(1)} 0V8`, class: "tick" }),
  );
  return made;
}

function shape(tag: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
