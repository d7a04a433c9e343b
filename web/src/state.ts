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
  following: boolean;
  /** Parts that are switched off, by name: a constellation, threats, interceptors, fans, fields, areas, beliefs, events. */
  off: ReadonlySet<string>;
  /** Camera: longitude, latitude (degrees), distance (Earth radii). */
  camera: readonly [number, number, number];
  panel: "replay" | "study" | "assumptions";
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
export class Store extends StoreOf<State> {}
