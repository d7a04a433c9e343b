// The run beside: which one, and how it comes and goes.

import type { Index, Replay, Source, Study } from "./data";
import type { Held } from "./held";
import { marked } from "./pickers";
import { besideOf, type Beside, type State, type Store } from "./state";
import { storyOf, type Story } from "./story";
import { sentenceOf } from "./wrong";

/** The other study that the server has. Its index is read once, when it is first needed. */
export interface Other extends Study {
  source: Source;
  index: () => Promise<Index>;
}

export function otherStudy(study: Study, source: Source): Other {
  let read: Promise<Index> | null = null;
  return { ...study, source, index: () => (read ??= source.index()) };
}

/** A run beside that has arrived. */
export interface Arrived {
  of: Beside["of"];
  index: Index;
  source: Source;
  replay: Replay;
  story: Story;
}

export interface Ways {
  say: (sentence: string) => void;
  /** Says that a run is waited for, which `from` gives; returns how to stop. */
  wait: (run: number, raid: string, from: Source) => () => void;
  /** Something stands beside from now on, and its run is on its way. */
  opened: () => void;
  arrived: (found: Arrived) => void;
  /** Nothing stands beside any more. `wasActive`: log, steps and keys were about it. */
  left: (wasActive: boolean) => void;
}

/** Keeps what stands beside in step with the state. Returns what is there now, or null. */
export function followBeside(store: Store, first: { index: Index; source: Source }, other: Other | null, ways: Ways): () => Arrived | null {
  let now: Arrived | null = null;
  let wanted = "";
  let asked = 0;
  let wasActive = false;
  let stop = (): void => {};

  const leave = (): void => {
    asked += 1;
    stop();
    const was = wanted;
    [now, wanted] = [null, ""];
    if (was) ways.left(wasActive);
  };
  const fetchOne = async ({ of, run }: Beside, raid: string, isWanted: () => boolean): Promise<Arrived> => {
    if (of === "other" && other === null) throw new Error("There is no study beside this one.");
    const source = of === "other" ? other!.source : first.source;
    const index = of === "other" ? await other!.index() : first.index;
    const fits = raidBeside(index, raid);
    if (fits === null) throw new Error(`${index.title} has no replay to stand beside another.`);
    if (fits !== raid) ways.say(`B has no raid ${raid}: its first, ${fits}, stands beside.`);
    if (isWanted()) stop = ways.wait(run, fits, source);
    const replay = await source.replay(run, fits);
    return { of, index, source, replay, story: storyOf(replay) };
  };
  const follow = ({ beside, raid }: Readonly<State>): void => {
    if (beside === null) {
      leave();
      return;
    }
    wasActive = beside.isActive;
    const key = `${beside.of}:${beside.run}:${raid}`;
    if (key === wanted) return;
    if (!wanted) ways.opened();
    wanted = key;
    const mine = ++asked;
    stop();
    fetchOne(beside, raid, () => mine === asked).then((found) => {
      if (mine !== asked) return;
      stop();
      now = found;
      ways.arrived(found);
    }).catch((error: unknown) => {
      if (mine !== asked) return;
      stop();
      ways.say(sentenceOf(error));
      if (now) wanted = `${now.of}:${now.replay.run}:${raid}`; // what was there stays
      store.set({ beside: now && { ...besideOf(now.of, now.replay.run), isActive: beside.isActive } });
    });
  };
  store.subscribe((state, changed) => { if (changed.has("beside") || changed.has("raid")) follow(state); });
  follow(store.state);
  return () => now;
}

/** The raid of the same name, else the first; null where a study has none. */
export function raidBeside(index: Index, raid: string): string | null {
  const same = index.raids.find(({ name }) => name === raid);
  return (same ?? index.raids[0])?.name ?? null;
}

/** What stands beside when nobody said what: the other study, else the run with the most or the fewest leakers that is
 *  not the one shown; null where there is no other run. */
export function firstBeside(run: number, index: Index, held: readonly Held[], other: Study | null): Beside | null {
  if (other?.has_replay) return besideOf("other", Math.min(run, other.runs - 1));
  const isThere = (one: number): boolean => one !== run && (!held.length || held.some((kept) => kept.run === one));
  const by = marked(index.outcomes);
  const found = ["most", "fewest", "median"].map((label) => by.find((one) => one.label === label)?.run);
  const any = Array.from({ length: index.runs }, (_, one) => one);
  const chosen = [...found, ...any].find((one) => one !== undefined && isThere(one));
  return chosen === undefined ? null : besideOf("this", chosen);
}
