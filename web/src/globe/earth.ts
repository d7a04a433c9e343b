// The Earth: a WGS-84 ellipsoid with land, coasts, borders and, if wanted, the night. Lengths in Earth radii.

import {
  BufferAttribute, BufferGeometry, CanvasTexture, Color, Group, LinearFilter, LinearMipmapLinearFilter, LineBasicMaterial,
  LineSegments, Mesh, ShaderMaterial, Vector3,
} from "three";
import type { Palette } from "../map/palette";
import { rgb } from "../map/palette";
import { dense, gridLines, paintLand, world, type Detail } from "../map/world";
import { EARTH_KM, fixed, type Vector } from "../place";

const COLUMNS = 144;
const ROWS = 72;
/** Lines are drawn this far above the ground, so that the flat facets of the ellipsoid do not cover them. */
const LIFT_KM = 3;

/** Nearer than this, in Earth radii, the fine coasts are drawn. */
const NEAR = 1.9;

export interface Earth {
  group: Group;
  /** Distance of the camera, Earth radii. */
  from(distance: number): void;
  paint(colours: Palette): void;
  sun(direction: Vector | null): void;
  dispose(): void;
}

export function earthOf(isLow: boolean): Earth {
  const canvas = document.createElement("canvas");
  const texture = new CanvasTexture(canvas);
  texture.generateMipmaps = !isLow;
  texture.minFilter = isLow ? LinearFilter : LinearMipmapLinearFilter;
  texture.anisotropy = isLow ? 1 : 4;
  const surface = new ShaderMaterial({
    uniforms: { map: { value: texture }, sun: { value: new Vector3() }, night: { value: new Color() }, shade: { value: 0 } },
    vertexShader: `uniform vec3 sun; uniform float shade; varying vec2 place; varying float dark;
      void main() {
        place = uv;
        dark = shade * (1.0 - smoothstep(-0.12, 0.06, dot(normalize(position), sun)));
        gl_Position = projectionMatrix * (modelViewMatrix * vec4(position, 1.0));
      }`,
    fragmentShader: `uniform sampler2D map; uniform vec3 night; varying vec2 place; varying float dark;
      void main() { gl_FragColor = vec4(mix(texture2D(map, place).rgb, night, dark), 1.0); }`,
  });
  const coast = new LineBasicMaterial({ transparent: true, opacity: 0.9 });
  const border = new LineBasicMaterial({ transparent: true, opacity: 0.8 });
  const grid = new LineBasicMaterial();
  const group = new Group();
  const drawn: Partial<Record<Detail, Group>> = {};
  const lines = (detail: Detail): Group => {
    const out = new Group();
    out.add(new LineSegments(segments(world(detail).borders), border), new LineSegments(segments(world(detail).coast), coast));
    group.add(out);
    return out;
  };
  group.add(new Mesh(ellipsoid(), surface), new LineSegments(segments(gridLines()), grid));
  let painted: Detail | null = null;
  let colours_: Palette | null = null;
  return {
    group,
    from(distance) {
      const detail = distance < NEAR ? "fine" : "coarse";
      drawn[detail] ??= lines(detail);
      for (const [name, part] of Object.entries(drawn)) part.visible = name === detail;
      // Once fine, the ground stays fine.
      if (!colours_ || painted === "fine" || painted === detail) return;
      paintLand(canvas, isLow ? 2048 : 4096, detail, colours_);
      texture.needsUpdate = true;
      painted = detail;
    },
    paint(colours) {
      colours_ = colours;
      painted = null;
      grid.color.setRGB(...rgb(colours.grid));
      coast.color.setRGB(...rgb(colours.coast));
      border.color.setRGB(...rgb(colours.border));
      (surface.uniforms["night"]!.value as Color).setRGB(...rgb(colours.night));
    },
    sun(direction) {
      surface.uniforms["shade"]!.value = direction ? 0.5 : 0;
      if (direction) (surface.uniforms["sun"]!.value as Vector3).set(...direction);
    },
    dispose() {
      texture.dispose();
    },
  };
}

function ellipsoid(): BufferGeometry {
  const position: number[] = [];
  const uv: number[] = [];
  const index: number[] = [];
  for (let row = 0; row <= ROWS; row += 1) {
    for (let column = 0; column <= COLUMNS; column += 1) {
      position.push(...fixed(90 - (180 * row) / ROWS, (360 * column) / COLUMNS - 180).map((c) => c / EARTH_KM));
      uv.push(column / COLUMNS, 1 - row / ROWS);
      if (row === ROWS || column === COLUMNS) continue;
      const at = row * (COLUMNS + 1) + column;
      index.push(at, at + COLUMNS + 1, at + 1, at + 1, at + COLUMNS + 1, at + COLUMNS + 2);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(position), 3));
  geometry.setAttribute("uv", new BufferAttribute(Float32Array.from(uv), 2));
  geometry.setIndex(index);
  return geometry;
}

function segments(lines: number[][][]): BufferGeometry {
  const position: number[] = [];
  for (const line of lines) {
    const points = dense(line, 2);
    for (let k = 1; k < points.length; k += 1) {
      for (const [lon, lat] of [points[k - 1]!, points[k]!]) position.push(...fixed(lat, lon, LIFT_KM).map((c) => c / EARTH_KM));
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(Float32Array.from(position), 3));
  return geometry;
}
