"""The boost as a smooth arc: from rest at the launch point, straight up at first, to the burnout state.

Kinematics only: no thrust, no mass, no steering law. With tau = t / T, burnout altitude H, upward and level burnout
speed U and W, relative to the Earth,

    altitude   (3 H - U T) tau^2 + (U T - 2 H) tau^3
    ground     W T / 3  tau^3

Both meet the burnout altitude and velocity exactly, with an acceleration that is linear in time. The level speed lags
behind the upward one, so the path starts straight up and turns over. Altitude never falls while U T / H is at most 3.

H is the altitude asked for, or 0.36 U T if that is higher: a boost that ends steeper or faster than that altitude
allows for burns out higher. Lower, it would leave the ground with less than 0.16 U / T (2 to 5 m/s2), hang low and end
in a jerk. (Even acceleration is 0.5 U T; acceleration growing evenly from nothing U T / 3.)

The ground path is a great circle of geodetic directions, so altitudes are above the ellipsoid, exactly.
Equations and evidence: docs/models/threats.md.
"""

import math

from opendome.kernel import kernel
from opendome.world import MEAN_RADIUS_M, WGS84, enu_axes

_A = WGS84.a_m
_E2 = WGS84.f * (2.0 - WGS84.f)


RISE = 0.36
"""Lowest burnout altitude, in upward burnout speed times burn time."""


@kernel
def burnout_alt(up_m_s, alt_m, burn_s):
    """Burnout altitude in m when alt_m is asked for (see the module)."""
    return max(alt_m, RISE * up_m_s * burn_s)


@kernel
def boost_state(lat_rad, lon_rad, azimuth_rad, level_m_s, up_m_s, alt_m, burn_s, t_s):
    """ECEF position in m and Earth-fixed velocity in m/s, six numbers, at t_s (0 .. burn_s) after launch.

    `level_m_s` and `up_m_s` are the burnout speed along and up from the ground, relative to the Earth; `azimuth_rad`
    is the direction at launch, `alt_m` the burnout altitude asked for. Along the ground a radius of `MEAN_RADIUS_M` +
    burnout altitude stands for the ellipsoid's, which moves the level speed by at most 0.4 %.
    """
    top = burnout_alt(up_m_s, alt_m, burn_s)
    tau = t_s / burn_s
    rise = up_m_s * burn_s
    first, second = 3.0 * top - rise, rise - 2.0 * top
    alt = tau * tau * (first + second * tau)
    alt_rate = tau * (2.0 * first + 3.0 * second * tau) / burn_s
    turn_rate = level_m_s / (MEAN_RADIUS_M + top) * tau * tau
    turned = turn_rate * t_s / 3.0

    ex, ey, ez, nx, ny, nz, ux, uy, uz = enu_axes(lat_rad, lon_rad)
    se, ce, s, c = math.sin(azimuth_rad), math.cos(azimuth_rad), math.sin(turned), math.cos(turned)
    dx, dy, dz = se * ex + ce * nx, se * ey + ce * ny, se * ez + ce * nz
    # Geodetic up on the way, and its rate.
    px, py, pz = c * ux + s * dx, c * uy + s * dy, c * uz + s * dz
    qx, qy, qz = turn_rate * (c * dx - s * ux), turn_rate * (c * dy - s * uy), turn_rate * (c * dz - s * uz)
    w = 1.0 / (1.0 - _E2 * pz * pz)
    normal = _A * math.sqrt(w)
    normal_rate = normal * _E2 * pz * qz * w
    side, axial = normal + alt, (1.0 - _E2) * normal + alt
    side_rate, axial_rate = normal_rate + alt_rate, (1.0 - _E2) * normal_rate + alt_rate
    return (side * px, side * py, axial * pz,
            side_rate * px + side * qx, side_rate * py + side * qy, axial_rate * pz + axial * qz)
