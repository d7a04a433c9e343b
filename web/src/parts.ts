// The parts that the frame holds.

export { mountGlobe } from "./globe/index";
export { mountMap } from "./map/index";
export { mountPanels } from "./panels/index";
export { otherSource, sourceOf } from "./source";
