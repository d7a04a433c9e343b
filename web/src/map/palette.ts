// Colours of globe and map, as `#rrggbb`: from the style sheet where it has them, else as given here.

import type { State } from "../state";

export interface Palette {
  threat: string;
  boost: string;
  decoy: string;
  interceptor: string;
  kill: string;
  leak: string;
  miss: string;
  cursor: string;
  ink: string;
  space: string;
  sea: string;
  land: string;
  coast: string;
  border: string;
  grid: string;
  night: string;
  fan: string;
  area: string;
  layers: string[];
  shells: string[];
}

type Colours = Omit<Palette, "layers" | "shells">;

const MEANING = { threat: "#d55e00", interceptor: "#56b4e9", kill: "#009e73", cursor: "#e69f00" };
const DARK: Colours = {
  ...MEANING, boost: "#f0e442", decoy: "#b08968", leak: "#ff8f70", miss: "#9aa5ad", ink: "#e8edf0", space: "#0a0f14",
  sea: "#0f1f2b", land: "#2a3942", coast: "#8296a0", border: "#55666f", grid: "#22343f", night: "#000408", fan: "#6fb7a8",
  area: "#e6c27a",
};
const LIGHT: Colours = {
  ...MEANING, interceptor: "#0072b2", kill: "#00795a", boost: "#a33b00", decoy: "#8a6a4f", leak: "#a3001f", miss: "#5f6a72",
  ink: "#12181d", space: "#f4f6f8", sea: "#d5e3ed", land: "#f8f5ec", coast: "#4d5f6b", border: "#a3aeb5", grid: "#c0d1dd",
  night: "#32475a", fan: "#1f7a68", area: "#8a5a00",
};
const LAYERS = ["#0072b2", "#56b4e9", "#009e73", "#e69f00", "#cc79a7", "#f0e442", "#d55e00", "#999999"];
const SHELLS = {
  dark: ["#9ad1e8", "#c9b6f2", "#e8dc7a", "#e3a6c5", "#b9c4cb", "#9fdcb8"],
  light: ["#1f6f8b", "#5b3fa0", "#766500", "#9b3e74", "#4f5a63", "#22704a"],
};
/** Custom property of the style sheet for a colour, where the name differs. */
const PROPERTY: Partial<Record<keyof Colours, string>> = { space: "--globe-space", area: "--globe-area" };

export function palette(element: Element, theme: State["theme"]): Palette {
  const style = getComputedStyle(element);
  const brush = document.createElement("canvas").getContext("2d")!;
  const read = (property: string, otherwise: string): string => {
    brush.fillStyle = otherwise;
    brush.fillStyle = style.getPropertyValue(property).trim() || otherwise;
    return brush.fillStyle.startsWith("#") ? brush.fillStyle : otherwise;
  };
  const base = theme === "dark" ? DARK : LIGHT;
  const colours = Object.fromEntries((Object.keys(base) as (keyof Colours)[])
    .map((name) => [name, read(PROPERTY[name] ?? `--${name}`, base[name])])) as unknown as Colours;
  return {
    ...colours,
    layers: LAYERS.map((colour, k) => read(`--layer-${k}`, colour)),
    shells: SHELLS[theme].map((colour, k) => read(`--shell-${k}`, colour)),
  };
}

/** Red, green and blue, 0 to 1. */
export function rgb(colour: string): [number, number, number] {
  const n = Number.parseInt(colour.slice(1, 7), 16);
  return [(n >> 16) / 255, ((n >> 8) & 255) / 255, (n & 255) / 255];
}
