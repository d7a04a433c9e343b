// What moves the headline most, where the summary says so (`moves`: a ledger as docs/formats/ledger.md has it).

import type { Index } from "../data";
import { element, scrolled, section, sentence, small, table } from "./dom";
import { perCent, short, withError } from "./format";
import { gradeWords } from "./grades";
import type { Part } from "./loaded";
import { list, number, record, text, texts, type Row } from "./summary";

export interface Move {
  path: string;
  says: string;
  swing: number;
  elasticity: number | null;
  error: number | null;
  share: number | null;
  grade: string;
}

/** Inputs that move the figure, the largest swing first; those without a known swing are left out. */
export function moveRows(found: Row): Move[] {
  const rows = list(found.inputs).map((row) => ({
    path: text(row.path),
    says: text(row.says),
    swing: number(row.swing) ?? NaN,
    elasticity: number(row.elasticity),
    error: number(row.error),
    share: number(row.share),
    grade: text(row.grade),
  }));
  return rows.filter(({ swing }) => swing).sort((a, b) => Math.abs(b.swing) - Math.abs(a.swing));
}

export function moves(index: Index): Part | null {
  const found = record(index.summary.moves);
  const rows = moveRows(found);
  if (!rows.length) return null;
  const unit = text(found.unit);
  const made = table(
    `What ${text(found.number)} follows, the largest swing first`,
    [
      { head: "number" },
      {
        head: "swing",
        isNumber: true,
        hint: `Change of the figure from the low end of the input's range to the high end${unit ? `, ${unit}` : ""}.`,
      },
      {
        head: "elasticity",
        isNumber: true,
        hint: "Change of the figure in per cent for one per cent of the input, with its standard error.",
      },
      { head: "share", isNumber: true, hint: "Share of the variance over runs." },
      { head: "grade", hint: "How good the source of the input is." },
    ],
    rows.map(({ path, says, swing, elasticity, error, share, grade }) => [
      [element("code", {}, path), says ? small(says) : null],
      short(Number(swing.toPrecision(3))),
      withError(elasticity, error),
      share === null ? "–" : perCent(Math.max(share, 0)),
      gradeWords(grade),
    ]),
  );
  return {
    element: section(
      "What moves it most",
      scrolled(made),
      element("div", { class: "soft" }, ...texts(found.notes).map(sentence)),
    ),
  };
}
