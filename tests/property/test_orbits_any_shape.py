"""Orbits of any shape: what the theory keeps, what turning keeps, and sums that must come out."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from opendome.orbits import listed, planes_for, states, walker
from opendome.orbits.bulk import tiles_of
from opendome.world import WGS84, elapsed_s, leap_seconds, sin_cos, sun_share, tai_from_utc, utc_from_tai

SHAPES = st.tuples(st.floats(200.0, 2000.0), st.floats(0.0, 0.9), st.floats(0.0, 180.0), st.floats(0.0, 360.0),
                   st.floats(0.0, 360.0), st.floats(0.0, 360.0))
INSTANTS = st.datetimes(datetime(1972, 1, 1), datetime(2035, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))


def orbit(shape):
    perigee_km, e, inclination, node, perigee, anomaly = shape
    a_km = (WGS84.a_m / 1e3 + perigee_km) / (1.0 - e)
    return listed(semi_major_axis_km=[a_km], eccentricity=e, inclination_deg=inclination, raan_deg=node,
                  argp_deg=perigee, mean_anomaly_deg=anomaly)


@given(SHAPES, st.floats(-1e6, 1e6))
@settings(max_examples=200, deadline=None)
def test_a_satellite_stays_between_perigee_and_apogee_and_within_its_inclination(shape, t_s):
    made = orbit(shape)
    x, y, z = states(made, t_s)[0, :3, 0]
    r, a, e = math.sqrt(x * x + y * y + z * z), made.elements.a_m[0], made.elements.e[0]
    assert a * (1.0 - e) * (1.0 - 1e-9) <= r <= a * (1.0 + e) * (1.0 + 1e-9)
    assert abs(z) <= r * math.sin(made.elements.inclination_rad[0]) + 1e-5


@given(SHAPES, st.floats(0.0, 1e5))
@settings(max_examples=100, deadline=None)
def test_kepler_s_equation_holds(shape, t_s):
    made = orbit(shape)
    o, e, a = made.orbits[0], made.elements.e[0], made.elements.a_m[0]
    r = np.linalg.norm(states(made, t_s)[0, :3, 0])
    m = o.anomaly + o.anomaly_rate * t_s
    if e > 1e-3:
        u = math.acos(min(1.0, max(-1.0, (1.0 - r / a) / e)))
        u = u if math.sin(m) >= 0.0 else -u
        # r turns slowly with u near its ends, where acos loses half of the digits.
        assert abs(math.remainder(u - e * math.sin(u) - m, 2.0 * math.pi)) < 1e-6


@given(SHAPES, st.floats(0.0, 1e6))
@settings(max_examples=100, deadline=None)
def test_turning_the_frame_keeps_distances(shape, t_s):
    made = orbit(shape)
    eci, ecef = states(made, t_s)[0, :, 0], states(made, t_s, frame="ecef")[0, :, 0]
    assert math.isclose(np.linalg.norm(eci[:3]), np.linalg.norm(ecef[:3]), rel_tol=1e-12)
    assert abs(eci[2] - ecef[2]) < 1e-6
    assert abs(eci[5] - ecef[5]) < 1e-9


@given(st.floats(-1e7, 1e7))
def test_sine_and_cosine(angle):
    sine, cosine = sin_cos(angle)
    tolerance = 3e-16 + 1e-16 * abs(angle) / 1e6
    assert abs(sine - math.sin(angle)) < tolerance
    assert abs(cosine - math.cos(angle)) < tolerance


@given(st.integers(1, 3000), st.sampled_from(["delta", "star"]))
@settings(max_examples=50, deadline=None)
def test_every_satellite_of_a_walker_pattern_has_its_place(n, pattern):
    made = walker(n_satellites=n, phasing=1, inclination_deg=60.0, altitude_km=800.0, pattern=pattern)
    planes = planes_for(n)
    assert np.bincount(made.plane).tolist() == [n // planes] * planes
    assert len(np.unique(np.round(np.stack([made.elements.raan_rad, made.elements.anomaly_rad]), 9), axis=1).T) == n


@given(st.lists(st.sampled_from([0.0, 0.01, 0.6]), min_size=1, max_size=700))
@settings(max_examples=30, deadline=None)
def test_tiles_hold_every_satellite_once(eccentricities):
    made = listed(semi_major_axis_km=20000.0, eccentricity=eccentricities, inclination_deg=50.0)
    tiles = tiles_of(made.orbits)
    held = [s for first, last in zip(tiles.first, tiles.last) for s in range(first, last)]
    assert held == list(range(len(made)))


@given(INSTANTS, INSTANTS)
def test_clocks_go_forward_and_back(one, two):
    one, two = sorted((one, two))
    assert leap_seconds(one) <= leap_seconds(two)
    assert elapsed_s(one, two) >= (two - one).total_seconds()
    assert abs(utc_from_tai(tai_from_utc(one)) - one) <= timedelta(seconds=0)


@given(st.floats(6.4e6, 5e7), st.floats(-math.pi, math.pi), st.floats(-1.5, 1.5))
def test_sunlight_is_a_share(r, around, up):
    x, y, z = r * math.cos(up) * math.cos(around), r * math.cos(up) * math.sin(around), r * math.sin(up)
    share = sun_share(x, y, z, 1.496e11, 0.0, 0.0)
    assert 0.0 <= share <= 1.0
    assert share == 1.0 or x < 0.0
