import type { State } from "../state";

export type { Loaded, Second } from "../loaded";

/** A part of a view. It is told of every change while the view is shown, and once when the view is shown again. */
export interface Part {
  element: HTMLElement;
  show?(state: Readonly<State>): void;
  /** Colours have changed. */
  recolour?(): void;
  stop?(): void;
}
