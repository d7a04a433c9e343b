"""The boost as a smooth arc: from rest at the launch point, straight up at first, to the burnout state.

Kinematics only: no thrust, no mass, no steering law. With tau = t / burn_s, burnout altitude H, upward and level
burnout speed U and W,

    altitude   (n H - U T) tau^(n-1) + (U T - (n-1) H) tau^n
    ground     W T / n  tau^n                                   n = max(3, U T / H + 1/2)

Both meet the burnout altitude and velocity exactly; altitude never falls while 0 <= U; the level speed lags behind
the upward one, so the path starts straight up and turns over. For H of at least 0.4 U T it is a cubic: acceleration
linear in time, a third of W T covered over ground. For a lower burnout n grows, because a cubic would start too
slowly, and below H = U T / 3 dip into the ground: the climb then comes later and less ground is covered.

The ground path is a great circle of geodetic directions, so altitudes are above the ellipsoid, exactly.
Equations and evidence: docs/models/threats.md.
"""

import math

from opendome.kernel import kernel
from opendome.world import MEAN_RADIUS_M, WGS84, enu_axes

_A = WGS84.a_m
_E2 = WGS84.f * (2.0 - WGS84.f)


@kernel
def boost_power(up_m_s, burnout_alt_m, burn_s):
    """The power n of the boost arc (see the module)."""
    return max(3.0, up_m_s * burn_s / burnout_alt_m + 0.5)


@kernel
def boost_ground_m(level_m_s, up_m_s, burnout_alt_m, burn_s):
    """Ground distance in m covered in boost, scaled to the radius at burnout altitude."""
    return level_m_s * burn_s / boost_power(up_m_s, burnout_alt_m, burn_s)


@kernel
def boost_state(lat_rad, lon_rad, azimuth_rad, level_m_s, up_m_s, burnout_alt_m, burn_s, t_s):
    """ECEF position in m and Earth-fixed velocity in m/s, six numbers, at t_s (0 .. burn_s) after launch.

    `level_m_s` and `up_m_s` are the burnout speed along and up from the ground, relative to the Earth; `azimuth_rad`
    is the direction at launch. Along the ground a radius of `MEAN_RADIUS_M` + burnout altitude stands for the
    ellipsoid's, which moves the level speed by at most 0.4 %.
    """
    n = boost_power(up_m_s, burnout_alt_m, burn_s)
    tau = t_s / burn_s
    rise = up_m_s * burn_s
    first, second = n * burnout_alt_m - rise, rise - (n - 1.0) * burnout_alt_m
    power = tau ** (n - 2.0)
    alt = power * tau * (first + second * tau)
    alt_rate = power * ((n - 1.0) * first + n * second * tau) / burn_s
    radius = MEAN_RADIUS_M + burnout_alt_m
    turned = level_m_s * burn_s / (n * radius) * power * tau * tau
    turn_rate = level_m_s / radius * power * tau

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
