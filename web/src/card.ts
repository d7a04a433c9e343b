// The picked object: what it is, where it is drawn, who fired at it, and its events.

import type { Actions } from "./actions";
import { tPlus } from "./clock";
import type { Replay } from "./data";
import { button, el, setText } from "./dom";
import { icon } from "./icons";
import type { Loaded } from "./loaded";
import { standingAt, tracksOf, type Tracks } from "./place";
import type { State, Store } from "./state";
import { inWords, type Happening, type Story } from "./story";

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

/** `side` says which of two runs it is of: put before the name; empty where there is one. */
export function mountCard(root: HTMLElement, store: Store, data: Loaded, story: () => Story, actions: Actions,
                          side: () => string = () => ""): () => void {
  const facts = el("dl", { "aria-live": "off" });
  const title = el("h2", {});
  const list = el("ol", {});
  const followed = button("Follow", actions.toggleFollow);
  root.append(el("div", { class: "head" }, title, button("Close", () => store.set({ selected: null, following: false }), icon("close"))),
              facts, el("div", { class: "buttons" }, followed, button("Next leaker", actions.nextLeaker)), list);
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
  let kept: { replay: Replay; tracks: Tracks } | null = null;
  const tracks = (replay: Replay): Tracks => {
    if (kept?.replay !== replay) kept = { replay, tracks: tracksOf(replay) };
    return kept.tracks;
  };
  const draw = (state: Readonly<State>, all: boolean): void => {
    const id = state.selected;
    root.hidden = id === null;
    if (id === null) return;
    const replay = data.replay();
    const row = story().objects.get(id);
    if (all) {
      setText(title, side() + (row === undefined ? satelliteName(replay, id) : replay.objects.name[row]!));
      const happened = row === undefined ? [] : eventsOf(story(), id);
      list.replaceChildren(...happened.map((h) => eventLine(h, store)));
      fact("type", row === undefined ? "satellite" : [replay.objects.type[row], replay.objects.threat_class[row]].filter(Boolean).join(", "));
      fact("from", row === undefined ? "" : originOf(replay, row));
      fact("to", row === undefined ? "" : aimOf(replay, row, story()));
      fact("fired at by", row === undefined ? "" : engagedBy(happened));
    }
    fact("state", row === undefined ? satelliteState(replay, id) : stateOf(replay, row, state.t_s));
    const isUp = row !== undefined && state.t_s >= replay.objects.start_s[row]! && state.t_s <= replay.objects.end_s[row]!;
    const place = isUp ? standingAt(tracks(replay), id, state.t_s) : null;
    fact("altitude", place ? `${place.alt_km.toFixed(0)} km` : "");
    fact("speed", place ? `${place.speed_km_s.toFixed(1)} km/s` : "");
    followed.setAttribute("aria-pressed", String(state.following));
    for (const line of list.children) line.classList.toggle("past", Number((line as HTMLElement).dataset["t"]) <= state.t_s);
  };
  draw(store.state, true);
  return store.subscribe((state, changed) => {
    const all = changed.has("selected") || changed.has("run") || changed.has("raid") || changed.has("beside");
    if (all || changed.has("t_s") || changed.has("following")) draw(state, all);
  });
}

function eventLine(h: Happening, store: Store): HTMLLIElement {
  const jump = el("button", { type: "button" }, el("time", {}, tPlus(h.t_s)), ` ${inWords(h)}`);
  jump.addEventListener("click", () => store.set({ t_s: h.t_s, playing: false }));
  return el("li", { class: h.kind, "data-t": h.t_s }, jump);
}

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

function engagedBy(happened: readonly Happening[]): string {
  const sites = happened.filter((h) => h.kind === "shot").map((h) => h.site || h.layer);
  const shots = new Map<string, number>();
  for (const site of sites) shots.set(site, (shots.get(site) ?? 0) + 1);
  return [...shots].map(([site, n]) => (n > 1 ? `${site} (${n})` : site)).join(", ");
}

function satelliteRow(replay: Replay, id: number): number {
  return replay.satellites.id.indexOf(id as never);
}

function satelliteName(replay: Replay, id: number): string {
  const row = satelliteRow(replay, id);
  return row < 0 ? `object ${id}` : `${replay.satellites.constellation[row]!} ${id}`;
}

function satelliteState(replay: Replay, id: number): string {
  const row = satelliteRow(replay, id);
  return row < 0 ? "not in this raid of this run" : replay.satellites.works[row] ? "works" : "out of order in this run";
}
