// The address of what is on the screen: state in the fragment, the same in the served page and in a mailed file.

import { SPEEDS } from "./clock";
import type { Index, Study } from "./data";
import { besideOf, type Beside, type State } from "./state";

export interface Linked {
  changes: Partial<State>;
  /** What the link asks for and this study does not have, one sentence each. */
  problems: string[];
}

/** State from a fragment such as "#t=1300&speed=20&view=map&sel=12&off=fans,fields&run=3&raid=mar-09&zoom=1200-1500".
 *  "with=12" and "with=other:0" stand another run beside; `other` is the other study, null where there is none. */
export function readLink(fragment: string, index: Index, other: Study | null = null): Linked {
  const found = pairs(fragment);
  const changes: Partial<State> = {};
  const problems: string[] = [];
  const refuse = (key: string, want: string): void => {
    problems.push(`The link says ${key}=${found.get(key)!}; ${want}.`);
  };
  const number = (key: string, low: number, high: number, want: string, use: (value: number) => void): void => {
    if (!found.has(key)) return;
    const value = Number(found.get(key));
    if (found.get(key) !== "" && value >= low && value <= high) use(value);
    else refuse(key, want);
  };
  const choice = <T extends string>(key: string, allowed: readonly T[], use: (value: T) => void): void => {
    const value = found.get(key);
    if (value === undefined) return;
    if ((allowed as readonly string[]).includes(value)) use(value as T);
    else refuse(key, `it can be ${allowed.join(", ")}`);
  };
  number("t", 0, 1e9, "it must be seconds after the start", (t_s) => { changes.t_s = t_s; });
  number("speed", SPEEDS[0], SPEEDS[SPEEDS.length - 1]!, `it can be ${SPEEDS.join(", ")}`, (speed) => { changes.speed = speed; });
  number("run", 0, index.runs - 1, `this study has runs 0 to ${index.runs - 1}`, (run) => { changes.run = Math.floor(run); });
  number("sel", 0, 2 ** 31, "it must be the number of an object", (id) => { changes.selected = Math.floor(id); });
  choice("view", ["globe", "map"], (view) => { changes.view = view; });
  choice("theme", ["dark", "light"], (theme) => { changes.theme = theme; });
  choice("panel", ["replay", "study", "assumptions"], (panel) => { changes.panel = panel; });
  choice("raid", index.raids.map((raid) => raid.name), (raid) => { changes.raid = raid; });
  choice("follow", ["1"], () => { changes.following = true; });
  if (found.has("off")) changes.off = new Set(parts(found.get("off")!));
  if (found.has("cam")) {
    const camera = parts(found.get("cam")!).map(Number);
    if (camera.length === 3 && camera.every(Number.isFinite)) changes.camera = camera as [number, number, number];
    else refuse("cam", "it must be longitude, latitude and distance");
  }
  if (found.has("zoom")) {
    const [from, to] = found.get("zoom")!.split("-").map((text) => (text === "" ? NaN : Number(text)));
    if (from! >= 0 && to! > from! && to! <= 1e9) changes.zoom = [from!, to!];
    else refuse("zoom", "it must be two times in seconds, such as 1200-1500");
  }
  if (found.has("with")) {
    const beside = besideFrom(found, index, other);
    if (typeof beside === "string") refuse("with", beside);
    else changes.beside = beside;
  }
  return { changes, problems };
}

/** What stands beside, or what would be right. */
function besideFrom(found: ReadonlyMap<string, string>, index: Index, other: Study | null): Beside | string {
  const text = found.get("with")!;
  const of = text.startsWith("other:") ? "other" : "this";
  const study = of === "other" ? other : { runs: index.runs, has_replay: index.raids.length > 0 };
  if (study === null) return "there is no other study here (opendome view DIR --beside DIR2 opens two)";
  if (!study.has_replay) return "a campaign has no replay to stand beside another";
  const digits = of === "other" ? text.slice("other:".length) : text;
  const run = /^\d{1,9}$/.test(digits) ? Number(digits) : NaN;
  if (!(run < study.runs)) return `${of === "other" ? "the other" : "this"} study has runs 0 to ${study.runs - 1}`;
  const id = found.get("sel2");
  const selected = id !== undefined && /^\d{1,9}$/.test(id) ? Number(id) : null;
  return { ...besideOf(of, run), selected, isActive: found.get("side") === "b" };
}

/** The fragment of a state, without "#". */
export function writeLink(state: Readonly<State>): string {
  const said: [string, string][] = [
    ["run", String(state.run)], ["raid", escaped(state.raid)], ["t", String(round(state.t_s, 1))],
    ["speed", String(state.speed)], ["view", state.view], ["theme", state.theme], ["panel", state.panel],
    ["cam", state.camera.map((value) => round(value, 2)).join(",")],
  ];
  if (state.selected !== null) said.push(["sel", String(state.selected)]);
  if (state.following) said.push(["follow", "1"]);
  if (state.zoom) said.push(["zoom", state.zoom.map((t_s) => round(t_s, 1)).join("-")]);
  if (state.beside) said.push(...besideSaid(state.beside));
  said.push(["off", [...state.off].sort().map((name) => twice(name)).join(",")]); // empty too: it differs from what is off at first
  return said.map(([key, value]) => `${key}=${value}`).join("&");
}

function besideSaid({ of, run, selected, isActive }: Beside): [string, string][] {
  const said: [string, string][] = [["with", of === "other" ? `other:${run}` : String(run)]];
  if (selected !== null) said.push(["sel2", String(selected)]);
  if (isActive) said.push(["side", "b"]);
  return said;
}

/** Keys and values; the values of a list keep their own escapes until they are split. */
function pairs(fragment: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of fragment.replace(/^#/, "").split("&")) {
    const [key, ...rest] = part.split("=");
    if (key) found.set(key, unescaped(rest.join("=")));
  }
  return found;
}

function parts(list: string): string[] {
  return list.split(",").filter(Boolean).map(unescaped);
}

// Commas part a list, so a comma (or a percent sign) within one of its names is escaped a second time.
const twice = (name: string): string => escaped(name.replace(/[%,]/g, (sign) => (sign === "%" ? "%25" : "%2C")));
const escaped = (text: string): string => encodeURIComponent(text);
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Keep the address in step with the state, at most once in `every_ms`. Returns how to stop. */
export function writeAsItChanges(read: () => Readonly<State>, subscribe: (told: () => void) => () => void, every_ms = 500): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    waiting = undefined;
    try {
      history.replaceState(null, "", `#${writeLink(read())}`);
    } catch {
      // An address that may not be written (a frame without one): the page goes on without links.
    }
  };
  const stop = subscribe(() => { waiting ??= setTimeout(write, every_ms); });
  return () => {
    clearTimeout(waiting);
    stop();
  };
}
