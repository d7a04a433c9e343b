// The bottom bar: step, play, speed, clock, and lanes of events above a slider.

import type { Actions } from "./actions";
import { SPEEDS, tPlus, utc } from "./clock";
import { button, el, setText, svg } from "./dom";
import { changeIcon, icon } from "./icons";
import { ALONE, fitted, LANES, laneTimes, LOWER, shown, strokes, UPPER, zoom, type Span } from "./lanes";
import type { Loaded } from "./loaded";
import type { State, Store } from "./state";
import type { Story } from "./story";

/** `beside`: the story of the run beside, once it is there. It has the lower half of each lane. */
export function mountTimeline(root: HTMLElement, store: Store, data: Loaded, story: () => Story, actions: Actions,
                              beside: () => Story | null = () => null): () => void {
  const play = button("Play", actions.play, icon("play"), { class: "play" });
  const speed = el("select", { "aria-label": "Speed" }, ...SPEEDS.map((s) => el("option", { value: s }, `${s}×`)));
  speed.addEventListener("change", () => store.set({ speed: Number(speed.value) }));
  const clock = el("span", { class: "clock", "aria-live": "off" });
  const date = el("span", { class: "utc", "aria-live": "off" });
  const lanes = mountLanes(store, story, beside, actions);
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
    if (changed.has("run") || changed.has("raid") || changed.has("beside")) lanes.fill();
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

function mountLanes(store: Store, story: () => Story, beside: () => Story | null, actions: Actions): Lanes {
  const drawn = (more: string): SVGPathElement[] =>
    LANES.map(({ name }) => svg("path", { class: `mark ${name}${more}`, "vector-effect": "non-scaling-stroke" }));
  const [paths, second] = [drawn(""), drawn(" second")];
  const picture = svg("svg", { class: "marks", preserveAspectRatio: "none", "aria-hidden": "true" }, ...paths, ...second);
  const cursor = el("div", { class: "cursor" });
  const chosen = el("div", { class: "chosen", hidden: true });
  const field = el("div", { class: "field" }, picture, chosen, cursor);
  const labels = el("ul", { class: "labels" });
  const under = el("span", { class: "under" });
  const slider = el("input", { type: "range", min: 0, max: 1, step: 1, "aria-label": "Time", class: "time" });
  slider.addEventListener("input", () => actions.seek(Number(slider.value)));
  const root = el("div", { class: "lanes" }, labels, field, under, slider);
  let span: Span = [0, store.state.end_s];
  let filled: (Story | null)[] = [];

  const frame = (next: Span): void => {
    span = next;
    picture.setAttribute("viewBox", `${span[0]} 0 ${Math.max(span[1] - span[0], 1e-6)} ${LANES.length}`);
    slider.min = String(Math.floor(span[0]));
    slider.max = String(Math.ceil(span[1]));
  };
  const draw = (state: Readonly<State>): void => {
    const asked = state.zoom ?? [0, state.end_s] as const;
    const seen = shown(asked, state.t_s, state.end_s);
    if (seen !== asked) store.set({ zoom: seen }); // it moves with the cursor; this is told again
    if (seen[0] !== span[0] || seen[1] !== span[1]) frame(seen);
    slider.value = String(Math.round(state.t_s));
    slider.setAttribute("aria-valuetext", tPlus(state.t_s));
    cursor.style.left = `${(100 * (state.t_s - span[0])) / Math.max(span[1] - span[0], 1e-6)}%`;
  };
  const show = (next: Span | null): void => store.set({ zoom: fitted(next, store.state.end_s) });
  const fill = (): void => {
    const [one, two] = [story(), beside()];
    show(store.state.zoom);
    if (one === filled[0] && two === filled[1]) return;
    filled = [one, two];
    const times = laneTimes(one.happenings);
    const others = two && laneTimes(two.happenings);
    paths.forEach((path, i) => path.setAttribute("d", strokes(times[i]!, i, two ? UPPER : ALONE)));
    second.forEach((path, i) => path.setAttribute("d", others ? strokes(others[i]!, i, LOWER) : ""));
    setText(under, two ? "A over B" : "");
    labels.replaceChildren(...LANES.map(({ label, name }, i) =>
      el("li", { class: name, title: saying(times[i]!.length, others && others[i]!.length) }, label)));
  };
  dragging(field, chosen, (from, to) => {
    const at = (share: number): number => span[0] + share * (span[1] - span[0]);
    if (to - from < 0.01) actions.seek(at(from));
    else show([at(from), at(to)]);
  });
  fill();
  frame(span);
  return {
    root, fill, draw,
    closer: () => show(zoom(span, store.state.t_s, 0.5, store.state.end_s)),
    whole: () => show(null),
  };
}

function saying(one: number, two: number | null): string {
  return two === null ? `${one} in this raid` : `A, the upper half: ${one} in this raid; B, the lower: ${two}`;
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
