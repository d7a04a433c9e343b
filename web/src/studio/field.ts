// One row of the form: its name, its field, the range it lies in, where the number is from, and what is wrong with it.

import { button, el } from "../dom";
import { icon } from "../icons";
import { link, sentence } from "../panels/dom";
import { gradeWords } from "../panels/grades";
import { withHints } from "../panels/hint";
import type { Row, SourceOfRow, Value } from "./api";
import { barOf, type Bar, type Ranged } from "./bar";
import { saidAt, type Desk, type Studio } from "./desk";
import { capital, splitLabel } from "./search";
import { allowed, grouped, hasRange, isNumeric, isOutside, nextValue, textOf, wordsOf } from "./values";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

export interface Field {
  element: HTMLElement;
  update(desk: Readonly<Desk>): void;
  focus(): void;
}

let made = 0;

export function fieldOf(row: Row, studio: Studio): Field {
  const id = `field-${++made}`;
  const control = controlOf(row, id, studio);
  const bar = hasRange(row) ? barOf(row, (value) => studio.type(row, String(value)), studio.settle) : null;
  const note = el("p", { class: "field-note", id: `${id}-note`, hidden: true });
  const back = button(`Back to ${wordsOf(row.value, row.unit)}: ${row.label}`, () => {
    studio.reset([row.path]);
    control.focus();
  }, icon("reset"), { class: "back" });
  const began = el("span", { class: "began-with" }, row.value === null || row.value === "" ? "was empty" : `was ${wordsOf(row.value)}`);
  const about = el("div", { class: "about", id: `${id}-about` }, ...[helpOf(row), originOf(row)].filter((parts) => parts.length).map((parts) => el("p", {}, ...parts)));
  const element = el("div", { class: "row", "data-path": row.path },
    el("div", { class: "row-name" }, labelOf(row, id)),
    el("div", { class: "row-value" }, control, ...(row.unit ? [el("span", { class: "unit", id: `${id}-unit` }, row.unit)] : []), back, began),
    ...(bar ? [barBox(row as Row & Ranged, bar, id)] : []),
    note, about);
  control.setAttribute("aria-describedby", [`${id}-note`, row.unit ? `${id}-unit` : "", bar ? `${id}-range` : "", `${id}-about`].filter(Boolean).join(" "));
  listen(row, control, studio);
  let drawn = "";
  return {
    element,
    focus: () => control.focus({ preventScroll: true }),
    update: (desk) => {
      const value = valueOf(row, desk);
      const wrong = desk.wrong.get(row.path);
      const told = wrong ? [] : (desk.checked?.problems ?? []).filter(({ path }) => path === row.path);
      const state = JSON.stringify([value, wrong, told]);
      if (state === drawn) return;
      drawn = state;
      const isChanged = row.path in desk.draft.changes;
      show(control, row, value, wrong?.text);
      bar?.draw(typeof value === "number" ? value : null, isChanged);
      element.classList.toggle("changed", isChanged || wrong !== undefined);
      back.hidden = began.hidden = !isChanged && !wrong;
      tell(note, row, value, isChanged, wrong ? [wrong.says] : told.map((one) => [saidAt(one), capital(one.hint)].filter(Boolean).join(". ")));
      control.setAttribute("aria-invalid", String(wrong !== undefined || told.length > 0));
    },
  };
}

export function valueOf(row: Row, desk: Readonly<Desk>): Value {
  return desk.draft.changes[row.path] ?? (row.path in desk.draft.changes ? null : row.value);
}

/** What it is, under the heading that says what it belongs to; read aloud, it says both. */
function labelOf(row: Row, id: string): HTMLElement {
  const [of, name] = splitLabel(row.label);
  return el("label", { for: id, title: row.path }, ...(of ? [el("span", { class: "away" }, `${of}: `)] : []), capital(name));
}

/** A mistake; a warning that stops nothing; or what the change means: each with its own shape. */
function tell(note: HTMLElement, row: Row, value: Value, isChanged: boolean, mistakes: readonly string[]): void {
  const isWarning = isOutside(row, value);
  const said = mistakes.length ? mistakes.join(" ") : isChanged ? meaningOf(row, value) : "";
  note.hidden = !said;
  note.className = `field-note ${mistakes.length ? "mistake" : isWarning ? "warning" : "meaning"}`;
  note.replaceChildren(...(mistakes.length ? [icon("wrong"), " "] : isWarning ? [icon("warn"), " "] : []), said);
}

/** What a changed value of a range comes to in the runs. */
function meaningOf(row: Row, value: Value): string {
  if (isOutside(row, value)) return `Outside its range, ${grouped(row.low!)} to ${grouped(row.high!)}. It is run all the same, with this value in every run.`;
  return row.sampled && typeof value === "number" ? `Each run still draws it from ${grouped(row.low!)} to ${grouped(row.high!)}, now most often near ${grouped(value)}.` : "";
}

function controlOf(row: Row, id: string, studio: Studio): Control {
  if (row.kind === "switch") {
    const box = el("input", { id, type: "checkbox" });
    box.addEventListener("change", () => studio.set(row, box.checked));
    return box;
  }
  if (row.kind === "choice") return el("select", { id }, ...choicesOf(row));
  if (row.kind === "text" && typeof row.value === "string" && (row.value.length > 60 || row.value.includes("\n"))) {
    return el("textarea", { id, rows: Math.min(8, Math.ceil(row.value.length / 70)), spellcheck: "false" });
  }
  const mode = row.kind === "integer" && (row.minimum ?? -1) >= 0 ? "numeric" : row.kind === "number" && (row.minimum ?? -1) >= 0 ? "decimal" : null;
  return el("input", { id, type: "text", class: isNumeric(row) ? "numeric" : "textual", inputmode: mode, autocomplete: "off", spellcheck: "false" });
}

function choicesOf(row: Row): HTMLOptionElement[] {
  const choices = (row.choices ?? []).map(String);
  const now = textOf(row.value);
  const all = [...(row.value === null ? [""] : choices.includes(now) ? [] : [now]), ...choices];
  return all.map((one) => el("option", { value: one }, one || "(nothing)"));
}

function listen(row: Row, control: Control, studio: Studio): void {
  if (row.kind === "switch") return;
  control.addEventListener("input", () => studio.type(row, control.value));
  control.addEventListener("change", studio.settle);
  if (!isNumeric(row)) return;
  control.addEventListener("keydown", (event) => {
    const { key, ctrlKey, altKey, metaKey } = event as KeyboardEvent;
    const direction = key === "ArrowUp" ? 1 : key === "ArrowDown" ? -1 : null;
    const value = Number(control.value.trim());
    if (!direction || ctrlKey || altKey || metaKey || control.value.trim() === "" || !Number.isFinite(value)) return;
    event.preventDefault();
    control.value = String(nextValue(row, value, direction));
    studio.type(row, control.value);
  });
}

/** What stands in the field: left alone while it says the same, so that "1." can go on to "1.5". */
function show(control: Control, row: Row, value: Value, typed: string | undefined): void {
  if (control instanceof HTMLInputElement && control.type === "checkbox") {
    control.checked = value === true;
    return;
  }
  const text = typed ?? textOf(value);
  if (control.value === text) return;
  const isSame = typed === undefined && isNumeric(row) && control.value.trim() !== "" && Number(control.value) === value;
  if (!isSame || document.activeElement !== control) control.value = text;
}

function barBox(row: Row & Ranged, bar: Bar, id: string): HTMLElement {
  const said = `range ${grouped(row.low)} to ${grouped(row.high)}`;
  return el("div", { class: "range" }, bar.element,
    el("span", { class: "range-words", id: `${id}-range`, title: row.sampled ? "each run draws it from this range" : "kept at its value in every run" }, said));
}

/** What it is, and what may stand there. */
function helpOf(row: Row): (Node | string)[] {
  const limits = allowed(row);
  return joined([row.help, limits && `allowed: ${limits}`].filter(Boolean).map((words) => [...sentence(words).childNodes]));
}

/** Of a quantity: how good it is, where it is from, and why it was taken. */
function originOf(row: Row): (Node | string)[] {
  const grade = row.grade ? [[withHints(gradeWords(row.grade), `${GRADE_HINTS[row.grade] ?? "How good the source of this number is."} ${GRADES_IN_ORDER}`)]] : [];
  return joined([...grade, ...(row.source ? [sourceWords(row.source)] : []), ...(row.why ? [[row.why]] : [])]);
}

/** Parts with a dot between them. */
function joined(parts: (Node | string)[][]): (Node | string)[] {
  return parts.flatMap((part, k) => (k ? [" \u00b7 ", ...part] : part));
}

const GRADES_IN_ORDER = "Grades, best first: official, think tank or journal, press, derived, assumed.";

const GRADE_HINTS: Record<string, string> = {
  official: "Published by a government, a parliament or the maker.",
  "think-tank": "Published by a think tank or a journal.",
  press: "Reported by the press.",
  estimated: "Worked out from values that have a source.",
  assumed: "No source gives it: it was assumed, for the reason that stands here if there is one.",
};

function sourceWords({ author, title, year, link: address, key }: SourceOfRow): (Node | string)[] {
  const named = [author, year === null ? "" : `(${year})`].filter(Boolean).join(" ");
  return [...(named ? [`${named}: `] : []), link(address, title || key) ?? key];
}
