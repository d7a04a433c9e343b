import { expect, test } from "vitest";
import { circle, EARTH_KM, fixed, FLYING, geodetic, NOT_YET, OVER, placesAt, placesOf, standingAt, tracksOf } from "../src/place";
import { sampleReplay } from "./sample";

const replay = sampleReplay();
replay.tracks = {
  rows: 5, id: Int32Array.of(0, 1, 0, 1, 0), t_s: Float64Array.of(10, 0, 20, 100, 40), phase: Uint8Array.of(0, 3, 1, 3, 2),
  x_km: Float64Array.of(6378.137, 0, 6388.137, 0, 6398.137), y_km: Float64Array.of(0, 6400, 0, 6500, 0),
  z_km: new Float64Array(5),
};

test("objects move in straight steps between samples, in any order of rows and times", () => {
  const tracks = tracksOf(replay);
  const places = placesOf(tracks);
  const at = (t_s: number, row: number) => {
    placesAt(tracks, t_s, places);
    return [places.state[row], places.r_km[3 * row], places.phase[row]];
  };
  expect(at(5, 0)[0]).toBe(NOT_YET);
  expect(at(15, 0)).toEqual([FLYING, Math.fround(6383.137), 0]);
  expect(at(30, 0)).toEqual([FLYING, Math.fround(6393.137), 1]);
  expect(at(41, 0)).toEqual([OVER, Math.fround(6398.137), 2]);
  expect(at(15, 0)[1]).toBe(Math.fround(6383.137));
  expect(at(50, 1)[0]).toBe(FLYING);
  expect(places.r_km[4]).toBe(6450);
  expect(at(50, 2)[0]).toBe(NOT_YET);
});

test("altitude and speed for the card", () => {
  const standing = standingAt(tracksOf(replay), 0, 15)!;
  expect(standing.alt_km).toBeCloseTo(5, 6);
  expect(standing.speed_km_s).toBeCloseTo(1, 9);
  expect(standing.lat_deg).toBeCloseTo(0, 9);
  expect(standingAt(tracksOf(replay), 0, 99)!.speed_km_s).toBeCloseTo(0.5, 9);
  expect(standingAt(tracksOf(replay), 3, 15)).toBeNull();
});

test("geodetic and Earth-fixed places are each other's inverse", () => {
  for (const lat of [-89.5, -40, 0, 12, 66, 90]) {
    for (const [lon, alt] of [[-170, 0], [20, 1200], [179, 36000]] as const) {
      const back = geodetic(...fixed(lat, lon, alt));
      expect(back.lat_deg).toBeCloseTo(lat, 8);
      if (lat < 90) expect(back.lon_deg).toBeCloseTo(lon, 8);
      expect(back.alt_km).toBeCloseTo(alt, 6);
    }
  }
  // The pole is where the ellipsoid has it.
  expect(fixed(90, 0)[2]).toBeCloseTo(6356.752314, 5);
  expect(fixed(0, 0)[0]).toBe(EARTH_KM);
});

test("a circle on the ground has its radius", () => {
  for (const [lat, lon] of circle(60, 179, 500, 8)) {
    const angle = Math.acos(Math.sin(60 * Math.PI / 180) * Math.sin(lat * Math.PI / 180)
      + Math.cos(60 * Math.PI / 180) * Math.cos(lat * Math.PI / 180) * Math.cos((lon - 179) * Math.PI / 180));
    expect(angle * 6371).toBeCloseTo(500, 3);
    expect(Math.abs(lon)).toBeLessThanOrEqual(180);
  }
});
