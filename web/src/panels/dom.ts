// Elements and tables. Text from data goes in as text, never as markup.

import { withHints } from "./hint";

export { setText as write } from "../dom";

export type Child = Node | string | null;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child): child is Node | string => child !== null));
  return made;
}

export interface Column {
  head: string;
  /** What the column holds, its unit and where it comes from: shown on hover and focus. */
  hint?: string;
  isNumber?: boolean;
}

export type Cell = Child | Child[];

/** A table; the first cell of a row is its head. */
export function table(caption: string, columns: Column[], rows: Cell[][], foot: Cell[] = []): HTMLTableElement {
  const head = element(
    "tr",
    {},
    ...columns.map((column) => {
      const cell = element("th", { scope: "col", ...numeric(column) });
      cell.append(column.hint ? withHints(column.head, column.hint) : column.head);
      return cell;
    }),
  );
  const made = element(
    "table",
    {},
    element("caption", {}, caption),
    element("thead", {}, head),
    element("tbody", {}, ...rows.map((cells) => row(columns, cells))),
  );
  if (foot.length) made.append(element("tfoot", {}, row(columns, foot)));
  return made;
}

export function row(columns: Column[], cells: Cell[]): HTMLTableRowElement {
  return element(
    "tr",
    {},
    ...cells.map((cell, k) => {
      const children = Array.isArray(cell) ? cell : [cell];
      const attributes = numeric(columns[k] ?? { head: "" });
      return k ? element("td", attributes, ...children) : element("th", { scope: "row", ...attributes }, ...children);
    }),
  );
}

/** A table that may be wider than its place: it scrolls by itself, by keyboard too. */
export function scrolled(made: HTMLTableElement): HTMLElement {
  const name = made.caption?.textContent ?? "Table";
  return element("div", { class: "scrolled", tabindex: "0", role: "group", "aria-label": name }, made);
}

export function section(title: string, ...children: Child[]): HTMLElement {
  const id = `head-${title.toLowerCase().replace(/[^a-z]+/g, "-")}`;
  return element("section", { "aria-labelledby": id }, element("h2", { id }, title), ...children);
}

/** A second, smaller line in a cell. */
export function small(words: string): HTMLElement {
  return element("small", {}, words);
}

/** A sentence; what stands between backticks is set as code. */
export function sentence(words: string): HTMLElement {
  return element("p", {}, ...words.split("`").map((part, k) => (k % 2 ? element("code", {}, part) : part)));
}

/** A link that opens elsewhere; plain text where the address is none of the web's. */
export function link(address: string, words: string): Child {
  if (!/^https?:\/\//i.test(address)) return words;
  return element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

function numeric(column: Column): Record<string, string> {
  return column.isNumber ? { class: "number" } : {};
}
