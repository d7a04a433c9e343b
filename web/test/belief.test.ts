import { PerspectiveCamera } from "three";
import { expect, test } from "vitest";
import { covarianceOf, drawnAs, ellipseOf, errorOf, LEAST_PX, onMap, silhouette, type Covariance } from "../src/belief";
import { aim } from "../src/globe/camera";
import { onScreen } from "../src/globe/pick";
import { EARTH_KM, fixed, placesAt, placesOf, tracksOf, type Vector } from "../src/place";
import { sampleReplay } from "./sample";

/** A camera in the middle that looks along -z with a right angle from top to bottom: 100 pixels for a tangent of 1. */
const PLAIN = (() => {
  const camera = new PerspectiveCamera(90, 2, 0.1, 1000);
  camera.updateMatrixWorld();
  return camera.projectionMatrix.elements;
})();
const ball = (sigma: number): Covariance => [sigma ** 2, 0, 0, sigma ** 2, 0, sigma ** 2];

test("an ellipse in the plane, worked by hand", () => {
  // Variances 9 and 1 along axes turned by 30 degrees: xx = 9 cos2 + sin2 = 7, yy = 3, xy = 8 sin cos = 2 sqrt 3.
  const found = ellipseOf(0, 0, 7, 2 * Math.sqrt(3), 3);
  expect([found.major, found.minor]).toEqual([expect.closeTo(3, 12), expect.closeTo(1, 12)]);
  expect(found.turn_rad).toBeCloseTo(Math.PI / 6, 12);
});

test("a ball straight ahead is a circle of its true apparent size", () => {
  // Tangents from 10 to a ball of 6 leave at asin 0.6, whose tangent is 0.75; its middle is in the middle of 400 x 200.
  const found = silhouette(PLAIN, 400, 200, [0, 0, -10], ball(6))!;
  expect([found.x, found.y]).toEqual([expect.closeTo(200, 9), expect.closeTo(100, 9)]);
  expect([found.major, found.minor]).toEqual([expect.closeTo(75, 9), expect.closeTo(75, 9)]);
});

test("what is small is its covariance seen from the front: depth does not count", () => {
  // At a distance of 1000 one unit is 0.1 pixel. Variances 9 and 1 across, turned by 30 degrees; 400 in depth. Up is down on a screen.
  const found = silhouette(PLAIN, 400, 200, [0, 0, -1000], [7, 2 * Math.sqrt(3), 0, 3, 0, 400])!;
  expect(found.major).toBeCloseTo(0.3, 3);
  expect(found.minor).toBeCloseTo(0.1, 3);
  expect(found.turn_rad).toBeCloseTo(-Math.PI / 6, 3);
});

test("every point of the outline is where a line of sight touches the ellipsoid", () => {
  const camera = new PerspectiveCamera();
  aim(camera, [-100, 45, 1.6], 1.5);
  const matrix = camera.projectionMatrix.clone().multiply(camera.matrixWorldInverse);
  const r = fixed(47, -97, 900).map((c) => c / EARTH_KM) as unknown as Vector;
  const covariance = [4e-3, 1e-3, -5e-4, 2e-3, 3e-4, 1e-3] as const;
  const found = silhouette(matrix.elements, 900, 600, r, covariance)!;
  const middle = onScreen(camera, 900, 600, ...r.map((c) => c * EARTH_KM) as [number, number, number])!;
  expect(Math.hypot(middle.x - found.x, middle.y - found.y)).toBeLessThan(found.minor / 3);
  // Support of the ellipsoid along a direction d is sqrt(d' C d): its points C d / that lie inside the outline or on it.
  let most = 0;
  for (let i = 0; i < 4000; i += 1) {
    const z = 1 - (2 * (i + 0.5)) / 4000;
    const [x, y] = [Math.cos(2.4 * i) * Math.sqrt(1 - z * z), Math.sin(2.4 * i) * Math.sqrt(1 - z * z)];
    const [xx, xy, xz, yy, yz, zz] = covariance;
    const c = [xx * x + xy * y + xz * z, xy * x + yy * y + yz * z, xz * x + yz * y + zz * z];
    const far = Math.sqrt(c[0]! * x + c[1]! * y + c[2]! * z);
    const at = onScreen(camera, 900, 600, ...r.map((one, k) => (one + c[k]! / far) * EARTH_KM) as [number, number, number]);
    if (!at) continue;
    const [dx, dy] = [at.x - found.x, at.y - found.y];
    const [cos, sin] = [Math.cos(found.turn_rad), Math.sin(found.turn_rad)];
    most = Math.max(most, Math.hypot((cos * dx + sin * dy) / found.major, (cos * dy - sin * dx) / found.minor));
  }
  expect(most).toBeLessThan(1.0001);
  expect(most).toBeGreaterThan(0.995);
});

test("nothing is drawn of what is behind the camera or around it", () => {
  expect(silhouette(PLAIN, 400, 200, [0, 0, 10], ball(1))).toBeNull();
  expect(silhouette(PLAIN, 400, 200, [0, 0, -10], ball(11))).toBeNull();
});

test("what would be too small to see says so", () => {
  expect(drawnAs({ major: LEAST_PX - 1, minor: 0.1, turn_rad: 1 })).toEqual({ major: LEAST_PX, minor: LEAST_PX, turn_rad: 0, isLarger: true });
  expect(drawnAs({ major: 20, minor: 5, turn_rad: 1 })).toEqual({ major: 20, minor: 5, turn_rad: 1, isLarger: false });
});

test("on the map it is laid down: east and north count, height does not", () => {
  // Over 0 N 0 E up is x, east is y, north is z. 100 km to the north are 100 / (6378.137 + 621.863) rad, and 10 pixels a degree.
  const pixels = (km: number) => (km / 7000) * (180 / Math.PI) * 10;
  const found = onMap([7000, 0, 0], [1e8, 0, 0, 30 ** 2, 0, 100 ** 2], 10);
  expect(found.major).toBeCloseTo(pixels(100), 9);
  expect(found.minor).toBeCloseTo(pixels(30), 9);
  expect(Math.abs(found.turn_rad)).toBeCloseTo(Math.PI / 2, 9);
  // Errors that go north and east together lean up and to the right, which on a screen is a turn to the left.
  expect(onMap([7000, 0, 0], [1, 0, 0, 40 ** 2, 1200, 40 ** 2], 10).turn_rad).toBeCloseTo(-Math.PI / 4, 9);
  // At 60 N a degree of longitude is half as long, so the same ball is twice as wide.
  const north = onMap(fixed(60, 0, 500), [50 ** 2, 0, 0, 50 ** 2, 0, 50 ** 2], 10);
  expect(north.major / north.minor).toBeCloseTo(2, 9);
});

test("a belief is compared with where the object was when the track was updated", () => {
  const replay = sampleReplay();
  const tracks = tracksOf(replay);
  const k = replay.beliefs.object.indexOf(1 as never) + 2;
  const places = placesOf(tracks);
  placesAt(tracks, replay.beliefs.t_s[k]!, places);
  const truth = [...places.r_km.subarray(3, 6)];
  placesAt(tracks, replay.beliefs.t_s[k]! + 40, places);
  const cursor = tracks.cursor[1];
  const found = errorOf(replay, tracks, 1, k);
  expect(tracks.cursor[1]).toBe(cursor);
  found.truth_km.forEach((c, i) => expect(c).toBeCloseTo(truth[i]!, 2));
  expect(found.off_km).toBeCloseTo(Math.hypot(...found.truth_km.map((c, i) => c - found.believed_km[i]!)), 9);
  expect(covarianceOf(replay, k)[0]).toBe(replay.beliefs.xx_km2[k]);
});
