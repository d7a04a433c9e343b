// Trails of all objects as one indexed mesh of ribbons that keep their width on the screen.
// The GPU cuts them at the present and lets them fade: nothing is sent to it while time moves.

import { BufferAttribute, BufferGeometry, Mesh, ShaderMaterial, Vector2, Vector3 } from "three";
import type { Replay } from "../data";
import { rgb, type Palette } from "../map/palette";
import { EARTH_KM, type Tracks } from "../place";

/** How long a trail lasts, s. */
const FADE_S = 600;
/** What is left of it while the object flies. */
const FAINT = 0.22;

/** Colours of the trail, by index. */
const BOOST = 0;
const THREAT = 1;
const DECOY = 2;
const INTERCEPTOR = 3;
const KILL = 4;
const LEAK = 5;
const MISS = 6;

const VERTEX = `
  attribute vec3 toward; attribute vec4 step_; attribute vec4 life;
  uniform float now; uniform float selected; uniform vec2 screen; uniform vec2 shown; uniform vec3 colours[7]; uniform float width;
  varying float t; varying float alive; varying vec3 paint; varying float picked;
  void main() {
    // step_: time, side, row of the object, colour while flying; life: start, end, colour after its end, 1 for interceptors.
    t = step_.x;
    picked = abs(step_.z - selected) < 0.5 ? 1.0 : 0.0;
    alive = picked > 0.5 ? 1.0 : 1.0 - clamp((now - life.y) / ${FADE_S}.0, 0.0, 1.0);
    bool isOver = now > life.y;
    paint = colours[int(isOver ? life.z : step_.w)];
    vec4 here = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
    vec4 next = projectionMatrix * modelViewMatrix * vec4(toward, 1.0);
    vec2 along = (next.xy / next.w - here.xy / here.w) * screen;
    along /= max(length(along), 1e-6);
    here.xy += vec2(-along.y, along.x) / screen * step_.y * (picked > 0.5 ? 2.0 : 1.0) * width * here.w;
    here.z -= 0.0008 * here.w;
    bool isOut = now < life.x || alive <= 0.0 || (life.w > 0.5 ? shown.y : shown.x) < 0.5;
    gl_Position = isOut ? vec4(2.0, 2.0, 2.0, 1.0) : here;
  }`;
const FRAGMENT = `
  uniform float now; varying float t; varying float alive; varying vec3 paint; varying float picked;
  void main() {
    float age = now - t;
    if (age < 0.0) discard;
    float strength = picked > 0.5 ? 1.0 : max(${FAINT}, 0.95 - age / ${FADE_S}.0) * alive;
    if (strength < 0.03) discard;
    gl_FragColor = vec4(paint, strength);
  }`;

export interface Trails {
  mesh: Mesh;
  paint(colours: Palette): void;
  update(t_s: number, selectedRow: number, width: number, height: number, off: ReadonlySet<string>): void;
  dispose(): void;
}

export function trailsOf(replay: Replay, tracks: Tracks): Trails {
  const geometry = ribbons(replay, tracks);
  const uniforms = {
    now: { value: 0 }, selected: { value: -1 }, screen: { value: new Vector2() }, shown: { value: new Vector2(1, 1) },
    colours: { value: Array.from({ length: 7 }, () => new Vector3()) }, width: { value: 1.7 },
  };
  const material = new ShaderMaterial({
    vertexShader: VERTEX, fragmentShader: FRAGMENT, uniforms, transparent: true, depthWrite: false,
  });
  material.side = 2;
  const mesh = new Mesh(geometry, material);
  mesh.frustumCulled = false;
  return {
    mesh,
    paint(colours) {
      const list = [colours.boost, colours.threat, colours.decoy, colours.interceptor, colours.kill, colours.leak, colours.miss];
      list.forEach((colour, k) => uniforms.colours.value[k]!.set(...rgb(colour)));
    },
    update(t_s, selectedRow, width, height, off) {
      uniforms.now.value = t_s;
      uniforms.selected.value = selectedRow;
      uniforms.screen.value.set(width, height);
      uniforms.shown.value.set(off.has("threats") ? 0 : 1, off.has("interceptors") ? 0 : 1);
      mesh.visible = !off.has("trails");
    },
    dispose() {
      geometry.dispose();
      material.dispose();
    },
  };
}

function ribbons(replay: Replay, tracks: Tracks): BufferGeometry {
  const { table, order } = tracks;
  const n = order.length;
  const position = new Float32Array(6 * n);
  const toward = new Float32Array(6 * n);
  const step = new Float32Array(8 * n);
  const life = new Float32Array(8 * n);
  const index = new Uint32Array(6 * n);
  let used = 0;
  for (let row = 0; row < replay.objects.rows; row += 1) {
    const first = tracks.first[row]!;
    const after = tracks.after[row]!;
    if (after - first < 2) continue;
    const [flying, over] = coloursOf(replay, row);
    const isInterceptor = replay.objects.kind[row] === "interceptor" ? 1 : 0;
    for (let at = first; at < after; at += 1) {
      const here = order[at]!;
      const isLast = at === after - 1;
      const other = order[isLast ? at - 1 : at + 1]!;
      const sign = isLast ? -1 : 1;
      const colour = table.phase[here] === 0 && flying === THREAT ? BOOST : flying;
      for (const side of [0, 1]) {
        const v = 2 * at + side;
        (["x_km", "y_km", "z_km"] as const).forEach((axis, i) => {
          position[3 * v + i] = table[axis][here]! / EARTH_KM;
          toward[3 * v + i] = (table[axis][here]! + sign * (table[axis][other]! - table[axis][here]!)) / EARTH_KM;
        });
        step.set([table.t_s[here]!, 2 * side - 1, row, colour], 4 * v);
        life.set([table.t_s[order[first]!]!, table.t_s[order[after - 1]!]!, over, isInterceptor], 4 * v);
      }
      if (isLast) continue;
      index.set([2 * at, 2 * at + 1, 2 * at + 2, 2 * at + 2, 2 * at + 1, 2 * at + 3], used);
      used += 6;
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(position, 3));
  geometry.setAttribute("toward", new BufferAttribute(toward, 3));
  geometry.setAttribute("step_", new BufferAttribute(step, 4));
  geometry.setAttribute("life", new BufferAttribute(life, 4));
  geometry.setIndex(new BufferAttribute(index.subarray(0, used), 1));
  return geometry;
}

function coloursOf(replay: Replay, row: number): [number, number] {
  const kind = replay.objects.kind[row];
  const fate = replay.objects.fate[row];
  if (kind === "interceptor") return [INTERCEPTOR, fate === "hit" ? KILL : MISS];
  return [kind === "decoy" ? DECOY : THREAT, fate === "destroyed" ? KILL : fate === "leaked" ? LEAK : MISS];
}
