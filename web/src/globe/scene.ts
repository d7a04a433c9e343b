// The globe of one replay: all that is drawn, put together. It knows no page and no store.

import { PerspectiveCamera, Scene, type WebGLRenderer } from "three";
import type { Index, Overlay, Replay } from "../data";
import { rgb, type Palette } from "../map/palette";
import { sunAt } from "../map/sun";
import { satelliteAt } from "../orbit";
import { EARTH_KM, placesAt, placesOf, tracksOf, type Places, type Tracks } from "../place";
import { spentTimes } from "../satellite";
import type { State } from "../state";
import { aim, FIELD_DEG } from "./camera";
import type { Quality } from "./device";
import { earthOf } from "./earth";
import { fieldsOf } from "./fields";
import { groundOf } from "./ground";
import { ellipsesOf } from "./ellipses";
import { beliefsOf, objectMarks, placeEvents, placeObjects } from "./moving";
import { overlayLayer } from "./overlay";
import { marksOf, put, RING } from "./points";
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
  overlay: Overlay | null;
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

export function globeScene(renderer: WebGLRenderer, index: Index, replay: Replay, quality: Quality): GlobeScene {
  const ratio = renderer.getPixelRatio();
  const tracks = tracksOf(replay);
  const places = placesOf(tracks);
  const beliefs = beliefsOf(replay, tracks);
  const start = index.raids.find((raid) => raid.name === replay.raid)?.start;
  const camera = new PerspectiveCamera(FIELD_DEG, 1, 0.1, 40);
  const earth = earthOf(quality === "low");
  const names = index.constellations.map((constellation) => constellation.name);
  const satellites = satelliteLayer(replay.satellites, names, replay.meta.gmst_rad, ratio, spentTimes(index, replay));
  const trails = trailsOf(replay, tracks);
  const ground = groundOf(index, ratio);
  const fields = fieldsOf(index);
  const laid = overlayLayer();
  const objects = objectMarks(replay, ratio);
  const events = marksOf(replay.events.rows, ratio);
  const believed = ellipsesOf(replay.objects.rows);
  const picked = marksOf(1, ratio);
  const scene = new Scene();
  scene.add(earth.group, laid.group, ground.group, fields.group, trails.mesh, satellites.group, events.points, believed.group, objects.points,
            picked.points);
  return {
    camera, places, tracks,
    paint(colours) {
      for (const part of [earth, satellites, trails, ground, fields, believed]) part.paint(colours);
    },
    draw({ state, colours, width, height, selectedRow, satellite, overlay }) {
      const { t_s, off } = state;
      placesAt(tracks, t_s, places);
      aim(camera, state.camera, width / height);
      earth.from(state.camera[2]);
      earth.sun(start && !off.has("sunlight") ? sunAt(start, t_s, replay.meta.gmst_rad) : null);
      satellites.update(t_s, off);
      trails.update(t_s, selectedRow, width, height, off);
      ground.update(off);
      laid.update(overlay, state.overlay === null ? null : index.overlays[state.overlay] ?? null, index, colours);
      fields.update(replay, t_s, off, satellite);
      placeObjects(objects, replay, places, off, selectedRow, colours);
      placeEvents(events, replay, tracks, t_s, off, colours);
      believed.update({ replay, tracks, beliefs, places, t_s, off, selectedRow, camera, width, height });
      picked.points.visible = satellite >= 0;
      if (satellite >= 0) {
        satelliteAt(replay.satellites, satellite, t_s, replay.meta.gmst_rad, picked.position);
        for (let i = 0; i < 3; i += 1) picked.position[i]! /= EARTH_KM;
        put(picked, 0, RING, 16, rgb(colours.cursor));
        picked.send();
      }
      renderer.render(scene, camera);
    },
    dispose() {
      for (const part of [earth, satellites, trails, fields, laid, objects, events, believed, picked]) part.dispose();
      scene.clear();
    },
  };
}
