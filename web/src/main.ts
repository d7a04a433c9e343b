import { Store } from "./state";

document.querySelector("#app")!.textContent = String(Store.name);
