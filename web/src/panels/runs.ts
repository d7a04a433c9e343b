// The runs of a study: how leakers are distributed, and the list to replay one from.

import { axis, chart, tip, type Palette } from "../charts";
import type { Index } from "../data";
import type { Held } from "../held";
import { besideOf, type State, type Store } from "../state";
import { element, row, scrolled, section, table, type Cell, type Column } from "./dom";
import { counted, money, share, short } from "./format";
import type { Part } from "./loaded";
import { binName, histogram, runRows, type Bin, type RunRow } from "./outcomes";

const HEIGHT_PX = 190;
/** Rows of the list that are shown at first, and how many more each time. */
const PAGE = 50;

export function distribution(index: Index, store: Store): Part | null {
  const { run, leakers } = index.outcomes;
  const bins = histogram(leakers);
  if (!bins.length) return null;
  const leakersOf = (shown: number) => leakers[run.indexOf(shown)] ?? null;
  const drawn = chart(labelOf(bins), HEIGHT_PX, (colours) => optionOf(bins, leakersOf(store.state.run), colours));
  let shown = store.state.run;
  return {
    element: section(
      "Leakers over runs",
      drawn.element,
      element(
        "p",
        { class: "soft" },
        `${counted(leakers.length, "run")}; all raids of a run together. The bar of the run shown has an outline.`,
      ),
      element(
        "details",
        {},
        element("summary", {}, "Table"),
        table(
          "Runs by number of leakers",
          [{ head: "leakers" }, { head: "runs", isNumber: true }],
          bins.map((bin) => [binName(bin), short(bin.runs)]),
        ),
      ),
    ),
    show: (state) => {
      if (state.run !== shown) drawn.redraw();
      shown = state.run;
    },
    recolour: drawn.redraw,
    stop: drawn.stop,
  };
}

function labelOf(bins: Bin[]): string {
  const told = bins.map((bin) => `${binName(bin)} in ${counted(bin.runs, "run")}`);
  return `Runs by number of leakers: ${told.join(", ")}.`;
}

function optionOf(bins: Bin[], marked: number | null, colours: Palette) {
  return {
    grid: { left: 40, right: 12, top: 12, bottom: 40 },
    tooltip: tip(colours, {
      trigger: "item",
      formatter: (at: { dataIndex: number }) =>
        `${binName(bins[at.dataIndex]!)} leakers: ${counted(bins[at.dataIndex]!.runs, "run")}`,
    }),
    xAxis: axis(colours, {
      type: "category",
      data: bins.map(binName),
      name: "leakers",
      nameLocation: "middle",
      nameGap: 24,
      axisLabel: { hideOverlap: true },
    }),
    yAxis: axis(colours, { type: "value", minInterval: 1, name: "runs", nameLocation: "middle", nameGap: 28 }),
    series: [
      {
        type: "bar",
        barCategoryGap: "12%",
        color: colours.threat,
        data: bins.map(({ from, to, runs }) =>
          marked !== null && from <= marked && marked <= to
            ? { value: runs, itemStyle: { borderColor: colours.ink, borderWidth: 2 } }
            : runs,
        ),
      },
    ],
  };
}

/** `held`: the replays of a mailed file, where no others can stand beside. */
export function runList(index: Index, store: Store, held: readonly Held[] = []): Part | null {
  const rows = runRows(index.outcomes);
  if (!rows.length) return null;
  const raid = element("select", {}, ...index.raids.map(({ name }) => element("option", { value: name }, name)));
  const find = element("input", { type: "search", inputmode: "numeric", placeholder: "all" });
  const columns = columnsOf(index);
  const made = table("Runs, most leakers first", columns, []);
  const body = made.tBodies[0]!;
  const more = element("button", { type: "button" }, "Show more");
  const said = element("p", { class: "soft", role: "status" });
  let limit = PAGE;

  const fill = () => {
    const found = rows.filter((one) => !find.value.trim() || String(one.run) === find.value.trim());
    body.replaceChildren(...found.slice(0, limit).map((one) => lineOf(one, columns, store, raid, besideButton(one.run, store, held))));
    more.hidden = found.length <= limit;
    said.textContent = found.length
      ? `${Math.min(limit, found.length)} of ${counted(found.length, "run")} shown`
      : "No such run";
    mark(body, store.state);
  };
  find.addEventListener("input", fill);
  more.addEventListener("click", () => {
    limit += PAGE;
    fill();
  });
  raid.value = store.state.raid;
  fill();
  const choose = index.raids.length > 1 ? element("label", {}, "Raid to replay ", raid) : null;
  const bar = element("div", { class: "bar" }, choose, element("label", {}, "Run number ", find));
  return {
    element: section("Runs", picks(rows, store, raid), bar, scrolled(made), more, said),
    show: (state) => mark(body, state),
  };
}

/** Buttons for the runs that people open first. */
function picks(rows: RunRow[], store: Store, raid: HTMLSelectElement): HTMLElement {
  const marked = rows.filter(({ marks }) => marks.length);
  return element(
    "div",
    { class: "bar" },
    ...marked.flatMap((one) =>
      one.marks.map((name) => {
        const made = element(
          "button",
          { type: "button" },
          `Replay ${name}: run ${one.run}, ${counted(one.leakers, "leaker")}`,
        );
        made.addEventListener("click", () => replay(one.run, store, raid));
        return made;
      }),
    ),
  );
}

function columnsOf(index: Index): Column[] {
  const sum = "in this run, all raids together";
  return [
    { head: "run", isNumber: true, hint: "Number of the run. The same seed and number give the same run." },
    { head: "leakers", isNumber: true, hint: `Threats that came down in a defended area ${sum}.` },
    { head: "share", isNumber: true, hint: `Leakers over threats launched ${sum}.` },
    { head: "shots", isNumber: true, hint: `Rounds fired ${sum}.` },
    { head: "kills", isNumber: true, hint: `Threats destroyed, decoys apart, ${sum}.` },
    { head: "cost, M$", isNumber: true, hint: `Price of the rounds fired ${sum}, M$ of ${index.price_year}.` },
    { head: "" },
  ];
}

function besideButton(run: number, store: Store, held: readonly Held[]): HTMLElement | null {
  if (held.length && !held.some((one) => one.run === run)) return null;
  const made = element("button", { type: "button", "aria-label": `Show run ${run} beside` }, "beside");
  made.addEventListener("click", () => store.set({ beside: besideOf("this", run), panel: "replay" }));
  return made;
}

function lineOf(one: RunRow, columns: Column[], store: Store, raid: HTMLSelectElement, beside: HTMLElement | null): HTMLTableRowElement {
  const button = element("button", { type: "button", "aria-label": `Replay run ${one.run}` }, "replay");
  button.addEventListener("click", () => replay(one.run, store, raid));
  const name: Cell = [
    String(one.run),
    ...one.marks.map((found) => element("span", { class: `run-mark ${found}` }, found)),
  ];
  const made = row(columns, [
    name,
    short(one.leakers),
    share(one.leak_through),
    short(one.shots),
    short(one.kills),
    money(one.cost_musd),
    [button, " ", beside],
  ]);
  made.dataset["run"] = String(one.run);
  return made;
}

function replay(run: number, store: Store, raid: HTMLSelectElement): void {
  store.set({ run, raid: raid.value || store.state.raid, t_s: 0, panel: "replay" });
}

function mark(body: HTMLTableSectionElement, { run }: Readonly<State>): void {
  for (const line of body.rows) {
    if (line.dataset["run"] === String(run)) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
}
