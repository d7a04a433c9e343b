// What was changed, from what to what, each with the way to its row and back.

import { button, el } from "../dom";
import { icon } from "../icons";
import { counted } from "../panels/format";
import type { Desk, Studio } from "./desk";
import { isOutside, wordsOf } from "./values";

export function mountChanges(root: HTMLElement, studio: Studio, goTo: (path: string) => void): void {
  const { store } = studio;
  const head = el("h2", { id: "changes-head" });
  const all = button("Reset all", () => studio.reset(), icon("reset"), { class: "with-words" });
  all.append(" Reset all");
  all.removeAttribute("aria-label");
  all.removeAttribute("title");
  const list = el("ul", { class: "changes", "aria-labelledby": "changes-head" });
  const none = el("p", { class: "soft" }, "Nothing yet: yours is the starting point.");
  root.replaceChildren(el("div", { class: "side-head" }, head, all), none, list);
  const draw = (desk: Readonly<Desk>): void => {
    const paths = Object.keys(desk.draft.changes);
    head.textContent = paths.length ? `You changed ${counted(paths.length, "value")}` : "What you changed";
    all.hidden = !paths.length;
    none.hidden = paths.length > 0;
    list.replaceChildren(...paths.map((path) => itemOf(path, desk, studio, goTo)));
  };
  draw(store.state);
  store.subscribe((desk, changed) => { if (changed.has("draft") || changed.has("opened")) draw(desk); });
}

function itemOf(path: string, { rows, draft, opened }: Readonly<Desk>, studio: Studio, goTo: (path: string) => void): HTMLElement {
  const row = rows.get(path)!;
  const value = draft.changes[path]!;
  const jump = el("button", { type: "button", class: "plain" }, row.label);
  jump.addEventListener("click", () => goTo(path));
  const where = opened?.groups.find(({ name }) => name === row.group)?.label ?? "";
  const moved = el("span", { class: "moved" }, wordsOf(row.value, row.unit), icon("to", "to"), el("span", { class: "away" }, " to "), el("strong", {}, wordsOf(value, row.unit)));
  const warning = isOutside(row, value) ? [el("small", { class: "warning" }, icon("warn"), " outside its range")] : [];
  return el("li", {}, el("div", {}, jump, el("small", {}, where), moved, ...warning),
    button(`Reset ${row.label}`, () => studio.reset([path]), icon("reset")));
}
