// The flat map in the page: the same as the globe where WebGL is missing, slow or not wanted.

import "../globe/globe.css";
import { buttons, switchOf, zoomChoices } from "../globe/buttons";
import { gestures, keepOver } from "../globe/camera";
import { labelsOver, type Label } from "../globe/labels";
import { beliefsOf } from "../globe/moving";
import { nearest } from "../globe/pick";
import { sentence, tell } from "../globe/sentence";
import type { Loaded } from "../loaded";
import { geodetic, FLYING, placesAt, placesOf, tracksOf } from "../place";
import { satelliteAt } from "../orbit";
import { satelliteRow, spentTimes } from "../satellite";
import type { Store } from "../state";
import { baseMap } from "./base";
import { drawEvents, drawFields, drawNight, drawObjects, drawSatellites, drawTrails, flatTracks, shellsOf } from "./draw";
import { across, down, frameOf, type Frame } from "./frame";
import { palette, type Palette } from "./palette";
import { sunAt } from "./sun";

function made(data: Loaded) {
  const replay = data.replay();
  const tracks = tracksOf(replay);
  return {
    replay, tracks, places: placesOf(tracks), flat: flatTracks(tracks), beliefs: beliefsOf(replay, tracks),
    shells: shellsOf(data.index, replay), satellites: new Float64Array(3 * replay.satellites.rows),
    spent_s: spentTimes(data.index, replay),
    start: data.index.raids.find((raid) => raid.name === replay.raid)?.start,
  };
}

export function mountMap(root: HTMLElement, store: Store, data: Loaded): () => void {
  const box = document.createElement("div");
  box.className = "flat";
  const canvas = document.createElement("canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  box.append(canvas);
  root.append(box);
  const brush = canvas.getContext("2d", { alpha: false })!;
  const base = baseMap();
  const labels = labelsOver(box);
  const pressed = buttons(box, [...zoomChoices(store), switchOf(store, "sunlight", "\u25d0", "Night side")]);
  let all = made(data);
  let colours: Palette | null = null;
  let waiting = 0;

  const frameNow = (): Frame => frameOf(store.state.camera, box.clientWidth, box.clientHeight);
  const satelliteOf = () => satelliteRow(all.replay, store.state.satellite);
  const rowOf = (id: number | null) => (id === null ? -1 : all.tracks.rowOf.get(id) ?? -1);
  const draw = () => {
    waiting = 0;
    const ratio = Math.min(2, devicePixelRatio);
    if (!box.clientWidth || !box.clientHeight) return;
    if (data.replay() !== all.replay) all = made(data);
    colours ??= palette(box, store.state.theme);
    const { t_s, off } = store.state;
    const { replay, tracks, places } = all;
    placesAt(tracks, t_s, places);
    const satellite = satelliteOf();
    follow(rowOf(store.state.selected), satellite);
    const frame = frameNow();
    const row = rowOf(store.state.selected);
    base.paint(frame, ratio, colours, data.index, off, data.overlay?.() ?? null, store.state.overlay);
    if (canvas.width !== base.canvas.width) canvas.width = base.canvas.width;
    if (canvas.height !== base.canvas.height) canvas.height = base.canvas.height;
    brush.setTransform(1, 0, 0, 1, 0, 0);
    brush.drawImage(base.canvas, 0, 0);
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    const on = { brush, frame, colours };
    if (all.start && !off.has("sunlight")) drawNight(on, sunAt(all.start, t_s, replay.meta.gmst_rad));
    drawFields(on, data.index, replay, t_s, off, satellite);
    drawSatellites(on, data.index, replay, t_s, off, all, satellite);
    drawTrails(on, replay, tracks, all.flat, places, t_s, off, row);
    drawEvents(on, replay, tracks, t_s, off);
    drawObjects(on, replay, tracks, all.beliefs, places, t_s, off, row);
    labels.draw(named(frame, row, satellite));
    tell(canvas, sentence("Flat map", store.state, replay, places));
  };
  const ask = () => {
    if (!waiting) waiting = requestAnimationFrame(draw);
  };
  const placeOf = (row: number) => {
    const { r_km } = all.places;
    return geodetic(r_km[3 * row]!, r_km[3 * row + 1]!, r_km[3 * row + 2]!);
  };
  const follow = (row: number, satellite: number) => {
    if (!store.state.following) return;
    if (satellite >= 0) {
      const r = [0, 0, 0];
      satelliteAt(all.replay.satellites, satellite, store.state.t_s, all.replay.meta.gmst_rad, r);
      keepOver(store, r);
    } else if (row >= 0 && all.places.state[row] === FLYING) keepOver(store, all.places.r_km.subarray(3 * row, 3 * row + 3));
  };
  const named = (frame: Frame, row: number, satellite: number): Label[] => {
    const { off } = store.state;
    const out: Label[] = [];
    const add = (text: string, kind: Label["kind"], at: { lat_deg: number; lon_deg: number }) => {
      const [x, y] = [across(frame, at.lon_deg), down(frame, at.lat_deg)];
      if (x > 0 && x < frame.width && y > 0 && y < frame.height) out.push({ text, kind, x, y });
    };
    if (row >= 0 && all.places.state[row] === FLYING) add(all.replay.objects.name[row]!, "picked", placeOf(row));
    if (satellite >= 0) {
      const at = geodetic(all.satellites[3 * satellite]!, all.satellites[3 * satellite + 1]!, all.satellites[3 * satellite + 2]!);
      const { constellation, id } = all.replay.satellites;
      add(`${constellation[satellite]} ${id[satellite]}, ${Math.round(at.alt_km).toLocaleString("en")} km`, "picked", at);
    }
    if (off.has("names")) return out;
    if (!off.has("areas")) for (const area of data.index.areas) add(area.name, "area", area);
    if (!off.has("sites")) for (const site of data.index.sites) add(site.name, "site", site);
    for (const place of data.index.places) add(place.name, "place", place);
    return out;
  };
  const pick = (x: number, y: number) => {
    const frame = frameNow();
    const found = nearest(all.replay, all.places, store.state.t_s, store.state.off, x, y, (px, py, pz) => {
      const at = geodetic(px, py, pz);
      return { x: across(frame, at.lon_deg), y: down(frame, at.lat_deg) };
    });
    store.set({ selected: found?.kind === "object" ? all.replay.objects.id[found.row]! : null,
                satellite: found?.kind === "satellite" ? all.replay.satellites.id[found.row]! : null, following: false });
  };
  const free = gestures({ canvas, store, pick, scale: () => 1 / frameNow().scale });
  const quiet = store.subscribe((_, changed) => {
    if (changed.has("theme")) colours = null;
    if (changed.has("off")) pressed();
    ask();
  });
  const sizes = new ResizeObserver(ask);
  sizes.observe(box);
  ask();
  return () => {
    cancelAnimationFrame(waiting);
    quiet();
    free();
    sizes.disconnect();
    box.remove();
  };
}
