// What was changed, and the way back: every state of it is a plain record of values by path.

import type { Changes, Row, Value } from "./api";

export interface Draft {
  readonly changes: Changes;
  readonly past: readonly Changes[];
  readonly future: readonly Changes[];
  /** Path whose value is being typed: its next value replaces the last one instead of adding a step. */
  readonly typing: string | null;
}

/** Steps that can be taken back. */
export const STEPS_MAX = 200;

export const UNCHANGED: Draft = { changes: {}, past: [], future: [], typing: null };

/** A row's value set; the value that it started with is no change. While one value is typed, it stays one step. */
export function edited(draft: Draft, row: Row, value: Value): Draft {
  const { [row.path]: _, ...others } = draft.changes;
  const changes = value === row.value ? others : { ...draft.changes, [row.path]: value };
  if (sameChanges(changes, draft.changes)) return draft;
  if (draft.typing === row.path) return { ...draft, changes, future: [] };
  return { ...stepped(draft, changes), typing: row.path };
}

/** The typing of a value is over: the next edit is a step of its own. */
export function settled(draft: Draft): Draft {
  return draft.typing === null ? draft : { ...draft, typing: null };
}

/** Rows back to where they started: those given, or all. */
export function reset(draft: Draft, paths?: readonly string[]): Draft {
  const gone = new Set(paths ?? Object.keys(draft.changes));
  const kept = Object.fromEntries(Object.entries(draft.changes).filter(([path]) => !gone.has(path)));
  return Object.keys(kept).length === Object.keys(draft.changes).length ? draft : stepped(draft, kept);
}

export function undone(draft: Draft): Draft {
  const back = draft.past.at(-1);
  if (!back) return settled(draft);
  return { changes: back, past: draft.past.slice(0, -1), future: [draft.changes, ...draft.future], typing: null };
}

export function redone(draft: Draft): Draft {
  const next = draft.future[0];
  if (!next) return settled(draft);
  return { changes: next, past: [...draft.past, draft.changes], future: draft.future.slice(1), typing: null };
}

/** Changes of rows that are there; a file opened again may lack some, or hold the value already. */
export function known(changes: Changes, rows: ReadonlyMap<string, Row>): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([path, value]) => rows.has(path) && rows.get(path)!.value !== value));
}

export function sameChanges(a: Changes, b: Changes): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && a[key] === b[key]);
}

function stepped(draft: Draft, changes: Changes): Draft {
  return { changes, past: [...draft.past, draft.changes].slice(-STEPS_MAX), future: [], typing: null };
}
