// Rounds left by layer over the raid, with the cursor. Steps are the shots of the events table.

import { chart, axis, DASHES, timeStep, tip, type Palette } from "../charts";
import type { Index, Replay } from "../data";
import type { State, Store } from "../state";
import { upTo } from "../story";
import { layerTimes, type LayerTimes } from "./counts";
import { element, scrolled, section, table } from "./dom";
import { clock, short } from "./format";
import type { Part } from "./loaded";

const HEIGHT_PX = 210;

/** The curve; a click on it moves the clock there. */
export function stockCurve(index: Index, replay: Replay, store: Store): Part | null {
  const layers = layerTimes(index, replay)
    .map((layer, k) => ({ ...layer, k }))
    .filter(({ stock }) => stock !== null && stock > 0);
  if (!layers.length) return null;
  const end_s = replay.meta.end_s;
  const cursor = element("div", { class: "cursor" });
  let t_s = 0;
  const place = () => {
    const x = drawn.xOf(Math.min(t_s, end_s));
    cursor.hidden = x === null;
    if (x !== null) cursor.style.transform = `translateX(${x}px)`;
  };
  const drawn = chart(labelOf(layers), HEIGHT_PX, (colours) => optionOf(layers, end_s, colours), place);
  const box = element("div", { class: "with-cursor" }, drawn.element, cursor);
  box.addEventListener("click", (event) => {
    const at_s = drawn.valueAt(event.clientX - box.getBoundingClientRect().left);
    if (at_s !== null && at_s >= 0 && at_s <= end_s) store.set({ t_s: at_s });
  });
  const made = section(
    "Rounds left",
    box,
    element("p", { class: "soft" }, "Per cent of the rounds at the start of the raid."),
    element("details", {}, element("summary", {}, "Table"), scrolled(stockTable(layers, end_s))),
  );
  return {
    element: made,
    show: (state: Readonly<State>) => {
      t_s = state.t_s;
      place();
    },
    recolour: drawn.redraw,
    stop: drawn.stop,
  };
}

/** Corners of the curve of a layer: time, per cent of the first stock, rounds. Shots at one instant are one step. */
export function steps(layer: LayerTimes, end_s: number): [number, number, number][] {
  const stock = layer.stock ?? 0;
  const point = (t_s: number, fired: number): [number, number, number] => [
    t_s,
    (100 * (stock - fired)) / stock,
    stock - fired,
  ];
  const found = [point(0, 0)];
  layer.shots.forEach((t_s, k) => {
    if (found.at(-1)![0] === t_s) found.pop();
    found.push(point(t_s, k + 1));
  });
  if (found.at(-1)![0] < end_s) found.push(point(end_s, layer.shots.length));
  return found;
}

function labelOf(layers: LayerTimes[]): string {
  const told = layers.map(
    ({ layer, stock, shots }) => `${layer} from ${short(stock)} to ${short(stock! - shots.length)}`,
  );
  return `Rounds left by layer over the raid: ${told.join(", ")}.`;
}

/** Layers with their place in the scenario: colour and line go by it, whichever layers are drawn. */
type Placed = LayerTimes & { k: number };

function optionOf(layers: Placed[], end_s: number, colours: Palette) {
  return {
    grid: { left: 44, right: 14, top: 44, bottom: 26 },
    legend: {
      type: "plain",
      top: 0,
      left: 0,
      itemWidth: 26,
      itemHeight: 8,
      textStyle: { color: colours.ink, fontSize: 11 },
    },
    tooltip: tip(colours, {
      trigger: "item",
      formatter: (at: { seriesName: string; data: [number, number, number] }) =>
        `${at.seriesName}, ${clock(at.data[0])}: ${short(at.data[2])} rounds left`,
    }),
    xAxis: axis(colours, {
      type: "value",
      min: 0,
      max: end_s,
      interval: timeStep(end_s),
      axisLabel: { formatter: clock, hideOverlap: true, showMaxLabel: false },
    }),
    yAxis: axis(colours, {
      type: "value",
      min: (at: { min: number }) => Math.min(0, at.min),
      max: 100,
      axisLabel: { formatter: "{value} %" },
    }),
    series: layers.map(({ k, ...layer }) => ({
      type: "line",
      name: layer.layer,
      step: "end",
      symbol: "circle",
      symbolSize: 5,
      showSymbol: false,
      data: steps(layer, end_s),
      lineStyle: { width: 2, type: DASHES[k % DASHES.length] },
      color: colours.layers[k % colours.layers.length],
    })),
  };
}

const TABLE_ROWS = 12;

/** Rounds left at equal steps of time. */
function stockTable(layers: LayerTimes[], end_s: number): HTMLTableElement {
  const times = Array.from({ length: TABLE_ROWS + 1 }, (_, k) => (k * end_s) / TABLE_ROWS);
  const columns = [{ head: "time" }, ...layers.map(({ layer }) => ({ head: layer, isNumber: true }))];
  return table(
    "Rounds left",
    columns,
    times.map((t_s) => [clock(t_s), ...layers.map((layer) => short(layer.stock! - upTo(layer.shots, t_s)))]),
  );
}
