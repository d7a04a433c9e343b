// Runs and seed, the button that starts, how far it is, and the way to stop it.

import { button, el, setText } from "../dom";
import { icon } from "../icons";
import type { Progress } from "./api";
import { isBusy, whyNotRun, wrongRuns, wrongSeed, type Desk, type Studio } from "./desk";
import { duration } from "./starts";

export function mountRunBox(root: HTMLElement, studio: Studio): void {
  const { store } = studio;
  const runs = numberField("Runs", "runs", studio.setRuns);
  const seed = numberField("Seed", "seed", studio.setSeed);
  const start = button("Run and compare", () => void studio.run(), undefined, { class: "primary", "aria-keyshortcuts": "Control+Enter", "aria-describedby": "run-why" });
  start.prepend(icon("play"), " ");
  const stop = button("Cancel", () => void studio.cancel(), undefined, { class: "stop" });
  const why = el("p", { class: "soft", id: "run-why" });
  const bar = el("progress", { "aria-label": "Progress", max: 1 });
  const doing = el("p", { class: "doing", role: "status" });
  const count = el("p", { class: "soft numbers", "aria-live": "off" });
  const box = el("div", { class: "progress", hidden: true }, doing, bar, count);
  const failed = el("p", { class: "failed", role: "alert", hidden: true });
  root.replaceChildren(el("h2", {}, "Run"), el("div", { class: "run-fields" }, runs.element, seed.element), el("div", { class: "buttons" }, start, stop), why, box, failed);

  const draw = (desk: Readonly<Desk>): void => {
    const { progress } = desk;
    const isAtWork = isBusy(desk);
    runs.show(desk.runs, desk.opened ? wrongRuns(desk) : "", !desk.opened);
    seed.show(desk.seed, desk.opened ? wrongSeed(desk) : "", !desk.opened);
    const reason = whyNotRun(desk);
    start.setAttribute("aria-disabled", String(reason !== ""));
    start.hidden = isAtWork;
    stop.hidden = box.hidden = !isAtWork;
    why.hidden = isAtWork;
    setText(why, reason || expectation(desk));
    if (isAtWork) {
      setText(doing, doingWords(progress));
      setText(count, countWords(progress));
      if (progress.total > 0) bar.value = progress.done / progress.total;
      else bar.removeAttribute("value");
    }
    const sentence = progress.state === "failed" ? progress.error || "The run failed, and did not say why." : progress.state === "cancelled" ? "Cancelled: nothing was kept of it." : "";
    failed.hidden = !sentence;
    failed.classList.toggle("calm", progress.state === "cancelled");
    setText(failed, sentence);
  };
  draw(store.state);
  store.subscribe(draw);
}

/** What pressing Run will do. */
function expectation({ chosen, starts, draft, runs }: Readonly<Desk>): string {
  const base = chosen?.base;
  const known = base && "start" in base ? starts.starts.find(({ name }) => name === base.start) : undefined;
  const takes = known && known.seconds !== null && known.runs > 0 ? ` About ${duration((known.seconds * Number(runs)) / known.runs)}, by the last time.` : "";
  const what = Object.keys(draft.changes).length ? "Runs the starting point and yours under the same attacks." : "Nothing is changed yet: the starting point is run alone.";
  return what + takes;
}

/** What is at work, in words. */
export function doingWords({ state, doing }: Progress): string {
  if (state === "waiting" || !doing) return "Waiting for the simulator ...";
  const known: Record<string, string> = { "starting point": "Running the starting point", "your scenario": "Running your scenario", checking: "Checking", comparing: "Comparing", compiling: "Getting the simulator ready (the first time takes longest)" };
  return `${known[doing] ?? doing} ...`;
}

export function countWords({ done, total, elapsed_s }: Progress): string {
  const seconds = Math.round(elapsed_s);
  const time = seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  return total > 0 ? `${done} of ${total}, ${time}` : time;
}

interface NumberField {
  element: HTMLElement;
  show(text: string, wrong: string, isOff: boolean): void;
}

function numberField(label: string, name: string, set: (text: string) => void): NumberField {
  const input = el("input", { id: `run-${name}`, type: "text", class: "numeric", inputmode: "numeric", autocomplete: "off", "aria-describedby": `run-${name}-wrong` });
  const wrong = el("small", { class: "mistake", id: `run-${name}-wrong` });
  input.addEventListener("input", () => set(input.value));
  return {
    element: el("div", {}, el("label", { for: `run-${name}` }, label), input, wrong),
    show: (text, sentence, isOff) => {
      if (input.value !== text) input.value = text;
      input.disabled = isOff;
      input.setAttribute("aria-invalid", String(sentence !== ""));
      wrong.hidden = !sentence;
      setText(wrong, sentence);
    },
  };
}
