import type { Index, Replay, Source } from "../data";
import type { State } from "../state";

/** What the page has at hand: the study, the replay shown, and where more comes from. */
export interface Loaded {
  index: Index;
  replay: () => Replay;
  source: Source;
}

/** A part of a view. It is told of every change while the view is shown, and once when the view is shown again. */
export interface Part {
  element: HTMLElement;
  show?(state: Readonly<State>): void;
  /** Colours have changed. */
  recolour?(): void;
  stop?(): void;
}
