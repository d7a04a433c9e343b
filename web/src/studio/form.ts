// The form: sections that open and close, a filter, what is wrong at the top, and the way to a row from anywhere.

import { button, el, setText } from "../dom";
import { icon } from "../icons";
import { counted } from "../panels/format";
import type { Row } from "./api";
import { mistakesOf, type Desk, type Mistake, type Studio } from "./desk";
import { fieldOf, type Field } from "./field";
import { blocksOf, isFiltered, sectionsOf, shownRows, type Section } from "./search";

/** Rows of a section that are built at once; a button builds the others. */
const ROWS_AT_ONCE = 120;

export interface Form {
  /** Opens what hides a row, brings it into sight and puts the cursor there. */
  goTo(path: string): void;
  focusFilter(): void;
}

/** A section on the page. */
interface Shown {
  section: Section;
  element: HTMLDetailsElement;
  /** Fill it with these rows once it is open. */
  fill(rows: readonly Row[], most?: number): void;
  count(desk: Readonly<Desk>, mistakes: readonly Mistake[]): void;
}

export function mountForm(root: HTMLElement, studio: Studio): Form {
  const { store } = studio;
  const fields = new Map<string, Field>();
  const find = el("input", { type: "search", placeholder: "words, such as stock or p_kill", "aria-label": "Filter the numbers" });
  const only = el("input", { type: "checkbox" });
  const said = el("p", { class: "soft", role: "status" });
  const bar = el("div", { class: "filters" }, el("label", { class: "find" }, "Find ", find, el("kbd", { "aria-hidden": "true" }, "/")),
    el("label", { class: "only" }, only, "only changed"), said);
  const head = el("div", { class: "form-head" });
  const mistakes = el("section", { class: "mistakes", "aria-label": "Mistakes", hidden: true });
  const list = el("div", { class: "sections" });
  root.replaceChildren(head, bar, mistakes, list);
  find.addEventListener("input", () => studio.filter({ words: find.value }));
  only.addEventListener("change", () => studio.filter({ onlyChanged: only.checked }));

  let shown: Shown[] = [];
  let opened: Desk["opened"] = null;
  const field = (row: Row): Field => {
    const found = fields.get(row.path) ?? fieldOf(row, studio);
    fields.set(row.path, found);
    found.update(store.state);
    return found;
  };

  function rebuild(desk: Readonly<Desk>): void {
    opened = desk.opened;
    fields.clear();
    bar.hidden = !opened;
    head.replaceChildren(...(opened ? headOf(desk) : welcome()));
    shown = opened ? sectionsOf(opened.groups, opened.rows).map((section) => sectionOf(section, field)) : [];
    list.replaceChildren(...shown.map(({ element }) => element));
    narrow(desk);
    const found = mistakesOf(desk);
    for (const one of shown) one.count(desk, found);
    drawMistakes(mistakes, desk, found, goTo);
    const first = shown.find(({ section }) => section.all.some((row) => row.kind !== "text")) ?? shown[0];
    if (first && !isFiltered(desk.filter)) first.element.open = true;
  }

  function narrow({ filter, draft }: Readonly<Desk>): void {
    const isNarrow = isFiltered(filter);
    let n = 0;
    for (const { section, element, fill } of shown) {
      const rows = isNarrow ? shownRows(section.all, filter, draft.changes) : section.all;
      n += rows.length;
      element.hidden = !rows.length;
      fill(rows);
      if (isNarrow) {
        element.dataset["was"] ??= String(element.open);
        element.open = rows.length > 0;
      } else if (element.dataset["was"] !== undefined) {
        element.open = element.dataset["was"] === "true";
        delete element.dataset["was"];
      }
    }
    if (find.value !== filter.words) find.value = filter.words;
    only.checked = filter.onlyChanged;
    const all = opened?.rows.length ?? 0;
    setText(said, isNarrow ? `${n} of ${counted(all, "value")}` : counted(all, "value"));
  }

  function goTo(path: string): void {
    const row = store.state.rows.get(path);
    const at = shown.find(({ section }) => section.all.some((one) => one.path === path));
    if (!row || !at) return;
    if (isFiltered(store.state.filter)) studio.filter({ words: "", onlyChanged: false });
    at.element.open = true;
    at.fill(at.section.all, Infinity);
    const found = field(row);
    found.element.scrollIntoView({ block: "center" });
    found.focus();
  }

  rebuild(store.state);
  store.subscribe((desk, changed) => {
    if (changed.has("opened")) rebuild(desk);
    else if (changed.has("filter")) narrow(desk);
    if (["draft", "wrong", "checked"].some((name) => changed.has(name as keyof Desk))) {
      for (const one of fields.values()) one.update(desk);
      const found = mistakesOf(desk);
      for (const one of shown) one.count(desk, found);
      drawMistakes(mistakes, desk, found, goTo);
    }
  });
  return { goTo, focusFilter: () => { find.focus(); find.select(); } };
}

function headOf({ opened, chosen }: Readonly<Desk>): HTMLElement[] {
  const { title, note } = opened!;
  const kept = chosen && "toml" in chosen.base ? ` (${chosen.file})` : "";
  return [el("h2", { class: "form-title" }, title + kept), ...(note ? [el("details", { class: "about-it" }, el("summary", {}, "What it is about"), el("p", {}, note))] : [])];
}

/** What to do here, before a starting point was chosen. */
function welcome(): HTMLElement[] {
  const steps = ["Choose a starting point on the left, or open a scenario file of your own.",
                 "Change what you doubt: each number says its range, how good its source is, and why it was taken.",
                 "Run it: the same attacks meet the starting point and yours, and you see what your changes did."];
  return [el("h2", { class: "form-title" }, "What would be different if ...?"), el("ol", { class: "steps" }, ...steps.map((step) => el("li", {}, step)))];
}

function sectionOf(section: Section, field: (row: Row) => Field): Shown {
  const { group, all } = section;
  const paths = new Set(all.map(({ path }) => path));
  const changed = el("span", { class: "n-changed", hidden: true });
  const wrong = el("span", { class: "n-wrong", hidden: true });
  const body = el("div", { class: "section-body" });
  const element = el("details", { class: "group", "data-group": group.name },
    el("summary", {}, el("h3", {}, group.label || group.name), el("span", { class: "soft" }, counted(all.length, "value")), changed, wrong),
    ...(group.note ? [el("p", { class: "soft group-note" }, group.note)] : []), body);
  let rows: readonly Row[] = all;
  let most = ROWS_AT_ONCE;
  let built = "";
  const build = (): void => {
    const key = `${most} ${rows.map(({ path }) => path).join(" ")}`;
    if (!element.open || key === built) return;
    built = key;
    body.replaceChildren(...blocksOf(rows.slice(0, most)).flatMap(({ name, rows: own }) => [
      ...(name ? [el("h4", {}, name)] : []), ...own.map((row) => field(row).element)]));
    const left = rows.length - most;
    if (left > 0) body.append(button(`Show ${left} more`, () => { most = Infinity; build(); }, undefined, { class: "more" }));
  };
  element.addEventListener("toggle", build);
  return {
    section, element,
    fill: (found, upTo = ROWS_AT_ONCE) => {
      rows = found;
      most = Math.max(upTo, found === all && most === Infinity ? Infinity : 0);
      build();
    },
    count: (desk, mistakes) => {
      const n = all.filter(({ path }) => path in desk.draft.changes).length;
      const problems = mistakes.filter(({ path }) => paths.has(path)).length;
      changed.hidden = n === 0;
      wrong.hidden = problems === 0;
      setText(changed, `${n} changed`);
      setText(wrong, counted(problems, "mistake"));
    },
  };
}

/** All mistakes, each a way to its row. */
function drawMistakes(root: HTMLElement, desk: Readonly<Desk>, found: readonly Mistake[], goTo: (path: string) => void): void {
  root.hidden = !found.length;
  const said = JSON.stringify(found);
  if (root.dataset["said"] === said) return;
  root.dataset["said"] = said;
  const items = found.map(({ path, says, hint, label }) => {
    const words = [el("span", {}, label ? `${label}: ${says}` : says), ...(hint ? [el("small", {}, hint)] : [])];
    if (!desk.rows.has(path)) return el("li", {}, ...words);
    const jump = el("button", { type: "button" }, ...words);
    jump.addEventListener("click", () => goTo(path));
    return el("li", {}, jump);
  });
  root.replaceChildren(el("h3", { role: "status" }, icon("wrong"), ` ${counted(found.length, "mistake")}`), el("ul", {}, ...items));
}
