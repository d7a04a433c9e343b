// What each part of the page is given beside the store.

import type { Index, Replay, Source } from "./data";
import type { Held } from "./held";

export interface Loaded {
  index: Index;
  /** The run that is shown now. It changes with `run` and `raid` of the store: read it again when either is among what
   *  changed. A campaign has no replay: then its tables are empty. */
  replay: () => Replay;
  source: Source;
  /** Replays of a mailed file: no others can be shown. Missing or empty where a server has any. */
  held?: readonly Held[];
  /** The run beside, once it is there; null or missing while one run is shown. */
  beside?: () => Second | null;
}

/** The run beside, with the study that it is of. */
export interface Second {
  index: Index;
  replay: Replay;
}
