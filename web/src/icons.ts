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
  undo: "M9 5v4h5a5 5 0 0 1 0 10H7v-2h7a3 3 0 0 0 0-6H9v4L3 10z",
  redo: "M15 5v4h-5a5 5 0 0 0 0 10h7v-2h-7a3 3 0 0 1 0-6h5v4l6-5z",
  reset: "M12 5V2L7 6.5 12 11V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z",
  up: "M12 4l8 9h-5v7H9v-7H4z",
  down: "M12 20l8-9h-5V4H9v7H4z",
  to: "M3 11h12V7l6 5-6 5v-4H3z",
  check: "M9.5 15.2L20 4.7l1.8 1.8L9.5 18.8 3 12.3l1.8-1.8z",
  warn: "M12 2l11 19H1zM11 9v6h2V9zm0 8v2h2v-2z",
  wrong: "M8 2h8l6 6v8l-6 6H8l-6-6V8zM11 6v8h2V6zm0 10v2h2v-2z",
  file: "M5 2h9l5 5v15H5zM7 4v16h10V8h-4V4z",
  save: "M11 3h2v9l4-4 1.4 1.4L12 15.8 5.6 9.4 7 8l4 4zM4 18h16v2H4z",
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
