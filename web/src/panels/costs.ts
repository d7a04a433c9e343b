// What the scenario's programme costs, where it has one: means over runs by layer and phase, as the summary gives them.

import type { Index } from "../data";
import { scrolled, section, small, table, type Cell, type Column } from "./dom";
import { counted, money, withError } from "./format";
import type { Part } from "./loaded";
import { estimate, list, number, record, text, type Estimate, type Row } from "./summary";

/** Phases in words, in the order that money is spent. */
const PHASES: [string, string][] = [["development", "develop"], ["procurement", "buy"], ["launch", "launch"],
                                    ["replenishment", "replace"], ["operations", "operate"], ["disposal", "dispose"]];

const WORDS: Record<string, string> = {
  life_cycle: "constant dollars", then_year: "then-year dollars", discounted: "discounted",
  life_cycle_per_engaged: "for each threat fired at", life_cycle_per_defeated: "for each threat destroyed",
  attack_cost: "price of the threats launched", cost_exchange: "cost exchange: rounds over threats, a ratio",
  bought: "price of the rounds that came from lines",
};

export function costs(index: Index): Part | null {
  const found = record(index.summary.life_cycle);
  const layers = list(found.layers);
  const figures = record(found.figures);
  if (!layers.length && !Object.keys(figures).length) return null;
  const phases = record(found.phases);
  const used = PHASES.filter(([phase]) => number(phases[phase]));
  const columns: Column[] = [
    { head: "layer" }, ...used.map(([, head]) => ({ head, isNumber: true })),
    { head: "all", isNumber: true, hint: "Mean over runs with its standard error. Below: nine runs of ten lie between these two." },
  ];
  const cells = (given: Row) => used.map(([phase]) => money(number(given[phase])));
  const title = `Life-cycle cost, M$ of ${text(found.price_year)}, ${counted(number(found.years) ?? 0, "year")} from ${text(found.start)}`;
  const whole = ["all", ...cells(phases), amount(estimate(figures.life_cycle))];
  const byLayer = table(title, columns, layers.map((row) => [text(row.layer), ...cells(record(row.phases)), amount(estimate(row.all))]),
                        layers.length === 1 ? [] : whole);
  const rows = Object.entries(figures).map(([name, row]) => [WORDS[name] ?? name, amount(estimate(row))]);
  const all = table("In all, M$: mean over runs; below, 90 % of runs", [{ head: "money" }, { head: "mean", isNumber: true }], rows);
  return { element: section("What it costs", scrolled(byLayer), all) };
}

function amount(found: Estimate | null): Cell {
  if (!found) return "–";
  return [withError(found.value, found.error), found.low === null ? null : small(`${money(found.low)} to ${money(found.high)}`)];
}
