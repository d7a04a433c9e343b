// Charts by ECharts, only the pieces in use, drawn as SVG. Colours come from the style sheet's custom properties.

import { BarChart, CustomChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

let isReady = false;

export interface Palette {
  ink: string;
  paper: string;
  muted: string;
  line: string;
  threat: string;
  kill: string;
  leak: string;
  cursor: string;
  layers: string[];
  font: string;
}

/** Fallbacks for a page without the style sheet. */
const PLAIN = { ink: "#1d232b", paper: "#ffffff", muted: "#5d6672", line: "#c8ced6", threat: "#D55E00", kill: "#009E73",
                leak: "#8a2b0d", cursor: "#E69F00" };
const LAYERS = ["#0072B2", "#56B4E9", "#009E73", "#E69F00", "#CC79A7", "#D55E00", "#8A8F98", "#F0E442"];

export function palette(from: HTMLElement): Palette {
  const style = getComputedStyle(from);
  const get = (name: string, plain: string) => style.getPropertyValue(`--${name}`).trim() || plain;
  const plain = Object.fromEntries(Object.entries(PLAIN).map(([name, colour]) => [name, get(name, colour)])) as typeof PLAIN;
  return { ...plain, layers: LAYERS.map((colour, k) => get(`layer-${k}`, colour)), font: style.fontFamily || "sans-serif" };
}

export interface Chart {
  element: HTMLElement;
  redraw(): void;
  /** Place of a value of the x axis inside the element, px; null before it is drawn. */
  xOf(value: number): number | null;
  stop(): void;
}

/** A chart that draws itself as soon as it has a size, and again when that changes. `label` is read aloud. */
export function chart(label: string, height_px: number, option: (colours: Palette, width_px: number) => EChartsCoreOption,
                      drawn?: () => void): Chart {
  if (!isReady) {
    use([LineChart, BarChart, SankeyChart, ScatterChart, CustomChart, GridComponent, TooltipComponent, LegendComponent,
         AriaComponent, SVGRenderer]);
    isReady = true;
  }
  const element = document.createElement("div");
  element.className = "chart";
  element.style.height = `${height_px}px`;
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", label);
  let made: EChartsType | null = null;

  function redraw(): void {
    if (!element.clientWidth) return;
    made ??= init(element, null, { renderer: "svg" });
    made.resize();
    const colours = palette(element);
    made.setOption({ ...common(colours), ...option(colours, element.clientWidth) }, { notMerge: true });
    drawn?.();
  }

  const watcher = new ResizeObserver(redraw);
  watcher.observe(element);
  return {
    element,
    redraw,
    xOf: (value) => (made ? (made.convertToPixel({ xAxisIndex: 0 }, value) as number) : null),
    stop: () => {
      watcher.disconnect();
      made?.dispose();
    },
  };
}

/** What all charts share: no movement, patterns beside colours, tips drawn as text (never as markup). */
function common(colours: Palette): EChartsCoreOption {
  return {
    animation: false,
    color: colours.layers,
    textStyle: { color: colours.ink, fontFamily: colours.font, fontSize: 12 },
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
  };
}

export function tip(colours: Palette, more: Record<string, unknown>): Record<string, unknown> {
  return { renderMode: "richText", confine: true, backgroundColor: colours.paper, borderColor: colours.line,
           textStyle: { color: colours.ink, fontSize: 12 }, ...more };
}

/** An axis in the page's colours. */
export function axis(colours: Palette, more: Record<string, unknown>): Record<string, unknown> {
  const { axisLabel, ...rest } = more;
  return { axisLine: { lineStyle: { color: colours.line } }, axisTick: { lineStyle: { color: colours.line } },
           splitLine: { lineStyle: { color: colours.line, opacity: 0.5 } }, nameTextStyle: { color: colours.muted },
           axisLabel: { color: colours.muted, ...(axisLabel as object | undefined) }, ...rest };
}

/** Step of a time axis in round minutes or hours, for at most `most` of them, s. */
export function timeStep(end_s: number, most = 4): number {
  const round = [60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200];
  return round.find((step_s) => end_s / step_s <= most) ?? 86400 * Math.ceil(end_s / most / 86400);
}

/** Line styles, so that layers differ by more than colour. */
export const DASHES: (string | number[])[] = ["solid", [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 4], [10, 2, 2, 2, 2, 2], [1, 3]];
