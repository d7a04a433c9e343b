import { expect, test } from "vitest";
import { advance, firstSpeed, stepSpeed, tPlus, utc } from "../src/clock";

test("the clock is whole seconds, rounded down", () => {
  expect(tPlus(0)).toBe("T+00:00:00");
  expect(tPlus(3661.9)).toBe("T+01:01:01");
  expect(tPlus(100 * 3600)).toBe("T+100:00:00");
});

test("calendar time follows from the start, with a zone or without", () => {
  expect(utc("2028-06-01T12:00:00Z", 90)).toBe("2028-06-01 12:01:30 UTC");
  expect(utc("2028-06-01T12:00:00", 90)).toBe("2028-06-01 12:01:30 UTC");
  expect(utc("2028-06-01T12:00:00+02:00", 0)).toBe("2028-06-01 10:00:00 UTC");
  expect(utc("2028-06-01", 60)).toBe("2028-06-01 00:01:00 UTC");
  expect(utc("some day", 0)).toBe("");
});

test("time runs at its speed and stops at the end", () => {
  expect(advance(10, 500, 20, 100)).toEqual({ t_s: 20, playing: true });
  expect(advance(95, 500, 20, 100)).toEqual({ t_s: 100, playing: false });
});

test("speeds go up and down by steps and stay within", () => {
  expect(stepSpeed(20, 1)).toBe(30);
  expect(stepSpeed(20, -1)).toBe(10);
  expect(stepSpeed(7, 1)).toBe(10);
  expect(stepSpeed(120, 1)).toBe(120);
  expect(stepSpeed(1, -1)).toBe(1);
});

test("a raid takes about a minute and a half to watch", () => {
  expect(firstSpeed(60)).toBe(1);
  expect(firstSpeed(1800)).toBe(20);
  expect(firstSpeed(1e6)).toBe(120);
});
