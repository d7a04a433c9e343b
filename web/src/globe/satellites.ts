// Satellites as points that the GPU moves along their orbits.

import { BufferAttribute, BufferGeometry, Color, DynamicDrawUsage, Group, Points, ShaderMaterial } from "three";
import { rgb, type Palette } from "../map/palette";
import { BASE_SPAN_S, based, rebase, type Based, type Satellites } from "../orbit";
import { EARTH_KM } from "../place";

const VERTEX = `
  attribute vec4 orbit; attribute vec3 rates; attribute float spent;
  uniform float dt; uniform float size; uniform float now; uniform float hollow; varying float isSpent;
  void main() {
    float e = orbit.y;
    float node = position.x + rates.x * dt;
    float perigee = position.y + rates.y * dt;
    float m = position.z + rates.z * dt;
    float u = m + e * sin(m) * inversesqrt(1.0 - 2.0 * e * cos(m) + e * e);
    if (e > 0.003) for (int k = 0; k < 4; k++) u -= (u - e * sin(u) - m) / (1.0 - e * cos(u));
    float x = orbit.x * (cos(u) - e);
    float y = orbit.x * sqrt(1.0 - e * e) * sin(u);
    float along = cos(perigee) * x - sin(perigee) * y;
    float across = sin(perigee) * x + cos(perigee) * y;
    vec3 r = vec3(cos(node) * along - sin(node) * across * orbit.z, sin(node) * along + cos(node) * across * orbit.z, across * orbit.w);
    gl_Position = projectionMatrix * (modelViewMatrix * vec4(r, 1.0));
    isSpent = now >= spent ? 1.0 : 0.0;
    gl_PointSize = isSpent > 0.5 ? max(size, hollow) : size;
  }`;
/** Squares, diamonds and discs, so that constellations differ by more than colour; hollow and grey once spent. */
const FRAGMENT = `
  uniform vec3 paint; uniform vec3 faded; uniform float kind; varying float isSpent;
  void main() {
    vec2 p = abs(2.0 * gl_PointCoord - 1.0);
    float far = kind > 1.5 ? length(p) : kind > 0.5 ? p.x + p.y : max(p.x, p.y);
    if (far > 1.0 || isSpent > 0.5 && far < 0.62) discard;
    gl_FragColor = vec4(isSpent > 0.5 ? faded : paint, 1.0);
  }`;

const NEVER_S = 1e9;

interface Shell {
  name: string;
  rows: Int32Array;
  given: Based;
  points: Points<BufferGeometry, ShaderMaterial>;
}

export interface SatelliteLayer {
  group: Group;
  paint(colours: Palette): void;
  update(t_s: number, off: ReadonlySet<string>): void;
  dispose(): void;
}

export function satelliteLayer(table: Satellites, names: string[], gmst_rad: number, pixelRatio: number,
                               spent_s: Float64Array): SatelliteLayer {
  const group = new Group();
  const shells = names.map((name, k) => shellOf(table, name, k, gmst_rad, pixelRatio, spent_s)).filter((shell) => shell.rows.length);
  for (const shell of shells) group.add(shell.points);
  return {
    group,
    paint(colours) {
      for (const shell of shells) {
        const colour = colours.shells[names.indexOf(shell.name) % colours.shells.length]!;
        (shell.points.material.uniforms["paint"]!.value as Color).setRGB(...rgb(colour));
        (shell.points.material.uniforms["faded"]!.value as Color).setRGB(...rgb(colours.miss));
      }
    },
    update(t_s, off) {
      for (const shell of shells) {
        shell.points.visible = !off.has(shell.name);
        if (!shell.points.visible) continue;
        if (Math.abs(t_s - shell.given.base_s) > BASE_SPAN_S) {
          rebase(shell.given, table, shell.rows, t_s, gmst_rad);
          shell.points.geometry.getAttribute("position").needsUpdate = true;
        }
        shell.points.material.uniforms["dt"]!.value = t_s - shell.given.base_s;
        shell.points.material.uniforms["now"]!.value = t_s;
      }
    },
    dispose() {
      for (const shell of shells) {
        shell.points.geometry.dispose();
        shell.points.material.dispose();
      }
    },
  };
}

function shellOf(table: Satellites, name: string, ordinal: number, gmst_rad: number, pixelRatio: number,
                 spent_s: Float64Array): Shell {
  // A satellite that is out of service is not drawn.
  const rows = Int32Array.from(table.constellation.flatMap((of, k) => (of === name && table.works[k] ? [k] : [])));
  const given = based(table, rows, EARTH_KM);
  rebase(given, table, rows, 0, gmst_rad);
  const geometry = new BufferGeometry();
  // three.js counts points by `position`: here the three angles.
  geometry.setAttribute("position", new BufferAttribute(given.angles, 3).setUsage(DynamicDrawUsage));
  geometry.setAttribute("orbit", new BufferAttribute(given.shape, 4));
  geometry.setAttribute("rates", new BufferAttribute(given.rates, 3));
  // Infinity is not for shaders.
  geometry.setAttribute("spent", new BufferAttribute(Float32Array.from(rows, (k) => Math.min(NEVER_S, Math.max(-NEVER_S, spent_s[k]!))), 1));
  const material = new ShaderMaterial({
    vertexShader: VERTEX, fragmentShader: FRAGMENT,
    uniforms: {
      dt: { value: 0 }, size: { value: (rows.length > 2000 ? 2.5 : rows.length > 60 ? 4 : 7) * pixelRatio },
      paint: { value: new Color() }, kind: { value: ordinal % 3 },
      now: { value: 0 }, hollow: { value: 7 * pixelRatio }, faded: { value: new Color() },
    },
  });
  const points = new Points(geometry, material);
  points.frustumCulled = false;
  return { name, rows, given, points };
}
