// Making elements. Text goes through textContent only, so a name in a scenario can never become markup.

type Child = Node | string | number;
type Attributes = Record<string, string | number | boolean | null>;

/** An element with attributes and children; `false` and `null` leave an attribute out, `true` sets it empty. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  for (const child of children) made.append(child instanceof Node ? child : String(child));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: SVGElement[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS(SVG, tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

function setAttributes(made: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Write text only when it differs, so that a still page stays still. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** A button with a name that is read aloud and shown on hover; `icon` is its picture, else the name is its text. */
export function button(name: string, act: () => void, icon?: SVGElement, attributes: Attributes = {}): HTMLButtonElement {
  const made = el("button", { type: "button", title: icon ? name : null, "aria-label": icon ? name : null, ...attributes });
  if (icon) made.append(icon);
  else made.textContent = name;
  made.addEventListener("click", act);
  return made;
}
