// What one can start from: a card for each shipped scenario, and a file of one's own, whose text alone is sent.

import { button, el, setText } from "../dom";
import { icon } from "../icons";
import { counted } from "../panels/format";
import type { Start } from "./api";
import { FILE_MAX, type Desk, type Studio } from "./desk";

export function mountStarts(root: HTMLElement, studio: Studio, chosen: () => void): void {
  const { store } = studio;
  const cards = store.state.starts.starts.map((start) => cardOf(start, async () => {
    await studio.choose({ start: start.name });
    if (isOpen(store.state, start.name)) chosen();
  }));
  const file = el("input", { type: "file", accept: ".toml", class: "away", tabindex: "-1", "aria-label": "Scenario file" });
  file.addEventListener("change", () => void open(file, studio, chosen));
  const own = button("Open a scenario file ...", () => file.click(), undefined, { class: "own" });
  own.prepend(icon("file"), " ");
  const opened = el("p", { class: "soft" });
  root.replaceChildren(el("h2", {}, "Start from"), el("ul", { class: "cards" }, ...cards.map(({ element }) => element)),
    el("div", { class: "own-file" }, own, file, opened));
  const draw = (desk: Readonly<Desk>): void => {
    for (const card of cards) card.mark(isOpen(desk, card.name), desk.opening === card.name);
    const isFile = desk.chosen !== null && "toml" in desk.chosen.base;
    own.setAttribute("aria-pressed", String(isFile));
    setText(opened, isFile ? `Open: ${desk.chosen!.file}` : "A .toml file from this computer; its text goes to the studio on this computer, nowhere else.");
  };
  draw(store.state);
  store.subscribe((desk, changed) => { if (changed.has("chosen") || changed.has("opening")) draw(desk); });
}

function isOpen({ chosen }: Readonly<Desk>, name: string): boolean {
  return chosen !== null && "start" in chosen.base && chosen.base.start === name;
}

interface Card {
  name: string;
  element: HTMLElement;
  mark(isOpen: boolean, isOpening: boolean): void;
}

function cardOf(start: Start, choose: () => Promise<void>): Card {
  const state = el("span", { class: "card-state" });
  const facts = [start.kind === "campaign" ? "campaign" : "raids", counted(start.runs, "run"), start.seconds === null ? "" : `about ${duration(start.seconds)}`];
  const made = el("button", { type: "button", class: "start" }, el("strong", {}, start.title), el("span", { class: "sentence" }, firstSentence(start.note)),
    el("span", { class: "soft facts-of" }, facts.filter(Boolean).join(", ")), state);
  made.addEventListener("click", () => void choose());
  return {
    name: start.name,
    element: el("li", {}, made),
    mark: (isOpen, isOpening) => {
      made.setAttribute("aria-pressed", String(isOpen));
      state.replaceChildren(...(isOpening ? ["opening ..."] : isOpen ? [icon("check"), " chosen"] : []));
    },
  };
}

async function open(file: HTMLInputElement, studio: Studio, chosen: () => void): Promise<void> {
  const found = file.files?.[0];
  file.value = "";
  if (!found) return;
  const before = studio.store.state.opened;
  if (found.size > 4 * FILE_MAX) studio.complain(`${found.name} is too large for a scenario.`);
  else await studio.openFile(found.name, await found.text());
  if (studio.store.state.opened !== before) chosen();
}

/** Up to the first full stop, but not that of "U.S. " or "No. ": a capital must follow a word of three letters or more. */
export function firstSentence(note: string): string {
  const plain = note.replace(/\s+/g, " ").trim();
  return /^.*?[\p{L}\d)]{3,}[.!?](?=\s+\p{Lu}|$)/u.exec(plain)?.[0] ?? plain;
}

/** `12 s`, `3 min`, `2 h`: a time for people to plan by. */
export function duration(s: number): string {
  if (s < 1) return "a second";
  if (s < 90) return `${Math.round(s)} s`;
  return s < 5400 ? `${Math.round(s / 60)} min` : `${Math.round(s / 3600)} h`;
}
