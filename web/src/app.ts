// Puts the page together: reads the index and one replay, makes the store, mounts the parts, runs the clock.

import { actionsOn, switchesOf, type Ways } from "./actions";
import { firstCamera } from "./aim";
import { advance, firstSpeed } from "./clock";
import type { Index, Replay, Source, Studies } from "./data";
import { el } from "./dom";
import { emptyReplay } from "./empty";
import { firstOf, type Held } from "./held";
import { helpDialog, mountKeys } from "./keys";
import { mountLayers } from "./layers";
import { buildFrame, mountNotice, mountTop, type Frame } from "./layout";
import { readLink, writeAsItChanges, type Linked } from "./link";
import type { Loaded } from "./loaded";
import { mountLog } from "./log";
import { mountMoments } from "./moments";
import { followOverlay } from "./overlay";
import { mountCentre, type Centre } from "./pair";
import { mountPanels, otherSource } from "./parts";
import { mountBeside, mountPickers } from "./pickers";
import { firstBeside, followBeside, otherStudy, type Arrived, type Other } from "./second";
import { ActiveSide, FirstSide, SecondSide } from "./sides";
import { Store, type Beside, type State } from "./state";
import { storyOf, type Counts, type Story } from "./story";
import { applyTheme, systemTheme, wantsStillness } from "./theme";
import { mountTimeline } from "./timeline";
import { waiting, waitingFor } from "./waiting";
import { sentenceOf } from "./wrong";

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
  /** What stands beside once it is there: its run, raid, end and counts. */
  beside(): { run: number; raid: string; end_s: number; counts: Counts } | null;
  pick(id: number | null): void;
}

/** Everything that changes when another run or raid is shown. */
interface Shown {
  replay: Replay;
  story: Story;
}

/** All that the page is made of, read before it is built. */
interface Read {
  source: Source;
  index: Index;
  /** The other study of the server; null where there is none, or none that can be replayed. */
  other: Other | null;
  /** Name of the study shown. */
  name: string;
  held: readonly Held[];
}

/** `held`: the replays of a mailed file; none where a server has any. */
export async function start(root: HTMLElement, source: Source, held: readonly Held[] = []): Promise<void> {
  applyTheme(systemTheme());
  root.replaceChildren(el("p", { class: "waiting", role: "status" }, "Reading the results ..."));
  try {
    const studies = await source.studies?.();
    if (studies?.data === null) throw new Error("There are no results here yet.");
    const index = await source.index();
    const other = otherOf(studies);
    const linked = readLink(location.hash, index, studies?.beside);
    const { run, raid } = firstOf(linked.changes, held, index.raids);
    const line = el("p", { class: "waiting", "aria-live": "off" });
    root.replaceChildren(line);
    const stop = hasReplay(index) ? waiting(line, run, raid, () => source.progress()) : () => {};
    const replay = hasReplay(index) ? await source.replay(run, raid).finally(stop) : emptyReplay(run, raid);
    const name = studies?.data?.name || index.title;
    build(root, { source, index, other, name, held }, { replay, story: storyOf(replay) }, linked);
  } catch (error) {
    root.replaceChildren(el("p", { class: "waiting wrong", role: "alert" }, sentenceOf(error)));
    throw error;
  }
}

function otherOf(studies: Studies | undefined): Other | null {
  return studies?.beside?.has_replay ? otherStudy(studies.beside, otherSource()) : null;
}

function hasReplay(index: Index): boolean {
  return index.kind === "raid" && index.raids.length > 0;
}

function firstState(index: Index, replay: Replay, { changes }: Linked): State {
  const end_s = replay.meta.end_s;
  return {
    speed: firstSpeed(end_s), view: "globe", theme: systemTheme(), selected: null, satellite: null, following: false,
    overlay: null, zoom: null, beside: null, off: OFF_AT_FIRST,
    camera: firstCamera(index), panel: hasReplay(index) ? "replay" : "study",
    // A link to a moment shows that moment; a page opened without one plays, unless stillness is asked for.
    playing: changes.t_s === undefined && end_s > 0 && !wantsStillness(),
    ...changes,
    run: replay.run, raid: replay.raid, end_s, t_s: Math.min(changes.t_s ?? 0, end_s),
  };
}

/** Fields of satellites cover most of the Earth: they are there for who asks. */
const OFF_AT_FIRST: ReadonlySet<string> = new Set(["fields"]);

function build(root: HTMLElement, read: Read, shown: Shown, linked: Linked): void {
  const { source, index, other, held } = read;
  const store = new Store(firstState(index, shown.replay, linked));
  const frame = buildFrame(root);
  const dialog = helpDialog();
  root.append(dialog);
  document.title = `${index.title}: OpenDome`;
  root.classList.toggle("still", !hasReplay(index));
  applyTheme(store.state.theme);

  let last: Beside | null = null;
  store.subscribe(({ beside }) => { last = beside ?? last; });
  const ways: Ways = {
    say: frame.say,
    openHelp: () => { if (!dialog.open) dialog.showModal(); },
    closeHelp: () => {
      const wasOpen = dialog.open;
      dialog.close();
      return wasOpen;
    },
    keep: () => keep(),
    firstBeside: () => (hasReplay(index) ? last ?? firstBeside(store.state.run, index, held, other) : null),
  };
  let keep = (): void => {};
  let arrived = (): Arrived | null => null;
  // These come first: the replay and the colours are there when the others are told.
  followRun(store, source, shown, frame, index, () => arrived()?.replay.meta.end_s ?? 0);
  store.subscribe((state, changed) => { if (changed.has("theme")) applyTheme(state.theme); });
  const second = (): Arrived | null => arrived();
  const centre = mountParts(root, frame, store, read, shown, ways, second);
  if (hasReplay(index)) arrived = standBeside(store, read, frame, shown, centre, linked.changes.t_s);
  runClock(store);
  const go = keepLink(store, index, frame, other);
  if (hasReplay(index)) keep = mountMoments(frame.left, store, index.scenario_sha256, { say: frame.say, go });
  if (linked.problems.length) frame.say(linked.problems.join(" "));
  window.__page = {
    ready: true,
    state: () => store.state,
    set: (changes) => store.set(changes),
    counts: () => shown.story.counts(store.state.t_s),
    beside: () => {
      const found = arrived();
      if (!found) return null;
      const { run, raid, meta } = found.replay;
      return { run, raid, end_s: meta.end_s, counts: found.story.counts(store.state.t_s) };
    },
    pick: (id) => store.set({ selected: id }),
  };
}

function mountParts(root: HTMLElement, frame: Frame, store: Store, read: Read, shown: Shown, ways: Ways,
                    arrived: () => Arrived | null): Centre {
  const { source, index, other, held, name } = read;
  const overlay = followOverlay(store, index, source, { say: frame.say, wait: (sentence) => waitingFor(frame.one.waiting, () => sentence) });
  const data: Loaded = { index, source, replay: () => shown.replay, held, beside: arrived, overlay };
  const isSecond = (): boolean => store.state.beside?.isActive === true && arrived() !== null;
  const first = new FirstSide(store);
  const second = new SecondSide(store, () => arrived()?.replay ?? null);
  const active = new ActiveSide(first, second, isSecond);
  const story = (): Story => (isSecond() ? arrived()! : shown).story;
  const actions = actionsOn(active, story, ways);
  const canPair = ways.firstBeside() !== null;

  mountTop(root.querySelector<HTMLElement>(".top")!, store, data, (t_s) => shown.story.counts(t_s), actions, canPair);
  mountLayers(frame.left, store, data, actions);
  mountLog(frame.left, active, story);
  mountTimeline(frame.bottom, store, data, () => shown.story, actions, () => arrived()?.story ?? null);
  const centre = mountCentre(frame.halves, frame.root, frame.one, {
    main: store, first, second, data, story: () => shown.story, names: { this: name, other: other?.name || other?.title || "" },
    arrived, means: ways,
  });
  mountPanels(frame.right, store, data);
  mountKeys(active, actions, switchesOf(data));
  const pickers = frame.bottom.querySelector<HTMLElement>(".pickers")!;
  mountPickers(pickers, store, data);
  if (canPair) mountBeside(pickers, store, data, other);
  mountNotice(frame.notice, store, data);
  return centre;
}

/** The run beside comes and goes; time ends with the later of the two. A link may ask for a moment after the first ends. */
function standBeside(store: Store, { source, index, other }: Read, frame: Frame, shown: Shown, centre: Centre,
                     linked_t_s: number | undefined): () => Arrived | null {
  let asked_t_s = linked_t_s;
  return followBeside(store, { index, source }, other, {
    say: frame.say,
    wait: (run, raid, from) => waiting(centre.waiting()!, run, raid, () => from.progress()),
    opened: centre.open,
    arrived: (found) => {
      const end_s = Math.max(shown.replay.meta.end_s, found.replay.meta.end_s);
      store.set({ end_s, t_s: Math.min(asked_t_s ?? store.state.t_s, end_s) });
      asked_t_s = undefined;
      centre.show(found);
    },
    left: (wasActive) => {
      centre.close();
      const { end_s } = shown.replay.meta;
      store.set({ end_s, t_s: Math.min(store.state.t_s, end_s), ...(wasActive ? { following: false } : {}) });
      store.tell(new Set<keyof State>(["beside"]));
    },
  });
}

/** Another run or raid: fetch it, then tell everyone again. What fails leaves the old one on the screen. */
function followRun(store: Store, source: Source, shown: Shown, frame: Frame, index: Index, endBeside_s: () => number): void {
  let asked = 0;
  let stop = (): void => {};
  store.subscribe((state, changed) => {
    if (!changed.has("run") && !changed.has("raid")) return;
    const { run, raid } = state;
    stop();
    const mine = ++asked;
    if (!hasReplay(index) || (run === shown.replay.run && raid === shown.replay.raid)) return;
    const selected = changed.has("selected") ? state.selected : null; // a link may pick something in the run that it names
    stop = waiting(frame.one.waiting, run, raid, () => source.progress());
    source.replay(run, raid).then((replay) => {
      if (mine !== asked) return;
      stop();
      shown.replay = replay;
      shown.story = storyOf(replay);
      const end_s = Math.max(replay.meta.end_s, endBeside_s());
      store.set({ end_s, t_s: Math.min(store.state.t_s, end_s), selected, following: false });
      store.tell(new Set<keyof State>(["run", "raid", "end_s", "t_s", "selected"]));
    }).catch((error: unknown) => {
      if (mine !== asked) return;
      store.set({ run: shown.replay.run, raid: shown.replay.raid });
      frame.say(sentenceOf(error));
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

/** The address follows the state; an address typed or clicked within the page moves the state. Returns how to go to a
 *  link as if the page were opened with it. */
function keepLink(store: Store, index: Index, frame: Frame, other: Other | null): (link: string) => void {
  writeAsItChanges(() => store.state, (told) => store.subscribe(told));
  const go = (link: string, plain: Partial<State>): void => {
    const { changes, problems } = readLink(link, index, other);
    const next = { ...store.state, ...plain, ...changes };
    const most_s = isSameRuns(next, store.state) ? store.state.end_s : Infinity; // else it is held to the end once that is known
    const t_s = changes.t_s === undefined ? {} : { t_s: Math.min(changes.t_s, most_s), playing: false };
    if (changes.selected !== undefined) store.set({ selected: null }); // so that it counts as changed, whichever run it is of
    store.set({ ...plain, ...changes, ...t_s });
    if (problems.length) frame.say(problems.join(" "));
  };
  addEventListener("hashchange", () => go(location.hash, {}));
  return (link) => go(link, { selected: null, following: false, zoom: null, beside: null });
}

function isSameRuns(one: Readonly<State>, two: Readonly<State>): boolean {
  return one.run === two.run && one.raid === two.raid && one.beside?.of === two.beside?.of && one.beside?.run === two.beside?.run;
}
