// The scoreboards of two runs next to each other, layer by layer. Nothing is subtracted: both counts stand there.

import type { State } from "../state";
import type { Second } from "../loaded";
import { layerTimes, threatTimes } from "./counts";
import { element, scrolled, section, small, table, write } from "./dom";
import { clock } from "./format";
import type { Part } from "./loaded";
import { beside, columnsOf, FIGURES, noDefence, threatWords, writeScores } from "./scoreboard";
import { estimate, list, record, text, type Row } from "./summary";

const ALL = "all";

type Side = ReturnType<typeof sideOf>;

/** Layers that only the run beside has come last. */
export function scoreboardOfTwo(one: Second, two: Second): Part {
  const sides = [sideOf("A", one), sideOf("B", two)];
  const made = table("By layer of the defence, A and B", columnsOf(one.index, one.replay), []);
  made.tBodies[0]!.remove();
  const names = [...new Set(sides.flatMap((side) => side.layers.map(({ layer }) => layer)))];
  const isOneStudy = one.index === two.index;
  for (const name of names) made.append(group(name, sides, isOneStudy));
  if (names.length > 1) made.append(group(ALL, sides, isOneStudy));
  const words = sides.map(({ name }) => element("p", { class: "counts", "data-side": name }));
  const at = element("p", { class: "soft" });
  return {
    element: section("Scoreboard of A and B", at, ...words, names.length ? scrolled(made) : noDefence()),
    show: ({ t_s }: Readonly<State>) => {
      write(at, `At ${clock(t_s)}. ${sides.map(({ what, title }) => `${what}${isOneStudy ? "" : ` of ${title}`}.`).join(" ")}`);
      sides.forEach((side, k) => {
        write(words[k]!, `${side.name}. ${threatWords(side.threats, t_s)}`);
        writeScores(side.layers, side.live, t_s);
      });
    },
  };
}

function sideOf(name: string, { index, replay }: Second) {
  const layers = layerTimes(index, replay);
  return {
    name, layers, title: index.title, threats: threatTimes(replay),
    what: `${name}: run ${replay.run}, ${replay.raid}`,
    live: [...layers, null].map(() => FIGURES.map(() => element("td", { class: "number" }))),
    means: new Map([...list(index.summary.layers).map((row): [string, Row] => [text(row.layer), row]),
                    [ALL, record(index.summary.total)]]),
  };
}

/** One layer: "A now", "B now", then the mean of the study, or of each where there are two. A dash where it has no such layer. */
function group(layer: string, sides: Side[], isOneStudy: boolean): HTMLElement {
  const kinds = new Set(sides.flatMap((side) => side.layers.filter((one) => one.layer === layer).map((one) => one.interceptor)));
  const cells = (side: Side): HTMLElement[] => {
    const at = layer === ALL ? side.layers.length : side.layers.findIndex((one) => one.layer === layer);
    return side.live[at] ?? FIGURES.map(() => element("td", { class: "number" }, "–"));
  };
  const line = (name: string, kind: string, found: HTMLElement[]): HTMLElement =>
    element("tr", { class: kind }, element("th", { scope: "row" }, name), ...found);
  const mean = (name: string, { means }: Side): HTMLElement[] => {
    const found = FIGURES.map((figure) => estimate(means.get(layer)?.[figure]));
    return found.some((one) => one) ? [line(name, "mean", found.map((one) => element("td", { class: "number" }, ...beside(one))))] : [];
  };
  const head = element("th", { scope: "rowgroup", colspan: String(FIGURES.length + 1) }, layer,
                       kinds.size ? small([...kinds].join(", ")) : null);
  return element("tbody", {}, element("tr", {}, head),
                 ...sides.map((side) => line(`${side.name} now`, "live", cells(side))),
                 ...(isOneStudy ? mean("mean", sides[0]!) : sides.flatMap((side) => mean(`mean of ${side.name}`, side))));
}
