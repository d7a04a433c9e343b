// The frame: top bar, left (layers and log), centre (view and card), right (panels), bottom (timeline).

import { icon, type IconName } from "./icons";
import { button, el, setText } from "./dom";
import type { Loaded } from "./loaded";
import type { State, Store } from "./state";
import type { Counts } from "./story";
import type { Actions } from "./actions";

export interface Frame {
  left: HTMLElement;
  view: HTMLElement;
  card: HTMLElement;
  right: HTMLElement;
  bottom: HTMLElement;
  notice: HTMLElement;
  /** A sentence for everyone, also read aloud. */
  say: (sentence: string) => void;
  /** Shown over the view while something is waited for; empty hides it. */
  wait: (sentence: string) => void;
}

export const NOTICE = "Notional: positions and stocks are assumptions.";

const COUNTERS: readonly [keyof Counts, string, IconName][] = [
  ["launched", "launched", "threat"], ["in_flight", "in flight", "threat"], ["killed", "destroyed", "kill"],
  ["leaked", "leaked", "leak"], ["shots", "shots", "shot"],
];

const TABS = [["view", "View"], ["left", "Layers and log"], ["right", "Panels"]] as const;

export function buildFrame(root: HTMLElement): Frame {
  const status = el("p", { class: "status", role: "status", hidden: true });
  const waiting = el("p", { class: "waiting", role: "status", hidden: true });
  const view = el("div", { class: "view", id: "view", role: "group", "aria-label": "View" });
  const card = el("section", { class: "card", "aria-label": "What is picked", hidden: true });
  const left = el("aside", { class: "left", id: "left", "aria-label": "Layers and log" });
  const right = el("aside", { class: "right", id: "right", "aria-label": "Panels" });
  const bottom = el("footer", { class: "bottom", "aria-label": "Time" });
  const notice = el("details", { class: "notice" });
  const centre = el("section", { class: "centre", "aria-label": "Picture" }, view, card, waiting, status, notice);
  root.replaceChildren(el("header", { class: "top" }), tabs(root), el("main", {}, left, centre, right), bottom);
  root.classList.add("frame");
  root.dataset["tab"] = "view";
  let fading: ReturnType<typeof setTimeout> | undefined;
  return {
    left, view, card, right, bottom, notice,
    say: (sentence) => {
      clearTimeout(fading);
      setText(status, sentence);
      status.hidden = !sentence;
      fading = setTimeout(() => { status.hidden = true; }, 8000);
    },
    wait: (sentence) => {
      setText(waiting, sentence);
      waiting.hidden = !sentence;
    },
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

export function mountTop(root: HTMLElement, store: Store, data: Loaded, counts: (t_s: number) => Counts, actions: Actions): () => void {
  const { index } = data;
  const values = new Map<keyof Counts, HTMLElement>();
  const list = el("dl", { class: "counters", "aria-live": "off", "aria-label": "Up to the cursor" });
  for (const [key, label, picture] of COUNTERS) {
    const value = el("dd", { "data-count": key }, "0");
    values.set(key, value);
    list.append(el("div", { class: key }, el("dt", {}, icon(picture), label), value));
  }
  const view = button("Flat map", actions.toggleView);
  const theme = button("Theme", actions.toggleTheme, icon("theme"));
  const facts = el("p", { class: "facts" },
                   el("span", { class: "run" }), ` seed ${index.seed} `,
                   el("abbr", { title: `scenario, SHA-256: ${index.scenario_sha256}`, tabindex: "0" }, index.scenario_sha256.slice(0, 8)));
  root.replaceChildren(
    el("div", { class: "heading" }, el("h1", {}, index.title), facts), list,
    el("div", { class: "buttons" }, view, theme, button("Copy link to this view", actions.share, icon("share")),
       button("Help", actions.help, icon("help"))));
  const draw = (state: Readonly<State>, changed: ReadonlySet<keyof State> | null): void => {
    setText(facts.firstElementChild!, index.kind === "campaign" ? "campaign," : `${state.raid}, run ${state.run} of ${index.runs},`);
    if (!changed || changed.has("t_s") || changed.has("run") || changed.has("raid")) {
      const now = counts(state.t_s);
      for (const [key, value] of values) setText(value, String(now[key]));
    }
    setText(view, state.view === "globe" ? "Flat map" : "Globe");
  };
  draw(store.state, null);
  list.hidden = index.kind === "campaign";
  return store.subscribe(draw);
}

