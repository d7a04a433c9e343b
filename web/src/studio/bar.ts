// A small bar: the range of a number, where it started (ring) and where yours stands (triangle; an arrow beyond the ends).

import { svg } from "../dom";
import type { Row } from "./api";
import { BEYOND, placeOn, valueAt } from "./values";

const WIDTH = 132;
const HEIGHT = 24;
const EDGE = 7;
const LINE_Y = 15;

export interface Bar {
  element: SVGSVGElement;
  /** Draw the value as it is now; null: none that can be drawn. */
  draw(value: number | null, isChanged: boolean): void;
}

/** What a bar needs to know of a row. */
export type Ranged = Pick<Row, "kind" | "value"> & { low: number; high: number };

/** The bar of a row that has a range. A click, or dragging along it, gives a value: fields and keys do the same. */
export function barOf(row: Ranged, pick: (value: number) => void, settle: () => void): Bar {
  const { element, draw } = drawn(row);
  let isDragged = false;
  const at = (event: PointerEvent): void => {
    const box = element.getBoundingClientRect();
    pick(valueAt(row, placeAt(((event.clientX - box.left) / box.width) * WIDTH)));
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    isDragged = true;
    element.setPointerCapture(event.pointerId);
    at(event);
  });
  element.addEventListener("pointermove", (event) => { if (isDragged) at(event); });
  for (const name of ["pointerup", "pointercancel"] as const) {
    element.addEventListener(name, () => {
      if (isDragged) settle();
      isDragged = false;
    });
  }
  return { element, draw };
}

/** A bar to look at alone, from 0 to 10 and begun at 4; null: nothing of yours on it. */
export function pictureOf(mine: number | null): SVGSVGElement {
  const { element, draw } = drawn({ kind: "number", value: 4, low: 0, high: 10 });
  draw(mine, mine !== null);
  return element;
}

function drawn(row: Ranged): Bar {
  const [low_x, high_x] = [xOf(0), xOf(1)];
  const mine = svg("path", { class: "mine" });
  const parts: SVGElement[] = [
    svg("line", { class: "beyond", x1: EDGE, x2: WIDTH - EDGE, y1: LINE_Y, y2: LINE_Y }),
    svg("line", { class: "within", x1: low_x, x2: high_x, y1: LINE_Y, y2: LINE_Y }),
    svg("line", { class: "end", x1: low_x, x2: low_x, y1: LINE_Y - 5, y2: LINE_Y + 5 }),
    svg("line", { class: "end", x1: high_x, x2: high_x, y1: LINE_Y - 5, y2: LINE_Y + 5 }),
  ];
  if (typeof row.value === "number") parts.push(svg("circle", { class: "began", cx: xOf(placeOn(row, row.value)), cy: LINE_Y, r: 3.5 }));
  const element = svg("svg", { class: "range-bar", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", focusable: "false" }, ...parts, mine);
  return {
    element,
    draw: (value, isChanged) => {
      mine.setAttribute("d", value !== null && (isChanged || typeof row.value !== "number") ? markAt(row, value) : "");
      element.classList.toggle("outside", value !== null && (value < row.low || value > row.high));
    },
  };
}

/** A triangle above the line at the value; an arrow at the edge for a value that lies further out than is drawn. */
function markAt(row: Ranged, value: number): string {
  const place = placeOn(row, value);
  const x = xOf(place);
  const overshoot = (value - row.low) / (row.high - row.low);
  if (overshoot > 1 + BEYOND) return `M${x + EDGE - 1} ${LINE_Y}l-9 -6v12z`;
  if (overshoot < -BEYOND) return `M${x - EDGE + 1} ${LINE_Y}l9 -6v12z`;
  return `M${x} ${LINE_Y - 1}l-5.5 -10h11z`;
}

function xOf(place: number): number {
  return EDGE + ((place + BEYOND) / (1 + 2 * BEYOND)) * (WIDTH - 2 * EDGE);
}

function placeAt(x: number): number {
  return ((x - EDGE) / (WIDTH - 2 * EDGE)) * (1 + 2 * BEYOND) - BEYOND;
}
