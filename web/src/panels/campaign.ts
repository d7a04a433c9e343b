// A campaign: stocks by owner and interceptor, when they run out and are back, what leaks, what lines make.

import type { Index } from "../data";
import { element, scrolled, section, table, type Cell, type Column } from "./dom";
import { perCent, short } from "./format";
import { notes, withBand } from "./leaks";
import type { Part } from "./loaded";
import { estimate, list, number, record, text, type Row } from "./summary";

const BAND = "Median over runs; in brackets, eight runs of ten.";

export interface StockRow {
  interceptor: string;
  owner: string;
  start: string;
  lowest: string;
  lowestIn: string;
  exhausted: string;
  level: string;
  back: string;
}

/** A row for every stock, in words: months as `2029-06 (2029-01 to 2030-02)`. */
export function stockRows(summary: Row): StockRow[] {
  return list(summary.stocks).map((row) => {
    const median = (name: string) => number(record(row[name]).median);
    const [start, lowest] = [median("start"), median("lowest")];
    const isLower = start !== null && lowest !== null && lowest < start;
    const until = text(summary.until);
    return {
      interceptor: text(row.interceptor), owner: text(row.owner), start: short(start),
      lowest: isLower ? short(lowest) : "–",
      lowestIn: isLower ? text(record(row.lowest_month).median) : "–",
      exhausted: number(row.share_exhausted) ? `${months(row.exhausted, "never")}, ${perCent(number(row.share_exhausted)!)} of runs` : "never",
      level: short(median("level")),
      back: number(row.share_fell) ? months(row.back, "later") + late(number(row.share_not_back) ?? 0, until) : "did not fall",
    };
  });
}

/** Median and band of a month; `never` stands for those that do not come. */
export function months(found: unknown, never: string): string {
  const row = record(found);
  const [median, low, high] = ["median", "low", "high"].map((key) => text(row[key]) || never);
  return median === low && median === high ? median! : `${median} (${low} to ${high})`;
}

function late(share: number, until: string): string {
  return share ? `, not by ${until} in ${perCent(share)} of runs` : "";
}

export function stocks(index: Index): Part | null {
  const rows = stockRows(index.summary);
  if (!rows.length) return null;
  const columns: Column[] = [
    { head: "interceptor" }, { head: "owner" },
    { head: "at the start", isNumber: true, hint: "Rounds, median over runs." },
    { head: "lowest", isNumber: true, hint: "Fewest rounds at the end of a month, median over runs; – where never fewer than at the start." },
    { head: "in", isNumber: true, hint: "The month of the lowest stock, median over runs." },
    { head: "exhausted", hint: `First month with nothing left, or less than was wanted. ${BAND}` },
    { head: "level", isNumber: true, hint: "Rounds that count as being back, median over runs." },
    { head: "back", hint: `Month from which on the stock is at its level to the end. ${BAND}` },
  ];
  const cells = rows.map((row) => [row.interceptor, row.owner, row.start, row.lowest, row.lowestIn, row.exhausted, row.level, row.back]);
  const span = `${text(index.summary.start)} to ${text(index.summary.until)}`;
  return { element: section("Stocks and months", element("p", { class: "soft" }, span), scrolled(table("Rounds by owner and interceptor", columns, cells)), notes(index)) };
}

export function raidsOfCampaign(index: Index): Part | null {
  const rows = list(index.summary.campaigns);
  if (!rows.length) return null;
  const made = table("By campaign and class of threat: means over runs", [
    { head: "campaign" }, { head: "class" }, { head: "launched", isNumber: true }, { head: "fired at", isNumber: true, hint: "Share of the threats launched." },
    { head: "leak-through", isNumber: true, hint: "Share of the threats launched; mean over runs with its standard error, below it 90 % of runs." },
  ], rows.map((row) => [text(row.campaign), text(row.threat_class), short(number(row.launched)), perCent(number(row.engaged) ?? 0),
                        withBand(estimate(row), true)]));
  return { element: section("Raids", scrolled(made)) };
}

const MAKERS: [string, string, boolean][] = [["made", "built", false], ["used", "share of capacity", true],
                                             ["short", "not for want of parts", false], ["idle", "none due", false]];

export function makers(index: Index, which: "lines" | "components"): Part | null {
  const rows = list(index.summary[which]);
  const used = MAKERS.filter(([name]) => rows.some((row) => estimate(row[name])));
  if (!rows.length || !used.length) return null;
  const made = table("Means over runs with standard error; below, 90 % of runs",
                     [{ head: which === "lines" ? "line" : "component" }, ...used.map(([, head]) => ({ head, isNumber: true }))],
                     rows.map((row): Cell[] => [text(row.maker), ...used.map(([name, , isShare]) => withBand(estimate(row[name]), isShare))]));
  return { element: section(which === "lines" ? "Lines" : "Components", scrolled(made)) };
}
