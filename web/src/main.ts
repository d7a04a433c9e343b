import { start } from "./app";
import { heldIn } from "./held";
import { sourceOf } from "./parts";
import { startStudio, STUDIO_PATH } from "./studio/index";

const root = document.querySelector<HTMLElement>("#app")!;
if (location.pathname === STUDIO_PATH) void startStudio(root);
else void start(root, sourceOf(document), heldIn(document));
