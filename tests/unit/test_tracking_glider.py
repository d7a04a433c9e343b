"""Tracks of gliders: consistent in straight glides and in turns, and carried on by the lift that the air gives."""

import math

import numpy as np
import pytest

from opendome import tracking
from opendome.fly.motion import gliding_acceleration
from opendome.kernel import kernel
from opendome.tracking import motion
from opendome.world import WGS84, altitude, ecef_from_enu, ecef_from_geodetic

INV_BETA, LIFT_TO_DRAG = 1 / 8000, 2.5
SITE = np.array(ecef_from_geodetic(math.radians(36), math.radians(138), 100.0))
SIGMA_RANGE_M, SIGMA_ANGLE_RAD, SCAN_S = 50.0, 1e-3, 4
TURN = slice(90, 120)  # seconds, in the middle of the first turn
STRAIGHT = slice(20, 60)


@kernel
def _fly(n, x, y, z, vx, vy, vz, up, right, states):
    """A flight in steps of 10 ms, midpoint rule, a state every second."""
    for k in range(n):
        states[k, 0], states[k, 1], states[k, 2] = x, y, z
        states[k, 3], states[k, 4], states[k, 5] = vx, vy, vz
        for _ in range(100):
            h = 0.005
            a, b, c = gliding_acceleration(WGS84, INV_BETA, up[k], right[k], x, y, z, vx, vy, vz)
            u, v, w = vx + h * a, vy + h * b, vz + h * c
            a, b, c = gliding_acceleration(WGS84, INV_BETA, up[k], right[k], x + h * vx, y + h * vy, z + h * vz,
                                           u, v, w)
            x, y, z, vx, vy, vz = (x + 2 * h * u, y + 2 * h * v, z + 2 * h * w,
                                   vx + 2 * h * a, vy + 2 * h * b, vz + 2 * h * c)


@pytest.fixture(scope="module")
def truth():
    """(200, 6): a minute straight ahead at 3.5 km/s, then banked 45 degrees to the right and to the left."""
    lat, lon = math.radians(42), math.radians(130)
    bank = np.radians(np.where(np.arange(200) < 60, 0.0, np.where(np.arange(200) < 130, 45.0, -45.0)))
    states = np.empty((200, 6))
    _fly(200, *ecef_from_geodetic(lat, lon, 42e3), *ecef_from_enu(lat, lon, 2475.0, -2475.0, -5.0),
           LIFT_TO_DRAG * INV_BETA * np.cos(bank), LIFT_TO_DRAG * INV_BETA * np.sin(bank), states)
    return states


def follow(truth, draw):
    """Rows of instant, error in m, claimed error in m, misfit, at every scan."""
    tracks, rows = tracking.new_track_file(np.array([tracking.GLIDER]), np.array([INV_BETA]), 1), []
    for t in range(0, len(truth), SCAN_S):
        to = truth[t, :3] - SITE
        far_m = np.linalg.norm(to)
        across = np.cross(to, [0.0, 0.0, 1.0])
        across /= np.linalg.norm(across)
        n = draw.normal(size=3)
        seen = to / far_m + SIGMA_ANGLE_RAD * (n[0] * across + n[1] * np.cross(to / far_m, across))
        misfit = tracking.observe(tracks, 0, float(t), SITE, (
            far_m + SIGMA_RANGE_M * n[2], *(seen / np.linalg.norm(seen)), SIGMA_RANGE_M, SIGMA_ANGLE_RAD))
        rows.append((t, math.dist(tracks.state[0, :3], truth[t, :3]), tracking.position_sigma(tracks.cov, 0, 0.0),
                     misfit))
    return rows


@pytest.mark.compiled
def test_tracks_are_as_good_as_they_claim_straight_on_and_in_turns(truth):
    draw = np.random.default_rng(1)
    found = np.array([follow(truth, draw) for _ in range(40)])
    t = found[0, :, 0]
    for part, error_most in ((STRAIGHT, 1.2), (TURN, 1.6)):
        rows = found[:, (t >= part.start) & (t < part.stop)]
        error, claimed = (math.sqrt(np.mean(rows[:, :, k] ** 2)) for k in (1, 2))
        assert 0.6 < error / claimed < error_most
        assert 1.5 < np.mean(rows[:, :, 3]) < 5.0  # 3 when the errors are as claimed


def test_a_glider_goes_on_level_where_the_air_carries_it_and_falls_where_it_does_not():
    lat, lon = math.radians(42), math.radians(130)
    heights = {}
    for start_m in (38e3, 95e3):
        state = np.array([*ecef_from_geodetic(lat, lon, start_m), *ecef_from_enu(lat, lon, 3500.0, 0.0, 0.0)])
        path = np.empty((11, 3))
        tracking.predict_path(state, tracking.GLIDER, INV_BETA, 2.0, path)
        heights[start_m] = altitude(*path[10]) - start_m
    assert abs(heights[38e3]) < 30.0
    fall_m = 0.5 * (9.52 - 3500.0**2 / 6.473e6) * 20.0**2  # gravity at 95 km less what the turn of the Earth takes
    assert heights[95e3] == pytest.approx(-fall_m, rel=0.15)


def test_air_slows_a_glider_by_its_ballistic_coefficient():
    lat, lon = math.radians(0), math.radians(0)
    state = np.array([*ecef_from_geodetic(lat, lon, 35e3), *ecef_from_enu(lat, lon, 3000.0, 0.0, 0.0)])
    x, cov = state.reshape(1, 6).copy(), np.zeros((1, 6, 6))
    tracking.predict(x, cov, 0, tracking.GLIDER, INV_BETA, 0.0, 1.0, np.zeros((6, 6)))
    lost = 3000.0 - np.linalg.norm(x[0, 3:])
    assert lost == pytest.approx(0.5 * 8.463e-3 * 3000.0**2 * INV_BETA, rel=0.01)  # density of the 1976 atmosphere


def test_lift_is_at_most_two_and_a_half_times_drag():
    """Too slow to be carried at 50 km: drag is rho v^2 / 2 beta = 0.257 m/s2, lift 0.642: 32 m in 10 s."""
    lat, lon = math.radians(42), math.radians(130)
    state = np.array([*ecef_from_geodetic(lat, lon, 50e3), *ecef_from_enu(lat, lon, 2000.0, 0.0, 0.0)])
    path, fall = np.empty((11, 3)), np.empty((11, 3))
    tracking.predict_path(state, tracking.GLIDER, INV_BETA, 1.0, path)
    tracking.predict_path(state, tracking.GLIDER, 0.0, 1.0, fall)
    assert altitude(*path[10]) - altitude(*fall[10]) == pytest.approx(0.5 * 0.642 * 10.0**2, rel=0.05)


@pytest.mark.parametrize("slope", [-1.0, 1.0])
def test_a_glider_that_sinks_or_climbs_goes_on_doing_so_but_for_drag(slope):
    """At 20 km and 45 degrees lift carries weight less centrifugal force, of the level speed alone."""
    part = 3000.0 / math.sqrt(2.0)
    r = np.array(ecef_from_geodetic(0.0, 0.0, 20e3))  # where up is the direction from the centre
    v = np.array(ecef_from_enu(0.0, 0.0, part, 0.0, slope * part))
    h = 1e-3
    after = np.array(motion.step(tracking.GLIDER, INV_BETA, h, *r, *v))
    change = after[3:] @ after[:3] / np.linalg.norm(after[:3]) - v @ r / np.linalg.norm(r)
    drag = 0.5 * 8.891e-2 * 3000.0**2 * INV_BETA
    assert change / h == pytest.approx(-slope * drag / math.sqrt(2.0), abs=0.1)


def test_a_glider_comes_down_where_its_dive_meets_the_ground():
    lat, lon = math.radians(42), math.radians(130)
    path = np.empty((50, 3))
    state = np.array([*ecef_from_geodetic(lat, lon, 3e3), *ecef_from_enu(lat, lon, 700.0, 0.0, -700.0)])
    n, t_s, *down = tracking.predict_path(state, tracking.GLIDER, 0.0, 2.0, path)
    fall_s = (math.sqrt(700.0**2 + 2.0 * 9.8 * 3e3) - 700.0) / 9.8
    assert n == 3
    assert t_s == pytest.approx(fall_s, abs=0.02)
    assert abs(altitude(*down)) < 1.0
    state[:3] = ecef_from_geodetic(lat, lon, -50.0)
    assert tracking.predict_path(state, tracking.GLIDER, INV_BETA, 2.0, path)[:2] == (1, 0.0)
