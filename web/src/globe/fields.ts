// What infrared eyes see of the ground: a cone from each satellite to the rim of its field of regard. Drawn for
// constellations of up to FEW satellites and for the satellite that is picked; thousands of cones would hide all else.

import { BufferAttribute, BufferGeometry, DoubleSide, DynamicDrawUsage, Group, LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial } from "three";
import type { Index, Replay } from "../data";
import { rgb, type Palette } from "../map/palette";
import { satelliteAt } from "../orbit";
import { EARTH_KM } from "../place";

export const FEW = 12;
const SIDES = 40;

export interface Fields {
  group: Group;
  paint(colours: Palette): void;
  update(replay: Replay, t_s: number, off: ReadonlySet<string>, satellite: number): void;
  dispose(): void;
}

/** Angle at the Earth's centre, rad, between a satellite at `r` Earth radii and the rim of what it sees. */
export function rimAngle(r: number, field_of_regard_deg: number, range: number): number {
  const half = (field_of_regard_deg * Math.PI) / 360;
  const horizon = Math.acos(1 / r);
  const edge = half <= 0 || r * Math.sin(half) >= 1 ? horizon : Math.asin(r * Math.sin(half)) - half;
  if (!(range > 0)) return edge;
  const reach = (1 + r * r - range * range) / (2 * r);
  return reach >= 1 ? 0 : Math.min(edge, Math.acos(Math.max(-1, reach)));
}

export function fieldsOf(index: Index): Fields {
  const position = new Float32Array(3 * (SIDES + 1) * 400);
  const attribute = new BufferAttribute(position, 3).setUsage(DynamicDrawUsage);
  const [faces, edges] = [new BufferGeometry(), new BufferGeometry()];
  const triangles: number[] = [];
  const outline: number[] = [];
  for (let cone = 0; cone < 400; cone += 1) {
    const top = cone * (SIDES + 1);
    for (let k = 0; k < SIDES; k += 1) {
      triangles.push(top, top + 1 + k, top + 1 + ((k + 1) % SIDES));
      outline.push(top + 1 + k, top + 1 + ((k + 1) % SIDES));
    }
  }
  faces.setAttribute("position", attribute).setIndex(triangles);
  edges.setAttribute("position", attribute).setIndex(outline);
  const face = new MeshBasicMaterial({ transparent: true, opacity: 0.05, depthWrite: false, side: DoubleSide });
  const edge = new LineBasicMaterial({ transparent: true, opacity: 0.5 });
  const group = new Group();
  group.add(new Mesh(faces, face), new LineSegments(edges, edge));
  for (const child of group.children) child.frustumCulled = false;
  const sensors = index.sensors.filter((sensor) => sensor.kind === "infrared" && sensor.constellation !== null);
  return {
    group,
    paint(colours) {
      face.color.setRGB(...rgb(colours.cursor));
      edge.color.setRGB(...rgb(colours.cursor));
    },
    update(replay, t_s, off, satellite) {
      group.visible = !off.has("fields");
      if (!group.visible) return;
      let cones = 0;
      for (const sensor of sensors) {
        for (const k of eyes(replay, sensor.constellation!, off, satellite)) {
          if (cones === 400) break;
          cone(replay, k, t_s, sensor, position, cones);
          cones += 1;
        }
      }
      faces.setDrawRange(0, 3 * SIDES * cones);
      edges.setDrawRange(0, 2 * SIDES * cones);
      attribute.needsUpdate = true;
    },
    dispose() {
      faces.dispose();
      edges.dispose();
    },
  };
}

/** Rows of the satellites whose fields are drawn. */
export function eyes(replay: Replay, constellation: string, off: ReadonlySet<string>, satellite: number): number[] {
  if (off.has(constellation)) return [];
  const { rows, works } = replay.satellites;
  const all: number[] = [];
  for (let k = 0; k < rows; k += 1) if (works[k] && replay.satellites.constellation[k] === constellation) all.push(k);
  return all.length <= FEW ? all : all.filter((k) => k === satellite);
}

function cone(replay: Replay, k: number, t_s: number, sensor: Index["sensors"][number], out: Float32Array, ordinal: number): void {
  const at = 3 * (SIDES + 1) * ordinal;
  const r = [0, 0, 0];
  satelliteAt(replay.satellites, k, t_s, replay.meta.gmst_rad, r);
  const radius = Math.hypot(...r);
  const up = r.map((c) => c / radius);
  const angle = rimAngle(radius / EARTH_KM, sensor.field_of_regard_deg, sensor.range_km / EARTH_KM);
  // Two directions across: any that are at right angles to `up` and to each other.
  const help = Math.abs(up[2]!) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  const p = unit(cross(help, up));
  const q = cross(up, p);
  for (let i = 0; i < 3; i += 1) out[at + i] = r[i]! / EARTH_KM;
  for (let side = 0; side < SIDES; side += 1) {
    const turn = (2 * Math.PI * side) / SIDES;
    for (let i = 0; i < 3; i += 1) {
      const across = Math.cos(turn) * p[i]! + Math.sin(turn) * q[i]!;
      out[at + 3 * (side + 1) + i] = 1.001 * (Math.cos(angle) * up[i]! + Math.sin(angle) * across);
    }
  }
}

function cross(a: number[], b: number[]): number[] {
  return [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
}

function unit(a: number[]): number[] {
  const length = Math.hypot(...a);
  return a.map((c) => c / length);
}
