// The globe of one replay: all that is drawn, put together. It knows no page and no store.

import { ColorManagement, LinearSRGBColorSpace, PerspectiveCamera, Scene, WebGLRenderer } from "three";
import type { Index, Replay } from "../data";
import type { Palette } from "../map/palette";
import { sunAt } from "../map/sun";
import { placesAt, placesOf, tracksOf, type Places, type Tracks } from "../place";
import type { State } from "../state";
import { aim, FIELD_DEG } from "./camera";
import type { Quality } from "./device";
import { earthOf } from "./earth";
import { fieldsOf } from "./fields";
import { groundOf } from "./ground";
import { beliefsOf, objectMarks, placeBeliefs, placeEvents, placeObjects } from "./moving";
import { marksOf } from "./points";
import { satelliteLayer } from "./satellites";
import { trailsOf } from "./trails";

export interface View {
  state: Readonly<State>;
  colours: Palette;
  width: number;
  height: number;
  /** Row of the picked object, or of the picked satellite; -1 for none. */
  selectedRow: number;
  satellite: number;
}

export interface GlobeScene {
  camera: PerspectiveCamera;
  places: Places;
  tracks: Tracks;
  /** Colours have changed. */
  paint(colours: Palette): void;
  draw(view: View): void;
  dispose(): void;
}

export function rendererOn(canvas: HTMLCanvasElement, quality: Quality): WebGLRenderer {
  // Colours of the style sheet go to the screen as they are.
  ColorManagement.enabled = false;
  const renderer = new WebGLRenderer({ canvas, antialias: quality === "high", alpha: true, powerPreference: "high-performance" });
  renderer.outputColorSpace = LinearSRGBColorSpace;
  renderer.setPixelRatio(quality === "high" ? Math.min(2, devicePixelRatio) : 1);
  return renderer;
}

export function globeScene(renderer: WebGLRenderer, index: Index, replay: Replay, quality: Quality): GlobeScene {
  const ratio = renderer.getPixelRatio();
  const tracks = tracksOf(replay);
  const places = placesOf(tracks);
  const beliefs = beliefsOf(replay, tracks);
  const start = index.raids.find((raid) => raid.name === replay.raid)?.start;
  const camera = new PerspectiveCamera(FIELD_DEG, 1, 0.1, 40);
  const earth = earthOf(quality === "low");
  const names = index.constellations.map((constellation) => constellation.name);
  const satellites = satelliteLayer(replay.satellites, names, replay.meta.gmst_rad, ratio);
  const trails = trailsOf(replay, tracks);
  const ground = groundOf(index, ratio);
  const fields = fieldsOf(index);
  const objects = objectMarks(replay, ratio);
  const events = marksOf(replay.events.rows, ratio);
  const believed = marksOf(replay.objects.rows, ratio);
  const scene = new Scene();
  scene.add(earth.group, ground.group, fields.group, trails.mesh, satellites.group, events.points, believed.points, objects.points);
  return {
    camera, places, tracks,
    paint(colours) {
      for (const part of [earth, satellites, trails, ground, fields]) part.paint(colours);
    },
    draw({ state, colours, width, height, selectedRow, satellite }) {
      const { t_s, off } = state;
      placesAt(tracks, t_s, places);
      aim(camera, state.camera, width / height);
      earth.sun(start && !off.has("sunlight") ? sunAt(start, t_s, replay.meta.gmst_rad) : null);
      satellites.update(t_s, off);
      trails.update(t_s, selectedRow, width, height, off);
      ground.update(off);
      fields.update(replay, t_s, off, satellite);
      placeObjects(objects, replay, places, off, selectedRow, colours);
      placeEvents(events, replay, t_s, off, colours);
      const perRadius = height / (2 * Math.tan((camera.fov * Math.PI) / 360));
      placeBeliefs(believed, replay, beliefs, places, t_s, off, colours, (x, y, z) =>
        perRadius / Math.hypot(x - camera.position.x, y - camera.position.y, z - camera.position.z));
      renderer.render(scene, camera);
    },
    dispose() {
      for (const part of [earth, satellites, trails, fields, objects, events, believed]) part.dispose();
      scene.clear();
    },
  };
}
