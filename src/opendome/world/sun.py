"""Where the Sun stands, and what of it the Earth hides.

Position by the low-precision series of the Astronomical Almanac, 0.01 deg from 1950 to 2050 (Vallado 2013, algorithm
29), with the equinox turned to the frame asked for. Shadow of the ellipsoid: the globe is stretched along its axis to
a sphere, and the Sun with it, which keeps lines straight. Left out: nutation, refraction (it lights low orbits about a
quarter of a minute longer at each end), the Moon's shadow.
"""

import math
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from opendome.kernel import F64Array, kernel
from opendome.units import RAD_PER_DEG
from opendome.world.clock import days_after_j2000, earth_angle_at, sidereal_angle_at, tt_from_utc
from opendome.world.earth import WGS84

AU_M = 149597870700.0
"""Astronomical unit (IAU 2012, exact)."""

SUN_RADIUS_M = 6.957e8
"""Nominal solar radius (IAU 2015, resolution B3)."""

_STRETCH = 1.0 / (1.0 - WGS84.f)


def sun_position(start: datetime, t_s: ArrayLike = 0.0, *, frame: Literal["eci", "teme", "ecef"] = "eci") -> F64Array:
    """Geocentric position of the Sun in m, (T, 3), or (3,) for a single t_s after `start`; within 0.01 deg.

    Source: Vallado 2013, algorithm 29; docs/models/earth.md.
    """
    t = np.asarray(t_s, dtype=np.float64)
    centuries = (days_after_j2000(tt_from_utc(start)) + t / 86400.0) / 36525.0
    anomaly = RAD_PER_DEG * (357.5277233 + 35999.05034 * centuries)
    longitude = RAD_PER_DEG * (280.4606184 + 36000.77005361 * centuries + 1.914666471 * np.sin(anomaly)
                               + 0.019994643 * np.sin(2.0 * anomaly))
    distance = AU_M * (1.000140612 - 0.016708617 * np.cos(anomaly) - 0.000139589 * np.cos(2.0 * anomaly))
    tilt = RAD_PER_DEG * (23.439291 - 0.0130042 * centuries)
    # From here x is towards the mean equinox: turn it to where the frame has it.
    back = sidereal_angle_at(start) - (0.0 if frame == "ecef" else earth_angle_at(start))
    turn = 0.0 * t if frame == "teme" else back + (WGS84.omega_rad_s * t if frame == "ecef" else 0.0 * t)
    x, y = np.cos(longitude), np.sin(longitude) * np.cos(tilt)
    c, s = np.cos(turn), np.sin(turn)
    unit = np.stack([c * x + s * y, c * y - s * x, np.sin(longitude) * np.sin(tilt)], axis=-1)
    return np.asarray(distance[..., None] * unit)


def sun_direction(start: datetime, t_s: ArrayLike = 0.0, *, frame: Literal["eci", "teme", "ecef"] = "eci") -> F64Array:
    """Unit vectors from the Earth's centre to the Sun, (T, 3), or (3,) for a single t_s after `start`."""
    position = sun_position(start, t_s, frame=frame)
    return np.asarray(position / np.linalg.norm(position, axis=-1, keepdims=True))


@kernel
def sun_share(x, y, z, sun_x, sun_y, sun_z):
    """Share of the Sun's disc that a position sees past the Earth: 1 in light, 0 in the umbra, between in the penumbra.

    Positions in m in one frame with z through the pole. Overlap of two discs (Montenbruck and Gill 2000, 3.4.2).
    """
    z, sun_z = z * _STRETCH, sun_z * _STRETCH
    dx, dy, dz = sun_x - x, sun_y - y, sun_z - z
    r = math.sqrt(x * x + y * y + z * z)
    far = math.sqrt(dx * dx + dy * dy + dz * dz)
    sun = math.asin(SUN_RADIUS_M / far)
    globe = math.asin(min(WGS84.a_m / r, 1.0))
    cx, cy, cz = dy * z - dz * y, dz * x - dx * z, dx * y - dy * x
    apart = math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), -(dx * x + dy * y + dz * z))
    if apart >= sun + globe:
        return 1.0
    if apart <= globe - sun:
        return 0.0
    if apart <= sun - globe:
        return 1.0 - (globe / sun) ** 2
    along = (apart * apart + sun * sun - globe * globe) / (2.0 * apart)
    half = math.sqrt(max(sun * sun - along * along, 0.0))
    hidden = (sun * sun * math.acos(max(-1.0, min(along / sun, 1.0)))
              + globe * globe * math.acos(max(-1.0, min((apart - along) / globe, 1.0))) - apart * half)
    return 1.0 - hidden / (math.pi * sun * sun)


@kernel
def is_sunlit(x, y, z, sun_x, sun_y, sun_z):
    """Whether a position is outside the Earth's shadow, taken as a cylinder: the Sun as a point, infinitely far."""
    z, sun_z = z * _STRETCH, sun_z * _STRETCH
    ahead = x * sun_x + y * sun_y + z * sun_z
    away2 = x * x + y * y + z * z - ahead * ahead / (sun_x * sun_x + sun_y * sun_y + sun_z * sun_z)
    return ahead >= 0.0 or away2 >= WGS84.a_m * WGS84.a_m
