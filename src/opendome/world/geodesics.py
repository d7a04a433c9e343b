"""The shortest way over the ellipsoid (GeographicLib), and positions in degrees for people."""

from typing import NamedTuple

from geographiclib.geodesic import Geodesic

from opendome.units import DEG_PER_RAD, M_PER_KM
from opendome.world.earth import check_finite, check_latitude, geodetic_from_ecef


class GeodesicLine(NamedTuple):
    """The shortest way between two points on WGS-84."""

    distance_km: float
    azimuth_deg: float
    """At the first point, clockwise from north, 0 .. 360."""
    arrival_azimuth_deg: float
    """At the second point, of the way onward."""


def geodesic_inverse(*, lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> GeodesicLine:
    """Distance and azimuths of the geodesic from point 1 to point 2 (Karney 2013)."""
    check_finite(lon1_deg=lon1_deg, lon2_deg=lon2_deg)
    line = Geodesic.WGS84.Inverse(check_latitude(lat1_deg), lon1_deg, check_latitude(lat2_deg), lon2_deg)
    return GeodesicLine(line["s12"] / M_PER_KM, line["azi1"] % 360.0, line["azi2"] % 360.0)


def geodesic_direct(*, lat_deg: float, lon_deg: float, azimuth_deg: float, distance_km: float) -> tuple[float, float]:
    """Latitude and longitude in degrees of the point at a distance and azimuth from a point (Karney 2013)."""
    check_finite(lon_deg=lon_deg, azimuth_deg=azimuth_deg, distance_km=distance_km)
    line = Geodesic.WGS84.Direct(check_latitude(lat_deg), lon_deg, azimuth_deg, distance_km * M_PER_KM)
    return line["lat2"], line["lon2"]


def geodetic(x_m: float, y_m: float, z_m: float) -> tuple[float, float, float]:
    """Latitude and longitude in degrees and altitude in m of an ECEF position."""
    lat, lon, alt_m = geodetic_from_ecef(float(x_m), float(y_m), float(z_m))
    return lat * DEG_PER_RAD, lon * DEG_PER_RAD, alt_m
