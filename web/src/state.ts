// One store for all that the page shows: each part reads it and is told when something changes.

export interface State {
  run: number;
  raid: string;
  /** Seconds after the start of the raid. */
  t_s: number;
  end_s: number;
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
}

export type Listener = (state: Readonly<State>, changed: ReadonlySet<keyof State>) => void;

export class Store {
  private listeners = new Set<Listener>();

  constructor(private current: State) {}

  get state(): Readonly<State> {
    return this.current;
  }

  set(asked: Partial<State>): void {
    const changes = onePick(asked);
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

/** What is picked takes the place of what was picked before, be it an object or a satellite. */
function onePick(changes: Partial<State>): Partial<State> {
  if (typeof changes.selected === "number") return { ...changes, satellite: null };
  return typeof changes.satellite === "number" ? { ...changes, selected: null } : changes;
}
