// Cells laid over the globe: each level a sheet of its own over those below, so that what holds more is darker.

import { BufferAttribute, BufferGeometry, DoubleSide, Group, LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial } from "three";
import type { Index, Overlay } from "../data";
import { rgb, type Palette } from "../map/palette";
import { cellsAt, colourOf, sidesAt } from "../overlay";
import { EARTH_KM, fixed } from "../place";

/** Above the ground, so that cells as wide as 400 km are not cut by it. */
const LIFT_KM = 10;

export interface OverlayLayer {
  group: Group;
  update(overlay: Overlay | null, entry: Index["overlays"][number] | null, index: Index, colours: Palette): void;
  dispose(): void;
}

export function overlayLayer(): OverlayLayer {
  const group = new Group();
  let shown: Overlay | null = null;
  let painted: Palette | null = null;
  const clear = (): void => {
    for (const child of group.children as (Mesh | LineSegments)[]) {
      child.geometry.dispose();
      (child.material as MeshBasicMaterial).dispose();
    }
    group.clear();
  };
  return {
    group,
    update(overlay, entry, index, colours) {
      if (overlay === shown && colours === painted) return;
      [shown, painted] = [overlay, colours];
      clear();
      if (!overlay || !entry) return;
      const colour = rgb(colourOf(index, entry, colours));
      const corners = cornersOf(overlay);
      overlay.levels.forEach((_, k) => {
        const face = new MeshBasicMaterial({ transparent: true, opacity: 0.13, depthWrite: false, side: DoubleSide });
        const edge = new LineBasicMaterial({ transparent: true, opacity: 0.9 });
        for (const material of [face, edge]) material.color.setRGB(...colour);
        group.add(new Mesh(sheet(corners, overlay, k + 1), face), new LineSegments(outline(corners, overlay, k + 1), edge));
      });
    },
    dispose: clear,
  };
}

/** Places of the corners of the cells, Earth radii, row by row. */
function cornersOf({ lat_edges_deg, lon_edges_deg }: Overlay): BufferAttribute {
  const places = lat_edges_deg.flatMap((lat) => lon_edges_deg.flatMap((lon) => fixed(lat, lon, LIFT_KM).map((c) => c / EARTH_KM)));
  return new BufferAttribute(Float32Array.from(places), 3);
}

function sheet(corners: BufferAttribute, overlay: Overlay, k: number): BufferGeometry {
  const wide = overlay.lon_edges_deg.length;
  const index = cellsAt(overlay, k).flatMap(([i, j]) => {
    const at = i * wide + j;
    return [at, at + 1, at + wide, at + wide, at + 1, at + wide + 1];
  });
  return new BufferGeometry().setAttribute("position", corners).setIndex(index);
}

function outline(corners: BufferAttribute, overlay: Overlay, k: number): BufferGeometry {
  const wide = overlay.lon_edges_deg.length;
  return new BufferGeometry().setAttribute("position", corners)
    .setIndex(sidesAt(overlay, k).flatMap(([i, j, i2, j2]) => [i * wide + j, i2 * wide + j2]));
}
