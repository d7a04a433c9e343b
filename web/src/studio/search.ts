// Which rows are shown: by words, by whether they were changed; in sections and under the names of what they belong to.

import { gradeWords } from "../panels/grades";
import type { Changes, Group, Row } from "./api";

/** Whether a row holds every word asked for, in any of its texts. */
export function holds(row: Row, words: readonly string[]): boolean {
  if (!words.length) return true;
  const { source } = row;
  const said = [row.label, row.path, row.group, row.unit, row.help, row.why, row.grade && gradeWords(row.grade), row.of,
                typeof row.value === "string" ? row.value : "", source?.key, source?.author, source?.title]
    .join(" ").toLowerCase();
  return words.every((word) => said.includes(word));
}

export function wordsIn(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean);
}

/** Rows of one thing, such as a layer or a raid. */
export interface Section {
  group: Group;
  name: string;
  /** All its rows. */
  all: readonly Row[];
}

/** Sections of one kind, such as all layers. */
export interface Kind {
  name: string;
  sections: Section[];
}

/** Groups that have rows, by kind and in the order given. Rows of a group without a name have one of their own. */
export function kindsOf(groups: readonly Group[], rows: readonly Row[]): Kind[] {
  const byGroup = new Map<string, Row[]>(groups.map((group) => [group.name, []]));
  for (const row of rows) byGroup.set(row.group, [...(byGroup.get(row.group) ?? []), row]);
  const named = new Map(groups.map((group) => [group.name, group]));
  const kinds = new Map<string, Kind>();
  for (const [name, all] of byGroup) {
    if (!all.length) continue;
    const group = named.get(name) ?? { name, label: name || "other", note: "" };
    const [kind, own] = splitLabel(group.label);
    const of = all[0]!.of === "catalogue" ? `${kind || own} of the catalogue` : kind || own;
    const found = kinds.get(of) ?? { name: capital(of), sections: [] };
    found.sections.push({ group, name: own, all });
    kinds.set(of, found);
  }
  return [...kinds.values()];
}

/** `sites north: stock` as what it belongs to and what it is; without a colon it belongs to nothing further. */
export function splitLabel(label: string): [string, string] {
  const at = label.lastIndexOf(": ");
  return at < 0 ? ["", label] : [label.slice(0, at), label.slice(at + 2)];
}

export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
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

/** Rows that follow each other and belong to the same thing, under its name. */
export function blocksOf(rows: readonly Row[]): { name: string; rows: Row[] }[] {
  const blocks: { name: string; rows: Row[] }[] = [];
  for (const row of rows) {
    const [name] = splitLabel(row.label);
    if (blocks.at(-1)?.name !== name) blocks.push({ name, rows: [] });
    blocks.at(-1)!.rows.push(row);
  }
  return blocks;
}
