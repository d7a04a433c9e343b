// The parts that the frame holds. The reader of results: a stand-in until it is there.

import type { Source } from "./data";

export { mountGlobe } from "./globe/index";
export { mountMap } from "./map/index";
export { mountPanels } from "./panels/index";

export function source(): Source {
  const none = (): Promise<never> => Promise.reject(new Error("This page was built without a reader of results."));
  return { index: none, replay: none };
}
