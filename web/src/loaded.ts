// What each part of the page is given beside the store.

import type { Index, Overlay, Replay, Source } from "./data";

export interface Loaded {
  index: Index;
  /** The run that is shown now. It changes with `run` and `raid` of the store: read it again when either is among what
   *  changed. A campaign has no replay: then its tables are empty. */
  replay: () => Replay;
  source: Source;
  /** What is laid over the picture now. It changes with `overlay` of the store, which is told again once it has come. */
  overlay?: () => Overlay | null;
}
