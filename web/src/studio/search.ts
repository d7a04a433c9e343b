// Which rows are shown: by words, by whether they were changed; in sections and under the names of what they belong to.

import { gradeWords } from "../panels/grades";
import type { Changes, Group, Row } from "./api";

/** Whether a row holds every word asked for, in any of its texts. */
export function holds(row: Row, words: readonly string[]): boolean {
  if (!words.length) return true;
  const { source } = row;
  const said = [row.label, row.path, row.unit, row.help, row.why, row.grade && gradeWords(row.grade), row.of,
                typeof row.value === "string" ? row.value : "", source?.key, source?.author, source?.title]
    .join(" ").toLowerCase();
  return words.every((word) => said.includes(word));
}

export function wordsIn(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

export interface Section {
  group: Group;
  /** All its rows. */
  all: readonly Row[];
}

/** Groups that have rows, in the order given; rows of a group that is not named stand in one of their own at the end. */
export function sectionsOf(groups: readonly Group[], rows: readonly Row[]): Section[] {
  const byGroup = new Map<string, Row[]>(groups.map((group) => [group.name, []]));
  for (const row of rows) {
    const found = byGroup.get(row.group);
    if (found) found.push(row);
    else byGroup.set(row.group, [row]);
  }
  const named = new Map(groups.map((group) => [group.name, group]));
  return [...byGroup].filter(([, all]) => all.length)
    .map(([name, all]) => ({ group: named.get(name) ?? { name, label: name || "Other", note: "" }, all }));
}

export interface Filter {
  words: string;
  onlyChanged: boolean;
}

export function shownRows(rows: readonly Row[], filter: Filter, changes: Changes): Row[] {
  const words = wordsIn(filter.words);
  return rows.filter((row) => (!filter.onlyChanged || row.path in changes) && holds(row, words));
}

export function isFiltered({ words, onlyChanged }: Filter): boolean {
  return onlyChanged || words.trim() !== "";
}

/** Rows that follow each other and belong to the same thing, under its name; `skip`: leading parts that all share. */
export function blocksOf(rows: readonly Row[]): { name: string; rows: Row[] }[] {
  const shared = sharedParts(rows);
  const blocks: { name: string; rows: Row[] }[] = [];
  for (const row of rows) {
    const name = partsOf(row.path).slice(shared, -1).join(" \u203a ");
    if (blocks.at(-1)?.name !== name) blocks.push({ name, rows: [] });
    blocks.at(-1)!.rows.push(row);
  }
  return blocks;
}

/** `layers.upper.sites.north.stock` or `waves[0].count` in its parts. */
export function partsOf(path: string): string[] {
  return path.split(/\.|\[|\]\.?/).filter(Boolean).map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : part));
}

/** Leading parts that all rows of a section have in common: its heading says them already. Never a row's own name. */
function sharedParts(rows: readonly Row[]): number {
  const first = rows[0] ? partsOf(rows[0].path).slice(0, -1) : [];
  let shared = Math.min(1, first.length);
  if (rows.some((row) => partsOf(row.path)[0] !== first[0] || partsOf(row.path).length < 2)) shared = 0;
  return shared;
}
