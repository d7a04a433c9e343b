// Every number that went into the study, with its range, grade and source; the sources; how to repeat it all.

import type { Index } from "../data";
import { element, link, row, scrolled, section, small, table, type Cell, type Child, type Column } from "./dom";
import { counted, short } from "./format";
import { gradeWords } from "./grades";
import { sourceLink } from "./leaks";
import type { Part } from "./loaded";
import { gradeCounts, matching, sourcesOf, type Assumption } from "./search";

const COLUMNS: Column[] = [
  { head: "number", hint: "Where the number stands in the scenario or the catalogue; below, why it was taken." },
  { head: "value", isNumber: true, hint: "The plain value; below it, the range that it may lie in, and whether each run drew it anew from there (sampled) or kept it (fixed)." },
  { head: "unit" },
  { head: "grade and source", hint: "How good its source is. A declared assumption has none: it says why it was taken." },
];

export function assumptions(index: Index): Part {
  const find = element("input", { type: "search", placeholder: "words, such as p_kill or thaad" });
  const picked = new Set<string>();
  const made = table("Every number used", COLUMNS, []);
  const said = element("p", { class: "soft", role: "status" });
  const fill = () => {
    const found = matching(index.assumptions, find.value, picked);
    made.tBodies[0]!.replaceChildren(...found.map((one) => row(COLUMNS, cells(one, index))));
    said.textContent = `${short(found.length)} of ${counted(index.assumptions.length, "number")}`;
  };
  find.addEventListener("input", fill);
  fill();
  const bar = element("div", { class: "bar" }, element("label", {}, "Find ", find), gradeBoxes(index, picked, fill));
  return { element: section("Assumptions", element("p", { class: "soft" },
    "A sampled number is drawn from its range in each run; a fixed one keeps its value."), bar, said, scrolled(made)) };
}

function gradeBoxes(index: Index, picked: Set<string>, fill: () => void): HTMLElement {
  return element("fieldset", {}, element("legend", {}, "Grade (none ticked: all)"), ...gradeCounts(index.assumptions).map(([grade, n]) => {
    const box = element("input", { type: "checkbox" });
    box.addEventListener("change", () => {
      if (box.checked) picked.add(grade);
      else picked.delete(grade);
      fill();
    });
    return element("label", {}, box, ` ${gradeWords(grade)} (${short(n)})`);
  }));
}

function cells(one: Assumption, index: Index): Cell[] {
  const cited = one.source === "assumption" ? null : element("small", {}, sourceLink(one.source, index));
  return [[element("code", {}, one.path), one.why ? small(one.why) : null],
          [short(one.value), rangeOf(one), small(one.sampled ? "sampled" : "fixed")], one.unit, [gradeWords(one.grade), cited]];
}

function rangeOf({ low, high }: { low: number | null; high: number | null }): Child {
  return low !== null && high !== null && high > low ? small(`${short(low)} to ${short(high)}`) : null;
}

export function sources(index: Index): Part | null {
  const found = sourcesOf(index).filter(({ key }) => index.references[key]);
  if (!found.length) return null;
  const items = found.map(({ key, n }) => {
    const { author, title, year, publisher, link: address } = index.references[key]!;
    return element("li", {}, element("code", {}, key), ` ${author} (${year}): `, link(address, title), `. ${publisher}. `,
                   small(counted(n, "number")));
  });
  return { element: section("Sources", element("ul", { class: "sources" }, ...items)) };
}

export function repeat(index: Index): Part {
  const command = `opendome run scenario.toml --runs ${index.runs} --seed ${index.seed}`;
  const rows: Cell[][] = [["version of OpenDome", index.version], ["seed", String(index.seed)], ["runs", short(index.runs)],
                          ["fidelity", index.fidelity], ["hash of the scenario", element("code", {}, index.scenario_sha256)],
                          ["hash of the catalogue", element("code", {}, index.catalogue_sha256)]];
  return { element: section("How to repeat this", element("p", {}, "In the results folder, with the same version installed:"),
                            element("pre", { tabindex: "0" }, command),
                            element("p", { class: "soft" }, "The same version, environment and seed give the same bytes."),
                            table("What these results were made from", [{ head: "" }, { head: "value" }], rows)) };
}
