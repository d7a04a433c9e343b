// A made-up studio: canned answers to every question, with one scenario large enough to look at.

import type { Api, Base, Changes, Checked, Group, Opened, Problem, Progress, Result, Row, Start } from "../src/studio/api";
import { ApiError } from "../src/studio/api";
import { IDLE } from "../src/studio/desk";
import { isOutside } from "../src/studio/values";

const SOURCE = { key: "centre2026", author: "A. Writer", title: "Stocks of the upper layer", year: 2026, publisher: "A centre", link: "https://example.org/stocks" };

const LAYERS: [string, string, number][] = [["upper", "thaad", 2], ["lower", "patriot-pac3-mse", 6], ["short-range", "short-range-missile", 9], ["guns", "gun", 7]];

export const GROUPS: Group[] = [
  { name: "scenario", label: "the scenario", note: "" },
  ...LAYERS.map(([layer]) => ({ name: `layers.${layer}`, label: `layers: ${layer}`, note: "Made up." })),
  ...[1, 2, 3, 4, 5, 6].map((day) => ({ name: `raids.day-${day}`, label: `raids: day-${day}`, note: "" })),
  { name: "catalogue.interceptors.thaad", label: "interceptors: thaad", note: "An upper-tier interceptor, as sources describe it." },
  { name: "catalogue.threats.srbm", label: "threats: srbm", note: "" },
];

export function sampleRow(changes: Partial<Row> & { path: string }): Row {
  return {
    group: changes.path.split(".").slice(0, changes.path.startsWith("catalogue") ? 3 : 2).join("."), label: changes.path.split(".").at(-1)!, kind: "number", value: 1, default: null, unit: "", low: null, high: null,
    minimum: null, maximum: null, choices: null, help: "", grade: "", why: "", source: null, sampled: false, of: "scenario", ...changes,
  };
}


export function sampleRows(): Row[] {
  const rows: Row[] = [
    sampleRow({ path: "title", group: "scenario", label: "Title", kind: "text", value: "A made-up raid <b>on two towns</b>", help: "What the study is called." }),
    sampleRow({ path: "note", group: "scenario", label: "Note", kind: "text", value: "Everything here is made up, so that the studio can be looked at without the simulator. It has four layers, and raids by day.", help: "What a reader must know." }),
    sampleRow({ path: "assumptions", group: "scenario", label: "Assumptions", kind: "choice", value: "sampled", choices: ["sampled", "fixed"], help: "Whether ranges are drawn in each run." }),
  ];
  for (const [layer, interceptor, sites] of LAYERS) {
    const at = `layers.${layer}`;
    rows.push(
      sampleRow({ path: `${at}.interceptor`, label: "Interceptor", kind: "choice", value: interceptor, choices: ["thaad", "patriot-pac3-mse", "short-range-missile", "gun"], help: "Type of the catalogue." }),
      sampleRow({ path: `${at}.salvo`, label: "Salvo", kind: "integer", value: 2, minimum: 1, maximum: 8, unit: "rounds", help: "Rounds fired at a threat at once." }),
      sampleRow({ path: `${at}.look`, label: "Looks before it fires again", kind: "switch", value: true, help: "Shoot, look, shoot." }));
    for (let k = 0; k < sites; k++) {
      rows.push(
        sampleRow({ path: `${at}.sites.${layer}-${k}.lat_deg`, label: `sites ${layer}-${k}: lat`, value: 24.4 + k / 10, unit: "deg", minimum: -90, maximum: 90 }),
        sampleRow({ path: `${at}.sites.${layer}-${k}.stock`, label: `sites ${layer}-${k}: stock`, kind: "integer", value: 72, low: 48, high: 96, minimum: 0, unit: "rounds", grade: "assumed",
                    why: "48 rounds stand on a battery's launchers; reloads assumed", sampled: true, help: "Rounds at the site when the raid begins." }));
    }
  }
  for (let day = 1; day <= 6; day++) {
    rows.push(
      sampleRow({ path: `raids.day-${day}.start`, label: "Start", kind: "date", value: `2026-03-0${day}T06:00:00Z` }),
      sampleRow({ path: `raids.day-${day}.waves[0].count`, label: "Count", kind: "integer", value: 18, minimum: 0, maximum: 100000, unit: "threats", help: "How many are launched." }));
  }
  rows.push(
    sampleRow({ path: "catalogue.interceptors.thaad.p_kill.ballistic", label: "Chance of a kill, ballistic", value: 0.939, low: 0.847, high: 0.985, minimum: 0, maximum: 1,
                grade: "think-tank", source: SOURCE, why: "Fitted to four days; misses of the catalogue times 0.305", sampled: true, of: "catalogue", help: "Chance that one round destroys one threat." }),
    sampleRow({ path: "catalogue.interceptors.thaad.unit_musd", label: "Price of a round", value: 12.4, low: 12, high: 12.7, minimum: 0, unit: "M$", grade: "official", source: { ...SOURCE, title: "Budget estimates" }, of: "catalogue" }),
    sampleRow({ path: "catalogue.threats.srbm.burn_s", label: "Burn", value: 65, low: 60, high: 70, minimum: 1, unit: "s", grade: "press", source: { ...SOURCE, link: "javascript:alert(1)" }, of: "catalogue" }));
  return rows;
}

const STARTS: Start[] = [
  { name: "made-up", title: "A made-up raid on two towns", note: "Four layers against six days of raids. Everything is made up.", kind: "raid", runs: 200, seconds: 12 },
  { name: "gulf-2026", title: "Gulf raids on the UAE, 28 February to 10 March 2026", note: "Threat counts per day follow the cumulative figures of the UAE Ministry of Defence. The defence is notional.", kind: "raid", runs: 200, seconds: 40 },
  { name: "homeland-2028", title: "A layered defence of the homeland in 2028", note: "Ten missiles leave one region within a minute. Infrared sensors warn.", kind: "raid", runs: 200, seconds: 300 },
  { name: "stocks-2026", title: "Stocks of interceptors, month by month", note: "Deliveries against use over six years, with every number a range. Nothing flies.", kind: "campaign", runs: 500, seconds: null },
];

export function sampleOpened(): Opened {
  return {
    title: "A made-up raid <b>on two towns</b>", note: "Everything here is made up.\nNothing of it is a forecast.", kind: "raid", toml: "format = 1\n",
    document: { runs: 200, seed: 7 }, rows: sampleRows(), groups: GROUPS, problems: [],
  };
}

/** What a server might say: stocks below nothing, and any number that its row does not allow. */
export function sampleCheck(rows: readonly Row[], changes: Changes): Checked {
  const problems: Problem[] = [];
  const outside: Checked["outside"] = [];
  for (const row of rows) {
    const value = changes[row.path];
    if (typeof value !== "number") continue;
    if ((row.minimum !== null && value < row.minimum) || (row.maximum !== null && value > row.maximum)) {
      problems.push({ path: row.path, says: `${row.path} = ${value}: must be from ${row.minimum ?? "any"} to ${row.maximum ?? "any"}`, hint: "did you leave out a point?" });
    }
    if (isOutside(row, value)) outside.push({ path: row.path, value, low: row.low!, high: row.high! });
  }
  return { toml: `format = 1\n# ${JSON.stringify(changes)}\n`, problems, outside };
}

export function sampleResult(changes: Changes, runs: number, seed: number): Result {
  const rows = new Map(sampleRows().map((row) => [row.path, row]));
  return {
    job: 1, runs, seed, title: "A made-up raid on two towns",
    changes: Object.entries(changes).map(([path, to]) => ({ path, label: rows.get(path)!.label, unit: rows.get(path)!.unit, from: rows.get(path)!.value, to, outside: isOutside(rows.get(path)!, to) })),
    rows: [
      { name: "leak-through", unit: "share", start: 0.118, start_error: 0.007, mine: 0.082, mine_error: 0.006, difference: -0.036, difference_error: 0.004, is_clear: true },
      { name: "cost of the programme", unit: "M$ of 2026", start: 370000, start_error: 40000, mine: 650000, mine_error: 70000, difference: 280000, difference_error: 30000, is_clear: true },
      { name: "threats destroyed", unit: "", start: 812, start_error: 4, mine: 814, mine_error: 4, difference: 2, difference_error: 3, is_clear: false },
      { name: "cost of what was fired", unit: "M$ of 2026", start: 2480, start_error: 31, mine: 2610, mine_error: 33, difference: 130, difference_error: 12, is_clear: true },
    ],
    answer_start: ["Of 1,000 threats 118 \u00b1 7 came down where they were aimed.", "The upper layer was empty in 12 % of the runs."],
    answer_mine: ["Of 1,000 threats 82 \u00b1 6 came down where they were aimed.", "The upper layer was empty in 3 % of the runs."],
    toml: "format = 1\n", folder: "results/studio/0001-mine", replay: true,
  };
}

/** A studio whose runs take `run_ms`. */
export function sampleApi(run_ms = 6000): Api {
  let started: { at: number; changes: Changes; runs: number; seed: number } | null = null;
  let last: Progress = IDLE;
  const progress = async (): Promise<Progress> => {
    if (!started) return last;
    const share = (Date.now() - started.at) / run_ms;
    const total = 2 * started.runs;
    const elapsed_s = (Date.now() - started.at) / 1000;
    if (share < 1) return { job: 1, state: "running", doing: share < 0.5 ? "starting point" : "your scenario", done: Math.floor(share * total), total, elapsed_s, error: "" };
    return { job: 1, state: "done", doing: "", done: total, total, elapsed_s, error: "" };
  };
  const refuse = (base: Base): void => {
    if ("toml" in base && !base.toml.includes("format = 1")) throw new ApiError(422, "this is no scenario: format is missing\nhint: format = 1 stands first");
  };
  return {
    starts: async () => ({ starts: STARTS, runs_max: 2000, version: "0" }),
    open: async (base) => { refuse(base); return sampleOpened(); },
    check: async (_, changes) => sampleCheck(sampleRows(), changes),
    run: async (_, changes, runs, seed) => { started = { at: Date.now(), changes, runs, seed }; return { job: 1 }; },
    progress,
    cancel: async () => { started = null; last = { ...IDLE, state: "cancelled" }; return last; },
    result: async () => sampleResult(started!.changes, started!.runs, started!.seed),
  };
}
