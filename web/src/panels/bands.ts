// Means with their bands over runs, one line each: a bar or a point, whiskers over 90 % of the runs.

import { axis, chart, tip, type Chart, type Palette } from "../charts";
import { share } from "./format";

export interface Banded {
  name: string;
  value: number;
  low: number | null;
  high: number | null;
  /** What was observed, where it is known. */
  observed?: number | null;
}

const ROW_PX = 24;
const NAME_MAX = 24;

/** Shares from 0 to 1, one row each, the first on top. */
export function bands(label: string, rows: Banded[], isObserved = false): Chart {
  const told = rows.map((row) => `${row.name} ${share(row.value)}`).join(", ");
  return chart(`${label}: ${told}.`, 60 + ROW_PX * rows.length, (colours) => optionOf(rows, isObserved, colours));
}

type Item = { data: { told: string } };
interface Place {
  coordSys: { x: number };
}
interface Api {
  value(dimension: number): number;
  coord(at: [number, number]): [number, number];
}

function optionOf(rows: Banded[], isObserved: boolean, colours: Palette) {
  const items = rows.map((row, k) => ({ value: [row.value, k], told: toldOf(row) }));
  const whiskers = rows.map((row, k) => ({ value: [row.low ?? row.value, k, row.high ?? row.value], told: toldOf(row) }));
  const seen = rows.flatMap((row, k) => (typeof row.observed === "number" ? [{ value: [row.observed, k], told: toldOf(row) }] : []));
  return {
    grid: { left: 8, right: 16, top: isObserved ? 28 : 6, bottom: 8, containLabel: false, outerBoundsMode: "same" },
    legend: isObserved ? { top: 0, left: 0, itemHeight: 9, textStyle: { color: colours.ink, fontSize: 11 }, data: ["simulated", "observed"] } : undefined,
    tooltip: tip(colours, { trigger: "item", formatter: (at: Item) => at.data.told }),
    xAxis: axis(colours, { type: "value", min: 0, max: isObserved ? 1 : undefined, position: "bottom", axisLabel: { hideOverlap: true } }),
    yAxis: axis(colours, { type: "category", inverse: true, data: rows.map(({ name }) => name), splitLine: { show: false },
                          axisLabel: { color: colours.ink, fontSize: 11, formatter: clipped } }),
    series: [
      isObserved
        ? { type: "scatter", name: "simulated", symbol: "circle", symbolSize: 8, color: colours.layers[0], data: items }
        : { type: "bar", name: "simulated", barWidth: 11, color: colours.threat, data: items },
      { type: "custom", name: "90 % of runs", color: colours.ink, data: whiskers, encode: { x: [0, 2], y: 1 },
        renderItem: (_: Place, api: Api) => whisker(api, isObserved ? colours.layers[0]! : colours.ink) },
      { type: "scatter", name: "observed", symbol: "diamond", symbolSize: 11, color: colours.cursor, z: 5, data: seen },
    ],
  };
}

function whisker(api: Api, colour: string) {
  const [x0, y] = api.coord([api.value(0), api.value(1)]);
  const [x1] = api.coord([api.value(2), api.value(1)]);
  const line = (a: number, b: number, c: number, d: number) =>
    ({ type: "line", shape: { x1: a, y1: b, x2: c, y2: d }, style: { stroke: colour, lineWidth: 1.5 } });
  return { type: "group", children: [line(x0, y, x1, y), line(x0, y - 4, x0, y + 4), line(x1, y - 4, x1, y + 4)] };
}

function toldOf({ name, value, low, high, observed }: Banded): string {
  const band = low === null || high === null ? "" : `; 90 % of runs: ${share(low)} to ${share(high)}`;
  const seen = typeof observed === "number" ? `; observed: ${share(observed)}` : "";
  return `${name}: ${share(value)}${band}${seen}`;
}

function clipped(name: string): string {
  return name.length <= NAME_MAX ? name : `${name.slice(0, NAME_MAX - 1)}…`;
}
