// The form: sections that open and close, a filter, what is wrong at the top, and the way to a row from anywhere.

import { button, el, setText } from "../dom";
import { icon } from "../icons";
import { counted } from "../panels/format";
import type { Row } from "./api";
import { pictureOf } from "./bar";
import { mistakesOf, type Desk, type Mistake, type Studio } from "./desk";
import { fieldOf, type Field } from "./field";
import { blocksOf, capital, isFiltered, kindsOf, shownRows, splitLabel, type Kind, type Section } from "./search";
import { hasRange } from "./values";

/** Rows of a section that are built at once; a button builds the others. */
const ROWS_AT_ONCE = 120;

export interface Form {
  /** Opens what hides a row, brings it into sight and puts the cursor there. */
  goTo(path: string): void;
  focusFilter(): void;
}

/** Matches of a filter that are opened at once; sections beyond them stay closed and say how many they have. */
const MATCHES_AT_ONCE = 150;

/** A kind with few rows opens with all its sections. */
const ROWS_OF_SMALL_KIND = 40;

/** All sections of a kind on the page. */
interface ShownKind {
  element: HTMLDetailsElement;
  sections: Shown[];
}

/** A section on the page. */
interface Shown {
  section: Section;
  element: HTMLDetailsElement;
  /** Fill it with these rows once it is open. */
  fill(rows: readonly Row[], most?: number): void;
  count(desk: Readonly<Desk>, mistakes: readonly Mistake[]): { changed: number; wrong: number };
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
  const told = el("p", { class: "away", role: "status" });
  root.replaceChildren(head, bar, told, mistakes, list);
  find.addEventListener("input", () => studio.filter({ words: find.value }));
  find.addEventListener("keydown", (event) => { if (event.key === "Escape") studio.filter({ words: "" }); });
  only.addEventListener("change", () => studio.filter({ onlyChanged: only.checked }));

  let kinds: ShownKind[] = [];
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
    kinds = opened ? kindsOf(opened.groups, opened.rows).map((kind) => kindOf(kind, field)) : [];
    shown = kinds.flatMap(({ sections }) => sections);
    list.replaceChildren(...kinds.map(({ element }) => element));
    openFirst();
    narrow(desk);
    count(desk);
  }

  /** The kind with the most ranges is what a reader should see first: how sure its numbers are. */
  function openFirst(): void {
    const ranged = ({ section }: Shown): number => section.all.filter((row) => row.of === "scenario" && hasRange(row)).length;
    const most = (one: ShownKind): number => one.sections.reduce((sum, section) => sum + ranged(section), 0);
    const kind = kinds.reduce<ShownKind | undefined>((best, one) => (best && most(best) >= most(one) ? best : one), undefined);
    const first = kind?.sections.find((one) => ranged(one) > 0) ?? kind?.sections[0];
    if (kind && first) kind.element.open = first.element.open = true;
  }

  function count(desk: Readonly<Desk>): void {
    const found = mistakesOf(desk);
    for (const { element, sections } of kinds) {
      const counts = sections.map((one) => one.count(desk, found));
      mark(element, counts.reduce((sum, { changed }) => sum + changed, 0), counts.reduce((sum, { wrong }) => sum + wrong, 0));
    }
    drawMistakes(mistakes, desk, found, goTo);
    setText(told, found.length ? counted(found.length, "mistake") : "");
  }

  function narrow({ filter, draft }: Readonly<Desk>): void {
    const isNarrow = isFiltered(filter);
    let n = 0;
    for (const { section, element, fill } of shown) {
      const rows = isNarrow ? shownRows(section.all, filter, draft.changes) : section.all;
      element.hidden = !rows.length;
      openFor(element, isNarrow, n < MATCHES_AT_ONCE);
      fill(rows);
      n += rows.length;
    }
    for (const { element, sections } of kinds) {
      const shownOf = sections.filter((one) => !one.element.hidden);
      element.hidden = !shownOf.length;
      openFor(element, isNarrow, shownOf.some((one) => one.element.open));
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
    kinds.find(({ sections }) => sections.includes(at))!.element.open = true;
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
      count(desk);
    }
  });
  return { goTo, focusFilter: () => { find.focus(); find.select(); } };
}

function headOf({ opened, chosen }: Readonly<Desk>): HTMLElement[] {
  const { title, note } = opened!;
  const kept = chosen && "toml" in chosen.base ? ` (${chosen.file})` : "";
  return [el("h2", { class: "form-title" }, `${title}${kept}`.trim() || "Without a title"), ...(note ? [el("details", { class: "about-it" }, el("summary", {}, "What it is about"), el("p", {}, note))] : [])];
}

/** What to do here, and how to read a number, before a starting point was chosen. */
function welcome(): HTMLElement[] {
  const steps = ["Choose a starting point on the left, or open a scenario file of your own.",
                 "Change what you doubt: each number says its range, how good its source is, and why it was taken.",
                 "Run it: the same attacks meet the starting point and yours, and you see what your changes did."];
  return [el("h2", { class: "form-title" }, "What would be different if ...?"), el("ol", { class: "steps" }, ...steps.map((step) => el("li", {}, step))), legend()];
}

function legend(): HTMLElement {
  const pictures: readonly [number | null, string][] = [
    [null, "the range in which a number may lie; the ring is where it started"], [9, "the triangle is yours, within the range"],
    [20, "an arrow: yours is further out; that is run all the same"]];
  return el("ul", { class: "legend", "aria-label": "How to read the bars" }, ...pictures.map(([mine, words]) => el("li", {}, pictureOf(mine), words)));
}

/** While the form is filtered, what holds a match is open as asked; then it is as it was before. */
function openFor(element: HTMLDetailsElement, isNarrow: boolean, asked: boolean): void {
  if (isNarrow) {
    element.dataset["was"] ??= String(element.open);
    element.open = asked && !element.hidden;
  } else if (element.dataset["was"] !== undefined) {
    element.open = element.dataset["was"] === "true";
    delete element.dataset["was"];
  }
}

/** Sections of one kind under their name; a kind that is one section is that section. */
function kindOf(kind: Kind, field: (row: Row) => Field): ShownKind {
  const sections = kind.sections.map((section) => sectionOf(section, field));
  const [only] = sections;
  if (sections.length === 1 && only!.section.name.toLowerCase() === kind.name.toLowerCase()) {
    return { element: only!.element, sections };
  }
  const n = kind.sections.reduce((sum, { all }) => sum + all.length, 0);
  const element = el("details", { class: "group kind" },
    summaryOf("h3", kind.name, sections.length > 1 ? `${sections.length} \u00b7 ${counted(n, "value")}` : counted(n, "value")), el("div", { class: "of-kind" }, ...sections.map((one) => one.element)));
  if (n <= ROWS_OF_SMALL_KIND || sections.length === 1) {
    let isNew = true;
    element.addEventListener("toggle", () => {
      if (!isNew || element.dataset["was"] !== undefined) return; // a filter opens what it finds, and no more
      isNew = false;
      for (const one of sections) one.element.open = true;
    });
  }
  return { element, sections };
}

function summaryOf(level: "h3" | "h4", name: string, size: string): HTMLElement {
  return el("summary", {}, el(level, {}, name), el("span", { class: "soft" }, size),
    el("span", { class: "n-changed", hidden: true }), el("span", { class: "n-wrong", hidden: true }));
}

/** How much was changed and is wrong below a heading. */
function mark(element: HTMLElement, changed: number, wrong: number): void {
  const [changes, mistakes] = [".n-changed", ".n-wrong"].map((name) => element.querySelector<HTMLElement>(`:scope > summary ${name}`)!);
  changes!.hidden = changed === 0;
  mistakes!.hidden = wrong === 0;
  setText(changes!, `${changed} changed`);
  setText(mistakes!, counted(wrong, "mistake"));
}

function sectionOf(section: Section, field: (row: Row) => Field): Shown {
  const { group, all, name } = section;
  const paths = new Set(all.map(({ path }) => path));
  const body = el("div", { class: "section-body" });
  const element = el("details", { class: "group", "data-group": group.name }, summaryOf("h4", name === group.label ? capital(name) : name, counted(all.length, "value")),
    ...(group.note ? [el("p", { class: "soft group-note" }, group.note)] : []), body);
  const size = element.querySelector<HTMLElement>(":scope > summary .soft")!;
  let rows: readonly Row[] = all;
  let most = ROWS_AT_ONCE;
  let built = "";
  const build = (): void => {
    const key = `${most} ${rows.map(({ path }) => path).join(" ")}`;
    if (!element.open || key === built) return;
    built = key;
    body.replaceChildren(...blocksOf(rows.slice(0, most)).flatMap((block) => [
      ...(block.name ? [el("h5", {}, block.name)] : []), ...block.rows.map((row) => field(row).element)]));
    const left = rows.length - most;
    if (left > 0) body.append(button(`Show ${left} more`, () => { most = Infinity; build(); }, undefined, { class: "more" }));
  };
  element.addEventListener("toggle", build);
  return {
    section, element,
    fill: (found, upTo = ROWS_AT_ONCE) => {
      rows = found;
      setText(size, rows.length < all.length ? `${rows.length} of ${counted(all.length, "value")}` : counted(all.length, "value"));
      most = Math.max(upTo, found === all && most === Infinity ? Infinity : 0);
      build();
    },
    count: (desk, mistakes) => {
      const changed = all.filter(({ path }) => path in desk.draft.changes).length;
      const wrong = mistakes.filter(({ path }) => paths.has(path)).length;
      mark(element, changed, wrong);
      return { changed, wrong };
    },
  };
}

/** All mistakes, each a way to its row. */
function drawMistakes(root: HTMLElement, desk: Readonly<Desk>, found: readonly Mistake[], goTo: (path: string) => void): void {
  root.hidden = !found.length;
  const said = JSON.stringify(found);
  if (root.dataset["said"] === said) return;
  root.dataset["said"] = said;
  const groups = new Map(desk.opened?.groups.map((group) => [group.name, splitLabel(group.label)[1]]));
  const items = found.map(({ path, says, hint, label }) => {
    const of = groups.get(desk.rows.get(path)?.group ?? "");
    const words = [el("span", {}, [of, label].filter(Boolean).join(", ") + (label ? ": " : "") + says), ...(hint ? [el("small", {}, hint)] : [])];
    if (!desk.rows.has(path)) return el("li", {}, ...words);
    const jump = el("button", { type: "button" }, ...words);
    jump.addEventListener("click", () => goTo(path));
    return el("li", {}, jump);
  });
  root.replaceChildren(el("h3", {}, icon("wrong"), ` ${counted(found.length, "mistake")}`), el("ul", {}, ...items));
}
