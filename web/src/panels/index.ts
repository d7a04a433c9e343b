// The panels beside the globe: scoreboard and curves of the run shown, the study, the assumptions.

import type { Replay } from "../data";
import type { State, Store } from "../state";
import { answer } from "./answer";
import { assumptions, repeat, sources } from "./assumptions";
import { makers, raidsOfCampaign, returns, stocks } from "./campaign";
import { costs } from "./costs";
import { element, section } from "./dom";
import { flow, reasons } from "./flow";
import { alerts, leaks, observed } from "./leaks";
import type { Loaded, Part, Second } from "./loaded";
import { moves } from "./moves";
import "./panels.css";
import { distribution, runList } from "./runs";
import { scoreboard } from "./scoreboard";
import { stockCurve } from "./stock";
import { scoreboardOfTwo } from "./two";

type View = State["panel"];

const VIEWS: [View, string][] = [
  ["replay", "Replay"],
  ["study", "Study"],
  ["assumptions", "Assumptions"],
];

/** Puts the panels into `root`; gives back what takes them away again. A view is built when it is first looked at. */
export function mountPanels(root: HTMLElement, store: Store, data: Loaded): () => void {
  const built = new Map<View, { parts: Part[]; of: readonly unknown[] }>();
  const tabs = tabList(store);
  const places = new Map(
    VIEWS.map(([view]) => [
      view,
      element("div", { id: `panel-${view}`, role: "tabpanel", "aria-labelledby": `tab-${view}` }),
    ]),
  );
  root.classList.add("panels");
  root.append(tabs, ...places.values());

  const drop = (view: View) => built.get(view)?.parts.forEach((part) => part.stop?.());

  function show(state: Readonly<State>): void {
    const view = state.panel;
    root.dataset["view"] = view;
    mark(tabs, view);
    for (const [name, place] of places) place.hidden = name !== view;
    const of = builtOf(view, state, data);
    if (built.get(view)?.of.some((one, k) => one !== of[k]) ?? true) {
      drop(view);
      const parts = partsOf(view, state, store, data);
      built.set(view, { parts, of });
      places.get(view)!.replaceChildren(...parts.map((part) => part.element));
    }
    built.get(view)!.parts.forEach((part) => part.show?.(state));
  }

  const unsubscribe = store.subscribe((state, changed) => {
    show(state);
    if (changed.has("theme"))
      requestAnimationFrame(() => built.forEach(({ parts }) => parts.forEach((part) => part.recolour?.())));
  });
  show(store.state);
  return () => {
    unsubscribe();
    VIEWS.forEach(([view]) => drop(view));
    root.replaceChildren();
    root.classList.remove("panels");
  };
}

/** What a view is made of: it is built anew when one of these is another. */
function builtOf(view: View, { beside }: Readonly<State>, data: Loaded): readonly unknown[] {
  if (view !== "replay" || data.index.kind !== "raid") return [data.index, null, false];
  return [data.replay(), data.beside?.()?.replay ?? null, beside?.isActive === true];
}

function partsOf(view: View, state: Readonly<State>, store: Store, data: Loaded): Part[] {
  const { index } = data;
  const isCampaign = index.kind === "campaign";
  const found: (Part | null)[] =
    view === "assumptions"
      ? [assumptions(index), sources(index), repeat(index)]
      : isCampaign
        ? [
            view === "replay" ? noReplay() : null,
            returns(index),
            stocks(index),
            raidsOfCampaign(index),
            makers(index, "lines"),
            makers(index, "components"),
            costs(index),
            moves(index),
          ]
        : view === "study"
          ? [
              answer(index),
              distribution(index, store),
              runList(index, store, data.held),
              leaks(index, "type"),
              leaks(index, "area"),
              alerts(index),
              observed(index),
              costs(index),
              moves(index),
            ]
          : replayParts(data, state, store);
  return found.filter((part) => part !== null);
}

/** With another run beside: the scoreboard of both, then the rest of the one that is active. */
function replayParts({ index, replay, beside }: Loaded, { beside: asked }: Readonly<State>, store: Store): (Part | null)[] {
  const [one, two] = [{ index, replay: replay() }, beside?.() ?? null];
  if (!two) return [scoreboard(index, one.replay), ...restOf(one, store)];
  const isSecond = asked?.isActive === true;
  return [scoreboardOfTwo(one, two), below(isSecond ? "B" : "A"), ...restOf(isSecond ? two : one, store)];
}

function restOf({ index, replay }: Second, store: Store): (Part | null)[] {
  return [stockCurve(index, replay, store), flow(index, replay), reasons(index, replay), about(replay)];
}

function below(name: string): Part {
  return { element: element("p", { class: "panel-note" }, `All below is of ${name}.`) };
}

/** What the run says must be known to look at it. */
function about({ meta }: Replay): Part | null {
  if (!meta.notes.length) return null;
  return { element: section("About this replay", ...meta.notes.map((note) => element("p", { class: "soft" }, note))) };
}

function noReplay(): Part {
  return {
    element: element(
      "p",
      { class: "panel-note" },
      "A campaign has no replay: it counts months and rounds, raid by raid, and flies no single object.",
    ),
  };
}

/** Tabs as the keyboard expects them: arrows move, one of them can be reached by Tab. */
function tabList(store: Store): HTMLElement {
  const made = element("div", { role: "tablist", "aria-label": "Panels", class: "panel-tabs" });
  for (const [view, name] of VIEWS) {
    const tab = element(
      "button",
      { type: "button", role: "tab", id: `tab-${view}`, "aria-controls": `panel-${view}` },
      name,
    );
    tab.addEventListener("click", () => store.set({ panel: view }));
    made.append(tab);
  }
  made.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const at = VIEWS.findIndex(([view]) => view === store.state.panel);
    store.set({ panel: VIEWS[(at + step + VIEWS.length) % VIEWS.length]![0] });
    made.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  });
  return made;
}

function mark(tabs: HTMLElement, view: View): void {
  for (const tab of tabs.querySelectorAll('[role="tab"]')) {
    const isShown = tab.id === `tab-${view}`;
    tab.setAttribute("aria-selected", String(isShown));
    tab.setAttribute("tabindex", isShown ? "0" : "-1");
  }
}
