// `npm run dev`, then /test/dev.html: the page on made-up data, without a server. "?many" takes the large size.

import { start } from "../src/app";
import { FEW, MANY, sampleSource } from "./sample";

void start(document.querySelector<HTMLElement>("#app")!, sampleSource(location.search === "?many" ? MANY : FEW));
