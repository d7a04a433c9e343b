// Everything that a key or a button can do, once: keys, buttons and tests call the same functions.

import { stepSpeed } from "./clock";
import type { Loaded } from "./loaded";
import type { Beside, Store } from "./state";
import { lastBefore, nextAfter, nextLeak, type Story } from "./story";

export interface Actions {
  play(): void;
  seek(t_s: number): void;
  /** To the next (+1) or previous (-1) event. */
  step(direction: 1 | -1): void;
  changeSpeed(direction: 1 | -1): void;
  toggleView(): void;
  toggleTheme(): void;
  /** Another run next to the one shown, or that one alone again. */
  toggleBeside(): void;
  toggleFollow(): void;
  nextLeaker(): void;
  /** Switch a part of the picture on or off, by name. */
  toggle(names: readonly string[]): void;
  share(): void;
  /** Put the moment shown on the list of those that the reader keeps. */
  keep(): void;
  help(): void;
  clear(): void;
  focusLog(): void;
  focusFilter(): void;
}

export interface Ways {
  say: (sentence: string) => void;
  openHelp: () => void;
  closeHelp: () => boolean;
  /** What stands beside when nobody said what; null where there is nothing to. */
  firstBeside: () => Beside | null;
  keep: () => void;
}

export function actionsOn(store: Store, story: () => Story, ways: Ways): Actions {
  const seek = (t_s: number): void => store.set({ t_s: Math.min(Math.max(0, t_s), store.state.end_s) });
  return {
    seek,
    play: () => {
      const { playing, t_s, end_s } = store.state;
      if (end_s <= 0) return;
      store.set(playing ? { playing: false } : { playing: true, t_s: t_s >= end_s ? 0 : t_s });
    },
    step: (direction) => {
      const { times } = story();
      const at = direction > 0 ? nextAfter(times, store.state.t_s) : lastBefore(times, store.state.t_s);
      if (at === null) ways.say(direction > 0 ? "That was the last event." : "That was the first event.");
      else store.set({ t_s: times[at]!, playing: false });
    },
    changeSpeed: (direction) => store.set({ speed: stepSpeed(store.state.speed, direction) }),
    toggleView: () => store.set({ view: store.state.view === "globe" ? "map" : "globe" }),
    toggleTheme: () => store.set({ theme: store.state.theme === "dark" ? "light" : "dark" }),
    toggleBeside: () => {
      const beside = store.state.beside ? null : ways.firstBeside();
      if (!store.state.beside && !beside) ways.say("There is no other run that could stand beside this one.");
      else store.set({ beside });
    },
    toggleFollow: () => {
      if (store.state.selected === null) ways.say("Pick an object first: then F follows it.");
      else store.set({ following: !store.state.following });
    },
    nextLeaker: () => {
      const leak = nextLeak(story(), store.state.t_s);
      if (leak === null) ways.say("Nothing leaked in this raid of this run.");
      else store.set({ t_s: leak.t_s, selected: leak.threat ?? leak.object, playing: false });
    },
    toggle: (names) => {
      const off = new Set(store.state.off);
      const isOn = names.some((name) => !off.has(name));
      for (const name of names) {
        if (isOn) off.add(name);
        else off.delete(name);
      }
      store.set({ off });
    },
    share: () => share(ways.say),
    keep: () => ways.keep(),
    help: ways.openHelp,
    clear: () => {
      if (!ways.closeHelp()) store.set({ selected: null, following: false });
    },
    focusLog: () => focusOn(".log .current button, .log li button"),
    focusFilter: () => focusOn(".log input"),
  };
}

function focusOn(selector: string): void {
  document.querySelector<HTMLElement>("[data-tab]")?.setAttribute("data-tab", "left");
  document.querySelector<HTMLElement>(selector)?.focus();
}

function share(say: (sentence: string) => void): void {
  const copied = navigator.clipboard ? navigator.clipboard.writeText(location.href) : Promise.reject(new Error("no clipboard"));
  copied.then(() => say("Link copied: it opens this moment, view and selection."),
              () => say("The browser does not let the page copy: the link is in the address bar."));
}

/** What can be switched, in the order of the keys 1 to 8; the last have none. */
export interface Switch {
  key: string;
  label: string;
  /** Names in `off`: one, or all constellations. */
  names: readonly string[];
  swatch: string;
}

export function switchesOf(data: Loaded): Switch[] {
  const constellations = data.index.constellations.map((c) => c.name);
  const fixed: Switch[] = [
    { key: "1", label: "threats", names: ["threats"], swatch: "threat" },
    { key: "2", label: "interceptors", names: ["interceptors"], swatch: "interceptor" },
    { key: "3", label: "radar fans", names: ["fans"], swatch: "fan" },
    { key: "4", label: "infrared fields", names: ["fields"], swatch: "field" },
    { key: "5", label: "defended areas", names: ["areas"], swatch: "area" },
    { key: "6", label: "what the defence believed", names: ["beliefs"], swatch: "belief" },
    { key: "7", label: "kills and leaks", names: ["events"], swatch: "kill" },
  ];
  if (constellations.length) fixed.push({ key: "8", label: "satellites", names: constellations, swatch: "satellite" });
  return [...fixed, { key: "", label: "sites", names: ["sites"], swatch: "site" }, { key: "", label: "names", names: ["names"], swatch: "name" }];
}
