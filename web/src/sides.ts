// Two runs on one clock: each half of the page sees the store as if its run were the only one, and what it changes goes
// to where it belongs. Time, camera, view, theme and switches are the same for both. Who picks or follows something in
// a half turns log, steps and keys to it.

import { Store, type Beside, type Listener, type State } from "./state";

type Changed = ReadonlySet<keyof State>;

/** What another run or another half brings with it. */
const OF_A_RUN: readonly (keyof State)[] = ["run", "raid", "selected", "following"];

/** Which run the half beside shows; null until it has arrived. */
export type Run = () => { run: number; raid: string } | null;

/** The store as the run shown first sees it: what is picked and followed beside is not its own. */
export class FirstSide extends Store {
  constructor(private readonly main: Store) {
    super(main.state);
  }

  override get state(): Readonly<State> {
    const state = this.main.state;
    return state.beside?.isActive ? { ...state, following: false } : state;
  }

  override set(changes: Partial<State>): void {
    const { beside } = this.main.state;
    const isPicked = changes.selected !== undefined || changes.following === true;
    this.main.set(beside?.isActive && isPicked ? { ...changes, beside: { ...beside, isActive: false } } : changes);
  }

  override tell(changed: Changed): void {
    this.main.tell(changed);
  }

  override subscribe(listener: Listener): () => void {
    return this.main.subscribe((_, changed) =>
      listener(this.state, changed.has("beside") ? new Set([...changed, "following"]) : changed));
  }
}

/** The store as the run beside sees it: its own run and what is picked in it. */
export class SecondSide extends Store {
  private readonly own = new Set<Listener>();

  constructor(private readonly main: Store, private readonly run: Run) {
    super(main.state);
  }

  override get state(): Readonly<State> {
    const state = this.main.state;
    const { beside } = state;
    return {
      ...state, ...(this.run() ?? { run: beside?.run ?? state.run }), selected: beside?.selected ?? null,
      following: state.following && beside?.isActive === true,
    };
  }

  override set({ selected, run, ...shared }: Partial<State>): void {
    const { beside } = this.main.state;
    if (beside === null) return;
    const next: Beside = {
      ...beside, run: run ?? beside.run, selected: selected === undefined ? beside.selected : selected,
      isActive: beside.isActive || selected !== undefined || shared.following === true,
    };
    const isSame = (Object.keys(next) as (keyof Beside)[]).every((key) => next[key] === beside[key]);
    this.main.set(isSame ? shared : { ...shared, beside: next });
  }

  /** Only those who look at this side are told. */
  override tell(changed: Changed): void {
    for (const listener of [...this.own]) listener(this.state, changed);
  }

  override subscribe(listener: Listener): () => void {
    this.own.add(listener);
    const stop = this.main.subscribe((_, changed) => {
      const heard = new Set<keyof State>([...changed].filter((key) => key !== "run" && key !== "raid" && key !== "selected"));
      if (changed.has("beside")) heard.add("selected").add("following");
      if (heard.size) listener(this.state, heard);
    });
    return () => {
      this.own.delete(listener);
      stop();
    };
  }
}

/** The side that log, steps and keys are about. */
export class ActiveSide extends Store {
  constructor(private readonly first: Store, private readonly second: Store, private readonly isSecond: () => boolean) {
    super(first.state);
  }

  private get side(): Store {
    return this.isSecond() ? this.second : this.first;
  }

  override get state(): Readonly<State> {
    return this.side.state;
  }

  override set(changes: Partial<State>): void {
    this.side.set(changes);
  }

  override tell(changed: Changed): void {
    this.side.tell(changed);
  }

  override subscribe(listener: Listener): () => void {
    let was = this.isSecond();
    const hear = (isMine: (second: boolean) => boolean): Listener => (_, changed) => {
      const is = this.isSecond();
      if (!isMine(is)) return;
      const isOther = is !== was;
      was = is;
      listener(this.state, isOther ? new Set([...changed, ...OF_A_RUN]) : changed);
    };
    const stops = [this.first.subscribe(hear((second) => !second)), this.second.subscribe(hear((second) => second))];
    return () => stops.forEach((stop) => stop());
  }
}
