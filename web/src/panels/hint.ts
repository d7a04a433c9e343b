// Units and sources on hover and focus: one small box for the whole page, closed by Escape.

let box: HTMLElement | null = null;
let owner: HTMLElement | null = null;

/** Words with a hint behind them: a button, so that a keyboard gets there too. */
export function withHints(words: string, hint: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "hinted";
  made.textContent = words;
  made.addEventListener("pointerenter", () => open(made, hint));
  made.addEventListener("focus", () => open(made, hint));
  made.addEventListener("click", () => open(made, hint));
  made.addEventListener("blur", close);
  made.addEventListener("pointerleave", (event) => {
    if (event.relatedTarget !== box && document.activeElement !== made) close();
  });
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || owner !== made) return;
    close();
    event.stopPropagation();
  });
  return made;
}

function open(from: HTMLElement, hint: string): void {
  box ??= boxOf();
  if (owner !== from) owner?.removeAttribute("aria-describedby");
  owner = from;
  box.textContent = hint;
  box.hidden = false;
  from.setAttribute("aria-describedby", box.id);
  const at = from.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, window.innerWidth - size.width - 8));
  const isBelow = at.bottom + size.height + 8 < window.innerHeight;
  box.style.left = `${left}px`;
  box.style.top = `${isBelow ? at.bottom + 2 : Math.max(8, at.top - size.height - 2)}px`;
}

function close(): void {
  if (box) box.hidden = true;
  owner?.removeAttribute("aria-describedby");
  owner = null;
}

function boxOf(): HTMLElement {
  const made = document.createElement("div");
  made.id = "hint";
  made.className = "hint";
  made.setAttribute("role", "tooltip");
  made.addEventListener("pointerleave", () => {
    if (document.activeElement !== owner) close();
  });
  window.addEventListener("scroll", close, { capture: true, passive: true });
  document.body.append(made);
  return made;
}
