"""The Earth: clock, shape, rotation, gravity, frames, geodesics and the horizon.

Frames: ECEF turns with the Earth (x through 0 N 0 E, z through the north pole); ECI is ECEF stopped in space by
the Earth's angle at the instant; ENU is east, north, up of the ellipsoid at a site. One clock: t_s, seconds after
the scenario's epoch (UTC).

An `Earth` is a tuple of numbers, so that a sphere, a globe at rest or a point mass are the same kernels with other
numbers. `WGS84` is what everything uses unless it says otherwise.

Left out: terrain and geoid (heights are above the ellipsoid, up to about 100 m from sea level), precession, nutation,
polar motion, leap seconds, tides, gravity beyond J4. Equations, sources and evidence: docs/models/earth.md.
"""

import math
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from geographiclib.geodesic import Geodesic

from opendome.errors import InputError
from opendome.kernel import kernel
from opendome.units import DEG_PER_RAD, M_PER_KM


class Earth(NamedTuple):
    """A spheroid that turns and attracts. SI units; all floats."""

    mu_m3_s2: float
    """Gravitational parameter."""
    a_m: float
    """Equatorial radius, also the reference radius of J2 and J4."""
    f: float
    """Flattening."""
    omega_rad_s: float
    """Rotation rate about z."""
    j2: float
    j4: float


WGS84 = Earth(3.986004418e14, 6378137.0, 1.0 / 298.257223563, 7.292115e-5, 1.082629821313e-3, 0.0)
"""World Geodetic System 1984 (NGA.STND.0036): defining constants, and the J2 of its ellipsoid's own gravity field."""

WGS84_J4 = WGS84._replace(j4=-2.37091120053e-6)
"""The same with the fourth zonal harmonic of the ellipsoid's field."""

POINT_MASS = Earth(3.986004418e14, 6371000.0, 0.0, 0.0, 0.0, 0.0)
"""A sphere of the mean radius, at rest, with central gravity: the Earth of closed formulas."""

MEAN_RADIUS_M = 6371008.8
"""Mean radius (2a + b) / 3 of the WGS-84 ellipsoid."""

_A = WGS84.a_m
_E2 = WGS84.f * (2.0 - WGS84.f)
_B = _A * (1.0 - WGS84.f)
_EP2 = _E2 / (1.0 - _E2)

# ---- geodetic coordinates ------------------------------------------------------------------------------------------


@kernel
def ecef_from_geodetic(lat_rad, lon_rad, alt_m):
    """ECEF position x, y, z in m of a geodetic point on WGS-84."""
    s, c = math.sin(lat_rad), math.cos(lat_rad)
    n = _A / math.sqrt(1.0 - _E2 * s * s)
    p = (n + alt_m) * c
    return p * math.cos(lon_rad), p * math.sin(lon_rad), (n * (1.0 - _E2) + alt_m) * s


@kernel
def geodetic_from_ecef(x, y, z):
    """Geodetic latitude and longitude in rad and altitude in m of an ECEF position on WGS-84.

    Bowring's step (1976) on the parametric latitude, twice and without trigonometry; better than a micrometre from
    -10 km to 50,000 km, on the axis too. Not for points within 100 km of the Earth's centre.
    """
    p = math.sqrt(x * x + y * y)
    # Parametric latitude of the surface point below, first guess exact on the ellipsoid.
    s, c = _A * z, _B * p
    for _ in range(2):
        d = 1.0 / math.sqrt(s * s + c * c)
        s, c = s * d, c * d
        top, base = z + _EP2 * _B * s * s * s, p - _E2 * _A * c * c * c
        s, c = _B * top, _A * base
    d = 1.0 / math.sqrt(top * top + base * base)
    sin_lat, cos_lat = top * d, base * d
    alt_m = p * cos_lat + z * sin_lat - _A * math.sqrt(1.0 - _E2 * sin_lat * sin_lat)
    return math.atan2(top, base), math.atan2(y, x), alt_m


@kernel(inline=True)
def altitude_above(earth, r, sin2):
    """Altitude in m above a spheroid at distance `r` from its centre; `sin2` is (z / r) squared.

    Series in the second eccentricity: the height above the surface along the radius, shortened by the tilt between
    radius and normal. Error on WGS-84: 0.03 mm up to 100 km, 2 mm at 1,000 km, 8 cm at 50,000 km.
    """
    b = earth.a_m * (1.0 - earth.f)
    ep2 = (earth.a_m / b) ** 2 - 1.0
    q = ep2 * sin2
    surface = earth.a_m * (1.0 - q * (0.5 - q * (0.375 - q * (0.3125 - q * (0.2734375 - 0.24609375 * q)))))
    tilt2 = ep2 * q * (1.0 - sin2) * (1.0 - q * (2.0 - 3.0 * q))
    up = r - surface
    return up * (1.0 - 0.5 * tilt2 * surface / r)


@kernel
def altitude(x, y, z):
    """Altitude in m above WGS-84 of an ECEF position, without trigonometry (see `altitude_above`)."""
    r2 = x * x + y * y + z * z
    return altitude_above(WGS84, math.sqrt(r2), z * z / r2)


# ---- gravity and rotation ------------------------------------------------------------------------------------------


@kernel(inline=True)
def gravity(earth, x, y, z):
    """Gravitational acceleration in m/s2 in ECEF: central term, J2, J4. Rotation is not in it.

    Source: vallado2013, 8.6.1; docs/models/earth.md.
    """
    r2 = x * x + y * y + z * z
    inv_r2 = 1.0 / r2
    s = z * z * inv_r2
    central = -earth.mu_m3_s2 * inv_r2 * math.sqrt(inv_r2)
    q = earth.a_m * earth.a_m * inv_r2
    j2, j4 = 1.5 * earth.j2 * q, -0.625 * earth.j4 * q * q
    side = central * (1.0 + j2 * (1.0 - 5.0 * s) + j4 * (3.0 - 42.0 * s + 63.0 * s * s))
    axial = central * (1.0 + j2 * (3.0 - 5.0 * s) + j4 * (15.0 - 70.0 * s + 63.0 * s * s))
    return side * x, side * y, axial * z


@kernel
def ecef_from_eci(x, y, z, angle_rad):
    """A vector turned from ECI to ECEF; `angle_rad` is the Earth's angle (see `earth_angle`)."""
    s, c = math.sin(angle_rad), math.cos(angle_rad)
    return c * x + s * y, c * y - s * x, z


@kernel
def eci_from_ecef(x, y, z, angle_rad):
    """A vector turned from ECEF to ECI; `angle_rad` is the Earth's angle (see `earth_angle`)."""
    s, c = math.sin(angle_rad), math.cos(angle_rad)
    return c * x - s * y, c * y + s * x, z


@kernel
def earth_angle(angle0_rad, t_s):
    """The Earth's angle in rad at t_s, given its angle at the epoch (0 .. 2 pi)."""
    return (angle0_rad + WGS84.omega_rad_s * t_s) % (2.0 * math.pi)


# ---- local frame ---------------------------------------------------------------------------------------------------


@kernel
def enu_axes(lat_rad, lon_rad):
    """Rows of the rotation ECEF to ENU as nine numbers: east xyz, north xyz, up xyz."""
    sla, cla, slo, clo = math.sin(lat_rad), math.cos(lat_rad), math.sin(lon_rad), math.cos(lon_rad)
    return -slo, clo, 0.0, -sla * clo, -sla * slo, cla, cla * clo, cla * slo, sla


@kernel
def enu_from_ecef(lat_rad, lon_rad, x, y, z):
    """A vector (velocity, or a difference of positions) in ECEF seen in the ENU frame at a geodetic point."""
    ex, ey, ez, nx, ny, nz, ux, uy, uz = enu_axes(lat_rad, lon_rad)
    return ex * x + ey * y + ez * z, nx * x + ny * y + nz * z, ux * x + uy * y + uz * z


@kernel
def ecef_from_enu(lat_rad, lon_rad, east, north, up):
    """A vector in the ENU frame at a geodetic point seen in ECEF."""
    ex, ey, ez, nx, ny, nz, ux, uy, uz = enu_axes(lat_rad, lon_rad)
    return ex * east + nx * north + ux * up, ey * east + ny * north + uy * up, ez * east + nz * north + uz * up


@kernel
def azimuth_elevation_range(east, north, up):
    """Azimuth (clockwise from north, 0 .. 2 pi) and elevation in rad, range in m, of an ENU vector. Geometric."""
    flat = math.sqrt(east * east + north * north)
    return (math.atan2(east, north) % (2.0 * math.pi), math.atan2(up, flat),
            math.sqrt(flat * flat + up * up))


# ---- radio horizon -------------------------------------------------------------------------------------------------

EFFECTIVE_EARTH = 4.0 / 3.0
"""Effective Earth radius for radio waves in the lower air, in Earth radii (ITU-R P.310)."""

BENDING_TOP_M = 6600.0
"""Above this height a ray is taken as straight: a horizontal ray from the ground has then bent by 13.2 mrad, the
0.76 deg of ITU-R P.834. The effective radius alone would go on bending rays in empty space."""


@kernel
def horizon_angle(alt_m):
    """Angle in rad at the Earth's centre between the point where a ray grazes the ground and the ray at `alt_m`.

    Effective Earth radius of 4/3 up to `BENDING_TOP_M`, straight above; sphere of the mean radius.
    """
    #            . x alt_m          below the top: arcs of the effective Earth
    #       .  '   |                above: a straight line that leaves the top at elevation `climb`
    #  ----+-------+---- ground
    r_eff = EFFECTIVE_EARTH * MEAN_RADIUS_M
    low = min(max(alt_m, 0.0), BENDING_TOP_M)
    climb = math.acos(r_eff / (r_eff + low))
    angle = EFFECTIVE_EARTH * climb
    if alt_m > BENDING_TOP_M:
        angle += math.acos((MEAN_RADIUS_M + low) * math.cos(climb) / (MEAN_RADIUS_M + alt_m)) - climb
    return angle


@kernel
def is_above_horizon(x1, y1, z1, x2, y2, z2):
    """Whether two ECEF points see each other by radio over a smooth Earth (see `horizon_angle`)."""
    cx, cy, cz = y1 * z2 - z1 * y2, z1 * x2 - x1 * z2, x1 * y2 - y1 * x2
    between = math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), x1 * x2 + y1 * y2 + z1 * z2)
    return between <= horizon_angle(altitude(x1, y1, z1)) + horizon_angle(altitude(x2, y2, z2))


# ---- clock ---------------------------------------------------------------------------------------------------------


def epoch(utc: str) -> datetime:
    """The instant of an ISO 8601 date and time; without an offset it is UTC."""
    try:
        instant = datetime.fromisoformat(utc)
    except (ValueError, TypeError) as error:
        raise InputError(f"epoch = {utc!r}\n  must be an ISO 8601 instant, such as 2026-02-28T22:00:00Z") from error
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def utc_text(start: datetime, t_s: float) -> str:
    """ISO 8601 text, to the millisecond, of the instant t_s seconds after `start`."""
    return (start + timedelta(seconds=t_s)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_after(start: datetime, instant: datetime) -> float:
    """t_s of an instant: seconds from `start` to it."""
    return (instant - start).total_seconds()


def earth_angle_at(instant: datetime) -> float:
    """The Earth rotation angle in rad (0 .. 2 pi) at an instant, taking UTC for UT1 (within 0.9 s, 14 arc seconds).

    Source: IERS Conventions 2010, equation 5.15.
    """
    days = (instant - datetime(2000, 1, 1, 12, tzinfo=UTC)).total_seconds() / 86400.0
    return 2.0 * math.pi * ((0.7790572732640 + 0.00273781191135448 * days + days % 1.0) % 1.0)


# ---- geodesics -----------------------------------------------------------------------------------------------------


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


def check_finite(**values: float) -> None:
    """Refuse what is not a finite number, by name."""
    for name, value in values.items():
        if not math.isfinite(value):
            raise InputError(f"{name} = {value}\n  must be a finite number")


def check_latitude(lat_deg: float) -> float:
    """The latitude, if it is one."""
    if not abs(lat_deg) <= 90.0:
        raise InputError(f"lat_deg = {lat_deg}\n  must be between -90 and 90")
    return lat_deg
