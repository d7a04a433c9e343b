// One of the places in the centre that show a run: a line that names it, the view, the card of what is picked there.

import { counters } from "./counters";
import { button, el, setText } from "./dom";
import { icon } from "./icons";
import type { State, Store } from "./state";
import type { Story } from "./story";

export interface Half {
  root: HTMLElement;
  /** Hidden while there is one alone. */
  head: HTMLElement;
  view: HTMLElement;
  card: HTMLElement;
  /** Shown over the view while its run is waited for; empty hides it. */
  wait: (sentence: string) => void;
}

export function half(name: "A" | "B"): Half {
  const isFirst = name === "A";
  const head = el("header", { class: "side-head", hidden: true });
  const view = el("div", { class: "view", id: isFirst ? "view" : "view-beside", role: "group", "aria-label": "View" });
  const card = el("section", { class: "card", "aria-label": isFirst ? "Picked object" : "Picked object of B", hidden: true });
  const waiting = el("p", { class: "waiting", role: "status", hidden: true });
  const root = el("section", { class: `half side-${name.toLowerCase()}` }, head, el("div", { class: "stage" }, view, card, waiting));
  return {
    root, head, view, card,
    wait: (sentence) => {
      setText(waiting, sentence);
      waiting.hidden = !sentence;
    },
  };
}

export interface Heading {
  /** Of the study; for the whole of it on hover. */
  study: () => { name: string; title: string };
  story: () => Story | null;
  /** Turns log, steps and keys to this half. */
  activate: () => void;
  isActive: () => boolean;
  /** Only the half beside can be taken away. */
  close?: () => void;
}

/** The line of a half. Both store and heading are those of its side. */
export function mountHead(root: HTMLElement, name: "A" | "B", store: Store, runs: () => number, heading: Heading): () => void {
  const active = button(name, heading.activate, undefined, { title: `${name}: log, steps and keys are about this one`,
                                                             "aria-label": `${name}: log, steps and keys are about this one` });
  const run = el("span", { class: "run" });
  const study = el("span", { class: "study" });
  const counts = counters(`${name}, up to the cursor`);
  root.append(el("div", { class: "what" }, active, run, study, ...(heading.close ? [button("Show A alone", heading.close, icon("close"))] : [])),
              counts.list);
  const draw = (state: Readonly<State>): void => {
    setText(run, `run ${state.run} of ${runs()}, ${state.raid}`);
    const { name: short, title } = heading.study();
    setText(study, short || title);
    study.title = title;
    active.setAttribute("aria-pressed", String(heading.isActive()));
    if (state.beside) root.parentElement!.setAttribute("aria-label", `${name}: run ${state.run}, ${state.raid}, ${short || title}`);
    else root.parentElement!.removeAttribute("aria-label"); // one alone is the picture itself
    const story = heading.story();
    if (story) counts.write(story.counts(state.t_s));
    counts.list.hidden = story === null;
  };
  draw(store.state);
  return store.subscribe(draw);
}
