// What moves the headline most, where the summary says so (`moves`: the first rows of a ledger, docs/formats/ledger.md).

import type { Index } from "../data";
import { element, scrolled, section, small, table } from "./dom";
import { perCent, short, withError } from "./format";
import { gradeWords } from "./grades";
import type { Part } from "./loaded";
import { list, number, record, text, texts } from "./summary";

export function moves(index: Index): Part | null {
  const found = record(index.summary.moves);
  const rows = list(found.inputs).filter((row) => number(row.swing) !== null);
  if (!rows.length) return null;
  const unit = text(found.unit);
  const made = table(`Inputs that ${text(found.number)} follows, the largest swing first`, [
    { head: "number" },
    { head: "swing", isNumber: true, hint: `Change of the figure from the low end of the input's range to the high end${unit ? `, ${unit}` : ""}.` },
    { head: "elasticity", isNumber: true, hint: "Change of the figure in per cent for one per cent of the input, with its standard error." },
    { head: "share", isNumber: true, hint: "Share of the variance over runs." },
    { head: "grade", hint: "How good the source of the input is." },
  ], rows.map((row) => {
    const part = number(row.share);
    return [[text(row.path), text(row.says) ? small(text(row.says)) : null], short(number(row.swing)),
            withError(number(row.elasticity), number(row.error)), part === null ? "–" : perCent(Math.max(part, 0)), gradeWords(text(row.grade))];
  }));
  return { element: section("What moves it most", scrolled(made), ...texts(found.notes).map((note) => element("p", { class: "soft" }, note))) };
}
