// The globe in the page: draws when the store changes, and only then.

import "./globe.css";
import { Vector2 } from "three";
import type { Loaded } from "../loaded";
import { palette, type Palette } from "../map/palette";
import { satelliteAt } from "../orbit";
import { fixed, FLYING, geodetic } from "../place";
import { satelliteRow } from "../satellite";
import type { Store } from "../state";
import { buttons, switchOf, zoomChoices } from "./buttons";
import { degreesPerPixel, gestures, keepOver } from "./camera";
import { device } from "./device";
import { labelsOver, type Label } from "./labels";
import { nearest, onScreen } from "./pick";
import { globeScene, type GlobeScene } from "./scene";
import { sentence, tell } from "./sentence";

const scratch = new Vector2();

/** Draws the globe into `root`. Where WebGL is missing the store is turned to the flat map instead. */
export function mountGlobe(root: HTMLElement, store: Store, data: Loaded): () => void {
  const drawer = device();
  if (!drawer) {
    store.set({ view: "map" });
    return () => undefined;
  }
  const box = document.createElement("div");
  box.className = "globe";
  const { canvas, renderer, quality } = drawer;
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  box.append(canvas);
  box.dataset["quality"] = quality;
  root.append(box);
  const labels = labelsOver(box);
  const pressed = buttons(box, [...zoomChoices(store), switchOf(store, "sunlight", "\u25d0", "Night side")]);
  let replay = data.replay();
  let scene: GlobeScene = globeScene(renderer, data.index, replay, quality);
  let colours: Palette | null = null;
  let waiting = 0;

  const satelliteOf = () => satelliteRow(replay, store.state.satellite);
  const rowOf = (id: number | null) => (id === null ? -1 : scene.tracks.rowOf.get(id) ?? -1);
  const draw = () => {
    waiting = 0;
    const { clientWidth: width, clientHeight: height } = box;
    if (!width || !height || renderer.getContext().isContextLost()) return;
    if (data.replay() !== replay) {
      scene.dispose();
      replay = data.replay();
      scene = globeScene(renderer, data.index, replay, quality);
      colours = null;
    }
    if (!colours) {
      colours = palette(box, store.state.theme);
      renderer.setClearColor(colours.space, 1);
      scene.paint(colours);
    }
    const size = renderer.getSize(scratch);
    if (size.x !== width || size.y !== height) renderer.setSize(width, height, false);
    const satellite = satelliteOf();
    follow(rowOf(store.state.selected), satellite);
    scene.draw({ state: store.state, colours, width, height, selectedRow: rowOf(store.state.selected), satellite,
                 overlay: data.overlay?.() ?? null });
    labels.draw(named(width, height, satellite));
    tell(canvas, sentence("Globe", store.state, replay, scene.places));
  };
  const ask = () => {
    if (!waiting) waiting = requestAnimationFrame(draw);
  };
  const follow = (row: number, satellite: number) => {
    if (!store.state.following) return;
    if (satellite >= 0) keepOver(store, placeOf(satellite));
    else if (row >= 0 && scene.places.state[row] === FLYING) keepOver(store, scene.places.r_km.subarray(3 * row, 3 * row + 3));
  };
  const placeOf = (satellite: number): number[] => {
    const r = [0, 0, 0];
    satelliteAt(replay.satellites, satellite, store.state.t_s, replay.meta.gmst_rad, r);
    return r;
  };
  const named = (width: number, height: number, satellite: number): Label[] => {
    const { off, selected } = store.state;
    const out: Label[] = [];
    const add = (text: string, kind: Label["kind"], r: ArrayLike<number>) => {
      const at = onScreen(scene.camera, width, height, r[0]!, r[1]!, r[2]!);
      if (at && at.x > 0 && at.x < width && at.y > 0 && at.y < height) out.push({ text, kind, ...at });
    };
    const row = rowOf(selected);
    if (row >= 0 && scene.places.state[row] === FLYING) {
      add(replay.objects.name[row]!, "picked", scene.places.r_km.subarray(3 * row, 3 * row + 3));
    }
    if (satellite >= 0) {
      const r = placeOf(satellite);
      const alt = Math.round(geodetic(r[0]!, r[1]!, r[2]!).alt_km).toLocaleString("en");
      add(`${replay.satellites.constellation[satellite]} ${replay.satellites.id[satellite]}, ${alt} km`, "picked", r);
    }
    if (off.has("names")) return out;
    if (!off.has("areas")) for (const area of data.index.areas) add(area.name, "area", fixed(area.lat_deg, area.lon_deg));
    if (!off.has("sites")) for (const site of data.index.sites) add(site.name, "site", fixed(site.lat_deg, site.lon_deg));
    for (const place of data.index.places) add(place.name, "place", fixed(place.lat_deg, place.lon_deg));
    return out;
  };
  const pick = (x: number, y: number) => {
    const found = nearest(replay, scene.places, store.state.t_s, store.state.off, x, y, (px, py, pz) =>
      onScreen(scene.camera, box.clientWidth, box.clientHeight, px, py, pz));
    store.set({ selected: found?.kind === "object" ? replay.objects.id[found.row]! : null,
                satellite: found?.kind === "satellite" ? replay.satellites.id[found.row]! : null, following: false });
  };
  const free = gestures({ canvas, store, pick, scale: () => degreesPerPixel(store.state.camera[2], box.clientHeight) });
  const quiet = store.subscribe((_, changed) => {
    if (changed.has("theme")) colours = null;
    if (changed.has("off")) pressed();
    ask();
  });
  const lost = (event: Event) => {
    event.preventDefault();
    store.set({ view: "map" });
  };
  canvas.addEventListener("webglcontextlost", lost);
  const sizes = new ResizeObserver(ask);
  sizes.observe(box);
  ask();
  return () => {
    cancelAnimationFrame(waiting);
    canvas.removeEventListener("webglcontextlost", lost);
    quiet();
    free();
    sizes.disconnect();
    scene.dispose();
    renderer.dispose();
    renderer.forceContextLoss();
    box.remove();
  };
}
