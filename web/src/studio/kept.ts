// What this tab keeps while it is open: the token, the starting point, what was changed of each. Nothing of it is needed.

import type { Base, Changes } from "./api";

export interface Kept {
  base: Base;
  /** Name of the file that was opened; "" for a shipped scenario. */
  file: string;
}

const TOKEN = "opendome-token";
const CHOSEN = "opendome-studio";
const FILE_TEXT = "opendome-studio-file";

export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** The token and the scenario that an address names behind its "#"; they are taken out of it by who reads them. */
export function readFragment(hash: string): { token: string; start: string } {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  return { token: words.get("token") ?? "", start: words.get("start") ?? "" };
}

/** The token of the address or, without one there, of this tab; "" where neither has one. */
export function tokenOf(fromAddress: string, shelf: Shelf): string {
  if (fromAddress) put(shelf, TOKEN, fromAddress);
  return fromAddress || get(shelf, TOKEN);
}

/** One word for a starting point, to keep its changes under. */
export function nameOf(base: Base): string {
  return "start" in base ? `start:${base.start}` : "file";
}

export function keepBase({ base, file }: Kept, shelf: Shelf): void {
  if ("toml" in base) put(shelf, FILE_TEXT, base.toml);
  put(shelf, CHOSEN, JSON.stringify("start" in base ? { start: base.start } : { file }));
}

export function keptBase(shelf: Shelf): Kept | null {
  const found = parsed(get(shelf, CHOSEN));
  if (typeof found["start"] === "string") return { base: { start: found["start"] }, file: "" };
  const toml = get(shelf, FILE_TEXT);
  return toml && typeof found["file"] === "string" ? { base: { toml }, file: found["file"] } : null;
}

export interface KeptDraft {
  changes: Changes;
  past: readonly Changes[];
  future: readonly Changes[];
  runs: string;
  seed: string;
}

export function keepDraft(base: Base, draft: KeptDraft, shelf: Shelf): void {
  put(shelf, `${CHOSEN}:${nameOf(base)}`, JSON.stringify(draft));
}

/** What was changed of a starting point before; null where nothing was kept, or nothing that can be read. */
export function keptDraft(base: Base, shelf: Shelf): KeptDraft | null {
  const found = parsed(get(shelf, `${CHOSEN}:${nameOf(base)}`));
  const { changes, past, future, runs, seed } = found;
  if (!isRecord(changes) || !Array.isArray(past) || !Array.isArray(future)) return null;
  if (typeof runs !== "string" || typeof seed !== "string" || ![...past, ...future].every(isRecord)) return null;
  return { changes, past, future, runs, seed } as KeptDraft;
}

/** Forget the changes of the file that was opened before: another one takes its place. */
export function forgetFile(shelf: Shelf): void {
  try {
    shelf.removeItem(`${CHOSEN}:file`);
  } catch {
    // nothing can be kept, so nothing was
  }
}

/** Which starting point a job was run for, to say whose results are shown after a reload. */
export function keepRan(job: number | string, base: Base, shelf: Shelf): void {
  put(shelf, `${CHOSEN}-ran`, JSON.stringify({ job, name: nameOf(base) }));
}

/** Name of the starting point of a job; null where this tab did not start it. */
export function ranFor(job: number | string, shelf: Shelf): string | null {
  const found = parsed(get(shelf, `${CHOSEN}-ran`));
  return found["job"] === job && typeof found["name"] === "string" ? found["name"] : null;
}

export function keepTheme(theme: string, shelf: Shelf): void {
  put(shelf, `${CHOSEN}-theme`, theme);
}

export function keptTheme(shelf: Shelf): "dark" | "light" | null {
  const found = get(shelf, `${CHOSEN}-theme`);
  return found === "dark" || found === "light" ? found : null;
}

function isRecord(found: unknown): found is Record<string, unknown> {
  return typeof found === "object" && found !== null && !Array.isArray(found);
}

function parsed(text: string): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(text || "{}");
    return isRecord(found) ? found : {};
  } catch {
    return {};
  }
}

function get(shelf: Shelf, key: string): string {
  try {
    return shelf.getItem(key) ?? "";
  } catch {
    return "";
  }
}

function put(shelf: Shelf, key: string, text: string): void {
  try {
    shelf.setItem(key, text);
  } catch {
    // full, or not allowed: the page works on, and forgets when it is closed
  }
}
