// The parts that the frame holds, and the reader of results.

import type { Source } from "./data";
import { sourceOf } from "./source";

export { mountGlobe } from "./globe/index";
export { mountMap } from "./map/index";
export { mountPanels } from "./panels/index";

export function source(): Source {
  return sourceOf(document);
}
