// The camera: over a place, at a height, tilted towards the horizon when it is near the ground.

import { PerspectiveCamera, Vector3 } from "three";
import type { State, Store } from "../state";
import { axesAt, EARTH_KM, fixed, FLATTENING, geodetic } from "../place";

export const FIELD_DEG = 40;
export const NEAREST = 1.015;
export const FARTHEST = 20;
const RAD = Math.PI / 180;

/** Angle from straight down, rad: none from far away, 50 degrees near the ground. */
function tilt(height: number): number {
  const u = Math.min(1, Math.max(0, (1.2 - height) / 1.05));
  return 50 * RAD * u * u * (3 - 2 * u);
}

export function aim(camera: PerspectiveCamera, [lon_deg, lat_deg, distance]: State["camera"], aspect: number): void {
  const height = Math.min(FARTHEST, Math.max(NEAREST, distance)) - 1;
  const lat = Math.min(89, Math.max(-89, lat_deg));
  const { north, up } = axesAt(lat, lon_deg);
  const ground = new Vector3(...fixed(lat, lon_deg)).divideScalar(EARTH_KM);
  const back = tilt(height);
  camera.up.set(...north);
  camera.position.copy(ground).addScaledVector(new Vector3(...up), height * Math.cos(back))
    .addScaledVector(new Vector3(...north), -height * Math.sin(back));
  camera.lookAt(ground);
  camera.fov = aspect < 1 ? 2 * Math.atan(Math.tan((FIELD_DEG * RAD) / 2) / aspect) / RAD : FIELD_DEG;
  camera.aspect = aspect;
  camera.near = 0.15 * height;
  camera.far = height + 12;
  camera.updateProjectionMatrix();
  camera.updateMatrixWorld();
}

/** Whether the Earth stands between the camera and a place (both in Earth radii). */
export function isBehindEarth(from: Vector3, x: number, y: number, z: number): boolean {
  const stretch = 1 / (1 - FLATTENING);
  const [ax, ay, az] = [from.x, from.y, from.z * stretch];
  const [dx, dy, dz] = [x - ax, y - ay, z * stretch - az];
  const dd = dx * dx + dy * dy + dz * dz;
  const u = -(ax * dx + ay * dy + az * dz) / dd;
  if (u <= 0 || u >= 1) return false;
  const [px, py, pz] = [ax + u * dx, ay + u * dy, az + u * dz];
  return px * px + py * py + pz * pz < 0.9999;
}

/** A view turned by some degrees east and north, and moved away by a factor of the height above ground. */
export function moved([lon, lat, distance]: State["camera"], east_deg: number, north_deg: number, factor = 1): State["camera"] {
  const height = Math.min(FARTHEST - 1, Math.max(NEAREST - 1, (distance - 1) * factor));
  return [((((lon + east_deg + 180) % 360) + 360) % 360) - 180, Math.min(89, Math.max(-89, lat + north_deg)), 1 + height];
}

/** Degrees that the view turns for one pixel, so that the ground stays under the pointer. */
export function degreesPerPixel(distance: number, height_px: number): number {
  return Math.min(0.4, (2 * (distance - 1) * Math.tan((FIELD_DEG * RAD) / 2)) / height_px / RAD);
}

/** Moves the camera over a place, km, if it is not. */
export function keepOver(store: Store, r_km: ArrayLike<number>): void {
  const { lat_deg, lon_deg } = geodetic(r_km[0]!, r_km[1]!, r_km[2]!);
  const [lon, lat, distance] = store.state.camera;
  if (Math.hypot(lon_deg - lon, lat_deg - lat) > 0.02) store.set({ camera: [lon_deg, lat_deg, distance] });
}

export interface Gestures {
  canvas: HTMLCanvasElement;
  store: Store;
  /** Degrees for one pixel at the present view. */
  scale: () => number;
  pick: (x: number, y: number) => void;
}

const DRAGGED_PX = 4;

/** Mouse, touch and keyboard. Alt with arrows turns, plus and minus zoom. Returns what takes it all away again. */
export function gestures({ canvas, store, scale, pick }: Gestures): () => void {
  const fingers = new Map<number, { x: number; y: number }>();
  const off = new AbortController();
  let travelled = 0;
  const view = (east: number, north: number, factor = 1) =>
    store.set({ camera: moved(store.state.camera, east, north, factor), following: false });
  const spread = () => {
    const [a, b] = [...fingers.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
  };
  const on = <K extends keyof HTMLElementEventMap>(kind: K, act: (event: HTMLElementEventMap[K]) => void) =>
    canvas.addEventListener(kind, act, { signal: off.signal, passive: false });
  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (!fingers.size) travelled = 0;
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
  });
  on("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const before = spread();
    const [dx, dy] = [event.offsetX - finger.x, event.offsetY - finger.y];
    travelled += Math.hypot(dx, dy);
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (travelled < DRAGGED_PX) return;
    const perPixel = scale() / fingers.size;
    const stretch = Math.max(0.2, Math.cos(store.state.camera[1] * RAD));
    view((-dx * perPixel) / stretch, dy * perPixel, before > 0 ? before / Math.max(spread(), 1) : 1);
  });
  const up = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && travelled < DRAGGED_PX) pick(event.offsetX, event.offsetY);
  };
  on("pointerup", up);
  on("pointercancel", up);
  on("wheel", (event) => {
    event.preventDefault();
    view(0, 0, Math.exp(Math.max(-1, Math.min(1, event.deltaY * (event.deltaMode ? 0.04 : 0.0015)))));
  });
  on("keydown", (event) => {
    const step = 40 * scale();
    const turn = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key];
    if (event.altKey && turn) view(turn[0]!, turn[1]!);
    else if ((event.key === "+" || event.key === "=") && !event.ctrlKey && !event.metaKey) view(0, 0, 0.8);
    else if (event.key === "-" && !event.ctrlKey && !event.metaKey) view(0, 0, 1.25);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return () => off.abort();
}
