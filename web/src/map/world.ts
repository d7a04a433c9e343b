// Coasts and borders (Natural Earth, public domain, de-facto borders) as lines, and painted on a canvas.

import { geoEquirectangular, geoPath, type GeoPermissibleObjects } from "d3-geo";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import atlas from "world-atlas/countries-110m.json";
import type { Palette } from "./palette";

const topology = () => atlas as unknown as Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

export interface Lines {
  /** Lines of longitude and latitude, degrees. */
  coast: number[][][];
  borders: number[][][];
}

let lines: Lines | null = null;

export function worldLines(): Lines {
  const world = topology();
  lines ??= {
    coast: mesh(world, world.objects.countries, (a, b) => a === b).coordinates,
    borders: mesh(world, world.objects.countries, (a, b) => a !== b).coordinates,
  };
  return lines;
}

export function landShape(): GeoPermissibleObjects {
  const world = topology();
  return feature(world, world.objects.land);
}

/** Paints land on sea with a grid every 15 degrees: longitude -180 to 180 across, latitude 90 to -90 down. */
export function paintLand(canvas: HTMLCanvasElement, width: number, colours: Palette): void {
  canvas.width = width;
  canvas.height = width / 2;
  const brush = canvas.getContext("2d")!;
  brush.fillStyle = colours.sea;
  brush.fillRect(0, 0, width, width / 2);
  const projection = geoEquirectangular().scale(width / (2 * Math.PI)).translate([width / 2, width / 4]);
  brush.beginPath();
  geoPath(projection, brush)(landShape());
  brush.fillStyle = colours.land;
  brush.fill();
  brush.beginPath();
  for (let k = 1; k < 24; k += 1) line(brush, (k * width) / 24, 0, (k * width) / 24, width / 2);
  for (let k = 1; k < 12; k += 1) line(brush, 0, (k * width) / 24, width, (k * width) / 24);
  brush.strokeStyle = colours.grid;
  brush.lineWidth = width / 2048;
  brush.stroke();
}

/** Points of lines with steps of at most `step_deg`, so that they follow a sphere. */
export function dense(of: number[][], step_deg: number): [number, number][] {
  const out: [number, number][] = [];
  of.forEach((point, k) => {
    const [lon, lat] = point as [number, number];
    const before = of[k - 1] as [number, number] | undefined;
    if (before) {
      const n = Math.ceil(Math.max(Math.abs(lon - before[0]), Math.abs(lat - before[1])) / step_deg);
      for (let j = 1; j < n; j += 1) out.push([before[0] + (j * (lon - before[0])) / n, before[1] + (j * (lat - before[1])) / n]);
    }
    out.push([lon, lat]);
  });
  return out;
}

function line(brush: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  brush.moveTo(x1, y1);
  brush.lineTo(x2, y2);
}
