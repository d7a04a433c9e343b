// Names over the picture, as text of the page: areas, sites, places, and what is picked.

export interface Label {
  text: string;
  kind: "area" | "site" | "place" | "picked";
  x: number;
  y: number;
}

export interface Labels {
  draw(labels: Label[]): void;
  dispose(): void;
}

/** Keeps as many elements as there are labels. Labels that would lie on one drawn before are left out. */
export function labelsOver(root: HTMLElement): Labels {
  const box = document.createElement("div");
  box.className = "names";
  box.setAttribute("aria-hidden", "true");
  root.append(box);
  const pool: HTMLElement[] = [];
  return {
    draw(labels) {
      const taken: { x: number; y: number; width: number }[] = [];
      let used = 0;
      for (const label of labels) {
        const width = 7 * label.text.length + 12;
        if (taken.some((t) => Math.abs(t.y - label.y) < 16 && label.x < t.x + t.width && t.x < label.x + width)) continue;
        taken.push({ x: label.x, y: label.y, width });
        const element = pool[used] ?? document.createElement("span");
        if (!pool[used]) {
          pool.push(element);
          box.append(element);
        }
        if (element.textContent !== label.text) element.textContent = label.text;
        element.className = `name ${label.kind}`;
        element.style.transform = `translate(${Math.round(label.x + 9)}px, ${Math.round(label.y - 8)}px)`;
        element.hidden = false;
        used += 1;
      }
      for (let k = used; k < pool.length; k += 1) pool[k]!.hidden = true;
    },
    dispose() {
      box.remove();
    },
  };
}
