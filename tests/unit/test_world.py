"""Shape, gravity, frames, horizon and clock of the Earth, against numbers worked out another way."""

import math

import numpy as np
import pytest

from opendome import world
from opendome.errors import InputError
from opendome.world import POINT_MASS, WGS84, WGS84_J4

PLACES = [(0.0, 0.0), (90.0, 0.0), (-90.0, 10.0), (45.0, 120.0), (-33.3, -70.5), (89.9999, 1.0)]


def ecef(lat_deg, lon_deg, alt_m=0.0):
    return world.ecef_from_geodetic(math.radians(lat_deg), math.radians(lon_deg), alt_m)


def test_ends_of_the_axes():
    assert ecef(0.0, 0.0) == pytest.approx((6378137.0, 0.0, 0.0))
    assert ecef(90.0, 0.0) == pytest.approx((0.0, 0.0, 6356752.314245), abs=1e-6)


@pytest.mark.parametrize("alt_m", [-10e3, 0.0, 100e3, 1e6, 5e6, 2e7, 5e7])
def test_geodetic_there_and_back_over_the_whole_globe(alt_m):
    for lat_deg in [*np.linspace(-90.0, 90.0, 73), 89.999999, 1e-9]:
        there = ecef(lat_deg, 12.0, alt_m)
        lat, lon, alt = world.geodetic_from_ecef(*there)
        # Rounding only: 1e-15 of 56,000 km is 60 nm. With one step of the iteration it would be 0.3 m.
        assert math.dist(there, world.ecef_from_geodetic(lat, lon, alt)) < 1e-6
        assert alt == pytest.approx(alt_m, abs=1e-6)


@pytest.mark.parametrize(("lat_deg", "lon_deg"), PLACES)
@pytest.mark.parametrize(("alt_m", "tolerance_m"), [(-10e3, 1e-5), (0.0, 1e-6), (100e3, 1e-4), (1000e3, 3e-3),
                                                    (50e6, 0.08)])
def test_quick_altitude(lat_deg, lon_deg, alt_m, tolerance_m):
    assert world.altitude(*ecef(lat_deg, lon_deg, alt_m)) == pytest.approx(alt_m, abs=tolerance_m)


def test_zonal_harmonics_are_those_of_the_ellipsoid():
    # Heiskanen and Moritz 1967, 2-90 to 2-92: the field whose level surface the ellipsoid is.
    e2 = WGS84.f * (2.0 - WGS84.f)
    second = math.sqrt(e2 / (1.0 - e2))
    m = WGS84.omega_rad_s**2 * WGS84.a_m**3 * (1.0 - WGS84.f) / WGS84.mu_m3_s2
    q = 0.5 * ((1.0 + 3.0 / second**2) * math.atan(second) - 3.0 / second)
    j2 = e2 / 3.0 * (1.0 - 2.0 / 15.0 * m * second / q)
    assert WGS84.j2 == pytest.approx(j2, rel=1e-7)
    assert WGS84_J4.j4 == pytest.approx(-3.0 * e2**2 / 35.0 * (10.0 * j2 / e2 - 1.0), rel=1e-6)


@pytest.mark.parametrize(("lat_deg", "expected_m_s2"), [(0.0, 9.7803253359), (90.0, 9.8321849379)])
def test_normal_gravity_on_the_ellipsoid(lat_deg, expected_m_s2):
    # Published normal gravity of WGS-84 at the equator and the pole. J6, left out, is 6.1e-9: 7 J6 g = 4.2e-7 m/s2.
    x, y, z = ecef(lat_deg, 0.0)
    gx, gy, gz = world.gravity(WGS84_J4, x, y, z)
    gx, gy = gx + WGS84.omega_rad_s**2 * x, gy + WGS84.omega_rad_s**2 * y
    assert math.hypot(gx, gy, gz) == pytest.approx(expected_m_s2, abs=5e-7)


def test_gravity_is_the_slope_of_the_potential():
    def potential(r):
        x, y, z = r
        d = math.sqrt(x * x + y * y + z * z)
        s2, q = (z / d) ** 2, (WGS84_J4.a_m / d) ** 2
        p2, p4 = 0.5 * (3.0 * s2 - 1.0), (35.0 * s2 * s2 - 30.0 * s2 + 3.0) / 8.0
        return WGS84_J4.mu_m3_s2 / d * (1.0 - WGS84_J4.j2 * q * p2 - WGS84_J4.j4 * q * q * p4)

    r, step = np.array([3.1e6, -4.2e6, 4.9e6]), 100.0
    slope = [(potential(r + step * e) - potential(r - step * e)) / (2.0 * step) for e in np.eye(3)]
    assert world.gravity(WGS84_J4, *r) == pytest.approx(slope, abs=1e-8)


def test_point_mass_attracts_to_the_centre():
    assert world.gravity(POINT_MASS, 0.0, 7.0e6, 0.0) == pytest.approx((0.0, -3.986004418e14 / 49.0e12, 0.0))


def test_local_axes():
    # At 0 N 90 E: east is -x, north is z, up is y.
    assert world.enu_from_ecef(0.0, math.pi / 2.0, 1.0, 2.0, 3.0) == pytest.approx((-1.0, 3.0, 2.0))
    assert world.ecef_from_enu(0.0, math.pi / 2.0, -1.0, 3.0, 2.0) == pytest.approx((1.0, 2.0, 3.0))
    rows = np.reshape(world.enu_axes(0.7, -2.1), (3, 3))
    assert np.allclose(rows @ rows.T, np.eye(3), atol=1e-15)


def test_look_angles():
    azimuth, elevation, range_m = world.azimuth_elevation_range(-3.0, 4.0, 5.0)
    assert math.degrees(azimuth) == pytest.approx(360.0 - 36.869897645844)
    assert math.degrees(elevation) == pytest.approx(45.0)
    assert range_m == pytest.approx(math.sqrt(50.0))


def test_turning_there_and_back():
    r = (4.0e6, -5.0e6, 1.0e6)
    assert world.ecef_from_eci(*world.eci_from_ecef(*r, 2.3), 2.3) == pytest.approx(r)
    # A point on the equator is carried eastward.
    assert world.eci_from_ecef(1.0, 0.0, 0.0, 0.1)[1] > 0.0


@pytest.mark.parametrize("alt_m", [10.0, 100.0, 3000.0])
def test_horizon_in_the_lower_air_is_that_of_four_thirds_earth(alt_m):
    # The radar engineer's sqrt(2 k R h), good to a thousandth at these heights.
    reach_m = math.sqrt(2.0 * 4.0 / 3.0 * 6371008.8 * alt_m)
    assert world.horizon_angle(alt_m) * 6371008.8 == pytest.approx(reach_m, rel=1e-3)


def test_horizon_in_space_is_straight_but_for_the_bending_in_the_air():
    # A straight ray reaches acos(R / (R + h)) = 3,360 km at 1,000 km; 13.2 mrad of bending move it outward.
    straight = math.acos(6371.0088 / 7371.0088)
    assert 0.0 < world.horizon_angle(1.0e6) - straight < 0.0133
    top = world.BENDING_TOP_M
    assert world.horizon_angle(top - 0.01) == pytest.approx(world.horizon_angle(top + 0.01), rel=1e-5)


def test_above_the_horizon():
    mast, near, far = ecef(0.0, 0.0, 20.0), ecef(0.0, 0.45, 50.0), ecef(0.0, 0.50, 50.0)
    # 18.4 km and 29.1 km: 47.6 km together; the points are 50.1 and 55.7 km away ...
    assert not world.is_above_horizon(*mast, *near)
    # ... and from 90 m up it is 18.4 + 39.1 = 57.5 km.
    assert world.is_above_horizon(*mast, *ecef(0.0, 0.50, 90.0))
    assert not world.is_above_horizon(*mast, *far)
    assert not world.is_above_horizon(*mast, *ecef(0.0, 180.0, 1.0e6))


def test_clock():
    start = world.epoch("2026-02-28T22:00:00Z")
    assert start == world.epoch("2026-02-28T22:00:00") == world.epoch("2026-03-01T02:00:00+04:00")
    assert world.utc_text(start, 7200.25) == "2026-03-01T00:00:00.250Z"
    assert world.seconds_after(start, world.epoch("2026-02-28T23:00:00Z")) == 3600.0
    with pytest.raises(InputError, match="ISO 8601"):
        world.epoch("yesterday")


def test_earth_angle():
    # At J2000.0 the Earth rotation angle is 280.46062 deg; a day later it has gained 0.98565 deg.
    j2000 = world.epoch("2000-01-01T12:00:00Z")
    assert math.degrees(world.earth_angle_at(j2000)) == pytest.approx(280.46062, abs=1e-4)
    a_day = world.earth_angle(world.earth_angle_at(j2000), 86400.0)
    assert a_day == pytest.approx(world.earth_angle_at(world.epoch("2000-01-02T12:00:00Z")), abs=1e-6)


def test_geodesics():
    # One degree of longitude on the equator is pi a / 180; the quarter meridian is 10,001.965729 km.
    line = world.geodesic_inverse(lat1_deg=0.0, lon1_deg=0.0, lat2_deg=0.0, lon2_deg=1.0)
    assert line.distance_km == pytest.approx(math.pi * 6378.137 / 180.0, abs=1e-9)
    assert line.azimuth_deg == pytest.approx(90.0)
    line = world.geodesic_inverse(lat1_deg=0.0, lon1_deg=30.0, lat2_deg=90.0, lon2_deg=0.0)
    assert line.distance_km == pytest.approx(10001.965729, abs=1e-6)
    lat, lon = world.geodesic_direct(lat_deg=0.0, lon_deg=30.0, azimuth_deg=0.0, distance_km=10001.965729 / 2.0)
    assert lon == pytest.approx(30.0)
    assert 45.0 < lat < 45.2
    with pytest.raises(InputError, match="lon1_deg = nan"):
        world.geodesic_inverse(lat1_deg=0.0, lon1_deg=math.nan, lat2_deg=0.0, lon2_deg=1.0)
    with pytest.raises(InputError, match="between -90 and 90"):
        world.geodesic_direct(lat_deg=91.0, lon_deg=0.0, azimuth_deg=0.0, distance_km=1.0)
