"""Detections into tracks: an extended Kalman filter in ECEF with three scalar updates for each detection.

A measurement is what `sensing.measure` returns: range, unit vector, both errors. Kernels work in place on row i of the
tables and allocate nothing. Equations, sources and evidence: docs/models/tracking.md.
"""

import math

from opendome.kernel import kernel
from opendome.sensing import across
from opendome.tracking.motion import add_manoeuvre

MANOEUVRE_S = 2.0
"""Shortest time that an acceleration which the motion model misses is taken to have lasted."""
GATE = 16.27
"""A detection does not fit when its normalised distance squared exceeds this: 1 in 1,000 of chi-square, 3 degrees."""


@kernel
def initiate(x, cov, i, site_m, measurement, sigma_speed_m_s):
    """Start a track at one detection, in place: position as measured, velocity zero give or take sigma_speed_m_s."""
    range_m, ux, uy, uz, sigma_range_m, sigma_angle_rad = measurement
    x[i, 0], x[i, 1], x[i, 2] = site_m[0] + range_m * ux, site_m[1] + range_m * uy, site_m[2] + range_m * uz
    x[i, 3], x[i, 4], x[i, 5] = 0.0, 0.0, 0.0
    along, sideways = sigma_range_m * sigma_range_m, (range_m * sigma_angle_rad) ** 2
    for a in range(6):
        for b in range(6):
            cov[i, a, b] = 0.0
    cov[i, 0, 0], cov[i, 0, 1], cov[i, 0, 2] = ux * ux, ux * uy, ux * uz
    cov[i, 1, 0], cov[i, 1, 1], cov[i, 1, 2] = uy * ux, uy * uy, uy * uz
    cov[i, 2, 0], cov[i, 2, 1], cov[i, 2, 2] = uz * ux, uz * uy, uz * uz
    for a in range(3):
        for b in range(3):
            cov[i, a, b] *= along - sideways
        cov[i, a, a] += sideways
        cov[i, 3 + a, 3 + a] = sigma_speed_m_s * sigma_speed_m_s


@kernel
def _line_of_sight(x, cov, i, site_m, measurement):
    """Unit vector of the line that range is measured along, and the variance in m2 of each way across it.

    The line to the predicted position; to the measured one while that is the better known: a track of one detection
    may be off by its whole velocity, and range taken along a wrong line would bend it.
    """
    range_m, ux, uy, uz, _, sigma_angle_rad = measurement
    sideways = (range_m * sigma_angle_rad) ** 2
    if cov[i, 0, 0] + cov[i, 1, 1] + cov[i, 2, 2] > 2.0 * sideways:
        return ux, uy, uz, sideways
    dx, dy, dz = x[i, 0] - site_m[0], x[i, 1] - site_m[1], x[i, 2] - site_m[2]
    inverse = 1.0 / math.sqrt(dx * dx + dy * dy + dz * dz)
    return dx * inverse, dy * inverse, dz * inverse, sideways


@kernel
def misfit(x, cov, i, site_m, measurement):
    """How badly a detection fits track i: the normalised innovation squared.

    Chi-square with 3 degrees of freedom when all is well. Worked out along the line of sight and twice across it,
    each component cleared of what the ones before it tell.
    """
    range_m, ux, uy, uz, sigma_range_m, _ = measurement
    dx, dy, dz, sideways = _line_of_sight(x, cov, i, site_m, measurement)
    px, py, pz, qx, qy, qz = across(dx, dy, dz)
    # From the site to the prediction, and from the prediction to the measured point.
    ex, ey, ez = x[i, 0] - site_m[0], x[i, 1] - site_m[1], x[i, 2] - site_m[2]
    nx, ny, nz = range_m * ux - ex, range_m * uy - ey, range_m * uz - ez
    xx, xy, xz = cov[i, 0, 0], cov[i, 0, 1], cov[i, 0, 2]
    yy, yz, zz = cov[i, 1, 1], cov[i, 1, 2], cov[i, 2, 2]
    ax, ay, az = xx * dx + xy * dy + xz * dz, xy * dx + yy * dy + yz * dz, xz * dx + yz * dy + zz * dz
    bx, by, bz = xx * px + xy * py + xz * pz, xy * px + yy * py + yz * pz, xz * px + yz * py + zz * pz
    cx, cy, cz = xx * qx + xy * qy + xz * qz, xy * qx + yy * qy + yz * qz, xz * qx + yz * qy + zz * qz
    s00 = ax * dx + ay * dy + az * dz + sigma_range_m * sigma_range_m
    s01, s02 = ax * px + ay * py + az * pz, ax * qx + ay * qy + az * qz
    s11, s12 = bx * px + by * py + bz * pz + sideways, bx * qx + by * qy + bz * qz
    s22 = cx * qx + cy * qy + cz * qz + sideways
    along = range_m - (dx * ex + dy * ey + dz * ez)
    right = px * nx + py * ny + pz * nz - s01 / s00 * along
    s11, s12 = s11 - s01 / s00 * s01, s12 - s01 / s00 * s02
    up = qx * nx + qy * ny + qz * nz - s02 / s00 * along - s12 / s11 * right
    s22 -= s02 / s00 * s02 + s12 / s11 * s12
    return along * along / s00 + right * right / s11 + up * up / s22


@kernel
def update(x, cov, i, site_m, measurement):
    """Fold one detection into track i, in place.

    Three scalar updates, along the line of sight and twice across it, whose errors are independent.
    Source: barshalom2001, chapter 10 (extended Kalman filter).
    """
    range_m, ux, uy, uz, sigma_range_m, _ = measurement
    dx, dy, dz, sideways = _line_of_sight(x, cov, i, site_m, measurement)
    px, py, pz, qx, qy, qz = across(dx, dy, dz)
    sx, sy, sz = site_m[0], site_m[1], site_m[2]
    zx, zy, zz = sx + range_m * ux, sy + range_m * uy, sz + range_m * uz
    _fold(x, cov, i, dx, dy, dz, range_m + dx * sx + dy * sy + dz * sz, sigma_range_m * sigma_range_m)
    _fold(x, cov, i, px, py, pz, px * zx + py * zy + pz * zz, sideways)
    _fold(x, cov, i, qx, qy, qz, qx * zx + qy * zy + qz * zz, sideways)


@kernel
def _fold(x, cov, i, hx, hy, hz, z, variance):
    """Kalman update with the position measured along one direction."""
    g0 = cov[i, 0, 0] * hx + cov[i, 0, 1] * hy + cov[i, 0, 2] * hz
    g1 = cov[i, 1, 0] * hx + cov[i, 1, 1] * hy + cov[i, 1, 2] * hz
    g2 = cov[i, 2, 0] * hx + cov[i, 2, 1] * hy + cov[i, 2, 2] * hz
    g3 = cov[i, 3, 0] * hx + cov[i, 3, 1] * hy + cov[i, 3, 2] * hz
    g4 = cov[i, 4, 0] * hx + cov[i, 4, 1] * hy + cov[i, 4, 2] * hz
    g5 = cov[i, 5, 0] * hx + cov[i, 5, 1] * hy + cov[i, 5, 2] * hz
    gain = (g0, g1, g2, g3, g4, g5)
    scale = 1.0 / (g0 * hx + g1 * hy + g2 * hz + variance)
    pull = scale * (z - (x[i, 0] * hx + x[i, 1] * hy + x[i, 2] * hz))
    for a in range(6):
        x[i, a] += gain[a] * pull
        for b in range(6):
            cov[i, a, b] -= gain[a] * gain[b] * scale


@kernel
def update_gated(x, cov, i, site_m, measurement, manoeuvre_m_s2, dt_s):
    """`update`, taking a detection that does not fit for a manoeuvre; returns the misfit found at first.

    Outside the gate the covariance grows by an unknown acceleration over the dt_s seconds since the last detection:
    manoeuvre_m_s2, then 4 and 16 times as much. Source: barshalom2001, chapter 11 (adjustable process noise).
    """
    first = misfit(x, cov, i, site_m, measurement)
    found, level = first, manoeuvre_m_s2
    while found > GATE and level < 20.0 * manoeuvre_m_s2:
        add_manoeuvre(cov, i, level, max(dt_s, MANOEUVRE_S))
        found = misfit(x, cov, i, site_m, measurement)
        level *= 4.0
    update(x, cov, i, site_m, measurement)
    return first


@kernel
def position_sigma(cov, i, ahead_s):
    """Root-mean-square distance error in m that covariance i claims, ahead_s seconds from its instant.

    Straight-line growth with the velocity error; no manoeuvre, no noise on the way.
    """
    total = 0.0
    for a in range(3):
        total += cov[i, a, a] + ahead_s * (2.0 * cov[i, a, 3 + a] + ahead_s * cov[i, 3 + a, 3 + a])
    return math.sqrt(max(total, 0.0))
