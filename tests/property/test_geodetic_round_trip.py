"""There and back between geodetic and Earth-fixed coordinates, everywhere that anything flies."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from opendome import world

latitudes = st.one_of(st.floats(-90.0, 90.0), st.floats(-1e-6, 1e-6), st.floats(89.999999, 90.0),
                      st.floats(-90.0, -89.999999))
altitudes = st.one_of(st.floats(-10e3, 50e6), st.floats(-10e3, 150e3))


@settings(deadline=None, max_examples=300)
@given(lat_deg=latitudes, lon_deg=st.floats(-180.0, 180.0), alt_m=altitudes)
def test_geodetic_round_trip_to_a_millimetre(lat_deg, lon_deg, alt_m):
    there = world.ecef_from_geodetic(math.radians(lat_deg), math.radians(lon_deg), alt_m)
    lat, lon, alt = world.geodetic_from_ecef(*there)
    assert abs(alt - alt_m) < 1e-3
    assert math.dist(there, world.ecef_from_geodetic(lat, lon, alt)) < 1e-3
    assert abs(lat - math.radians(lat_deg)) * (6.4e6 + alt_m) < 1e-3


@settings(deadline=None)
@given(lat_deg=latitudes, lon_deg=st.floats(-180.0, 180.0), azimuth_deg=st.floats(0.0, 360.0),
       distance_km=st.floats(0.001, 15000.0))
def test_geodesic_there_and_back(lat_deg, lon_deg, azimuth_deg, distance_km):
    lat, lon = world.geodesic_direct(lat_deg=lat_deg, lon_deg=lon_deg, azimuth_deg=azimuth_deg,
                                     distance_km=distance_km)
    line = world.geodesic_inverse(lat1_deg=lat_deg, lon1_deg=lon_deg, lat2_deg=lat, lon2_deg=lon)
    assert abs(line.distance_km - distance_km) < 1e-6
