"""The boost arc: meets both ends, starts straight up, stays above ground, velocity is the slope of position."""

import math

import numpy as np
import pytest

from opendome.threats.boost import boost_state, burnout_alt
from opendome.units import G0_M_S2
from opendome.world import altitude, ecef_from_geodetic, enu_from_ecef, geodesic_inverse, geodetic

# (level m/s, up m/s, burnout altitude m, burn s): short range, intercontinental, and one too steep for its altitude.
BOOSTS = [(1100.0, 1100.0, 30e3, 60.0), (6600.0, 2400.0, 200e3, 180.0), (3000.0, 3600.0, 85e3, 105.0)]
LAT, LON, AZIMUTH = 0.6, 0.9, 2.0


def arc(boost, t_s):
    return np.array(boost_state(LAT, LON, AZIMUTH, *boost, t_s))


@pytest.mark.parametrize("boost", BOOSTS)
def test_starts_at_rest_on_the_launch_point(boost):
    start = arc(boost, 0.0)
    assert start[:3] == pytest.approx(ecef_from_geodetic(LAT, LON, 0.0), abs=1e-6)
    assert start[3:] == pytest.approx(np.zeros(3), abs=1e-9)


@pytest.mark.parametrize("boost", BOOSTS)
def test_ends_at_the_burnout_altitude_with_the_burnout_velocity(boost):
    level, up, asked_m, burn_s = boost
    alt_m = max(asked_m, 0.36 * up * burn_s)
    end = arc(boost, burn_s)
    lat_deg, lon_deg, alt = geodetic(*end[:3])
    east, north, rise = enu_from_ecef(math.radians(lat_deg), math.radians(lon_deg), *end[3:])
    assert alt == pytest.approx(alt_m, abs=1e-3)
    assert rise == pytest.approx(up, rel=1e-9)
    assert math.hypot(east, north) == pytest.approx(level, rel=4e-3)  # a mean radius stands for the ellipsoid's
    line = geodesic_inverse(lat1_deg=math.degrees(LAT), lon1_deg=math.degrees(LON), lat2_deg=lat_deg, lon2_deg=lon_deg)
    assert line.azimuth_deg == pytest.approx(math.degrees(AZIMUTH), abs=0.2)  # a great circle of directions
    at_ground = level * burn_s / 3.0 * 6371.0 / (6371.0 + alt_m / 1e3)
    assert 1e3 * line.distance_km == pytest.approx(at_ground, rel=5e-3)


def test_burns_out_higher_when_the_altitude_asked_for_is_too_low():
    assert burnout_alt(1100.0, 30e3, 60.0) == 30e3
    assert burnout_alt(3600.0, 85e3, 105.0) == pytest.approx(0.36 * 3600.0 * 105.0)


@pytest.mark.parametrize("boost", BOOSTS)
def test_velocity_is_the_slope_of_position(boost):
    for t_s in np.linspace(0.05, 0.95, 7) * boost[3]:
        slope = (arc(boost, t_s + 0.01)[:3] - arc(boost, t_s - 0.01)[:3]) / 0.02
        assert slope == pytest.approx(arc(boost, t_s)[3:], abs=2e-3)  # third derivative times h^2 / 6


@pytest.mark.parametrize("boost", BOOSTS)
def test_climbs_all_the_way_straight_up_first_at_a_plausible_acceleration(boost):
    t_s = np.linspace(0.0, boost[3], 400)
    states = np.array([arc(boost, t) for t in t_s])
    heights = np.array([altitude(*s[:3]) for s in states])
    assert (np.diff(heights) > 0.0).all()
    _, _, up = enu_from_ecef(LAT, LON, *states[4, 3:])
    assert up / np.linalg.norm(states[4, 3:]) > 0.99
    acceleration = np.linalg.norm(np.diff(states[:, 3:], axis=0), axis=1) / np.diff(t_s)
    assert acceleration.max() < 12.0 * G0_M_S2
