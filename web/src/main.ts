import { start } from "./app";
import { source } from "./parts";

void start(document.querySelector<HTMLElement>("#app")!, source());
