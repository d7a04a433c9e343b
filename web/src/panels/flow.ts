// Where threats of the run shown ended: a flow from their types into kills by layer, leaks by reason, and the rest.

import { chart, tip, type Palette } from "../charts";
import type { Index, Replay } from "../data";
import { element, scrolled, section, table } from "./dom";
import { flowsOf, reasonRows, type EndKind, type Flows } from "./fates";
import { short, withError } from "./format";
import type { Part } from "./loaded";

const ROW_PX = 30;

export function flow(index: Index, replay: Replay): Part | null {
  const layers = index.layers.map(({ name }) => name);
  const found = flowsOf(replay.objects, layers);
  if (!found.flows.length) return null;
  const height_px = 40 + ROW_PX * Math.max(found.sources.length, found.ends.length, 4);
  const drawn = chart(labelOf(found), height_px, (colours, width_px) => optionOf(found, layers, colours, width_px));
  const made = section("Where threats end", drawn.element,
                       element("p", { class: "soft" }, `The whole of run ${replay.run}, ${replay.raid}; decoys apart.`),
                       element("details", {}, element("summary", {}, "Table"), scrolled(flowTable(found))));
  return { element: made, recolour: drawn.redraw, stop: drawn.stop };
}

export function reasons(index: Index, replay: Replay): Part | null {
  const rows = reasonRows(replay.objects, index.summary.reasons);
  if (!rows.length) return null;
  const made = table("Leakers by reason", [
    { head: "reason" },
    { head: "this run", isNumber: true, hint: "Leakers of the run and raid shown, by the reason that the run recorded." },
    { head: "all runs", isNumber: true, hint: "Share of all leakers: mean over the runs of the study that had any, with its standard error." },
  ], rows.map(({ reason, n, mean }) => [reason, short(n), mean ? withError(mean.value, mean.error) : "–"]));
  return { element: section("Why it leaked", made) };
}

function labelOf({ sources, ends }: Flows): string {
  const told = (column: { name: string; n: number }[]) => column.map(({ name, n }) => `${name} ${n}`).join(", ");
  return `Flow of threats. From: ${told(sources)}. To: ${told(ends)}.`;
}

function flowTable({ sources, ends, flows }: Flows): HTMLTableElement {
  const counts = new Map(flows.map(({ from, to, n }) => [JSON.stringify([from, to]), n]));
  const columns = [{ head: "" }, ...sources.map(({ name }) => ({ head: name, isNumber: true })), { head: "all", isNumber: true }];
  const rows = ends.map((end) => [end.name, ...sources.map(({ name }) => short(counts.get(JSON.stringify([name, end.name])) ?? 0)), short(end.n)]);
  const total = sources.reduce((sum, { n }) => sum + n, 0);
  return table("Number of threats", columns, rows, ["all", ...sources.map(({ n }) => short(n)), short(total)]);
}

/** Names of the two columns are kept apart, in case a type is called like an end. */
const from = (name: string) => `from ${name}`;
const to = (name: string) => `to ${name}`;

function optionOf({ sources, ends, flows }: Flows, layers: string[], colours: Palette, width_px: number) {
  const names = new Map([...sources.map(({ name, n }): [string, string] => [from(name), `${name} ${short(n)}`]),
                         ...ends.map(({ name, n }): [string, string] => [to(name), `${short(n)} ${name}`])]);
  const label = { color: colours.ink, fontSize: 11, width: width_px * 0.46, overflow: "truncate",
                  formatter: (at: { name: string }) => names.get(at.name) ?? "",
                  textBorderColor: colours.paper, textBorderWidth: 3 };
  return {
    tooltip: tip(colours, { trigger: "item", formatter: (at: { dataType: string; name: string; data: { told?: string } }) =>
      at.data.told ?? names.get(at.name) ?? "" }),
    series: [{
      type: "sankey", left: 2, right: 2, top: 6, bottom: 6, nodeWidth: 10, nodeGap: 16, draggable: false, layoutIterations: 0,
      emphasis: { focus: "adjacency" }, label,
      lineStyle: { color: "target", opacity: 0.35, curveness: 0.5 },
      data: [...sources.map(({ name }) => ({ name: from(name), depth: 0, itemStyle: { color: colours.threat }, label: { position: "right" } })),
             ...ends.map(({ name, kind }) => ({ name: to(name), depth: 1, itemStyle: { color: colourOf(name, kind, layers, colours) },
                                               label: { position: "left" } }))],
      links: flows.map(({ from: source, to: target, n }) =>
        ({ source: from(source), target: to(target), value: n, told: `${source} → ${target}: ${short(n)}` })),
    }],
  };
}

/** Kills have the colour of their layer; leaks, and what came to nothing, one each. */
function colourOf(name: string, kind: EndKind, layers: string[], colours: Palette): string {
  if (kind === "leaked") return colours.leak;
  if (kind !== "destroyed") return colours.muted;
  const k = layers.indexOf(name.slice("destroyed: ".length));
  return k < 0 ? colours.kill : colours.layers[k % colours.layers.length]!;
}
