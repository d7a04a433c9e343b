// The frame: top bar, left (layers and log), centre (view and card), right (panels), bottom (timeline).

import { counters } from "./counters";
import { button, el, setText } from "./dom";
import { half, type Half } from "./half";
import { icon } from "./icons";
import type { Loaded } from "./loaded";
import type { State, Store } from "./state";
import type { Counts } from "./story";
import type { Actions } from "./actions";

export interface Frame {
  root: HTMLElement;
  left: HTMLElement;
  /** Place of one half or two; the first is there already. */
  halves: HTMLElement;
  one: Half;
  right: HTMLElement;
  bottom: HTMLElement;
  notice: HTMLElement;
  /** A sentence for everyone, also read aloud. */
  say: (sentence: string) => void;
  /** Shown over the view while something is waited for; empty hides it. */
  wait: (sentence: string) => void;
}

export const NOTICE = "Notional: positions and stocks are assumptions.";

const TABS = [["view", "View"], ["left", "Layers and log"], ["right", "Panels"]] as const;

export function buildFrame(root: HTMLElement): Frame {
  const status = el("p", { class: "status", role: "status", hidden: true });
  const one = half("A");
  const halves = el("div", { class: "halves" }, one.root);
  const left = el("aside", { class: "left", id: "left", "aria-label": "Layers and log" });
  const right = el("aside", { class: "right", id: "right", "aria-label": "Panels" });
  const bottom = el("footer", { class: "bottom", "aria-label": "Time" });
  const notice = el("details", { class: "notice" });
  const centre = el("section", { class: "centre", "aria-label": "Picture" }, halves, status, notice);
  root.replaceChildren(el("header", { class: "top" }), tabs(root), el("main", {}, left, centre, right), bottom);
  root.classList.add("frame");
  root.dataset["tab"] = "view";
  let fading: ReturnType<typeof setTimeout> | undefined;
  return {
    root, left, halves, one, right, bottom, notice,
    say: (sentence) => {
      clearTimeout(fading);
      setText(status, sentence);
      status.hidden = !sentence;
      fading = setTimeout(() => { status.hidden = true; }, 8000);
    },
    wait: one.wait,
  };
}

/** Below 900 px one of the three columns is shown at a time; above, the style sheet hides these. */
function tabs(root: HTMLElement): HTMLElement {
  const made = TABS.map(([name, label]) => button(label, () => show(name), undefined, { "aria-pressed": String(name === "view") }));
  const show = (name: string): void => {
    root.dataset["tab"] = name;
    made.forEach((tab, i) => tab.setAttribute("aria-pressed", String(TABS[i]![0] === name)));
  };
  return el("nav", { class: "parts", "aria-label": "Parts of the page" }, ...made);
}

/** What holds of all that is drawn: always in sight, with the notes of the run shown when opened. */
export function mountNotice(root: HTMLElement, store: Store, data: Loaded): () => void {
  const notes = el("ul", {});
  root.append(el("summary", {}, NOTICE), notes);
  const draw = (): void => {
    const { meta } = data.replay();
    const thinned = `Tracks are thinned: between their points they are off by ${meta.thinned_m} m at most.`;
    notes.replaceChildren(...[data.index.note, thinned, ...meta.notes].filter(Boolean).map((note) => el("li", {}, note)));
  };
  draw();
  return store.subscribe((_, changed) => { if (changed.has("run") || changed.has("raid")) draw(); });
}

/** `canPair`: whether there is another run that could stand beside the one shown. */
export function mountTop(root: HTMLElement, store: Store, data: Loaded, counts: (t_s: number) => Counts, actions: Actions,
                         canPair = false): () => void {
  const { index } = data;
  const { list, write } = counters("Up to the cursor");
  const view = button("Flat map", actions.toggleView);
  const beside = button("Side by side", actions.toggleBeside, icon("beside"), { "data-act": "beside" });
  beside.hidden = !canPair;
  const theme = button("Theme", actions.toggleTheme, icon("theme"));
  const facts = el("p", { class: "facts" },
                   el("span", { class: "run" }), ` seed ${index.seed} `,
                   el("abbr", { title: `scenario, SHA-256: ${index.scenario_sha256}`, tabindex: "0" }, index.scenario_sha256.slice(0, 8)));
  root.replaceChildren(
    el("div", { class: "heading" }, el("h1", {}, index.title), facts), list,
    el("div", { class: "buttons" }, view, beside, theme, button("Copy link to this view", actions.share, icon("share")),
       button("Help", actions.help, icon("help"))));
  const draw = (state: Readonly<State>, changed: ReadonlySet<keyof State> | null): void => {
    setText(facts.firstElementChild!, index.kind === "campaign" ? "campaign," : `${state.raid}, run ${state.run} of ${index.runs},`);
    if (!changed || changed.has("t_s") || changed.has("run") || changed.has("raid")) {
      write(counts(state.t_s));
    }
    beside.setAttribute("aria-pressed", String(state.beside !== null));
    setText(view, state.view === "globe" ? "Flat map" : "Globe");
  };
  draw(store.state, null);
  list.hidden = index.kind === "campaign";
  return store.subscribe(draw);
}

