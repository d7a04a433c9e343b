"""Frames and the turn between them: ECEF, ECI, and east, north, up at a site.

ECEF turns with the Earth (x through 0 N 0 E, z through the north pole); ECI is the true equator of date stopped in
space by the Earth's angle; TEME is the frame of SGP4 (see `ecef_from_teme`); ENU is east, north, up of the ellipsoid
at a site. Left out: precession and nutation (within a run they turn the frame by less than an arc second), polar
motion (15 m on the ground).
"""

import math

from opendome.kernel import kernel
from opendome.world.earth import WGS84


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


@kernel
def ecef_from_teme(x, y, z, vx, vy, vz, sidereal_rad):
    """ECEF position and velocity relative to the turning Earth, six numbers, of a position and velocity in TEME.

    TEME is what SGP4 speaks: the true equator with x towards the mean equinox, so that Greenwich mean sidereal time
    (see `sidereal_angle_at`) alone turns it to ECEF. Polar motion left out. Source: Vallado 2013, 3.7.3.
    """
    x, y, z = ecef_from_eci(x, y, z, sidereal_rad)
    vx, vy, vz = ecef_from_eci(vx, vy, vz, sidereal_rad)
    return x, y, z, vx + WGS84.omega_rad_s * y, vy - WGS84.omega_rad_s * x, vz


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
