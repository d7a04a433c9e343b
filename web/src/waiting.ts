// What is said while a run is flown again: which, how far that is where anything is known of it, and for how long.

import type { Progress } from "./data";
import { el, setText } from "./dom";

const EVERY_MS = 1000;

/** After this it is said for how long, and a bar is shown. */
const LONG_S = 3;

/** What is flown, in words; another flight may come first. */
export function flying(run: number, raid: string, now: Progress | null): string {
  if (now && (now.run !== run || now.raid !== raid)) {
    return `Waiting for run ${now.run} of ${now.raid}, which is flown first ...`;
  }
  const which = now && now.of > 1 ? ` Raid ${Math.min(now.done + 1, now.of)} of ${now.of}.` : "";
  return `Flying run ${run} of ${raid} again ...${which}`;
}

/** Says in `place` that a run is flown again, until it is stopped by what it returns. */
export function waiting(place: HTMLElement, run: number, raid: string, progress: () => Promise<Progress | null>): () => void {
  return waitingFor(place, (now) => flying(run, raid, now), progress);
}

/** Says in `place` what is waited for, in `words`, and asks for progress, until it is stopped by what it returns. */
export function waitingFor(place: HTMLElement, words: (now: Progress | null) => string,
                           progress: () => Promise<Progress | null> = () => Promise.resolve(null)): () => void {
  const since = Date.now();
  const sentence = el("span", {});
  // The seconds are not read aloud: they would be, every one.
  const seconds = el("span", { "aria-hidden": "true" });
  const bar = el("progress", { "aria-label": "Progress", hidden: true });
  place.replaceChildren(sentence, seconds, bar);
  place.hidden = false;
  let stopped = false;
  const tell = (now: Progress | null): void => {
    if (stopped) return;
    const s = Math.round((Date.now() - since) / 1000);
    setText(sentence, words(now));
    const why = now && now.done > 0 ? "" : " The first one takes longest: the simulator is compiled.";
    setText(seconds, s < LONG_S ? "" : ` ${s} s.${why}`);
    bar.hidden = s < LONG_S;
    if (now && now.of > 1) {
      bar.max = now.of;
      bar.value = now.done;
    } else bar.removeAttribute("value");
  };
  tell(null);
  const timer = setInterval(() => {
    progress().catch(() => null).then(tell);
  }, EVERY_MS);
  return () => {
    stopped = true;
    clearInterval(timer);
    place.hidden = true;
    place.replaceChildren();
  };
}
