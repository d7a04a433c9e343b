// The answer of the study in large figures: the numbers of `Results.summary()`.

import type { Index } from "../data";
import { element, section } from "./dom";
import { counted, level, share, withError } from "./format";
import { notes } from "./leaks";
import type { Part } from "./loaded";
import { estimate, record, type Estimate } from "./summary";

export function answer(index: Index): Part {
  const total = record(index.summary.total);
  const cards = [
    card("Leak-through", estimate(record(index.summary.leak_through).all), share),
    card("Rounds fired", estimate(total.shots), level),
    card("Threats destroyed", estimate(total.kills), level),
    card(`Cost of what was fired, M$ of ${index.price_year}`, estimate(total.cost_musd), level),
  ].filter((made) => made !== null);
  const how = `${counted(index.runs, "run")}, seed ${index.seed}, ${index.fidelity}`;
  return { element: section("The answer", element("p", { class: "soft" }, how),
                            cards.length ? element("dl", { class: "answer" }, ...cards) : null, notes(index)) };
}

function card(name: string, found: Estimate | null, shown: (value: number | null) => string): HTMLElement | null {
  if (!found) return null;
  const band = found.low === null ? "" : `9 runs of 10: ${shown(found.low)} to ${shown(found.high)}`;
  return element("div", {}, element("dt", {}, name), element("dd", {}, withError(found.value, found.error), element("small", {}, band)));
}
