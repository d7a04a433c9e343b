// The bottom bar: step, play, speed, clock, and lanes of events above a slider.

import type { Actions } from "./actions";
import { SPEEDS, tPlus, utc } from "./clock";
import { button, el, setText, svg } from "./dom";
import { changeIcon, icon } from "./icons";
import { LANES, laneTimes, shown, strokes, zoom, type Span } from "./lanes";
import type { Loaded } from "./loaded";
import type { State, Store } from "./state";
import type { Story } from "./story";

export function mountTimeline(root: HTMLElement, store: Store, data: Loaded, story: () => Story, actions: Actions): () => void {
  const play = button("Play", actions.play, icon("play"), { class: "play" });
  const speed = el("select", { "aria-label": "Speed" }, ...SPEEDS.map((s) => el("option", { value: s }, `${s}×`)));
  speed.addEventListener("change", () => store.set({ speed: Number(speed.value) }));
  const clock = el("span", { class: "clock", "aria-live": "off" });
  const date = el("span", { class: "utc", "aria-live": "off" });
  const lanes = mountLanes(store, story, actions);
  const pickers = el("div", { class: "pickers" });
  root.append(
    el("div", { class: "controls" },
       button("Previous event", () => actions.step(-1), icon("previous")), play,
       button("Next event", () => actions.step(1), icon("next")),
       button("Slower", () => actions.changeSpeed(-1), icon("slower")), speed,
       button("Faster", () => actions.changeSpeed(1), icon("faster")),
       el("span", { class: "times" }, clock, " ", date), button("Next leaker", actions.nextLeaker),
       button("Closer in time", lanes.closer), button("Whole time", lanes.whole, icon("whole")), pickers),
    lanes.root);
  const draw = (state: Readonly<State>): void => {
    setText(clock, tPlus(state.t_s));
    setText(date, utc(data.index.raids.find((raid) => raid.name === state.raid)?.start ?? "", state.t_s));
    const name = state.playing ? "Pause" : "Play";
    if (play.title !== name) {
      play.title = name;
      play.setAttribute("aria-label", name);
      changeIcon(play, state.playing ? "pause" : "play");
    }
    speed.value = String(state.speed);
    lanes.draw(state);
  };
  draw(store.state);
  return store.subscribe((state, changed) => {
    if (changed.has("run") || changed.has("raid")) lanes.fill();
    draw(state);
  });
}

interface Lanes {
  root: HTMLElement;
  fill: () => void;
  draw: (state: Readonly<State>) => void;
  closer: () => void;
  whole: () => void;
}

function mountLanes(store: Store, story: () => Story, actions: Actions): Lanes {
  const paths = LANES.map(({ name }) => svg("path", { class: `mark ${name}`, "vector-effect": "non-scaling-stroke" }));
  const picture = svg("svg", { class: "marks", preserveAspectRatio: "none", "aria-hidden": "true" }, ...paths);
  const cursor = el("div", { class: "cursor" });
  const chosen = el("div", { class: "chosen", hidden: true });
  const field = el("div", { class: "field" }, picture, chosen, cursor);
  const labels = el("ul", { class: "labels" });
  const slider = el("input", { type: "range", min: 0, max: 1, step: 1, "aria-label": "Time", class: "time" });
  slider.addEventListener("input", () => actions.seek(Number(slider.value)));
  const root = el("div", { class: "lanes" }, labels, field, el("span", { class: "under" }), slider);
  let span: Span = [0, store.state.end_s];

  const frame = (): void => {
    picture.setAttribute("viewBox", `${span[0]} 0 ${Math.max(span[1] - span[0], 1e-6)} ${LANES.length}`);
    slider.min = String(Math.floor(span[0]));
    slider.max = String(Math.ceil(span[1]));
  };
  const draw = (state: Readonly<State>): void => {
    const moved = shown(span, state.t_s, state.end_s);
    if (moved !== span) {
      span = moved;
      frame();
    }
    slider.value = String(Math.round(state.t_s));
    slider.setAttribute("aria-valuetext", tPlus(state.t_s));
    cursor.style.left = `${(100 * (state.t_s - span[0])) / Math.max(span[1] - span[0], 1e-6)}%`;
  };
  const show = (next: Span): void => {
    span = next;
    frame();
    draw(store.state);
  };
  const fill = (): void => {
    const times = laneTimes(story().happenings);
    paths.forEach((path, i) => path.setAttribute("d", strokes(times[i]!, i)));
    labels.replaceChildren(...LANES.map(({ label, name }, i) => el("li", { class: name, title: `${times[i]!.length} in this raid` }, label)));
    show([0, store.state.end_s]);
  };
  dragging(field, chosen, (from, to) => {
    const at = (share: number): number => span[0] + share * (span[1] - span[0]);
    if (to - from < 0.01) actions.seek(at(from));
    else show([at(from), at(to)]);
  });
  fill();
  return {
    root, fill, draw,
    closer: () => show(zoom(span, store.state.t_s, 0.5, store.state.end_s)),
    whole: () => show([0, store.state.end_s]),
  };
}

/** Tell the two ends of a drag, as shares of the width, in order; a click has both alike. */
function dragging(field: HTMLElement, chosen: HTMLElement, done: (from: number, to: number) => void): void {
  let start: number | null = null;
  const share = (event: PointerEvent): number => {
    const box = field.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  field.addEventListener("pointerdown", (event) => {
    start = share(event);
    field.setPointerCapture(event.pointerId);
  });
  field.addEventListener("pointermove", (event) => {
    if (start === null) return;
    const now = share(event);
    chosen.hidden = false;
    chosen.style.left = `${100 * Math.min(start, now)}%`;
    chosen.style.width = `${100 * Math.abs(now - start)}%`;
  });
  field.addEventListener("pointerup", (event) => {
    if (start === null) return;
    const now = share(event);
    done(Math.min(start, now), Math.max(start, now));
    start = null;
    chosen.hidden = true;
  });
  field.addEventListener("pointercancel", () => {
    start = null;
    chosen.hidden = true;
  });
}
