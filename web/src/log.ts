// The event log: every row of the events table, the current line marked. Only the lines in sight are in the page, so
// that ten thousand events cost no more than twenty.

import { tPlus } from "./clock";
import { el, setText } from "./dom";
import type { State, Store } from "./state";
import { lineOf, upTo, type Happening, type Story } from "./story";

const LINE_PX = 26;
const SPARE = 8;

/** Rows whose text holds every word of the filter. */
export function filtered(happenings: readonly Happening[], filter: string): Happening[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return happenings.filter((h) => {
    const text = `${h.type} ${h.kind} ${lineOf(h)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export function mountLog(root: HTMLElement, store: Store, story: () => Story): () => void {
  const input = el("input", { type: "search", placeholder: "filter, as: leak gbi", "aria-label": "Filter the event log" });
  const list = el("ol", { "aria-label": "Events" });
  const scroll = el("div", { class: "scroll" }, list);
  const found = el("p", { class: "found" });
  root.append(el("section", { class: "log", "aria-label": "Event log" }, el("h2", {}, "Events"), input, found, scroll));

  let rows: Happening[] = [];
  let times: number[] = [];
  let current = -1;
  const drawn = new Map<number, HTMLLIElement>();

  const line = (h: Happening, i: number): HTMLLIElement => {
    const jump = el("button", { type: "button" }, el("time", {}, tPlus(h.t_s)), ` ${lineOf(h)}`);
    jump.addEventListener("click", () => store.set({ t_s: h.t_s, selected: h.threat ?? h.object, playing: false }));
    const made = el("li", { class: h.kind, "aria-setsize": rows.length, "aria-posinset": i + 1, title: lineOf(h) }, jump);
    made.style.top = `${i * LINE_PX}px`;
    return made;
  };
  const mark = (made: HTMLLIElement, isCurrent: boolean): void => {
    made.classList.toggle("current", isCurrent);
    if (isCurrent) made.setAttribute("aria-current", "true");
    else made.removeAttribute("aria-current");
  };
  // Lines that stay in sight stay the same elements: one that is pressed or has the focus is not taken away.
  const draw = (): void => {
    const first = Math.max(0, Math.floor(scroll.scrollTop / LINE_PX) - SPARE);
    const last = Math.min(rows.length, Math.ceil((scroll.scrollTop + scroll.clientHeight) / LINE_PX) + SPARE);
    for (const [i, made] of drawn) {
      if (i >= first && i < last) continue;
      made.remove();
      drawn.delete(i);
    }
    let next: HTMLLIElement | null = null;
    for (let i = last - 1; i >= first; i -= 1) {
      const made: HTMLLIElement = drawn.get(i) ?? list.insertBefore(line(rows[i]!, i), next);
      drawn.set(i, made);
      mark(made, i === current);
      next = made;
    }
  };
  const follow = (t_s: number): void => {
    const now = upTo(times, t_s) - 1;
    if (now === current) return;
    current = now;
    const top = Math.max(0, now) * LINE_PX;
    const isSeen = top >= scroll.scrollTop && top + LINE_PX <= scroll.scrollTop + scroll.clientHeight;
    if (!isSeen && !scroll.matches(":hover, :focus-within")) scroll.scrollTop = top - scroll.clientHeight / 2;
    draw();
  };
  const choose = (): void => {
    const all = story().happenings;
    rows = filtered(all, input.value);
    times = rows.map((h) => h.t_s);
    setText(found, input.value ? `${rows.length} of ${all.length}` : `${all.length} events`);
    list.style.height = `${rows.length * LINE_PX}px`;
    list.replaceChildren();
    drawn.clear();
    current = -1;
    follow(store.state.t_s);
    draw();
  };
  input.addEventListener("input", choose);
  scroll.addEventListener("scroll", draw, { passive: true });
  const resized = new ResizeObserver(draw);
  resized.observe(scroll);
  choose();
  const stop = store.subscribe((state: Readonly<State>, changed) => {
    if (changed.has("run") || changed.has("raid")) choose();
    else if (changed.has("t_s")) follow(state.t_s);
  });
  return () => {
    resized.disconnect();
    stop();
  };
}
