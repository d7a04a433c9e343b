// The Earth: a WGS-84 ellipsoid with land, coasts, borders and, if wanted, the night. Lengths in Earth radii.

import {
  BufferAttribute, BufferGeometry, CanvasTexture, Color, Group, LinearFilter, LinearMipmapLinearFilter, LineBasicMaterial,
  LineSegments, Mesh, ShaderMaterial, Vector3,
} from "three";
import type { Palette } from "../map/palette";
import { rgb } from "../map/palette";
import { dense, paintLand, worldLines } from "../map/world";
import { EARTH_KM, fixed, type Vector } from "../place";

const COLUMNS = 144;
const ROWS = 72;
/** Lines are drawn this far above the ground, so that the flat facets of the ellipsoid do not cover them. */
const LIFT_KM = 3;

export interface Earth {
  group: Group;
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
    vertexShader: `varying vec2 place; varying vec3 up;
      void main() { place = uv; up = normalize(position); gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }`,
    fragmentShader: `uniform sampler2D map; uniform vec3 sun; uniform vec3 night; uniform float shade; varying vec2 place; varying vec3 up;
      void main() {
        vec3 ground = texture2D(map, place).rgb;
        float dark = shade * (1.0 - smoothstep(-0.12, 0.06, dot(up, sun)));
        gl_FragColor = vec4(mix(ground, night, dark), 1.0);
      }`,
  });
  const coast = new LineBasicMaterial({ transparent: true, opacity: 0.9 });
  const border = new LineBasicMaterial({ transparent: true, opacity: 0.8 });
  const lines = worldLines();
  const group = new Group();
  group.add(new Mesh(ellipsoid(), surface), new LineSegments(segments(lines.coast), coast),
            new LineSegments(segments(lines.borders), border));
  return {
    group,
    paint(colours) {
      paintLand(canvas, isLow ? 2048 : 4096, colours);
      texture.needsUpdate = true;
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
