// The map beneath: land, coasts, borders. Painted once per view and theme, then copied.

import { geoEquirectangular, geoGraticule, geoPath } from "d3-geo";
import type { Palette } from "./palette";
import type { Frame } from "./frame";
import { landShape, worldLines } from "./world";

export interface Base {
  canvas: HTMLCanvasElement;
  paint(frame: Frame, ratio: number, colours: Palette): void;
}

export function baseMap(): Base {
  const canvas = document.createElement("canvas");
  let last = "";
  return {
    canvas,
    paint(frame, ratio, colours) {
      const now = JSON.stringify([frame, ratio, colours.sea, colours.land]);
      if (now === last) return;
      last = now;
      canvas.width = frame.width * ratio;
      canvas.height = frame.height * ratio;
      const brush = canvas.getContext("2d")!;
      brush.scale(ratio, ratio);
      brush.fillStyle = colours.sea;
      brush.fillRect(0, 0, frame.width, frame.height);
      // The projection is turned east only: latitude stays straight down.
      const projection = geoEquirectangular().scale((frame.scale * 180) / Math.PI).rotate([-frame.lon_deg, 0])
        .translate([frame.width / 2, frame.height / 2 + frame.lat_deg * frame.scale])
        .clipExtent([[-2, -2], [frame.width + 2, frame.height + 2]]);
      const path = geoPath(projection, brush);
      const { coast, borders } = worldLines();
      brush.fillStyle = colours.land;
      brush.beginPath();
      path(landShape());
      brush.fill();
      for (const [shape, colour] of [
        [geoGraticule().step([15, 15])(), colours.grid],
        [{ type: "MultiLineString" as const, coordinates: borders }, colours.border],
        [{ type: "MultiLineString" as const, coordinates: coast }, colours.coast],
      ] as const) {
        brush.beginPath();
        path(shape);
        brush.strokeStyle = colour;
        brush.lineWidth = 0.8;
        brush.stroke();
      }
    },
  };
}
