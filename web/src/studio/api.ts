// The studio's server: what it is asked and what it answers. Every question carries the token of the session.

export type Value = string | number | boolean | null;
/** Values that differ from the starting point, by the path of their row. */
export type Changes = Readonly<Record<string, Value>>;
/** What is started from: a shipped scenario by name, or the text of a scenario file. */
export type Base = { readonly start: string } | { readonly toml: string };

export interface Start {
  name: string;
  title: string;
  note: string;
  kind: "raid" | "campaign";
  /** Its own number of runs. */
  runs: number;
  /** What such a run takes, roughly, s; null: not known. */
  seconds: number | null;
}

export interface Starts {
  starts: Start[];
  runs_max: number;
  version: string;
}

export interface SourceOfRow {
  key: string;
  author: string;
  title: string;
  year: number | string | null;
  publisher: string;
  link: string;
}

/** One number, name or switch that can be changed. */
export interface Row {
  path: string;
  group: string;
  label: string;
  kind: "number" | "integer" | "text" | "choice" | "switch" | "date";
  value: Value;
  default: Value;
  unit: string;
  /** Its range as declared; null: none. */
  low: number | null;
  high: number | null;
  /** What a scenario may hold there; null: no end. */
  minimum: number | null;
  maximum: number | null;
  choices: readonly (string | number)[] | null;
  help: string;
  grade: string;
  why: string;
  source: SourceOfRow | null;
  sampled: boolean;
  of: "scenario" | "catalogue";
}

export interface Group {
  name: string;
  label: string;
  note: string;
}

export interface Problem {
  /** The nearest row; "": none. */
  path: string;
  says: string;
  hint: string;
}

export interface Opened {
  title: string;
  note: string;
  kind: "raid" | "campaign";
  toml: string;
  document: Readonly<Record<string, unknown>>;
  rows: Row[];
  groups: Group[];
  problems: Problem[];
}

export interface Checked {
  /** The file as it would be saved. */
  toml: string;
  problems: Problem[];
  outside: { path: string; value: number; low: number; high: number }[];
}

export interface Progress {
  job: number | string | null;
  state: "idle" | "waiting" | "running" | "done" | "failed" | "cancelled";
  doing: string;
  done: number;
  total: number;
  elapsed_s: number;
  error: string;
}

export interface ResultRow {
  name: string;
  unit: string;
  start: number | null;
  start_error: number | null;
  mine: number | null;
  mine_error: number | null;
  difference: number | null;
  difference_error: number | null;
  is_clear: boolean;
}

export interface Result {
  job: number | string;
  runs: number;
  seed: number;
  title: string;
  changes: { path: string; label: string; unit: string; from: Value; to: Value; outside: boolean }[];
  rows: ResultRow[];
  answer_start: string[];
  answer_mine: string[];
  toml: string;
  folder: string;
  replay: boolean;
}

export interface Api {
  starts(): Promise<Starts>;
  open(base: Base): Promise<Opened>;
  check(base: Base, changes: Changes): Promise<Checked>;
  run(base: Base, changes: Changes, runs: number, seed: number): Promise<{ job: number | string }>;
  progress(): Promise<Progress>;
  cancel(): Promise<Progress>;
  result(): Promise<Result>;
}

export const STOPPED =
  "The studio does not answer: was it stopped? Start `opendome studio` again and open the address that it prints. "
  + "What you changed is kept in this tab.";
export const NO_TOKEN =
  "This address lacks the token of the studio. Open the whole address that opendome studio printed.";

/** What the server said against a request: its status (0: no answer at all), a sentence, and problems of the scenario. */
export class ApiError extends Error {
  constructor(readonly status: number, sentence: string, readonly problems: Problem[] = []) {
    super(sentence);
  }
}

type Fetch = (address: string, how: RequestInit) => Promise<Response>;

/** The server that this page came from, asked with a token. */
export function serverApi(token: string, ask: Fetch = (address, how) => fetch(address, how)): Api {
  async function asked<T>(name: string, body?: object): Promise<T> {
    const headers: Record<string, string> = { "x-opendome-token": token };
    if (body) headers["content-type"] = "application/json";
    const how: RequestInit = { method: body ? "POST" : "GET", headers, cache: "no-store", ...(body ? { body: JSON.stringify(body) } : {}) };
    const answer = await ask(`/api/${name}`, how).catch(() => { throw new ApiError(0, STOPPED); });
    const found: unknown = await answer.json().catch(() => null);
    if (answer.ok && found !== null) return found as T;
    const { error, problems } = (found ?? {}) as { error?: unknown; problems?: unknown };
    const sentence = typeof error === "string" && error ? error : `The studio answered with status ${answer.status}.`;
    throw new ApiError(answer.status, sentence, Array.isArray(problems) ? (problems as Problem[]) : []);
  }
  return {
    starts: () => asked("starts"),
    open: (base) => asked("open", base),
    check: (base, changes) => asked("check", { ...base, changes }),
    run: (base, changes, runs, seed) => asked("run", { ...base, changes, runs, seed }),
    progress: () => asked("progress"),
    cancel: () => asked("cancel", {}),
    result: () => asked("result"),
  };
}
