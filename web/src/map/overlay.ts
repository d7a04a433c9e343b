// Cells laid over the flat map: each level once more over those below, so that what holds more is darker.

import type { Overlay } from "../data";
import { cellsAt, sidesAt } from "../overlay";
import type { Canvas } from "./draw";
import { across, down } from "./frame";

export function drawOverlay({ brush, frame }: Canvas, overlay: Overlay, colour: string): void {
  const { lat_edges_deg: lat, lon_edges_deg: lon } = overlay;
  const y = lat.map((deg) => Math.round(down(frame, deg)));
  // From the middle of a cell, so that both of its sides are on the same copy of the world.
  const left = (j: number): number => Math.round(across(frame, (lon[j]! + lon[j + 1]!) / 2) - ((lon[j + 1]! - lon[j]!) / 2) * frame.scale);
  const right = (j: number): number => Math.round(across(frame, (lon[j]! + lon[j + 1]!) / 2) + ((lon[j + 1]! - lon[j]!) / 2) * frame.scale);
  brush.fillStyle = brush.strokeStyle = colour;
  brush.lineWidth = 1.2;
  overlay.levels.forEach((_, k) => {
    brush.globalAlpha = 0.13;
    brush.beginPath();
    for (const [i, j] of cellsAt(overlay, k + 1)) brush.rect(left(j), y[i + 1]!, right(j) - left(j), y[i]! - y[i + 1]!);
    brush.fill();
    brush.globalAlpha = 0.9;
    brush.beginPath();
    for (const [i, j, i2, j2] of sidesAt(overlay, k + 1)) {
      const x = j < lon.length - 1 ? left(j) : right(j - 1);
      brush.moveTo(x, y[i]!);
      brush.lineTo(j2 > j ? right(j) : x, y[i2]!);
    }
    brush.stroke();
  });
  brush.globalAlpha = 1;
}
