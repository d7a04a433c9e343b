// What the changes did: the starting point, yours, and the difference, as the server compared them; and what to do with it.

import { button, el, setText, svg } from "../dom";
import { icon } from "../icons";
import { scrolled, sentence, small, table, type Cell, type Column } from "../panels/dom";
import { counted, withError } from "../panels/format";
import type { Result, ResultRow } from "./api";
import type { Desk, Studio } from "./desk";
import { commands, download, fileName } from "./save";

const COLUMNS: Column[] = [
  { head: "figure" },
  { head: "start", isNumber: true, hint: "The starting point: mean over runs with its standard error." },
  { head: "yours", isNumber: true, hint: "Your scenario, under the same runs and seed: mean over runs with its standard error." },
  { head: "difference", isNumber: true, hint: "Yours less the start, run by run: mean with its standard error. Both meet the same attacks, so it is known better than the two beside it." },
];

export function mountResult(root: HTMLElement, studio: Studio): void {
  const { store } = studio;
  const old = el("p", { class: "warning old", hidden: true });
  const body = el("div", {});
  root.replaceChildren(el("h2", {}, "What it does"), old, body);
  const draw = (desk: Readonly<Desk>): void => {
    root.hidden = desk.result === null;
    if (desk.result) body.replaceChildren(...partsOf(desk.result, studio));
  };
  const date = (desk: Readonly<Desk>): void => {
    old.hidden = !desk.result || studio.isOfNow();
    old.replaceChildren(icon("warn"), " These are not of what the form holds now. Run again to see that.");
  };
  draw(store.state);
  date(store.state);
  store.subscribe((desk, changed) => {
    if (changed.has("result")) draw(desk);
    date(desk);
  });
}

function partsOf(result: Result, studio: Studio): HTMLElement[] {
  const how = `${result.title}: ${counted(result.runs, "run")} each, seed ${result.seed}`;
  const rows = result.rows.map((row): Cell[] => [
    [row.name, row.unit ? small(row.unit) : null],
    withError(row.start, row.start_error),
    withError(row.mine, row.mine_error),
    [withError(row.difference, row.difference_error), whisker(row), verdict(row)],
  ]);
  const made = table("Starting point and yours", COLUMNS, rows);
  const compared = rows.length
    ? [scrolled(made), el("p", { class: "soft" }, "Clear: more than two of its standard errors from nothing. Drawn: the difference and two errors to both sides, each row on its own scale.")]
    : [el("p", { class: "soft" }, result.changes.length ? "Nothing of this differs." : "Nothing was changed, so there is nothing to compare.")];
  return [el("p", { class: "soft" }, how), ...compared, ...answersOf(result), linksOf(result, studio)];
}

/** Whether the difference is clear, by shape and in words. */
function verdict({ difference, is_clear }: ResultRow): HTMLElement {
  if (difference === null) return el("small", {}, "");
  if (!is_clear) return el("small", { class: "unclear" }, difference === 0 ? "no difference" : "not clear");
  return el("small", { class: "clear" }, icon(difference > 0 ? "up" : "down"), difference > 0 ? " clearly more" : " clearly less");
}

const [WIDTH, HEIGHT] = [84, 12];

/** The difference with two standard errors, about a line for nothing. The row's own scale: rows have different units. */
function whisker({ difference, difference_error, is_clear }: ResultRow): SVGSVGElement | null {
  if (difference === null || !Number.isFinite(difference)) return null;
  const half = 2 * (difference_error ?? 0);
  const reach = Math.max(Math.abs(difference - half), Math.abs(difference + half)) || 1;
  const x = (value: number): number => WIDTH / 2 + (value / reach) * (WIDTH / 2 - 4);
  return svg("svg", { class: `difference ${is_clear ? "clear" : ""}`, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", focusable: "false" },
    svg("line", { class: "nothing", x1: WIDTH / 2, x2: WIDTH / 2, y1: 0, y2: HEIGHT }),
    svg("line", { class: "errors", x1: x(difference - half), x2: x(difference + half), y1: HEIGHT / 2, y2: HEIGHT / 2 }),
    svg("circle", { cx: x(difference), cy: HEIGHT / 2, r: 3 }));
}

function answersOf({ answer_start, answer_mine, rows }: Result): HTMLElement[] {
  const part = (name: string, sentences: readonly string[]): HTMLElement =>
    el("div", {}, el("h4", {}, name), ...sentences.map((one) => sentence(one)));
  if (!answer_start.length && !answer_mine.length) return [];
  const start = rows.length ? [part("The starting point", answer_start)] : [];
  return [el("details", { class: "answers", open: true }, el("summary", {}, "In sentences"), part("Yours", answer_mine), ...start)];
}

function linksOf(result: Result, studio: Studio): HTMLElement {
  const away = { target: "_blank", rel: "noopener" };
  const replay = result.replay
    ? [el("a", { class: "button", href: "/", ...away }, "See your run"), ...(result.rows.length ? [el("a", { class: "button", href: "/#with=other:0", ...away }, "See both side by side")] : [])]
    : [el("a", { class: "button", href: "/", ...away }, "See its tables")];
  return el("div", { class: "take-away" }, el("div", { class: "buttons" }, ...replay), el("p", { class: "soft" }, `Results lie in ${result.folder}`), repeatBox(result, studio));
}

function repeatBox(result: Result, studio: Studio): HTMLElement {
  const file = fileName(result.title);
  const chosen = studio.store.state.chosen;
  const text = commands(chosen?.base ?? { toml: "" }, file, result.runs, result.seed);
  const said = el("p", { class: "soft", role: "status" });
  const copy = button("Copy the command", () => copyText(text, (sentence_) => setText(said, sentence_)));
  const save = button("Save this scenario", () => download(file, result.toml));
  return el("details", { class: "repeat" }, el("summary", {}, "Repeat it without the studio"),
    el("p", { class: "soft" }, "Save the file, and where it lies:"), el("pre", { tabindex: "0" }, text), el("div", { class: "buttons" }, save, copy), said);
}

function copyText(text: string, say: (sentence: string) => void): void {
  const copied = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error("no clipboard"));
  copied.then(() => say("Copied."), () => say("The browser does not let the page copy: mark the text above and copy it."));
}

/** The present scenario as a file, whether or not it was run. */
export function mountSave(root: HTMLElement, studio: Studio): void {
  const shown = el("pre", { tabindex: "0" });
  const file = el("details", { class: "file" }, el("summary", {}, "Show the file"), shown);
  const save = button("Save the scenario", () => void saveNow(studio), undefined, { class: "save" });
  save.prepend(icon("save"), " ");
  root.replaceChildren(el("h2", {}, "Keep it"), el("p", { class: "soft" }, "The file is the one that every command of OpenDome takes."), save, file);
  const draw = (desk: Readonly<Desk>): void => {
    root.hidden = desk.opened === null;
    if (file.open) setText(shown, desk.checked?.toml ?? "");
  };
  file.addEventListener("toggle", () => draw(studio.store.state));
  draw(studio.store.state);
  studio.store.subscribe(draw);
}

async function saveNow(studio: Studio): Promise<void> {
  const toml = await studio.file();
  const { opened, draft } = studio.store.state;
  if (toml === null || !opened) return;
  const title = draft.changes["title"];
  download(fileName(typeof title === "string" ? title : opened.title), toml);
}
