// The studio: start from a scenario, change numbers, run, compare. Puts the parts into the page.

import { button, el, setText } from "../dom";
import { icon } from "../icons";
import { sentence } from "../panels/dom";
import { counted } from "../panels/format";
import { applyTheme, systemTheme } from "../theme";
import { NO_TOKEN, serverApi, type Api } from "./api";
import { mountChanges } from "./changes";
import { mistakesOf, studioOn, type Desk, type Studio } from "./desk";
import { mountForm } from "./form";
import { readFragment, tokenOf } from "./kept";
import { helpDialog, mountKeys } from "./keys";
import { mountResult, mountSave } from "./result";
import { mountRunBox } from "./runbox";
import { mountStarts } from "./starts";
import "../panels/panels.css";
import "./studio.css";
import { sentenceOf } from "../wrong";

declare global {
  interface Window {
    /** For tests: what the studio holds. */
    __studio?: { ready: boolean; state(): Readonly<Desk> };
  }
}

/** Where the studio lives. */
export const STUDIO_PATH = "/studio";

/** Mounts the studio into `root`; `api` stands for the server in tests. */
export async function startStudio(root: HTMLElement, api?: Api): Promise<void> {
  applyTheme(systemTheme());
  document.title = "OpenDome studio";
  const { token: given, start } = readFragment(location.hash);
  const token = api ? "none needed" : tokenOf(given, sessionStorage);
  forgetFragment();
  // The address of a studio that was started again differs behind the "#" alone: the browser loads nothing anew by itself.
  addEventListener("hashchange", () => {
    const renewed = readFragment(location.hash).token;
    if (!renewed || api) return;
    tokenOf(renewed, sessionStorage);
    forgetFragment();
    location.reload();
  });
  const fail = (sentence: string): void => root.replaceChildren(el("p", { class: "waiting wrong", role: "alert" }, sentence));
  if (!token) {
    fail(NO_TOKEN);
    return;
  }
  root.replaceChildren(el("p", { class: "waiting", role: "status" }, "Opening the studio ..."));
  try {
    build(root, await studioOn(api ?? serverApi(token), sessionStorage, start));
  } catch (error) {
    fail(sentenceOf(error));
  }
}

function forgetFragment(): void {
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
}

function build(root: HTMLElement, studio: Studio): void {
  const { store } = studio;
  const starts = el("aside", { class: "starts", "aria-label": "Starting points" });
  const form = el("section", { class: "form", "aria-label": "Numbers" });
  const [run, changes, result, save] = ["Run", "Changes", "Comparison", "Keep"].map((name) => el("section", { "aria-label": name }));
  const side = el("aside", { class: "side panels", "aria-label": "Run and compare" }, run!, changes!, result!, save!);
  const top = el("header", { class: "top" });
  const dialog = helpDialog();
  const help = (): void => { if (!dialog.open) dialog.showModal(); };
  const tabs = tabsOf(root, store.state.chosen ? "form" : "starts");
  root.replaceChildren(top, tabs.element, troubleOf(studio), el("main", {}, starts, form, side), dialog);
  root.classList.add("studio");
  applyTheme(store.state.theme);

  const { goTo, focusFilter } = mountForm(form, studio);
  const toForm = (act: () => void): void => { tabs.show("form"); act(); };
  mountTop(top, studio, help);
  mountStarts(starts, studio, () => { tabs.show("form"); form.scrollTo({ top: 0 }); });
  mountRunBox(run!, studio);
  mountChanges(changes!, studio, (path) => toForm(() => goTo(path)));
  mountResult(result!, studio);
  mountSave(save!, studio);
  mountKeys(studio, { focusFilter: () => toForm(focusFilter), help });
  store.subscribe((desk, changed) => {
    if (changed.has("theme")) applyTheme(desk.theme);
    if (changed.has("progress") && desk.progress.state === "waiting") tabs.show("side");
  });
  tabs.follow(studio);
  window.__studio = { ready: true, state: () => store.state };
}

function mountTop(root: HTMLElement, studio: Studio, help: () => void): void {
  const facts = el("p", { class: "facts" });
  const undo = button("Undo", studio.undo, icon("undo"), { "aria-keyshortcuts": "Control+Z" });
  const redo = button("Redo", studio.redo, icon("redo"), { "aria-keyshortcuts": "Control+Shift+Z" });
  root.replaceChildren(el("div", { class: "heading" }, el("h1", {}, "OpenDome studio"), facts),
    el("div", { class: "buttons" }, undo, redo, button("Theme", studio.toggleTheme, icon("theme")), button("Help", help, icon("help"))));
  const draw = (desk: Readonly<Desk>): void => {
    undo.disabled = !desk.draft.past.length;
    redo.disabled = !desk.draft.future.length;
    const n = Object.keys(desk.draft.changes).length;
    const wrong = mistakesOf(desk).length;
    const said = [desk.opened?.title ?? "Change a scenario and see what it does", desk.opened ? (n ? counted(n, "change") : "nothing changed yet") : "",
                  wrong ? counted(wrong, "mistake") : desk.isChecking ? "checking ..." : n ? "no mistakes" : ""];
    setText(facts, said.filter(Boolean).join(" \u00b7 "));
    document.title = desk.opened ? `${desk.opened.title}: OpenDome studio` : "OpenDome studio";
  };
  draw(studio.store.state);
  studio.store.subscribe(draw);
}

/** What went wrong last, above everything, until something goes right or it is closed. */
function troubleOf(studio: Studio): HTMLElement {
  const words = el("div", { class: "words" });
  const element = el("div", { class: "trouble", role: "alert" }, icon("wrong"), words, button("Close this message", () => studio.complain(""), icon("close")));
  const draw = ({ trouble }: Readonly<Desk>): void => {
    element.hidden = !trouble;
    if (words.dataset["said"] !== trouble) words.replaceChildren(...trouble.split("\n").map(sentence));
    words.dataset["said"] = trouble;
  };
  draw(studio.store.state);
  studio.store.subscribe(draw);
  return element;
}

type Tab = "starts" | "form" | "side";

/** On a narrow page one of the three columns is shown at a time; on a wide one the style sheet hides these buttons. */
function tabsOf(root: HTMLElement, first: Tab): { element: HTMLElement; show(tab: Tab): void; follow(studio: Studio): void } {
  const labels: readonly [Tab, string][] = [["starts", "Start"], ["form", "Numbers"], ["side", "Run"]];
  const made = new Map(labels.map(([tab, label]) => [tab, button(label, () => show(tab))]));
  const show = (tab: Tab): void => {
    root.dataset["tab"] = tab;
    for (const [name, one] of made) one.setAttribute("aria-pressed", String(name === tab));
  };
  show(first);
  return {
    element: el("nav", { class: "parts", "aria-label": "Parts of the page" }, ...made.values()),
    show,
    follow: ({ store }) => {
      const draw = (desk: Readonly<Desk>): void => {
        const n = Object.keys(desk.draft.changes).length;
        setText(made.get("form")!, n ? `Numbers (${n} changed)` : "Numbers");
        setText(made.get("side")!, desk.result ? "Run and results" : "Run");
      };
      draw(store.state);
      store.subscribe(draw);
    },
  };
}
