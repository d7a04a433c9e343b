"""Kinematic reach of space-based interceptors: against stepping through time in NumPy, and at its edges."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendome.engagement.space_reach import (
    Sky,
    SpaceKinematics,
    earliest_meeting,
    find_meetings,
    make_sky,
    next_open,
    path_accel_max,
    reach_after_m,
    space_reach_m,
)
from opendome.orbits import walker
from opendome.orbits.mean import orbit_state, orbits_of
from opendome.threats import state_at
from opendome.world import WGS84, altitude, ecef_from_eci, eci_from_ecef
from sample_boosts import boost

FAST = SpaceKinematics(150.0, 6000.0, 200.0, 60e3, 1000e3)
SHELL = walker(n_satellites=3000, n_planes=60, phasing=7, inclination_deg=48.0, altitude_km=320.0)
ANGLE = 0.7


def eccentric(count: int):
    rng = np.random.default_rng(5)
    e = rng.uniform(0.0, 0.08, count)
    a = (WGS84.a_m + 250e3) / (1.0 - e)
    angles = rng.uniform(0.0, 2 * np.pi, (3, count))
    return orbits_of(a, e, rng.uniform(0.6, 1.0, count), *angles)


def by_stepping(orbits, flight, t0_s, leave_s, last_s, kin, step_s=0.05):
    """First instants of a fine grid at which each satellite can meet the flight: {satellite: t}."""
    found: dict[int, float] = {}
    dt_s, n = flight.t_s[1], len(flight.t_s)
    for t in np.arange(t0_s + leave_s, t0_s + last_s + 1e-9, step_s):
        x, y, z, *_ = state_at(flight.r_ecef_m, flight.v_ecef_m_s, 0, n, dt_s, t - t0_s)
        if not kin.alt_min_m <= altitude(x, y, z) <= kin.alt_max_m:
            continue
        place = np.array(eci_from_ecef(x, y, z, ANGLE + WGS84.omega_rad_s * t))
        away = np.linalg.norm(satellites_at(orbits, t) - place, axis=1)
        for s in np.flatnonzero(away <= reach_after_m(kin, t - t0_s - leave_s)):
            found.setdefault(int(s), float(t))
    return found


def satellites_at(orbits, t_s):
    """(S, 3) ECI, all at once, from the elements: Kepler's equation by fixed-point steps, rotation matrices."""
    m = orbits.anomaly + orbits.anomaly_rate * t_s
    u = m.copy()
    for _ in range(60):
        u = m + orbits.e * np.sin(u)
    x, y = orbits.a_m * (np.cos(u) - orbits.e), orbits.a_m * np.sqrt(1 - orbits.e**2) * np.sin(u)
    w, o = orbits.argp + orbits.argp_rate * t_s, orbits.raan + orbits.raan_rate * t_s
    along, across = x * np.cos(w) - y * np.sin(w), x * np.sin(w) + y * np.cos(w)
    return np.stack([along * np.cos(o) - across * orbits.cos_i * np.sin(o),
                     along * np.sin(o) + across * orbits.cos_i * np.cos(o), across * orbits.sin_i], axis=1)


def search(orbits, flight, t0_s, leave_s, last_s, kin, *, rounds=None, sky: Sky | None = None, room=1000):
    """`find_meetings` from and until times after launch: {satellite: t}, and the count it returned."""
    count = len(orbits)
    out_s, out_t = np.zeros(room, np.int64), np.zeros(room)
    n = find_meetings(orbits, np.ones(count, np.int64) if rounds is None else rounds, ANGLE, flight.r_ecef_m,
                      flight.v_ecef_m_s, 0, len(flight.t_s), flight.t_s[1], t0_s, t0_s, t0_s + leave_s, t0_s + last_s,
                      kin, sky or make_sky(count), out_s, out_t)
    return dict(zip(out_s[:n].tolist(), out_t[:n].tolist(), strict=True) if n <= room else {}), n


def test_reach_by_hand():
    # 6000 / 150 = 40 s of burn over 120 km, then 80 s of coast over 480 km.
    assert space_reach_m(120.0, 150.0, 6000.0) == pytest.approx(600e3, abs=1e-6)
    assert space_reach_m(40.0, 150.0, 6000.0) == pytest.approx(120e3, abs=1e-6)
    assert space_reach_m(20.0, 150.0, 6000.0) == pytest.approx(30e3, abs=1e-6)
    assert space_reach_m(0.0, 150.0, 6000.0) == 0.0
    assert space_reach_m(-5.0, 150.0, 6000.0) == 0.0
    assert reach_after_m(FAST, 500.0) == space_reach_m(200.0, 150.0, 6000.0)


@given(st.floats(0, 300), st.floats(0, 300), st.floats(50, 300), st.floats(1000, 9000))
def test_reach_grows_no_faster_than_the_speed(early, more, accel, speed):
    near, far = space_reach_m(early, accel, speed), space_reach_m(early + more, accel, speed)
    assert -1e-6 <= far - near <= speed * more + 1e-6


@pytest.mark.parametrize(("orbits", "t0_s", "leave_s", "kin"), [
    (SHELL.orbits, 0.0, 40.0, FAST),
    (SHELL.orbits, 7000.0, 80.0, FAST._replace(alt_min_m=120e3)),
    (SHELL.orbits, -3000.0, 0.0, FAST._replace(flight_max_s=60.0)),
    (eccentric(2000), 2500.0, 30.0, FAST._replace(accel_m_s2=60.0)),
], ids=["early", "late-high", "short-flight", "eccentric-slow"])
def test_earliest_meetings_are_those_of_small_steps(orbits, t0_s, leave_s, kin):
    flight = boost()
    stepped = by_stepping(orbits, flight, t0_s, leave_s, 170.0, kin)
    found, n = search(orbits, flight, t0_s, leave_s, 170.0, kin)
    assert n == len(found) == len(stepped) > 0
    assert set(found) == set(stepped)
    late = [stepped[s] - found[s] for s in found]
    assert -1e-3 < min(late) <= max(late) < 0.0501


@pytest.mark.compiled
def test_a_long_window_is_searched_in_pieces():
    """A target on an orbit of its own for half an hour, met by slow interceptors: 18 pieces, a sky placed anew."""
    t_s = np.arange(0.0, 1801.0, 20.0)
    target = orbits_of(*(np.array([x]) for x in (WGS84.a_m + 700e3, 0.0, 1.1, 2.0, 0.0, 1.0)))
    rows = []
    for t in t_s:
        x, y, z, u, v, w = orbit_state(target, 0, float(t) + 50.0)
        angle = ANGLE + WGS84.omega_rad_s * (float(t) + 50.0)
        x, y, z = ecef_from_eci(x, y, z, angle)
        u, v, w = ecef_from_eci(u, v, w, angle)
        rows.append((x, y, z, u + WGS84.omega_rad_s * y, v - WGS84.omega_rad_s * x, w))
    table = np.array(rows)
    flight = boost()._replace(t_s=t_s, r_ecef_m=table[:, :3].copy(), v_ecef_m_s=table[:, 3:].copy())
    kin = SpaceKinematics(40.0, 1500.0, 300.0, 100e3, 2000e3)
    stepped = by_stepping(SHELL.orbits, flight, 50.0, 0.0, 1800.0, kin, step_s=0.5)
    found, _ = search(SHELL.orbits, flight, 50.0, 0.0, 1800.0, kin)
    assert len(found) > 10
    # Between steps of half a second a satellite may be in reach that is at neither.
    assert set(stepped) <= set(found)
    assert len(found) - len(stepped) <= 1
    assert all(-1e-3 < stepped[s] - found[s] < 0.501 for s in stepped)


def test_a_sky_serves_again_and_again():
    flight, sky = boost(), make_sky(len(SHELL))
    for t0_s in (0.0, 100.0, 20000.0, 19900.0, 0.0):
        assert search(SHELL.orbits, flight, t0_s, 40.0, 170.0, FAST, sky=sky) == search(
            SHELL.orbits, flight, t0_s, 40.0, 170.0, FAST)


def test_satellites_without_rounds_are_left_out():
    flight = boost()
    every, _ = search(SHELL.orbits, flight, 0.0, 40.0, 170.0, FAST)
    spent = sorted(every)[0]
    rounds = np.ones(len(SHELL), np.int64)
    rounds[spent] = 0
    fewer, _ = search(SHELL.orbits, flight, 0.0, 40.0, 170.0, FAST, rounds=rounds)
    assert set(every) - set(fewer) == {spent}


def test_more_than_there_is_room_for_is_counted():
    every, _ = search(SHELL.orbits, boost(), 0.0, 40.0, 170.0, FAST)
    assert len(every) > 3
    assert search(SHELL.orbits, boost(), 0.0, 40.0, 170.0, FAST, room=3)[1] == len(every)


@pytest.mark.parametrize(("leave_s", "last_s", "kin"), [
    (171.0, 400.0, FAST),
    (100.0, 90.0, FAST),
    (0.0, 170.0, FAST._replace(alt_min_m=400e3, alt_max_m=500e3)),
], ids=["after the path", "window upside down", "never so high"])
def test_no_window_no_meeting(leave_s, last_s, kin):
    assert search(SHELL.orbits, boost(), 0.0, leave_s, last_s, kin) == ({}, 0)


def test_a_path_opens_where_it_climbs_into_the_band():
    flight = boost()
    accel = path_accel_max(flight.r_ecef_m, flight.v_ecef_m_s, 0, len(flight.t_s), 2.0, 0.0, 170.0)

    def opens(low_m, high_m, t_s=1000.0):
        return next_open(flight.r_ecef_m, flight.v_ecef_m_s, 0, len(flight.t_s), 2.0, 1000.0, t_s, 1170.0, low_m,
                         high_m, accel)

    at = opens(60e3, 1e6)
    x, y, z, *_ = state_at(flight.r_ecef_m, flight.v_ecef_m_s, 0, len(flight.t_s), 2.0, at - 1000.0)
    assert altitude(x, y, z) == pytest.approx(60e3, abs=1.0)
    assert opens(60e3, 1e6, t_s=1160.0) == 1160.0
    assert opens(0.0, 50e3, t_s=1160.0) == math.inf
    assert opens(0.0, 50e3) == 1000.0


def test_the_bound_on_acceleration_is_one():
    flight = boost(level_m_s=7000.0, burn_s=120.0)
    n, fine = len(flight.t_s), np.arange(0.0, 120.0, 0.01)
    bound = path_accel_max(flight.r_ecef_m, flight.v_ecef_m_s, 0, n, 2.0, 0.0, 120.0)
    v = np.array([state_at(flight.r_ecef_m, flight.v_ecef_m_s, 0, n, 2.0, float(t))[3:] for t in fine])
    hardest = np.linalg.norm(np.diff(v, axis=0), axis=1).max() / 0.01
    assert hardest == pytest.approx(bound - 22.0, rel=0.02)
    assert hardest <= bound - 21.0


def test_one_satellite_alone_gives_the_same():
    flight, orbits = boost(), SHELL.orbits
    every, _ = search(orbits, flight, 0.0, 40.0, 170.0, FAST)
    accel = path_accel_max(flight.r_ecef_m, flight.v_ecef_m_s, 0, len(flight.t_s), 2.0, 40.0, 170.0)
    for s in range(0, len(SHELL), 7):
        t = earliest_meeting(orbits, s, ANGLE, flight.r_ecef_m, flight.v_ecef_m_s, 0, len(flight.t_s), 2.0, 0.0, 40.0,
                             40.0, 170.0, FAST, accel)
        assert t == pytest.approx(every.get(s, math.inf), abs=1e-3)
