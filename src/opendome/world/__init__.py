"""The Earth: clock, shape, rotation, gravity, frames, geodesics, the horizon, and the Sun.

Frames, all with z through the north pole: ECEF turns with the Earth (x through 0 N 0 E); ECI is the true equator of
date, ECEF stopped in space by the Earth's angle at the instant; TEME is the same equator with x towards the mean
equinox, the frame of SGP4; ENU is east, north, up of the ellipsoid at a site. One clock: t_s, seconds after the
scenario's epoch (UTC).

Left out: terrain and geoid (heights are above the ellipsoid, up to about 100 m from sea level), precession and
nutation within a run, polar motion, UT1 - UTC, tides, gravity beyond J4. Equations, sources and evidence:
docs/models/earth.md.
"""

from opendome.world.clock import (
    SIDEREAL_RATE_RAD_S,
    LeapSeconds,
    earth_angle_at,
    elapsed_s,
    epoch,
    leap_second_note,
    leap_second_table,
    leap_seconds,
    seconds_after,
    sidereal_angle_at,
    tai_from_utc,
    tt_from_utc,
    utc_from_tai,
    utc_text,
)
from opendome.world.earth import (
    MEAN_RADIUS_M,
    POINT_MASS,
    WGS84,
    WGS84_J4,
    Earth,
    altitude,
    altitude_above,
    check_finite,
    check_latitude,
    ecef_from_geodetic,
    geodetic_from_ecef,
    gravity,
)
from opendome.world.frames import (
    azimuth_elevation_range,
    earth_angle,
    ecef_from_eci,
    ecef_from_enu,
    ecef_from_teme,
    eci_from_ecef,
    enu_axes,
    enu_from_ecef,
)
from opendome.world.geodesics import GeodesicLine, geodesic_direct, geodesic_inverse, geodetic
from opendome.world.horizon import BENDING_TOP_M, EFFECTIVE_EARTH, horizon_angle, is_above_horizon, radio_horizon_km
from opendome.world.sun import AU_M, SUN_RADIUS_M, is_sunlit, sun_direction, sun_position, sun_share
from opendome.world.trig import sin_cos

__all__ = [
    "AU_M", "BENDING_TOP_M", "EFFECTIVE_EARTH", "MEAN_RADIUS_M", "POINT_MASS", "SIDEREAL_RATE_RAD_S",
    "SUN_RADIUS_M", "WGS84", "WGS84_J4", "Earth", "GeodesicLine", "LeapSeconds", "altitude", "altitude_above",
    "azimuth_elevation_range", "check_finite", "check_latitude", "earth_angle", "earth_angle_at", "ecef_from_eci",
    "ecef_from_enu", "ecef_from_geodetic", "ecef_from_teme", "eci_from_ecef", "elapsed_s", "enu_axes",
    "enu_from_ecef", "epoch", "geodesic_direct", "geodesic_inverse", "geodetic", "geodetic_from_ecef", "gravity",
    "horizon_angle", "is_above_horizon", "is_sunlit", "leap_second_note", "leap_second_table", "leap_seconds",
    "radio_horizon_km", "seconds_after", "sidereal_angle_at", "sin_cos", "sun_direction", "sun_position", "sun_share",
    "tai_from_utc", "tt_from_utc", "utc_from_tai", "utc_text",
]
