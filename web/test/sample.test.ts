import { expect, test } from "vitest";
import { FEW, MANY, sampleIndex, sampleReplay } from "./sample";

test("a sample has the sizes asked for, in order of object and time", () => {
  for (const size of [FEW, MANY]) {
    const replay = sampleReplay(size);
    expect(replay.satellites.rows).toBe(size.satellites);
    expect(replay.satellites.constellation.length).toBe(size.satellites);
    expect(replay.objects.rows).toBe(size.threats + size.interceptors);
    expect(sampleIndex(size).constellations.reduce((sum, c) => sum + c.n, 0)).toBe(size.satellites);
    const { id, t_s, rows } = replay.tracks;
    for (let k = 1; k < rows; k += 1) {
      expect(id[k]! > id[k - 1]! || (id[k] === id[k - 1] && t_s[k]! > t_s[k - 1]!)).toBe(true);
    }
  }
});

test("each threat has one end, and as many kills are listed", () => {
  const { objects, events } = sampleReplay(MANY);
  const destroyed = objects.fate.filter((fate) => fate === "destroyed").length;
  const killed = new Set(events.kind.flatMap((kind, k) => (kind === "kill" ? [events.other[k]] : [])));
  expect(killed.size).toBe(destroyed);
  expect(events.kind.filter((kind) => kind === "leak").length).toBe(MANY.threats - destroyed);
});
