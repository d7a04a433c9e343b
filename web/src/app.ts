// Puts the page together: reads the index and one replay, makes the store, mounts the parts, runs the clock.

import { actionsOn, switchesOf, type Actions } from "./actions";
import { firstCamera } from "./aim";
import { mountCard } from "./card";
import { advance, firstSpeed } from "./clock";
import type { Index, Replay, Source } from "./data";
import { el, setText } from "./dom";
import { emptyReplay } from "./empty";
import { firstOf, type Held } from "./held";
import { helpDialog, mountKeys } from "./keys";
import { mountLayers } from "./layers";
import { buildFrame, mountNotice, mountTop, type Frame } from "./layout";
import { readLink, writeAsItChanges, type Linked } from "./link";
import type { Loaded } from "./loaded";
import { mountLog } from "./log";
import { followOverlay } from "./overlay";
import { mountPanels } from "./parts";
import { mountPickers } from "./pickers";
import { Store, type State } from "./state";
import { storyOf, type Counts, type Story } from "./story";
import { applyTheme, systemTheme, wantsStillness } from "./theme";
import { mountTimeline } from "./timeline";
import { mountView } from "./view";

declare global {
  interface Window {
    /** For tests: what the page shows, and how to move it. */
    __page?: Handle;
  }
}

export interface Handle {
  ready: boolean;
  state(): Readonly<State>;
  set(changes: Partial<State>): void;
  counts(): Counts;
  pick(id: number | null): void;
}

/** Everything that changes when another run or raid is shown. */
interface Shown {
  replay: Replay;
  story: Story;
}

/** `held`: the replays of a mailed file; none where a server has any. */
export async function start(root: HTMLElement, source: Source, held: readonly Held[] = []): Promise<void> {
  applyTheme(systemTheme());
  root.replaceChildren(el("p", { class: "waiting", role: "status" }, "Reading the results ..."));
  try {
    const index = await source.index();
    const linked = readLink(location.hash, index);
    const { run, raid } = firstOf(linked.changes, held, index.raids);
    const line = el("p", { class: "waiting", "aria-live": "off" });
    root.replaceChildren(line);
    const stop = hasReplay(index) ? waiting((text) => setText(line, text), run, raid) : () => {};
    const replay = hasReplay(index) ? await source.replay(run, raid).finally(stop) : emptyReplay(run, raid);
    build(root, source, index, { replay, story: storyOf(replay) }, linked, held);
  } catch (error) {
    root.replaceChildren(el("p", { class: "waiting wrong", role: "alert" }, sentence(error)));
    throw error;
  }
}

function hasReplay(index: Index): boolean {
  return index.kind === "raid" && index.raids.length > 0;
}

/** Says what is waited for, and for how long by now; returns how to stop. */
function waiting(say: (sentence: string) => void, run: number, raid: string): () => void {
  const since = Date.now();
  const tell = (): void => {
    const s = Math.round((Date.now() - since) / 1000);
    say(`Flying run ${run} of ${raid} again ...${s < 3 ? "" : ` ${s} s. The first one takes longest: the simulator is compiled.`}`);
  };
  tell();
  const timer = setInterval(tell, 1000);
  return () => {
    clearInterval(timer);
    say("");
  };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function firstState(index: Index, replay: Replay, { changes }: Linked): State {
  const end_s = replay.meta.end_s;
  return {
    speed: firstSpeed(end_s), view: "globe", theme: systemTheme(), selected: null, satellite: null, following: false, overlay: null, off: OFF_AT_FIRST,
    camera: firstCamera(index), panel: hasReplay(index) ? "replay" : "study",
    // A link to a moment shows that moment; a page opened without one plays, unless stillness is asked for.
    playing: changes.t_s === undefined && end_s > 0 && !wantsStillness(),
    ...changes,
    run: replay.run, raid: replay.raid, end_s, t_s: Math.min(changes.t_s ?? 0, end_s),
  };
}

/** Fields of satellites cover most of the Earth: they are there for who asks. */
const OFF_AT_FIRST: ReadonlySet<string> = new Set(["fields"]);

function build(root: HTMLElement, source: Source, index: Index, shown: Shown, linked: Linked, held: readonly Held[]): void {
  const store = new Store(firstState(index, shown.replay, linked));
  const story = (): Story => shown.story;
  const frame = buildFrame(root);
  const dialog = helpDialog();
  root.append(dialog);
  document.title = `${index.title}: OpenDome`;
  root.classList.toggle("still", !hasReplay(index));
  applyTheme(store.state.theme);

  const actions = actionsOn(store, story, {
    say: frame.say,
    openHelp: () => { if (!dialog.open) dialog.showModal(); },
    closeHelp: () => {
      const wasOpen = dialog.open;
      dialog.close();
      return wasOpen;
    },
  });
  // These come first: the replay and the colours are there when the others are told.
  followRun(store, source, shown, frame, index);
  store.subscribe((state, changed) => { if (changed.has("theme")) applyTheme(state.theme); });
  const data: Loaded = { index, source, replay: () => shown.replay, overlay: followOverlay(store, index, source, frame) };
  mountParts(root, frame, store, data, story, actions);
  mountPickers(frame.bottom.querySelector<HTMLElement>(".pickers")!, store, data, held);
  mountNotice(frame.notice, store, data);
  runClock(store);
  keepLink(store, index, frame);
  if (linked.problems.length) frame.say(linked.problems.join(" "));
  window.__page = {
    ready: true,
    state: () => store.state,
    set: (changes) => store.set(changes),
    counts: () => shown.story.counts(store.state.t_s),
    pick: (id) => store.set({ selected: id }),
  };
}

function mountParts(root: HTMLElement, frame: Frame, store: Store, data: Loaded, story: () => Story, actions: Actions): void {
  const counts = (t_s: number): Counts => story().counts(t_s);
  mountTop(root.querySelector<HTMLElement>(".top")!, store, data, counts, actions);
  mountLayers(frame.left, store, data, actions);
  mountLog(frame.left, store, story);
  mountCard(frame.card, store, data, story, actions);
  mountTimeline(frame.bottom, store, data, story, actions);
  mountView(frame.view, store, data, frame.say);
  mountPanels(frame.right, store, data);
  mountKeys(store, actions, switchesOf(data));
}

/** Another run or raid: fetch it, then tell everyone again. What fails leaves the old one on the screen. */
function followRun(store: Store, source: Source, shown: Shown, frame: Frame, index: Index): void {
  let asked = 0;
  let stop = (): void => {};
  store.subscribe((state, changed) => {
    if (!changed.has("run") && !changed.has("raid")) return;
    const { run, raid } = state;
    stop();
    const mine = ++asked;
    if (!hasReplay(index) || (run === shown.replay.run && raid === shown.replay.raid)) return;
    stop = waiting(frame.wait, run, raid);
    source.replay(run, raid).then((replay) => {
      if (mine !== asked) return;
      stop();
      shown.replay = replay;
      shown.story = storyOf(replay);
      const end_s = replay.meta.end_s;
      store.set({ end_s, t_s: Math.min(store.state.t_s, end_s), selected: null, following: false });
      store.tell(new Set<keyof State>(["run", "raid", "end_s", "t_s", "selected"]));
    }).catch((error: unknown) => {
      if (mine !== asked) return;
      store.set({ run: shown.replay.run, raid: shown.replay.raid });
      frame.say(sentence(error));
    });
  });
}

/** Time goes on only while playing; on a still page nothing is asked of the browser. */
function runClock(store: Store): void {
  let last: number | null = null;
  const tick = (now: number): void => {
    const { playing, t_s, speed, end_s } = store.state;
    if (!playing) {
      last = null;
      return;
    }
    if (last !== null) store.set(advance(t_s, Math.min(now - last, 500), speed, end_s));
    last = now;
    requestAnimationFrame(tick);
  };
  store.subscribe((state, changed) => {
    if (changed.has("playing") && state.playing && last === null) requestAnimationFrame(tick);
  });
  if (store.state.playing) requestAnimationFrame(tick);
}

/** The address follows the state; an address typed or clicked within the page moves the state. */
function keepLink(store: Store, index: Index, frame: Frame): void {
  writeAsItChanges(() => store.state, (told) => store.subscribe(told));
  addEventListener("hashchange", () => {
    const { changes, problems } = readLink(location.hash, index);
    const t_s = changes.t_s === undefined ? {} : { t_s: Math.min(changes.t_s, store.state.end_s), playing: false };
    store.set({ ...changes, ...t_s });
    if (problems.length) frame.say(problems.join(" "));
  });
}
