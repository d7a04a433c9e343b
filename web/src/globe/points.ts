// Marks that keep their size on the screen: objects, events, sites, beliefs. Each has a shape and a colour of its own.

import { BufferAttribute, BufferGeometry, DynamicDrawUsage, Points, ShaderMaterial } from "three";

/** Shapes. What is drawn with HIDDEN is left out. */
export const HIDDEN = -1;
export const TRIANGLE = 0;
export const DOT = 1;
export const HOLLOW = 2;
export const CROSS = 3;
export const RING = 4;
export const BAR = 5;
export const SQUARE = 6;

const VERTEX = `
  attribute vec3 tint; attribute float shape; attribute float size;
  uniform float scale; varying vec3 paint; varying float kind; varying float width;
  void main() {
    gl_Position = projectionMatrix * (modelViewMatrix * vec4(position, 1.0));
    gl_Position.z -= 0.0015 * gl_Position.w;
    if (shape < 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    paint = tint; kind = shape; width = size * scale;
    gl_PointSize = width;
  }`;
const FRAGMENT = `
  varying vec3 paint; varying float kind; varying float width;
  void main() {
    vec2 p = 2.0 * gl_PointCoord - 1.0;
    float r = length(p);
    float stroke = 3.2 / width;
    bool is = true;
    if (kind < 0.5) is = p.y < 0.85 && abs(p.x) < 0.48 * (p.y + 1.0);
    else if (kind < 1.5) is = r < 0.8;
    else if (kind < 2.5) is = p.y < 0.85 && abs(p.x) < 0.48 * (p.y + 1.0) && !(p.y < 0.85 - stroke && abs(p.x) < 0.48 * (p.y + 1.0 - 1.6 * stroke));
    else if (kind < 3.5) is = abs(abs(p.x) - abs(p.y)) < stroke && max(abs(p.x), abs(p.y)) < 0.85;
    else if (kind < 4.5) is = abs(r - 0.75) < stroke * 0.7;
    else if (kind < 5.5) is = abs(p.y) < stroke * 0.6 && abs(p.x) < 0.7;
    else is = max(abs(p.x), abs(p.y)) < 0.7;
    if (!is) discard;
    gl_FragColor = vec4(paint, 1.0);
  }`;

export interface Marks {
  points: Points;
  position: Float32Array;
  tint: Uint8Array;
  shape: Float32Array;
  size: Float32Array;
  /** Sends what was changed to the GPU. */
  send(): void;
  dispose(): void;
}

export function marksOf(n: number, pixelRatio: number): Marks {
  const geometry = new BufferGeometry();
  const position = new Float32Array(3 * n);
  const tint = new Uint8Array(3 * n);
  const shape = new Float32Array(n).fill(HIDDEN);
  const size = new Float32Array(n).fill(9);
  const attributes = {
    position: new BufferAttribute(position, 3), tint: new BufferAttribute(tint, 3, true),
    shape: new BufferAttribute(shape, 1), size: new BufferAttribute(size, 1),
  };
  for (const [name, attribute] of Object.entries(attributes)) geometry.setAttribute(name, attribute.setUsage(DynamicDrawUsage));
  const material = new ShaderMaterial({ vertexShader: VERTEX, fragmentShader: FRAGMENT, uniforms: { scale: { value: pixelRatio } } });
  const points = new Points(geometry, material);
  points.frustumCulled = false;
  return {
    points, position, tint, shape, size,
    send() {
      for (const attribute of Object.values(attributes)) attribute.needsUpdate = true;
    },
    dispose() {
      geometry.dispose();
      material.dispose();
    },
  };
}

export function put(marks: Marks, k: number, shape: number, size: number, colour: readonly [number, number, number]): void {
  marks.shape[k] = shape;
  marks.size[k] = size;
  for (let i = 0; i < 3; i += 1) marks.tint[3 * k + i] = 255 * colour[i]!;
}
