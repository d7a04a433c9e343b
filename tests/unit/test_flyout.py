"""Fly-out tables against straight lines and radial climbs; limits and orderings."""

import math

import numpy as np
import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from opendome.engagement import UNREACHABLE_S, flyout_tables, flyout_time, flyout_time_s, ground_range, reach_km
from opendome.world import MEAN_RADIUS_M, WGS84, ecef_from_geodetic
from sample_interceptors import GUN, LOWER, PROPELLER, UPPER, interceptor


def slant_m(ground_range_m: float, alt_m: float) -> float:
    """Straight line from sea level to a point, over a sphere of the mean radius."""
    r = MEAN_RADIUS_M + alt_m
    return math.sqrt(MEAN_RADIUS_M**2 + r**2 - 2.0 * MEAN_RADIUS_M * r * math.cos(ground_range_m / MEAN_RADIUS_M))


def test_a_fast_one_without_drag_flies_straight():
    # 20 km/s within 0.2 s. Gravity bends 5 s of flight by 125 m, which is 6 ms; the rest is the table: 20 ms.
    fast = interceptor(LOWER | {"burnout_speed_m_s": 20000, "burn_s": 0.2, "beta_kg_m2": 1e12, "range_max_km": 100,
                                "alt_max_km": 60})
    for range_km, alt_km in [(2, 30), (13.3, 7.7), (50, 0.6), (61.7, 41), (99, 59)]:
        straight_s = slant_m(1e3 * range_km, 1e3 * alt_km) / 20000 + 0.1
        assert flyout_time_s(fast, range_km, alt_km) == pytest.approx(straight_s, abs=0.02)


def test_a_radial_climb_takes_the_time_of_the_energy_integral():
    # dt = dr / sqrt(v^2 + 2 mu (1/r - 1/r0)) after a burn of 8 s to 2 km/s, that is 8 km.
    up = interceptor(UPPER | {"burnout_speed_m_s": 2000, "burn_s": 8, "beta_kg_m2": 1e12, "range_min_km": 0})
    r0 = MEAN_RADIUS_M + 8000.0
    for alt_km in (41.0, 77.7, 120.0):
        coast_s, _ = quad(lambda r: (2000.0**2 + 2.0 * WGS84.mu_m3_s2 * (1.0 / r - 1.0 / r0)) ** -0.5, r0,
                          MEAN_RADIUS_M + 1e3 * alt_km)
        assert flyout_time_s(up, 0.0, alt_km) == pytest.approx(8.0 + coast_s, abs=0.01)


def test_the_direct_way_is_taken_where_a_lofted_one_passes_too():
    # A parabola over flat ground, d = v t cos a, h = v t sin a - g t^2 / 2: g^2 t^4 / 4 + (g h - v^2) t^2 + d^2 + h^2
    # = 0 with two roots, 36 s and 113 s. The Earth's roundness and a burn of 0.1 s are worth 0.3 s.
    lobber = interceptor(LOWER | {"burnout_speed_m_s": 600, "burn_s": 0.1, "beta_kg_m2": 1e12, "flight_max_s": 150})
    g, v, d, h = 9.8, 600.0, 20e3, 2e3
    middle, product = 2.0 * (v * v - g * h) / g**2, 4.0 * (d * d + h * h) / g**2
    direct_s = math.sqrt(middle - math.sqrt(middle**2 - product))
    lofted_s = math.sqrt(middle + math.sqrt(middle**2 - product))
    assert lofted_s > direct_s + 50.0
    assert flyout_time_s(lobber, 1e-3 * d, 1e-3 * h) == pytest.approx(direct_s, abs=0.3)


def test_limits_are_kept():
    lower = interceptor(LOWER)
    for range_km, alt_km in [(1.9, 5), (40.1, 5), (20, 0.4), (20, 25.1), (-5, 5), (20, math.nan)]:
        assert flyout_time_s(lower, range_km, alt_km) == math.inf
    for range_km, alt_km in [(2, 0.5), (40, 5), (2, 25)]:
        assert flyout_time_s(lower, range_km, alt_km) < math.inf
    hasty = interceptor(LOWER | {"flight_max_s": 20})
    table_s = flyout_tables([hasty]).time_s
    assert table_s[table_s < UNREACHABLE_S].max() <= 20.0
    assert flyout_time_s(hasty, 15, 5) < 20.0
    assert flyout_time_s(hasty, 35, 5) == math.inf
    draggy = interceptor(LOWER | {"beta_kg_m2": 300})
    assert 0.0 < reach_km(draggy, 5.0) < 25.0 < reach_km(lower, 5.0) == 40.0
    assert reach_km(lower, 26.0) == 0.0


def test_a_propeller_holds_its_speed():
    # 70 m/s is reached after 7.14 s at one gravity, then held: 10 km at ground level take 10000/70 + 3.57 s.
    assert flyout_time_s(interceptor(PROPELLER), 10, 0) == pytest.approx(10000 / 70 + 70 / 9.80665 / 2, abs=0.05)


def test_tables_are_stacked_in_the_order_given():
    both = flyout_tables([interceptor(UPPER), interceptor(LOWER)])
    alone = flyout_tables([interceptor(LOWER)])
    assert np.array_equal(both.time_s[1], alone.time_s[0])
    assert flyout_time(both, 1, 20e3, 5e3) == flyout_time(alone, 0, 20e3, 5e3)
    assert flyout_tables([]).time_s.shape[0] == 0


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([UPPER, LOWER, GUN, PROPELLER]), st.floats(1.0, 2.0))
@pytest.mark.compiled
def test_more_speed_is_never_slower(values, factor):
    slow = flyout_tables([interceptor(values)]).time_s[0]
    fast = flyout_tables([interceptor(values | {"burnout_speed_m_s": factor * values["burnout_speed_m_s"]})]).time_s[0]
    reached = slow < UNREACHABLE_S
    assert np.all(fast[reached] <= slow[reached] * 1.001 + 0.01)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([UPPER, LOWER, GUN]), st.floats(1.0, 10.0))
@pytest.mark.compiled
def test_less_drag_is_never_slower(values, factor):
    more = flyout_tables([interceptor(values)]).time_s[0]
    less = flyout_tables([interceptor(values | {"beta_kg_m2": factor * values["beta_kg_m2"]})]).time_s[0]
    reached = more < UNREACHABLE_S
    assert np.all(less[reached] <= more[reached] * 1.001 + 0.01)


def test_ground_range_is_near_the_geodesic():
    worst = 0.0
    for lat_deg in (-60.0, 0.0, 24.0, 45.0, 85.0):
        site = np.array(ecef_from_geodetic(math.radians(lat_deg), 1.0, 0.0))
        for azimuth_deg in range(0, 360, 30):
            for distance_m in (5e2, 1e5, 1e6):
                end = Geodesic.WGS84.Direct(lat_deg, math.degrees(1.0), azimuth_deg, distance_m)
                point = ecef_from_geodetic(math.radians(end["lat2"]), math.radians(end["lon2"]), 0.0)
                worst = max(worst, abs(ground_range(site, *point) / distance_m - 1.0))
    assert worst < 0.004
