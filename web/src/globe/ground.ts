// What stands on the ground: defended areas, sites with their reach, radars with their fans, places of launch.

import {
  BufferAttribute, BufferGeometry, DoubleSide, Group, LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial,
} from "three";
import type { Index } from "../data";
import { rgb, type Palette } from "../map/palette";
import { axesAt, circle, EARTH_KM, fixed, type Vector } from "../place";
import { HOLLOW, marksOf, put, SQUARE } from "./points";

/** Elevation at which a radar's fan is drawn: low, so that it shows what the radar sees first. */
const FAN_DEG = 3;
const RAD = Math.PI / 180;

export interface Ground {
  group: Group;
  paint(colours: Palette): void;
  update(off: ReadonlySet<string>): void;
}

export function groundOf(index: Index, pixelRatio: number): Ground {
  const areas = new Group();
  const fans = new Group();
  const sites = new Group();
  const recolour: ((colours: Palette) => void)[] = [];
  const add = (to: Group, points: number[], triangles: number[], outline: number[], colour: (c: Palette) => string, fill: number): void => {
    const face = new MeshBasicMaterial({ transparent: true, opacity: fill, depthWrite: false, side: DoubleSide });
    const edge = new LineBasicMaterial({ transparent: true, opacity: 0.75 });
    if (triangles.length) to.add(new Mesh(geometry(points, triangles), face));
    to.add(new LineSegments(geometry(points, outline), edge));
    recolour.push((c) => {
      face.color.setRGB(...rgb(colour(c)));
      edge.color.setRGB(...rgb(colour(c)));
    });
  };
  for (const area of index.areas) {
    const [points, triangles, outline] = cap(area.lat_deg, area.lon_deg, area.radius_km);
    add(areas, points, triangles, outline, (c) => c.area, 0.13);
  }
  index.sensors.forEach((sensor) => {
    if (sensor.kind !== "radar" || sensor.lat_deg === null || sensor.lon_deg === null || !(sensor.range_km > 0)) return;
    const [points, triangles, outline] = fan(sensor.lat_deg, sensor.lon_deg, sensor.azimuth_deg, sensor.sector_deg, sensor.range_km);
    add(fans, points, triangles, outline, (c) => c.fan, 0.1);
  });
  for (const site of index.sites) {
    if (!(site.range_km > 0)) continue;
    const layer = layerOf(index, site.layer);
    const [points, , outline] = cap(site.lat_deg, site.lon_deg, site.range_km);
    add(sites, points, [], outline.filter((_, k) => k % 4 < 2), (c) => c.layers[layer % c.layers.length]!, 0);
  }
  const spots = [...index.sites, ...index.places];
  const marks = marksOf(spots.length, pixelRatio);
  spots.forEach((spot, k) => marks.position.set(fixed(spot.lat_deg, spot.lon_deg, 3).map((c) => c / EARTH_KM), 3 * k));
  const group = new Group();
  group.add(areas, fans, sites, marks.points);
  return {
    group,
    paint(colours) {
      for (const change of recolour) change(colours);
      index.sites.forEach((site, k) => put(marks, k, SQUARE, 9, rgb(colours.layers[layerOf(index, site.layer) % colours.layers.length]!)));
      index.places.forEach((_, k) => put(marks, index.sites.length + k, HOLLOW, 11, rgb(colours.threat)));
      marks.send();
    },
    update(off) {
      areas.visible = !off.has("areas");
      fans.visible = !off.has("fans");
      sites.visible = marks.points.visible = !off.has("sites");
    },
  };
}

export function layerOf(index: Index, name: string): number {
  return Math.max(0, index.layers.findIndex((layer) => layer.name === name));
}

type Shape = [points: number[], triangles: number[], outline: number[]];

const SIDES = 64;
const RINGS = 4;

/** A circle on the ground, filled in rings so that it follows the Earth. */
function cap(lat_deg: number, lon_deg: number, radius_km: number): Shape {
  const points = [...scaled(fixed(lat_deg, lon_deg, 4))];
  const triangles: number[] = [];
  const outline: number[] = [];
  for (let ring = 1; ring <= RINGS; ring += 1) {
    for (const [lat, lon] of circle(lat_deg, lon_deg, (radius_km * ring) / RINGS, SIDES)) points.push(...scaled(fixed(lat, lon, 4)));
  }
  for (let k = 0; k < SIDES; k += 1) {
    const next = (k + 1) % SIDES;
    triangles.push(0, 1 + k, 1 + next);
    for (let ring = 1; ring < RINGS; ring += 1) {
      const [inner, outer] = [1 + (ring - 1) * SIDES, 1 + ring * SIDES];
      triangles.push(inner + k, outer + k, inner + next, inner + next, outer + k, outer + next);
    }
    outline.push(1 + (RINGS - 1) * SIDES + k, 1 + (RINGS - 1) * SIDES + next);
  }
  return [points, triangles, outline];
}

/** The lowest sheet of a radar's beam out to its range: straight lines from the radar at a low elevation. */
function fan(lat_deg: number, lon_deg: number, azimuth_deg: number, sector_deg: number, range_km: number): Shape {
  const { east, north, up } = axesAt(lat_deg, lon_deg);
  const from = fixed(lat_deg, lon_deg, 4);
  const isRound = sector_deg >= 360;
  const n = Math.max(6, Math.ceil(sector_deg / 4));
  const points = [...scaled(from)];
  const triangles: number[] = [];
  const outline: number[] = isRound ? [] : [0, 1, 0, n + 1];
  for (let k = 0; k <= n; k += 1) {
    const azimuth = (azimuth_deg - sector_deg / 2 + (sector_deg * k) / n) * RAD;
    const [e, o, u] = [Math.sin(azimuth) * Math.cos(FAN_DEG * RAD), Math.cos(azimuth) * Math.cos(FAN_DEG * RAD), Math.sin(FAN_DEG * RAD)];
    points.push(...scaled(from.map((c, i) => c + range_km * (e * east[i]! + o * north[i]! + u * up[i]!)) as unknown as Vector));
    if (k < n) {
      triangles.push(0, 1 + k, 2 + k);
      outline.push(1 + k, 2 + k);
    }
  }
  return [points, triangles, outline];
}

function scaled(r_km: Vector): number[] {
  return r_km.map((c) => c / EARTH_KM);
}

function geometry(points: number[], index: number[]): BufferGeometry {
  const out = new BufferGeometry();
  out.setAttribute("position", new BufferAttribute(Float32Array.from(points), 3));
  out.setIndex(index);
  return out;
}
