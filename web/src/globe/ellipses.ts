// Outlines of the ellipsoids of what the defence believes, and for the picked object the line to where it was.

import {
  BufferAttribute, BufferGeometry, Color, DynamicDrawUsage, Group, InstancedBufferAttribute, InstancedBufferGeometry, Line,
  LineBasicMaterial, Matrix4, Mesh, ShaderMaterial, Vector2, type PerspectiveCamera,
} from "three";
import { covarianceOf, drawnAs, errorOf, silhouette, type Covariance } from "../belief";
import type { Replay } from "../data";
import { rgb, type Palette } from "../map/palette";
import { EARTH_KM, FLYING, type Places, type Tracks, type Vector } from "../place";
import { beliefAt, isShown, type Beliefs } from "./moving";

const SIDES = 32;
/** Sides of a dash, and of the gap after it. */
const DASH = 2;

// `position` is cosine, sine and the side of the line; `axes` are the two half axes in pixels, y downwards.
const VERTEX = `
  attribute vec3 place; attribute vec4 axes; attribute float dashed; attribute float gap;
  uniform vec2 screen; varying float hidden;
  void main() {
    vec2 along = axes.xy / length(axes.xy);
    vec2 across = axes.zw / length(axes.zw);
    vec2 outwards = normalize(vec2(position.x * length(axes.zw), position.y * length(axes.xy)));
    vec2 offset = position.x * axes.xy + position.y * axes.zw + position.z * 0.7 * (outwards.x * along + outwards.y * across);
    gl_Position = vec4(place.xy + 2.0 * vec2(offset.x, -offset.y) / screen, place.z - 0.0015, 1.0);
    hidden = dashed * gap;
  }`;
const FRAGMENT = `
  uniform vec3 paint; varying float hidden;
  void main() {
    if (hidden > 0.5) discard;
    gl_FragColor = vec4(paint, 1.0);
  }`;

export interface Now {
  replay: Replay;
  tracks: Tracks;
  beliefs: Beliefs;
  places: Places;
  t_s: number;
  off: ReadonlySet<string>;
  selectedRow: number;
  camera: PerspectiveCamera;
  width: number;
  height: number;
}

export interface Ellipses {
  group: Group;
  paint(colours: Palette): void;
  update(now: Now): void;
  dispose(): void;
}

export function ellipsesOf(most: number): Ellipses {
  const place = new InstancedBufferAttribute(new Float32Array(3 * most), 3).setUsage(DynamicDrawUsage);
  const axes = new InstancedBufferAttribute(new Float32Array(4 * most), 4).setUsage(DynamicDrawUsage);
  const dashed = new InstancedBufferAttribute(new Float32Array(most), 1).setUsage(DynamicDrawUsage);
  const outline = ring();
  outline.setAttribute("place", place).setAttribute("axes", axes).setAttribute("dashed", dashed);
  const material = new ShaderMaterial({ vertexShader: VERTEX, fragmentShader: FRAGMENT, side: 2,
                                        uniforms: { screen: { value: new Vector2() }, paint: { value: new Color() } } });
  const ends = new BufferAttribute(new Float32Array(6), 3).setUsage(DynamicDrawUsage);
  const line = new Line(new BufferGeometry().setAttribute("position", ends), new LineBasicMaterial());
  const group = new Group();
  group.add(new Mesh(outline, material), line);
  for (const child of group.children) child.frustumCulled = false;
  const matrix = new Matrix4();
  return {
    group,
    paint(colours) {
      (material.uniforms["paint"]!.value as Color).setRGB(...rgb(colours.ink));
      (line.material as LineBasicMaterial).color.setRGB(...rgb(colours.ink));
    },
    update(now) {
      group.visible = !now.off.has("beliefs");
      if (!group.visible) return;
      matrix.multiplyMatrices(now.camera.projectionMatrix, now.camera.matrixWorldInverse);
      (material.uniforms["screen"]!.value as Vector2).set(now.width, now.height);
      line.visible = false;
      let n = 0;
      for (let row = 0; row < now.replay.objects.rows; row += 1) {
        const k = shownBelief(now, row);
        if (k < 0) continue;
        if (put(now, k, n, matrix, place.array, axes.array, dashed.array)) n += 1;
        if (row !== now.selectedRow) continue;
        const { truth_km, believed_km } = errorOf(now.replay, now.tracks, row, k);
        ends.array.set([...truth_km, ...believed_km].map((c) => c / EARTH_KM));
        ends.needsUpdate = line.visible = true;
      }
      outline.instanceCount = n;
      for (const attribute of [place, axes, dashed]) attribute.needsUpdate = true;
    },
    dispose() {
      for (const part of [outline, material, line.geometry, line.material as LineBasicMaterial]) part.dispose();
    },
  };
}

/** Row of the belief that is drawn of the object in `row`, or -1. */
function shownBelief({ replay, places, beliefs, t_s, off }: Now, row: number): number {
  return places.state[row] === FLYING && isShown(replay, row, off) ? beliefAt(replay, beliefs, row, t_s) : -1;
}

/** Writes the outline of belief `k` as instance `n`; false where it cannot be seen. */
function put({ replay, width, height }: Now, k: number, n: number, { elements }: Matrix4, place: ArrayLike<number> & { [i: number]: number },
             axes: { [i: number]: number }, dashed: { [i: number]: number }): boolean {
  const { x_km, y_km, z_km } = replay.beliefs;
  const r: Vector = [x_km[k]! / EARTH_KM, y_km[k]! / EARTH_KM, z_km[k]! / EARTH_KM];
  const covariance = covarianceOf(replay, k).map((c) => c / EARTH_KM ** 2) as unknown as Covariance;
  const found = silhouette(elements, width, height, r, covariance);
  if (!found) return false;
  const { major, minor, turn_rad, isLarger } = drawnAs(found);
  const [c, s] = [Math.cos(turn_rad), Math.sin(turn_rad)];
  const depth = (i: number): number => elements[i]! * r[0] + elements[4 + i]! * r[1] + elements[8 + i]! * r[2] + elements[12 + i]!;
  [(2 * found.x) / width - 1, 1 - (2 * found.y) / height, depth(2) / depth(3)].forEach((value, i) => { place[3 * n + i] = value; });
  [major * c, major * s, -minor * s, minor * c].forEach((value, i) => { axes[4 * n + i] = value; });
  dashed[n] = isLarger ? 1 : 0;
  return true;
}

/** A circle as a band of quads, each a side of its own so that dashes end sharply. */
function ring(): InstancedBufferGeometry {
  const position: number[] = [];
  const gap: number[] = [];
  const index: number[] = [];
  for (let side = 0; side < SIDES; side += 1) {
    for (const end of [side, side + 1]) {
      const turn = (2 * Math.PI * end) / SIDES;
      for (const edge of [-1, 1]) position.push(Math.cos(turn), Math.sin(turn), edge);
    }
    gap.push(...Array<number>(4).fill(Math.floor(side / DASH) % 2));
    const at = 4 * side;
    index.push(at, at + 1, at + 2, at + 2, at + 1, at + 3);
  }
  const out = new InstancedBufferGeometry();
  out.setAttribute("position", new BufferAttribute(Float32Array.from(position), 3));
  out.setAttribute("gap", new BufferAttribute(Float32Array.from(gap), 1));
  out.setIndex(index);
  out.instanceCount = 0;
  return out;
}
