// The map beneath: land, coasts, borders, and what stands on the ground. Painted once per view, then copied.

import type { Index, Overlay } from "../data";
import { colourOf } from "../overlay";
import { drawGround } from "./draw";
import { drawOverlay } from "./overlay";
import type { Frame } from "./frame";
import type { Palette } from "./palette";
import { gridLines, world } from "./world";

/** From this many pixels per degree the fine coasts are drawn. */
const FINE_FROM = 8;

export interface Base {
  canvas: HTMLCanvasElement;
  paint(frame: Frame, ratio: number, colours: Palette, index: Index, off: ReadonlySet<string>, overlay: Overlay | null, number: number | null): void;
}

export function baseMap(): Base {
  const canvas = document.createElement("canvas");
  let last = "";
  return {
    canvas,
    paint(frame, ratio, colours, index, off, overlay, number) {
      const now = JSON.stringify([frame, ratio, colours.sea, colours.land, [...off], overlay && number]);
      if (now === last) return;
      last = now;
      canvas.width = frame.width * ratio;
      canvas.height = frame.height * ratio;
      const brush = canvas.getContext("2d")!;
      brush.fillStyle = colours.space;
      brush.fillRect(0, 0, canvas.width, canvas.height);
      paintWorld(brush, frame, ratio, colours);
      brush.setTransform(ratio, 0, 0, ratio, 0, 0);
      const entry = number === null ? undefined : index.overlays[number];
      if (overlay && entry) drawOverlay({ brush, frame, colours }, overlay, colourOf(index, entry, colours));
      drawGround({ brush, frame, colours }, index, off);
    },
  };
}

function paintWorld(brush: CanvasRenderingContext2D, frame: Frame, ratio: number, colours: Palette): void {
  const { land_path, coast_path, border_path } = world(frame.scale < FINE_FROM ? "coarse" : "fine");
  const grid = gridPath();
  const half = frame.width / (2 * frame.scale);
  // The world repeats every 360 degrees: as many copies as the frame needs.
  const from = Math.ceil((frame.lon_deg - half - 180) / 360);
  const to = Math.floor((frame.lon_deg + half + 180) / 360);
  for (let copy = from; copy <= to; copy += 1) {
    const scale = frame.scale * ratio;
    brush.setTransform(scale, 0, 0, scale, (frame.width / 2) * ratio + (360 * copy - frame.lon_deg) * scale,
                       (frame.height / 2) * ratio + frame.lat_deg * scale);
    brush.lineWidth = 0.8 / frame.scale;
    brush.fillStyle = colours.sea;
    brush.fillRect(-180.01, -90, 360.02, 180);
    brush.fillStyle = colours.land;
    brush.fill(land_path);
    for (const [path, colour] of [[grid, colours.grid], [border_path, colours.border], [coast_path, colours.coast]] as const) {
      brush.strokeStyle = colour;
      brush.stroke(path);
    }
  }
}

function gridPath(): Path2D {
  const path = new Path2D();
  for (const line of gridLines()) line.forEach(([lon, lat], k) => (k ? path.lineTo(lon!, -lat!) : path.moveTo(lon!, -lat!)));
  return path;
}
