// Moments that the reader keeps: a name and a link each, by scenario, in this browser alone.

import { tPlus } from "./clock";
import { button, el, setText } from "./dom";
import { icon } from "./icons";
import { writeLink } from "./link";
import type { State, Store } from "./state";

export interface Moment {
  name: string;
  /** Fragment without "#". */
  link: string;
}

const MOST = 100;
const NAME_MAX = 80;

/** Where they are kept: by scenario, so that another run of the same one has the same list. */
export function placeOf(scenario_sha256: string): string {
  return `opendome moments ${scenario_sha256}`;
}

/** What is kept; what cannot be read is none. */
export function readMoments(place: string): Moment[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(place) ?? "[]");
    return Array.isArray(found) ? found.filter(isMoment).slice(0, MOST) : [];
  } catch {
    return []; // a browser that keeps nothing, or what another program wrote there
  }
}

/** Whether the browser keeps it. */
export function writeMoments(place: string, moments: readonly Moment[]): boolean {
  try {
    localStorage.setItem(place, JSON.stringify(moments));
    return true;
  } catch {
    return false;
  }
}

function isMoment(found: unknown): found is Moment {
  if (typeof found !== "object" || found === null || !("name" in found && "link" in found)) return false;
  return typeof found.name === "string" && typeof found.link === "string";
}

/** "T+00:25:00, salvo, run 0 beside run 1". */
export function nameOf({ t_s, raid, run, beside }: Readonly<State>): string {
  const two = beside === null ? "" : ` beside ${beside.of === "other" ? "the other study's " : ""}run ${beside.run}`;
  return `${tPlus(t_s)}, ${raid}, run ${run}${two}`;
}

/** What is copied: one line each, its name and its whole address. */
export function asText(moments: readonly Moment[], page: string): string {
  return moments.map(({ name, link }) => `${name}: ${page}#${link}`).join("\n");
}

export interface Ways {
  say: (sentence: string) => void;
  go: (link: string) => void;
}

/** The list in the left column, above the log. Returns what keeps the moment shown. */
export function mountMoments(root: HTMLElement, store: Store, scenario_sha256: string, { say, go }: Ways): () => void {
  const place = placeOf(scenario_sha256);
  const list = el("ul", { "aria-label": "Kept moments" });
  const head = el("summary", {});
  let moments = readMoments(place);

  const change = (next: Moment[]): boolean => {
    moments = next;
    draw();
    return writeMoments(place, moments);
  };
  const keep = (): void => {
    if (moments.length >= MOST) {
      say(`${MOST} moments are kept already: let one go first.`);
      return;
    }
    const isKept = change([...moments, { name: nameOf(store.state), link: writeLink(store.state) }]);
    box.open = true;
    say(isKept ? "Kept: it is in the list on the left." : "Kept while this page is open: the browser stores nothing for it.");
  };
  const copy = (): void => {
    const text = asText(moments, location.href.replace(/#.*$/, ""));
    const copied = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject(new Error("no clipboard"));
    copied.then(() => say(`${moments.length} links copied.`), () => say("The browser does not let the page copy: use the address bar, one by one."));
  };
  const line = (moment: Moment, k: number): HTMLLIElement => {
    const name = el("input", { type: "text", maxlength: NAME_MAX, "aria-label": `Name of moment ${k + 1}`, title: moment.name, value: moment.name });
    name.addEventListener("change", () => { change(moments.map((one, i) => (i === k ? { ...one, name: name.value } : one))); });
    return el("li", {}, button(`Go to ${moment.name}`, () => go(moment.link), icon("play")), name,
              button(`Let ${moment.name} go`, () => { change(moments.filter((_, i) => i !== k)); head.focus(); }, icon("close")));
  };
  const draw = (): void => {
    setText(head, `Moments (${moments.length})`);
    list.replaceChildren(...moments.map(line));
    copies.disabled = !moments.length;
  };
  const copies = button("Copy all links", copy);
  const box = el("details", { class: "moments" }, head, list,
                 el("div", { class: "buttons" }, button("Keep this moment", keep), copies));
  root.insertBefore(box, root.querySelector(".log"));
  draw();
  return keep;
}
