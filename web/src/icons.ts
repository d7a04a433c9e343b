// Small pictures, drawn as paths: a plain Linux font set lacks the media signs.

import { svg } from "./dom";

const PATHS = {
  play: "M6 4l12 8-12 8z",
  pause: "M6 4h4v16H6zM14 4h4v16h-4z",
  previous: "M5 4h2v16H5zM19 4v16L8 12z",
  next: "M17 4h2v16h-2zM5 4v16l11-8z",
  slower: "M4 11h16v2H4z",
  faster: "M11 4h2v7h7v2h-7v7h-2v-7H4v-2h7z",
  theme: "M12 3a9 9 0 1 0 0 18zM12 5a7 7 0 0 1 0 14z",
  share: "M14 3l7 7-7 7v-4c-5 0-8 1-11 5 1-7 5-11 11-11z",
  beside: "M3 5h8v14H3zM5 7v10h4V7zM13 5h8v14h-8zM15 7v10h4V7z",
  help: "M11 17h2v2h-2zM8 9a4 4 0 1 1 5 3.9V15h-2v-4a2 2 0 1 0-1-3.7A2 2 0 0 0 10 9z",
  close: "M5 6l1-1 6 6 6-6 1 1-6 6 6 6-1 1-6-6-6 6-1-1 6-6z",
  whole: "M3 5h2v14H3zM19 5h2v14h-2zM7 11h10v2H7z",
  // What the views draw, in the same shapes: a triangle, a dot, a cross, a ring, a square.
  threat: "M12 3l9 17H3z",
  interceptor: "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10z",
  kill: "M5 7l2-2 5 5 5-5 2 2-5 5 5 5-2 2-5-5-5 5-2-2 5-5z",
  leak: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 4a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
  shot: "M4 20L18 6h-6V4h10v10h-2V8L6 22z",
  square: "M6 6h12v12H6z",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName, className = ""): SVGSVGElement {
  const classes = `icon ${className}`.trim();
  return svg("svg", { viewBox: "0 0 24 24", class: classes, "aria-hidden": "true", focusable: "false" }, svg("path", { d: PATHS[name], "fill-rule": "evenodd" }));
}

export function changeIcon(host: Element, name: IconName): void {
  host.querySelector("path")?.setAttribute("d", PATHS[name]);
}
