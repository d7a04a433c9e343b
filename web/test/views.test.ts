import { PerspectiveCamera } from "three";
import { expect, test } from "vitest";
import { aim, isBehindEarth, moved } from "../src/globe/camera";
import { eyes, rimAngle } from "../src/globe/fields";
import { beliefAt, beliefsOf } from "../src/globe/moving";
import { nearest, onScreen, REACH_PX } from "../src/globe/pick";
import { across, down, frameOf } from "../src/map/frame";
import { dense } from "../src/map/world";
import { satellitesAt } from "../src/orbit";
import { EARTH_KM, fixed, geodetic, placesAt, placesOf, tracksOf } from "../src/place";
import { FEW, sampleReplay } from "./sample";

const DEG = 180 / Math.PI;

test("the camera looks at the place it is sent to, north up, from any height", () => {
  for (const distance of [1.05, 1.5, 4, 12]) {
    const camera = new PerspectiveCamera();
    aim(camera, [-74, 41, distance], 1.6);
    const middle = onScreen(camera, 1000, 625, ...fixed(41, -74, 1))!;
    expect(middle.x).toBeCloseTo(500, 0);
    expect(Math.abs(middle.y - 312.5)).toBeLessThan(3);
    expect(onScreen(camera, 1000, 625, ...fixed(41.5, -74, 1))!.y).toBeLessThan(middle.y);
    expect(onScreen(camera, 1000, 625, ...fixed(41, -73.5, 1))!.x).toBeGreaterThan(middle.x);
    // Near the ground the camera stands south of the place and looks towards the horizon in the north.
    const { x, y, z } = camera.position.clone().multiplyScalar(EARTH_KM);
    const from = geodetic(x, y, z);
    if (distance < 1.5) expect(from.lat_deg).toBeLessThan(40.9);
    else if (distance > 3) expect(from.lat_deg).toBeCloseTo(41, 0);
    // What is below the horizon, or on the far side, is not on the screen.
    expect(onScreen(camera, 1000, 625, ...fixed(-41, 106, 1))).toBeNull();
  }
});

test("the Earth hides what is behind it and nothing else", () => {
  const camera = new PerspectiveCamera();
  aim(camera, [0, 0, 3], 1);
  const hidden = (lat: number, lon: number, alt: number) => {
    const [x, y, z] = fixed(lat, lon, alt).map((c) => c / EARTH_KM) as [number, number, number];
    return isBehindEarth(camera.position, x, y, z);
  };
  // The horizon at distance 3 is acos(1 / 3) = 70.5 degrees away.
  expect(hidden(0, 69, 0)).toBe(false);
  expect(hidden(0, 72, 0)).toBe(true);
  expect(hidden(0, 180, 36000)).toBe(true);
  expect(hidden(0, 100, 2000)).toBe(false);
  expect(hidden(0, 0, 1000)).toBe(false);
});

test("a view turned stays in range", () => {
  expect(moved([175, 0, 2], 10, 0)).toEqual([-175, 0, 2]);
  expect(moved([0, 80, 2], 0, 30)[1]).toBe(89);
  expect(moved([0, 0, 2], 0, 0, 0.5)[2]).toBe(1.5);
  expect(moved([0, 0, 2], 0, 0, 1e6)[2]).toBe(20);
  expect(moved([0, 0, 2], 0, 0, 1e-6)[2]).toBeCloseTo(1.015, 9);
});

test("a field of regard ends at its angle, its range or the horizon", () => {
  const r = (EARTH_KM + 35786) / EARTH_KM;
  expect(rimAngle(r, 0, 0) * DEG).toBeCloseTo(81.3, 1);
  expect(rimAngle(r, 180, 0) * DEG).toBeCloseTo(81.3, 1);
  // Straight down from 1,000 km with 45 degrees to each side: asin(r sin 45) - 45.
  expect(rimAngle(1.15679, 90, 0) * DEG).toBeCloseTo(Math.asin(1.15679 * Math.SQRT1_2) * DEG - 45, 9);
  // Cosine rule: sides 1 and 1.5 with 1 between them make an angle of acos((1 + 2.25 - 1) / 3).
  expect(rimAngle(1.5, 180, 1)).toBeCloseTo(Math.acos(0.75), 9);
  // A slant range that is the height itself reaches only the point below.
  expect(rimAngle(1.2, 180, 0.2)).toBeCloseTo(0, 6);
});

test("fields are drawn for small constellations and the satellite that is picked", () => {
  const replay = sampleReplay({ ...FEW, satellites: 200 });
  expect(eyes(replay, "warning", new Set(), -1).length).toBe(3);
  expect(eyes(replay, "tracking layer", new Set(), -1)).toEqual([]);
  expect(eyes(replay, "tracking layer", new Set(), 5)).toEqual([5]);
  expect(eyes(replay, "warning", new Set(["warning"]), -1)).toEqual([]);
});

test("the belief that is drawn is the last one before the present", () => {
  const replay = sampleReplay();
  const tracks = tracksOf(replay);
  const beliefs = beliefsOf(replay, tracks);
  const rows = [...replay.beliefs.object.keys()].filter((k) => replay.beliefs.object[k] === 1);
  const times = rows.map((k) => replay.beliefs.t_s[k]!);
  expect(beliefAt(replay, beliefs, 1, times[0]! - 1)).toBe(-1);
  expect(beliefAt(replay, beliefs, 1, times[0]!)).toBe(rows[0]);
  expect(beliefAt(replay, beliefs, 1, times[2]! + 1)).toBe(rows[2]);
  expect(beliefAt(replay, beliefs, 1, 1e9)).toBe(rows.at(-1));
  // Interceptors have none.
  expect(beliefAt(replay, beliefs, FEW.threats, 1e9)).toBe(-1);
});

test("the nearest thing within reach is picked, objects first", () => {
  const replay = sampleReplay();
  const tracks = tracksOf(replay);
  const places = placesOf(tracks);
  placesAt(tracks, 300, places);
  const flat = (x: number, y: number, z: number) => {
    const at = geodetic(x, y, z);
    return { x: 10 * at.lon_deg, y: 10 * at.lat_deg };
  };
  const at = flat(places.r_km[0]!, places.r_km[1]!, places.r_km[2]!);
  const pick = (x: number, y: number, off: string[] = []) => nearest(replay, places, 300, new Set(off), x, y, flat);
  expect(pick(at.x + 1, at.y)).toEqual({ kind: "object", row: 0 });
  expect(pick(at.x + 1, at.y, ["threats"])?.kind).not.toBe("object");
  expect(pick(at.x + REACH_PX + 500, at.y + 500, ["tracking layer", "interceptors in orbit", "warning"])).toBeNull();
  const sky = satellitesAt(replay.satellites, 300, replay.meta.gmst_rad);
  const satellite = flat(sky[0]!, sky[1]!, sky[2]!);
  expect(pick(satellite.x, satellite.y, ["threats", "interceptors"])).toEqual({ kind: "satellite", row: 0 });
});

test("the flat map holds the whole world, and nearer views stay on it", () => {
  const whole = frameOf([0, 50, 4], 1440, 720);
  expect([across(whole, -180), across(whole, 179.99), down(whole, 90), down(whole, -90)].map(Math.round)).toEqual([0, 1440, 0, 720]);
  const near = frameOf([170, 89, 1.5], 1440, 720);
  expect(near.scale).toBeGreaterThan(whole.scale);
  expect(down(near, 90)).toBeCloseTo(0, 6);
  // Across the date line the short way.
  expect(across(near, -170) - across(near, 170)).toBeCloseTo(20 * near.scale, 6);
});

test("lines are filled in without going round the world", () => {
  expect(dense([[178, 10], [-178, 10]], 2)).toEqual([[178, 10], [180, 10], [-178, 10]]);
  expect(dense([[-180, 0], [0, 0]], 90).length).toBe(3);
});
