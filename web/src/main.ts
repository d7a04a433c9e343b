import { start } from "./app";
import { heldIn } from "./held";
import { sourceOf } from "./parts";

void start(document.querySelector<HTMLElement>("#app")!, sourceOf(document), heldIn(document));
