// All that the studio shows, and what can be done with it: choose, change, check, run. No elements here.

import { StoreOf } from "../state";
import { systemTheme } from "../theme";
import type { Api, Base, Checked, Opened, Problem, Progress, Result, Row, Starts, Value } from "./api";
import { edited, known, redone, reset, settled, UNCHANGED, undone, type Draft } from "./draft";
import { jobsOf } from "./jobs";
import { forgetFile, keepBase, keepDraft, keepTheme, keptBase, keptDraft, keptTheme, nameOf, ranFor, type Kept, type Shelf } from "./kept";
import { capital, type Filter } from "./search";
import { readValue } from "./values";
import { sentenceOf } from "../wrong";

/** What was typed and cannot be read; the row keeps its last value until it can. */
export interface Wrong {
  text: string;
  says: string;
}

export interface Desk {
  starts: Starts;
  chosen: Kept | null;
  opened: Opened | null;
  rows: ReadonlyMap<string, Row>;
  /** What is being read, to say so; "": nothing. */
  opening: string;
  draft: Draft;
  wrong: ReadonlyMap<string, Wrong>;
  /** The server's last word on the changes. */
  checked: Checked | null;
  isChecking: boolean;
  runs: string;
  seed: string;
  filter: Filter;
  progress: Progress;
  result: Result | null;
  /** Why the last thing asked for did not happen; "": it did. */
  trouble: string;
  theme: "dark" | "light";
}

export const IDLE: Progress = { job: null, state: "idle", doing: "", done: 0, total: 0, elapsed_s: 0, error: "" };

/** Pause in the typing after which the server is asked, ms. */
export const CHECK_AFTER_MS = 250;
/** Largest file that is opened, characters. */
export const FILE_MAX = 900_000;
const SEED_MAX = Number.MAX_SAFE_INTEGER;

export interface Studio {
  store: StoreOf<Desk>;
  choose(base: Base, file?: string): Promise<void>;
  openFile(name: string, text: string): Promise<void>;
  /** A row's field was typed into. */
  type(row: Row, typed: string): void;
  set(row: Row, value: Value): void;
  settle(): void;
  reset(paths?: readonly string[]): void;
  undo(): void;
  redo(): void;
  setRuns(runs: string): void;
  setSeed(seed: string): void;
  filter(changes: Partial<Filter>): void;
  run(): Promise<void>;
  cancel(): Promise<void>;
  /** The file of the present changes, from the server; null where it gave none. */
  file(): Promise<string | null>;
  /** Whether the result is of what the form holds now. */
  isOfNow(): boolean;
  toggleTheme(): void;
  complain(sentence: string): void;
}

/** A studio on a server. `start`: the scenario that the address names, else the one of before is opened again. */
export async function studioOn(api: Api, shelf: Shelf, start = ""): Promise<Studio> {
  const starts = await api.starts();
  const store = new StoreOf<Desk>({
    starts, chosen: null, opened: null, rows: new Map(), opening: "", draft: UNCHANGED, wrong: new Map(), checked: null,
    isChecking: false, runs: "", seed: "", filter: { words: "", onlyChanged: false }, progress: IDLE, result: null, trouble: "",
    theme: keptTheme(shelf) ?? systemTheme(),
  });
  const complain = (error: unknown): void => store.set({ trouble: sentenceOf(error) });
  const checks = checksOf(api, store, complain);
  const jobs = jobsOf(api, store, shelf, complain);

  /** New changes: kept for a reload, and checked soon. */
  function put(draft: Draft, wrong: ReadonlyMap<string, Wrong> = store.state.wrong): void {
    const before = store.state.draft.changes;
    store.set({ draft, wrong });
    keep();
    if (draft.changes !== before) checks.soon();
  }

  function keep(): void {
    const { chosen, draft, runs, seed } = store.state;
    if (chosen) keepDraft(chosen.base, { changes: draft.changes, past: draft.past, future: draft.future, runs, seed }, shelf);
  }

  let asked = 0;
  async function choose(base: Base, file = ""): Promise<void> {
    const mine = ++asked;
    store.set({ opening: "start" in base ? base.start : file, trouble: "" });
    try {
      const opened = await api.open(base);
      if (mine !== asked) return;
      const chosen: Kept = { base, file };
      if ("toml" in base && !sameFile(store.state.chosen, keptBase(shelf), base)) forgetFile(shelf);
      keepBase(chosen, shelf);
      store.set({ opening: "", ...deskOf(opened, chosen) });
      if (Object.keys(store.state.draft.changes).length) checks.soon();
    } catch (error) {
      if (mine !== asked) return;
      store.set({ opening: "" });
      complain(file ? new Error(`${file}: ${sentenceOf(error)}`) : error);
    }
  }

  /** A scenario that was opened, with what was changed of it before in this tab. */
  function deskOf(opened: Opened, chosen: Kept): Partial<Desk> {
    const rows = new Map(opened.rows.map((row) => [row.path, row]));
    const kept = keptDraft(chosen.base, shelf);
    const draft: Draft = kept
      ? { changes: known(kept.changes, rows), past: kept.past.map((one) => known(one, rows)), future: kept.future.map((one) => known(one, rows)), typing: null }
      : UNCHANGED;
    return {
      chosen, opened, rows, draft, wrong: new Map(), isChecking: false,
      checked: { toml: opened.toml, problems: opened.problems, outside: [] },
      runs: kept?.runs ?? String(firstRuns(opened, chosen.base, starts)), seed: kept?.seed ?? String(wholeOf(opened.document["seed"]) ?? 0),
    };
  }

  const studio: Studio = {
    store, choose, complain,
    openFile: async (name, text) => {
      if (text.length > FILE_MAX) complain(`${name} is too large for a scenario: ${FILE_MAX.toLocaleString("en")} characters at most.`);
      else await choose({ toml: text }, name);
    },
    type: (row, typed) => {
      const read = readValue(row, typed);
      const wrong = new Map(store.state.wrong);
      if ("says" in read) {
        wrong.set(row.path, { text: typed, says: read.says });
        store.set({ wrong });
        return;
      }
      wrong.delete(row.path);
      put(edited(store.state.draft, row, read.value), wrong);
    },
    set: (row, value) => put(settled(edited(settled(store.state.draft), row, value)), without(store.state.wrong, [row.path])),
    settle: () => store.set({ draft: settled(store.state.draft) }),
    reset: (paths) => put(reset(store.state.draft, paths), paths ? without(store.state.wrong, paths) : new Map()),
    undo: () => put(undone(store.state.draft), new Map()),
    redo: () => put(redone(store.state.draft), new Map()),
    setRuns: (runs) => { store.set({ runs }); keep(); },
    setSeed: (seed) => { store.set({ seed }); keep(); },
    filter: (changes) => store.set({ filter: { ...store.state.filter, ...changes } }),
    run: async () => {
      const why = whyNotRun(store.state);
      if (why) store.set({ trouble: why });
      else await jobs.run();
    },
    cancel: jobs.cancel,
    file: async () => {
      const { chosen, draft } = store.state;
      if (!chosen) return null;
      return api.check(chosen.base, draft.changes).then(({ toml }) => toml, (error) => { complain(error); return null; });
    },
    isOfNow: () => isOfNow(store.state, shelf),
    toggleTheme: () => {
      const theme = store.state.theme === "dark" ? "light" : "dark";
      keepTheme(theme, shelf);
      store.set({ theme });
    },
  };
  await reopen(studio, shelf, start);
  void jobs.look();
  return studio;
}

async function reopen(studio: Studio, shelf: Shelf, start: string): Promise<void> {
  const kept = keptBase(shelf);
  const { starts } = studio.store.state.starts;
  if (start && starts.some(({ name }) => name === start)) await studio.choose({ start });
  else if (start) studio.complain(`There is no scenario ${start} to start from: choose one of the list.`);
  else if (kept) await studio.choose(kept.base, kept.file);
}

/** Asks what the server says of the changes: after a pause, one question at a time, and only the last answer counts. */
function checksOf(api: Api, store: StoreOf<Desk>, complain: (error: unknown) => void): { soon(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isAsking = false;
  let isOld = false;
  async function now(): Promise<void> {
    const { chosen, draft: { changes } } = store.state;
    if (isAsking || !chosen) {
      isOld = true;
      return;
    }
    isAsking = true;
    isOld = false;
    const isLast = (): boolean => store.state.chosen === chosen && store.state.draft.changes === changes;
    try {
      const checked = await api.check(chosen.base, changes);
      if (isLast()) store.set({ checked, isChecking: false, trouble: "" });
    } catch (error) {
      if (isLast()) store.set({ isChecking: false });
      complain(error);
    }
    isAsking = false;
    if (isOld) await now();
  }
  return {
    soon: () => {
      clearTimeout(timer);
      store.set({ isChecking: true });
      timer = setTimeout(() => void now(), CHECK_AFTER_MS);
    },
  };
}

// ---- what the state says ------------------------------------------------------------------------------------------

export interface Mistake extends Problem {
  /** What its row is called; "": of no row. */
  label: string;
}

/** Every mistake: what cannot be read first, then what the server said, row by row as the form has them. */
export function mistakesOf({ rows, wrong, checked }: Pick<Desk, "rows" | "wrong" | "checked">): Mistake[] {
  const order = [...rows.keys()];
  const typed = [...wrong].map(([path, { says }]) => ({ path, says, hint: "" }));
  const told = (checked?.problems ?? []).filter(({ path }) => !wrong.has(path));
  return [...typed, ...told].map((one) => ({ ...one, says: saidAt(one), label: rows.get(one.path)?.label ?? "" }))
    .sort((a, b) => order.indexOf(a.path) - order.indexOf(b.path));
}

/** What is said of a row, for a place that names the row already: `layers.upper.salvo = 0: must be at least 1`. Of what
 * the row stands in, the last name is left: `upper: must have sites`. */
export function saidAt({ path, says }: Pick<Problem, "path" | "says">): string {
  const found = /^(\S+?)(?: = .*?)?: (.+)$/s.exec(says);
  if (!found || !path) return says;
  const where = found[1]!.replace(/\[(\w+)\]/g, ".$1");
  if (where === path) return capital(found[2]!);
  return path.startsWith(`${where}.`) ? `${where.split(".").at(-1)}: ${found[2]}` : says;
}

export function isBusy({ progress }: Pick<Desk, "progress">): boolean {
  return progress.state === "waiting" || progress.state === "running";
}

/** What is wrong with the number of runs; "": nothing. */
export function wrongRuns({ runs, starts }: Pick<Desk, "runs" | "starts">): string {
  const found = wholeOf(runs);
  if (found === null || found < 1) return `A whole number from 1 to ${starts.runs_max}.`;
  return found > starts.runs_max ? `At most ${starts.runs_max}: more are for the command line.` : "";
}

export function wrongSeed({ seed }: Pick<Desk, "seed">): string {
  return wholeOf(seed) === null ? "A whole number, 0 or more." : "";
}

/** Why nothing can be run now, as a sentence; "": it can. */
export function whyNotRun(desk: Desk): string {
  if (!desk.opened) return "Choose a starting point first.";
  if (isBusy(desk)) return "A run is at work: wait for it, or cancel it.";
  const n = mistakesOf(desk).length;
  if (desk.wrong.size || (n && !desk.isChecking)) return n === 1 ? "One mistake is to be mended first." : `${n} mistakes are to be mended first.`;
  if (wrongRuns(desk)) return `Runs: ${wrongRuns(desk)}`;
  return wrongSeed(desk) ? `Seed: ${wrongSeed(desk)}` : "";
}

/** Whether the result is of what the form holds now. */
export function isOfNow(desk: Desk, shelf: Shelf): boolean {
  const { result, chosen, draft: { changes }, rows } = desk;
  if (!result || !chosen) return false;
  const ran = ranFor(result.job, shelf);
  if (ran !== null && ran !== nameOf(chosen.base)) return false;
  const held = new Map(result.changes.map(({ path, to }) => [path, to]));
  const isSame = Object.keys(changes).length === held.size && Object.entries(changes).every(([path, value]) => held.get(path) === value);
  return isSame && [...held.keys()].every((path) => rows.has(path)) && desk.runs === String(result.runs) && desk.seed === String(result.seed);
}

function wholeOf(found: unknown): number | null {
  const text = String(found ?? "").trim();
  return /^\d+$/.test(text) && Number(text) <= SEED_MAX ? Number(text) : null;
}

function firstRuns(opened: Opened, base: Base, starts: Starts): number {
  const named = "start" in base ? starts.starts.find(({ name }) => name === base.start)?.runs : undefined;
  return Math.min(named ?? wholeOf(opened.document["runs"]) ?? 100, starts.runs_max);
}

function sameFile(now: Kept | null, kept: Kept | null, base: { toml: string }): boolean {
  return [now, kept].some((one) => one !== null && "toml" in one.base && one.base.toml === base.toml);
}

function without(wrong: ReadonlyMap<string, Wrong>, paths: readonly string[]): ReadonlyMap<string, Wrong> {
  return new Map([...wrong].filter(([path]) => !paths.includes(path)));
}
