// One store for all that the page shows: each part reads it and is told when something changes.

import type { Span } from "./lanes";

/** Another run next to the one shown: of the same study, or of the other study that the server has. It is drawn on the
 *  same clock, by the same camera and switches. */
export interface Beside {
  of: "this" | "other";
  run: number;
  /** Object that is picked in it. */
  selected: number | null;
  /** Whether log, steps, keys and following are about it, and not about the run shown first. */
  isActive: boolean;
}

export function besideOf(of: Beside["of"], run: number): Beside {
  return { of, run, selected: null, isActive: false };
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
  following: boolean;
  /** Parts that are switched off, by name: a constellation, threats, interceptors, fans, fields, areas, beliefs, events. */
  off: ReadonlySet<string>;
  /** Camera: longitude, latitude (degrees), distance (Earth radii). */
  camera: readonly [number, number, number];
  panel: "replay" | "study" | "assumptions";
  /** Null while one run is shown. */
  beside: Beside | null;
}

export type Listener = (state: Readonly<State>, changed: ReadonlySet<keyof State>) => void;

export class Store {
  private listeners = new Set<Listener>();

  constructor(private current: State) {}

  get state(): Readonly<State> {
    return this.current;
  }

  set(changes: Partial<State>): void {
    const changed = new Set<keyof State>();
    for (const key of Object.keys(changes) as (keyof State)[]) {
      if (this.current[key] !== changes[key]) changed.add(key);
    }
    if (!changed.size) return;
    this.current = { ...this.current, ...changes };
    this.tell(changed);
  }

  /** Say that these changed although their values may not have: data for them arrived. */
  tell(changed: ReadonlySet<keyof State>): void {
    for (const listener of [...this.listeners]) listener(this.current, changed);
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
