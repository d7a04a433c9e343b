// One store for all that the page shows: each part reads it and is told when something changes.

import type { Span } from "./lanes";

/** Another run next to the one shown: of the same study, or of the other study that the server has. It is drawn on the
 *  same clock, by the same camera and switches. */
export interface Beside {
  of: "this" | "other";
  run: number;
  /** Object, or satellite, that is picked in it. */
  selected: number | null;
  satellite: number | null;
  /** Whether log, steps, keys and following are about it, and not about the run shown first. */
  isActive: boolean;
}

export function besideOf(of: Beside["of"], run: number): Beside {
  return { of, run, selected: null, satellite: null, isActive: false };
}

export interface State {
  run: number;
  raid: string;
  /** Seconds after the start of the raid. */
  t_s: number;
  /** The later end of the two where two runs are shown. */
  end_s: number;
  /** Part of the time that the timeline shows; null for all of it. */
  zoom: Span | null;
  speed: number;
  playing: boolean;
  view: "globe" | "map";
  theme: "dark" | "light";
  /** Object that is picked, by id; null for none. */
  selected: number | null;
  /** Satellite that is picked, by id; null for none. Never together with an object. */
  satellite: number | null;
  following: boolean;
  /** What is laid over the picture, by its number in the index; null for nothing. */
  overlay: number | null;
  /** Parts that are switched off, by name: a constellation, threats, interceptors, fans, fields, areas, beliefs, events. */
  off: ReadonlySet<string>;
  /** Camera: longitude, latitude (degrees), distance (Earth radii). */
  camera: readonly [number, number, number];
  panel: "replay" | "study" | "assumptions";
  /** Null while one run is shown. */
  beside: Beside | null;
}

export type Listener<S = State> = (state: Readonly<S>, changed: ReadonlySet<keyof S>) => void;

/** What a page shows, by the type of its state. */
export class StoreOf<S extends object> {
  private listeners = new Set<Listener<S>>();

  constructor(private current: S) {}

  get state(): Readonly<S> {
    return this.current;
  }

  set(changes: Partial<S>): void {
    const changed = new Set<keyof S>();
    for (const key of Object.keys(changes) as (keyof S)[]) {
      if (this.current[key] !== changes[key]) changed.add(key);
    }
    if (!changed.size) return;
    this.current = { ...this.current, ...changes };
    this.tell(changed);
  }

  /** Say that these changed although their values may not have: data for them arrived. */
  tell(changed: ReadonlySet<keyof S>): void {
    for (const listener of [...this.listeners]) listener(this.current, changed);
  }

  subscribe(listener: Listener<S>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

/** What the replay page shows. */
export class Store extends StoreOf<State> {
  override set(changes: Partial<State>): void {
    super.set(onePick(changes));
  }
}

/** What is picked takes the place of what was picked before, be it an object or a satellite. */
export function onePick(changes: Partial<State>): Partial<State> {
  if (typeof changes.selected === "number") return { ...changes, satellite: null };
  return typeof changes.satellite === "number" ? { ...changes, selected: null } : changes;
}
