// What is picked: what it is, where it is drawn, who fired at it or what it fired, and its events.

import type { Actions } from "./actions";
import { errorOf } from "./belief";
import { tPlus } from "./clock";
import type { Replay } from "./data";
import { button, el, setText } from "./dom";
import { beliefAt, beliefsOf, type Beliefs } from "./globe/moving";
import { icon } from "./icons";
import type { Loaded } from "./loaded";
import { standingAt, tracksOf, type Tracks } from "./place";
import { firedBy, satelliteFacts, satelliteName } from "./satellite";
import type { State, Store } from "./state";
import { inWords, lineOf, type Happening, type Story } from "./story";

/** State of an object in words, at t. */
export function stateOf(replay: Replay, row: number, t_s: number): string {
  const { objects } = replay;
  if (t_s < objects.start_s[row]!) return objects.kind[row] === "interceptor" ? "not yet fired" : "not yet launched";
  if (t_s < objects.end_s[row]!) return "in flight";
  const fate = objects.fate[row]!;
  const reason = objects.reason[row]!;
  return `${fate === "outside" ? "came down outside" : fate}${reason ? `: ${reason}` : ""}`;
}

/** Events of an object, either as the one it happened to or as the interceptor in it. */
export function eventsOf(story: Story, id: number): Happening[] {
  return story.happenings.filter((h) => h.object === id || h.other === id);
}

/** Tables of the replay that is shown, in order. */
interface Drawn {
  replay: Replay;
  tracks: Tracks;
  beliefs: Beliefs;
}

/** `side` says which of two runs it is of: put before the name; empty where there is one. */
export function mountCard(root: HTMLElement, store: Store, data: Loaded, story: () => Story, actions: Actions,
                          side: () => string = () => ""): () => void {
  const facts = el("dl", { "aria-live": "off" });
  const title = el("h2", {});
  const list = el("ol", {});
  const followed = button("Follow", actions.toggleFollow);
  root.append(el("div", { class: "head" }, title, button("Close", () => store.set({ selected: null, satellite: null, following: false }), icon("close"))),
              facts, el("div", { class: "buttons" }, followed, button("Next leaker", actions.nextLeaker)), list);
  const carrier = button("Its satellite", () => {
    const row = story().objects.get(store.state.selected ?? NaN);
    if (row !== undefined) store.set({ satellite: data.replay().objects.satellite[row]! });
  });
  followed.after(carrier);
  const values = new Map<string, HTMLElement>();
  const fact = (name: string, text: string): void => {
    let value = values.get(name);
    if (!value) {
      value = el("dd");
      values.set(name, value);
      facts.append(el("div", {}, el("dt", {}, name), value));
    }
    setText(value, text);
    value.parentElement!.hidden = !text;
  };
  let kept: Drawn | null = null;
  const tracks = (replay: Replay): Drawn => {
    if (kept?.replay !== replay) {
      const found = tracksOf(replay);
      kept = { replay, tracks: found, beliefs: beliefsOf(replay, found) };
    }
    return kept;
  };
  const drawObject = (id: number, t_s: number, all: boolean): void => {
    const replay = data.replay();
    const row = story().objects.get(id);
    if (row === undefined) {
      setText(title, `${side()}object ${id}`);
      list.replaceChildren();
      fact("state", "not in this raid of this run");
      return;
    }
    if (all) {
      setText(title, side() + replay.objects.name[row]!);
      const happened = eventsOf(story(), id);
      list.replaceChildren(...happened.map((h) => eventLine(h, store, inWords(h), firedFrom(replay, story(), h))));
      fact("type", [replay.objects.type[row], replay.objects.threat_class[row]].filter(Boolean).join(", "));
      fact("from", originOf(replay, row));
      fact("to", aimOf(replay, row, story()));
      fact("seen by", seenBy(happened));
      fact("fired at by", engagedBy(happened));
      carrier.hidden = replay.objects.satellite[row]! < 0;
    }
    fact("state", stateOf(replay, row, t_s));
    const isUp = t_s >= replay.objects.start_s[row]! && t_s <= replay.objects.end_s[row]!;
    const place = isUp ? standingAt(tracks(replay).tracks, id, t_s) : null;
    fact("altitude", place ? `${place.alt_km.toFixed(0)} km` : "");
    fact("speed", place ? `${place.speed_km_s.toFixed(1)} km/s` : "");
    const [off, sigma] = isUp ? believed(replay, tracks(replay), row, t_s) : ["", ""];
    fact("believed", off);
    fact("one sigma", sigma);
  };
  const drawSatellite = (id: number, t_s: number, all: boolean): void => {
    const replay = data.replay();
    if (all) {
      setText(title, side() + satelliteName(replay, id));
      const fired = new Set(firedBy(replay, id));
      list.replaceChildren(...story().happenings.filter((h) => fired.has(h.object)).map((h) => eventLine(h, store, lineOf(h))));
    }
    for (const [name, text] of satelliteFacts(data.index, replay, id, t_s)) fact(name, text);
  };
  const draw = (state: Readonly<State>, all: boolean): void => {
    const { selected, satellite, t_s } = state;
    root.hidden = selected === null && satellite === null;
    if (root.hidden) return;
    if (all) {
      for (const name of values.keys()) fact(name, "");
      carrier.hidden = true;
    }
    if (selected !== null) drawObject(selected, t_s, all);
    else drawSatellite(satellite!, t_s, all);
    followed.setAttribute("aria-pressed", String(state.following));
    for (const line of list.children) line.classList.toggle("past", Number((line as HTMLElement).dataset["t"]) <= t_s);
  };
  draw(store.state, true);
  return store.subscribe((state, changed) => {
    const all = changed.has("selected") || changed.has("satellite") || changed.has("run") || changed.has("raid") || changed.has("beside");
    if (all || changed.has("t_s") || changed.has("following")) draw(state, all);
  });
}

/** Goes to the event; beside it a button that picks the satellite it came from, if it came from one. */
function eventLine(h: Happening, store: Store, words: string, satellite = -1): HTMLLIElement {
  const jump = el("button", { type: "button", title: words }, el("time", {}, tPlus(h.t_s)), ` ${words}`);
  jump.addEventListener("click", () => store.set({ t_s: h.t_s, playing: false }));
  const line = el("li", { class: h.kind, "data-t": h.t_s }, jump);
  if (satellite >= 0) line.append(button(`satellite ${satellite}`, () => store.set({ satellite }), undefined, { class: "carrier" }));
  return line;
}

/** The satellite that a shot came from; -1 for every other event, and from the ground. */
function firedFrom({ objects }: Replay, story: Story, h: Happening): number {
  const row = story.objects.get(h.object);
  return h.kind === "shot" && row !== undefined ? objects.satellite[row]! : -1;
}

/** How far the last belief was from the truth, and its standard deviation; empty where there is none yet. */
function believed(replay: Replay, { tracks, beliefs }: Drawn, row: number, t_s: number): [string, string] {
  const k = beliefAt(replay, beliefs, row, t_s);
  if (k < 0) return ["", ""];
  return [`off by ${kilometres(errorOf(replay, tracks, row, k).off_km)} when last updated, ${tPlus(replay.beliefs.t_s[k]!)}`,
          `${kilometres(replay.beliefs.sigma_km[k]!)} along one axis, as if all were alike`];
}

const kilometres = (km: number): string => `${km.toFixed(km < 10 ? 2 : 0)} km`;

/** Where it started: an interceptor's site. The site of a threat's row is that of what destroyed it. */
export function originOf(replay: Replay, row: number): string {
  const { kind, site, place } = replay.objects;
  return (kind[row] === "interceptor" ? site : place)[row]!;
}

function aimOf(replay: Replay, row: number, story: Story): string {
  const target = story.objects.get(replay.objects.target[row]!);
  if (replay.objects.kind[row] === "interceptor" && target !== undefined) return replay.objects.name[target]!;
  return replay.objects.area[row]!;
}

/** The sensors that first warned of it and first tracked it. */
export function seenBy(happened: readonly Happening[]): string {
  const sensors = happened.filter((h) => h.sensor).map((h) => (h.kind === "warned" ? `${h.sensor} (its burn)` : h.sensor));
  return [...new Set(sensors)].join(", ");
}

function engagedBy(happened: readonly Happening[]): string {
  const sites = happened.filter((h) => h.kind === "shot").map((h) => h.site || h.layer);
  const shots = new Map<string, number>();
  for (const site of sites) shots.set(site, (shots.get(site) ?? 0) + 1);
  return [...shots].map(([site, n]) => (n > 1 ? `${site} (${n})` : site)).join(", ");
}
