// The five counts up to the cursor, each with its shape.

import { el, setText } from "./dom";
import { icon, type IconName } from "./icons";
import type { Counts } from "./story";

const COUNTERS: readonly [keyof Counts, string, IconName][] = [
  ["launched", "launched", "threat"], ["in_flight", "in flight", "threat"], ["killed", "destroyed", "kill"],
  ["leaked", "leaked", "leak"], ["shots", "shots", "shot"],
];

export interface Counters {
  list: HTMLDListElement;
  write(counts: Counts): void;
}

export function counters(label: string): Counters {
  const values = new Map<keyof Counts, HTMLElement>();
  const list = el("dl", { class: "counters", "aria-live": "off", "aria-label": label });
  for (const [key, name, picture] of COUNTERS) {
    const value = el("dd", { "data-count": key }, "0");
    values.set(key, value);
    list.append(el("div", { class: key }, el("dt", { title: name }, icon(picture), el("span", {}, name)), value));
  }
  return { list, write: (counts) => { for (const [key, value] of values) setText(value, String(counts[key])); } };
}
