import { expect, test } from "vitest";
import { firstCamera } from "../src/aim";
import { firstOf, heldBy } from "../src/held";
import { sampleIndex } from "./sample";

const HELD = heldBy(["data:index.json", "data:replay/7/mar 09/meta.json", "data:replay/7/mar 09/objects.arrow", "data:replay/2/b/meta.json"]);

test("a mailed file says by its blocks what it holds", () => {
  expect(HELD).toEqual([{ run: 7, raid: "mar 09" }, { run: 2, raid: "b" }]);
  expect(heldBy(["data:replay/0/a/50%/meta.json"])).toEqual([{ run: 0, raid: "a/50%" }]);
});

test("the link comes first, then what is held, then the first run", () => {
  const raids = [{ name: "a" }, { name: "b" }];
  expect(firstOf({}, [], raids)).toEqual({ run: 0, raid: "a" });
  expect(firstOf({ run: 4 }, [], raids)).toEqual({ run: 4, raid: "a" });
  expect(firstOf({}, HELD, raids)).toEqual({ run: 7, raid: "mar 09" });
  expect(firstOf({ raid: "b" }, HELD, raids)).toEqual({ run: 2, raid: "b" });
  expect(firstOf({ run: 3, raid: "a" }, HELD, raids)).toEqual({ run: 3, raid: "a" });
});

test("the camera first stands over the middle of attack and defence, across the date line too", () => {
  const index = { ...sampleIndex(), areas: [{ name: "", lat_deg: 0, lon_deg: 170, radius_km: 1, note: "" }], places: [{ name: "", lat_deg: 0, lon_deg: -170, note: "" }] };
  const [lon, lat, distance] = firstCamera(index);
  expect(Math.abs(lon)).toBe(180);
  expect(lat).toBe(0);
  expect(distance).toBe(1.4);
  expect(firstCamera({ ...index, areas: [], places: [] })).toEqual([0, 30, 3]);
});
