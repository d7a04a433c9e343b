// The centre of the page: one run, or two next to each other.

import { actionsOn, type Ways as Means } from "./actions";
import { mountCard } from "./card";
import { half, mountHead, type Half } from "./half";
import type { Loaded } from "./loaded";
import type { Arrived } from "./second";
import type { FirstSide, SecondSide } from "./sides";
import type { Store } from "./state";
import type { Story } from "./story";
import { mountView } from "./view";

export interface Pair {
  main: Store;
  first: FirstSide;
  second: SecondSide;
  /** Of the run shown first. */
  data: Loaded;
  story: () => Story;
  /** Names of the studies: of the one shown, and of the other. */
  names: Record<"this" | "other", string>;
  arrived: () => Arrived | null;
  means: Means;
}

export interface Centre {
  /** Makes room for a second half. */
  open(): void;
  /** Its run is there, or another one. */
  show(found: Arrived): void;
  /** Takes it away, with all that it holds. */
  close(): void;
  wait: (sentence: string) => void;
}

/** `root` holds the first half already. */
export function mountCentre(root: HTMLElement, frame: HTMLElement, one: Half, pair: Pair): Centre {
  const { main, first, data } = pair;
  mountView(one.view, first, data, pair.means.say);
  mountCard(one.card, first, data, pair.story, actionsOn(first, pair.story, pair.means), () => (main.state.beside ? "A: " : ""));
  mountHead(one.head, "A", first, () => data.index.runs, {
    study: () => ({ name: pair.names.this, title: data.index.title }), story: pair.story,
    activate: () => activate(main, false), isActive: () => main.state.beside?.isActive !== true,
  });
  let two: Half | null = null;
  let leaveHead = (): void => {};
  let leaveView = (): void => {};
  let of: Arrived["of"] | null = null;

  const pairUp = (isPair: boolean): void => {
    one.head.hidden = !isPair;
    frame.classList.toggle("pair", isPair);
    root.classList.toggle("pair", isPair);
  };
  const drop = (): void => {
    leaveView();
    leaveView = () => {};
    of = null;
  };
  return {
    open() {
      if (two) return;
      two = half("B");
      root.append(two.root);
      two.head.hidden = false;
      leaveHead = mountSecondHead(two.head, pair);
      pairUp(true);
    },
    show(found) {
      if (!two) return;
      if (found.of !== of) { // another study: another Earth with other sites
        drop();
        of = found.of;
        leaveView = mountSecond(two, found, pair);
      }
      pair.second.tell(new Set(["run", "raid", "selected", "following"]));
      main.tell(new Set(["beside"]));
    },
    close() {
      const hadFocus = two?.root.contains(document.activeElement);
      drop();
      leaveHead();
      two?.root.remove();
      two = null;
      pairUp(false);
      if (hadFocus) document.querySelector<HTMLElement>(".top [data-act=beside]")?.focus();
    },
    wait: (sentence) => two?.wait(sentence),
  };
}

function mountSecondHead(root: HTMLElement, { main, second, data, names, arrived }: Pair): () => void {
  return mountHead(root, "B", second, () => arrived()?.index.runs ?? data.index.runs, {
    study: () => ({ name: names[arrived()?.of ?? main.state.beside?.of ?? "this"], title: arrived()?.index.title ?? "" }),
    story: () => arrived()?.story ?? null,
    activate: () => activate(main, true), isActive: () => main.state.beside?.isActive === true,
    close: () => main.set({ beside: null }),
  });
}

function mountSecond(two: Half, found: Arrived, { second, arrived, means }: Pair): () => void {
  const { index, source } = found;
  const story = (): Story => arrived()?.story ?? found.story;
  const data: Loaded = { index, source, replay: () => arrived()?.replay ?? found.replay };
  two.card.replaceChildren();
  const leaves = [mountView(two.view, second, data, means.say),
                  mountCard(two.card, second, data, story, actionsOn(second, story, means), () => "B: ")];
  return () => leaves.forEach((leave) => leave());
}

function activate(main: Store, isActive: boolean): void {
  const { beside } = main.state;
  if (beside && beside.isActive !== isActive) main.set({ beside: { ...beside, isActive } });
}
