// Finding assumptions by words and grade.

import type { Index } from "../data";
import { gradeWords } from "./grades";

export type Assumption = Index["assumptions"][number];

/** Assumptions that hold every word asked for, in any of their texts, and have one of the grades; no grades ask for all. */
export function matching(all: Assumption[], words: string, grades: ReadonlySet<string>): Assumption[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((one) => {
    if (grades.size && !grades.has(one.grade)) return false;
    const said = [one.path, one.unit, gradeWords(one.grade), one.source, one.why].join(" ").toLowerCase();
    return wanted.every((word) => said.includes(word));
  });
}

/** Grades that occur, with how many numbers have each; in the order of the first. */
export function gradeCounts(all: Assumption[]): [string, number][] {
  const found = new Map<string, number>();
  for (const { grade } of all) found.set(grade, (found.get(grade) ?? 0) + 1);
  return [...found];
}

/** Sources that are cited, in order of their keys, with how many numbers rest on each. */
export function sourcesOf(index: Index): { key: string; n: number }[] {
  const found = new Map<string, number>();
  for (const { source } of index.assumptions) if (source) found.set(source, (found.get(source) ?? 0) + 1);
  return [...found].map(([key, n]) => ({ key, n })).sort((a, b) => (a.key < b.key ? -1 : 1));
}
