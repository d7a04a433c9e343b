// Land, coasts and borders (Natural Earth, public domain, de-facto borders), coarse for the whole world, fine for a part.

import { geoEquirectangular, geoPath, type GeoPermissibleObjects } from "d3-geo";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import coarse from "world-atlas/countries-110m.json";
import fine from "world-atlas/countries-50m.json";
import type { Palette } from "./palette";

export type Detail = "coarse" | "fine";

export interface World {
  /** Lines of longitude and latitude, degrees. */
  coast: number[][][];
  borders: number[][][];
  /** The same on a plane whose unit is one degree: longitude to the right, latitude down. */
  land_path: Path2D;
  coast_path: Path2D;
  border_path: Path2D;
}

const made = new Map<Detail, World>();

export function world(detail: Detail): World {
  const found = made.get(detail);
  if (found) return found;
  const topology = (detail === "fine" ? fine : coarse) as unknown as Topology<{ countries: GeometryCollection; land: GeometryCollection }>;
  const { countries, land } = topology.objects;
  const coast = mesh(topology, countries, (a, b) => a === b);
  const borders = mesh(topology, countries, (a, b) => a !== b);
  const out = {
    coast: coast.coordinates, borders: borders.coordinates,
    land_path: planePath(feature(topology, land)), coast_path: planePath(coast), border_path: planePath(borders),
  };
  made.set(detail, out);
  return out;
}

/** Lines every 15 degrees. */
export function gridLines(): number[][][] {
  const lines: number[][][] = [];
  for (let lon = -180; lon < 180; lon += 15) lines.push([[lon, -75], [lon, 75]]);
  for (let lat = -75; lat <= 75; lat += 15) lines.push([[-180, lat], [0, lat], [180, lat]]);
  return lines;
}

/** Paints land on sea: longitude -180 to 180 across, latitude 90 to -90 down. */
export function paintLand(canvas: HTMLCanvasElement, width: number, detail: Detail, colours: Palette): void {
  canvas.width = width;
  canvas.height = width / 2;
  const brush = canvas.getContext("2d")!;
  brush.fillStyle = colours.sea;
  brush.fillRect(0, 0, width, width / 2);
  brush.setTransform(width / 360, 0, 0, width / 360, width / 2, width / 4);
  brush.fillStyle = colours.land;
  brush.fill(world(detail).land_path);
}

/** Points of a line with steps of at most `step_deg`, so that it follows a sphere. */
export function dense(line: number[][], step_deg: number): [number, number][] {
  const out: [number, number][] = [];
  line.forEach((point, k) => {
    const [lon, lat] = point as [number, number];
    const before = line[k - 1] as [number, number] | undefined;
    if (before) {
      // The short way round, also across 180 degrees.
      const east = lon - before[0] - 360 * Math.round((lon - before[0]) / 360.001);
      const north = lat - before[1];
      const n = Math.ceil(Math.max(Math.abs(east), Math.abs(north)) / step_deg);
      for (let j = 1; j < n; j += 1) out.push([before[0] + (j * east) / n, before[1] + (j * north) / n]);
    }
    out.push([lon, lat]);
  });
  return out;
}

function planePath(shape: GeoPermissibleObjects): Path2D {
  // d3 cuts at 180 degrees; without steps between points, for on this plane lines are straight.
  const projection = geoEquirectangular().scale(180 / Math.PI).translate([0, 0]).precision(0);
  return new Path2D(geoPath(projection).digits(4)(shape) ?? "");
}
