// `npm run dev`, then /test/studio-dev.html: the studio on made-up answers, without a server.

import { startStudio } from "../src/studio/index";
import { sampleApi } from "./studio-sample";

void startStudio(document.querySelector<HTMLElement>("#app")!, sampleApi());
