"""How a target is taken to move between detections, and how sure that is: states and covariances carried forward.

Three kinds: ballistic (gravity to J2, the turning frame, drag), air-breather (level, at constant speed), glider (drag,
and as much lift as holds its climb or sink, if the air gives it). Equations and evidence: docs/models/tracking.md.
"""

import math

from opendome.air import density
from opendome.fly.motion import acceleration, turning_gravity
from opendome.kernel import kernel
from opendome.world import WGS84, altitude

BALLISTIC = 0
"""Gravity to J2, the turning frame, drag with the nominal ballistic coefficient."""
AIR_BREATHER = 1
"""Constant speed at constant height, round the Earth."""
GLIDER = 2
"""Drag with the nominal ballistic coefficient, and lift that holds its climb or sink as far as the air gives it."""

NOISE_M2_S3 = (0.05, 0.5, 150.0)
"""Spectral density, by kind, of the white acceleration that the motion model is taken to miss."""
SPEED_M_S = (3000.0, 200.0, 3000.0)
"""Standard deviation, by kind, of each velocity component before a second detection."""
MANOEUVRE_M_S2 = (40.0, 10.0, 20.0)
"""Acceleration, by kind, added to the error when a detection no longer fits: a boost, a turn or a dive."""

GLIDER_LIFT_TO_DRAG = 2.5
"""Lift over drag that the tracker takes any glider to have: 2.2 and 2.6 are published for one class."""

SCALE_HEIGHT_M = 7000.0
"""Of the air, for how drag errors grow with position errors."""

AIR_TOP_M = 120e3
"""Above this altitude a track is extrapolated without drag."""


@kernel
def _expected(kind, inv_beta, x, y, z, vx, vy, vz):
    """Acceleration that the tracker expects of a kind of target, m/s2."""
    if kind == BALLISTIC:
        return acceleration(WGS84, inv_beta, x, y, z, vx, vy, vz)
    if kind == GLIDER:
        return _carried(inv_beta, x, y, z, vx, vy, vz)
    # Level flight: the velocity turns with the horizon; climbing or falling goes on as it is.
    r2 = x * x + y * y + z * z
    radial = x * vx + y * vy + z * vz
    pull = -(vx * vx + vy * vy + vz * vz - radial * radial / r2) / r2
    return pull * x, pull * y, pull * z


@kernel
def _carried(inv_beta, x, y, z, vx, vy, vz):
    """Acceleration in m/s2 of a glider: gravity, drag, and what lift there is to keep its upward speed as it is."""
    ax, ay, az = turning_gravity(WGS84, x, y, z, vx, vy, vz)
    if inv_beta == 0.0:
        return ax, ay, az
    r2, v2 = x * x + y * y + z * z, vx * vx + vy * vy + vz * vz
    inv_r, up = 1.0 / math.sqrt(r2), (x * vx + y * vy + z * vz) / r2
    pressure = 0.5 * density(altitude(x, y, z)) * inv_beta
    drag = pressure * math.sqrt(v2)
    wanted = -(ax * x + ay * y + az * z) * inv_r - (v2 - up * up * r2) * inv_r
    lift = min(max(wanted, 0.0), GLIDER_LIFT_TO_DRAG * pressure * v2) * inv_r
    return ax + lift * x - drag * vx, ay + lift * y - drag * vy, az + lift * z - drag * vz


@kernel
def step(kind, inv_beta, h, x, y, z, vx, vy, vz):
    """The state h seconds later: one step of the classical fourth-order Runge-Kutta method."""
    half, sixth = 0.5 * h, h / 6.0
    ax1, ay1, az1 = _expected(kind, inv_beta, x, y, z, vx, vy, vz)
    ux2, uy2, uz2 = vx + half * ax1, vy + half * ay1, vz + half * az1
    ax2, ay2, az2 = _expected(kind, inv_beta, x + half * vx, y + half * vy, z + half * vz, ux2, uy2, uz2)
    ux3, uy3, uz3 = vx + half * ax2, vy + half * ay2, vz + half * az2
    ax3, ay3, az3 = _expected(kind, inv_beta, x + half * ux2, y + half * uy2, z + half * uz2, ux3, uy3, uz3)
    ux4, uy4, uz4 = vx + h * ax3, vy + h * ay3, vz + h * az3
    ax4, ay4, az4 = _expected(kind, inv_beta, x + h * ux3, y + h * uy3, z + h * uz3, ux4, uy4, uz4)
    return (x + sixth * (vx + 2.0 * (ux2 + ux3) + ux4), y + sixth * (vy + 2.0 * (uy2 + uy3) + uy4),
            z + sixth * (vz + 2.0 * (uz2 + uz3) + uz4), vx + sixth * (ax1 + 2.0 * (ax2 + ax3) + ax4),
            vy + sixth * (ay1 + 2.0 * (ay2 + ay3) + ay4), vz + sixth * (az1 + 2.0 * (az2 + az3) + az4))


@kernel
def longest_step(kind, inv_beta, alt_m):
    """Longest step in s: 1 s in dense air, growing to 10 s where there is next to none; 30 s in level flight."""
    if kind == AIR_BREATHER:
        return 30.0
    if inv_beta == 0.0:
        return 10.0
    return min(10.0, 1.0 + max(0.0, alt_m - 60e3) / 8e3)


@kernel
def predict(x, cov, i, kind, inv_beta, noise_m2_s3, dt_s, scratch):
    """Carry row i of the states `x` (T, 6) and covariances `cov` (T, 6, 6) forward by dt_s seconds, in place.

    Adds white acceleration of spectral density `noise_m2_s3`; `scratch` is (6, 6). Drag has one value over a step, so
    steps are short in dense air. Source: barshalom2001, chapters 6 (noise) and 10 (extended Kalman filter).
    """
    left = dt_s
    while left > 0.0:
        alt_m = altitude(x[i, 0], x[i, 1], x[i, 2])
        drag = inv_beta if alt_m < AIR_TOP_M else 0.0
        h = min(left, longest_step(kind, drag, alt_m))
        _drift(cov, i, h)
        if kind == BALLISTIC:
            _ballistic_kick(x, i, drag, h, scratch)
            _kick(cov, i, scratch)
        _add_noise(cov, i, noise_m2_s3, h)
        rx, ry, rz, vx, vy, vz = x[i, 0], x[i, 1], x[i, 2], x[i, 3], x[i, 4], x[i, 5]
        rx, ry, rz, vx, vy, vz = step(kind, drag, h, rx, ry, rz, vx, vy, vz)
        x[i, 0], x[i, 1], x[i, 2], x[i, 3], x[i, 4], x[i, 5] = rx, ry, rz, vx, vy, vz
        left -= h


@kernel
def _drift(cov, i, h):
    """Covariance after h seconds in a straight line: position errors grow with velocity errors."""
    for a in range(3):
        for b in range(6):
            cov[i, a, b] += h * cov[i, 3 + a, b]
    for a in range(3):
        for b in range(3):
            cov[i, 3 + b, a] = cov[i, a, 3 + b]
        for b in range(a + 1):
            total = cov[i, a, b] + h * cov[i, a, 3 + b]
            cov[i, a, b] = total
            cov[i, b, a] = total


@kernel
def _kick(cov, i, scratch):
    """Covariance after the velocity has changed by J (rows 0 .. 2 of `scratch`) times the state."""
    for a in range(3):
        j = (scratch[a, 0], scratch[a, 1], scratch[a, 2], scratch[a, 3], scratch[a, 4], scratch[a, 5])
        for b in range(6):
            scratch[3 + a, b] = (cov[i, 3 + a, b] + j[0] * cov[i, 0, b] + j[1] * cov[i, 1, b] + j[2] * cov[i, 2, b]
                                 + j[3] * cov[i, 3, b] + j[4] * cov[i, 4, b] + j[5] * cov[i, 5, b])
    for a in range(3):
        n = (scratch[3 + a, 0], scratch[3 + a, 1], scratch[3 + a, 2], scratch[3 + a, 3], scratch[3 + a, 4],
             scratch[3 + a, 5])
        for b in range(3):
            cov[i, 3 + a, b] = n[b]
            cov[i, b, 3 + a] = n[b]
        for b in range(a + 1):
            total = (n[3 + b] + n[0] * scratch[b, 0] + n[1] * scratch[b, 1] + n[2] * scratch[b, 2]
                     + n[3] * scratch[b, 3] + n[4] * scratch[b, 4] + n[5] * scratch[b, 5])
            cov[i, 3 + a, 3 + b] = total
            cov[i, 3 + b, 3 + a] = total


@kernel
def _ballistic_kick(x, i, inv_beta, h, scratch):
    """Write into rows 0 .. 2 of `scratch` how the velocity gained in h seconds depends on the state: J.

    Gravity of a point mass, Coriolis, and drag in an air of 7 km scale height.
    """
    r2 = x[i, 0] * x[i, 0] + x[i, 1] * x[i, 1] + x[i, 2] * x[i, 2]
    inv_r = 1.0 / math.sqrt(r2)
    pull = h * WGS84.mu_m3_s2 * inv_r * inv_r * inv_r
    drag, speed = 0.0, 1.0
    if inv_beta > 0.0:
        speed = math.sqrt(x[i, 3] * x[i, 3] + x[i, 4] * x[i, 4] + x[i, 5] * x[i, 5]) + 1e-9
        drag = 0.5 * density(altitude(x[i, 0], x[i, 1], x[i, 2])) * inv_beta * h * speed
        drag /= 1.0 + drag      # the share of speed lost; what is left stays above zero
    outward, thinning, slowing = 3.0 * pull / r2, drag * inv_r / SCALE_HEIGHT_M, drag / (speed * speed)
    for a in range(3):
        for b in range(3):
            scratch[a, b] = (outward * x[i, a] + thinning * x[i, 3 + a]) * x[i, b]
            scratch[a, 3 + b] = -slowing * x[i, 3 + a] * x[i, 3 + b]
        scratch[a, a] -= pull
        scratch[a, 3 + a] -= drag
    scratch[0, 4] += 2.0 * h * WGS84.omega_rad_s
    scratch[1, 3] -= 2.0 * h * WGS84.omega_rad_s


@kernel
def _add_noise(cov, i, noise_m2_s3, h):
    """Add the spread that white acceleration of this spectral density brings in h seconds."""
    for a in range(3):
        cov[i, a, a] += noise_m2_s3 * h * h * h / 3.0
        cov[i, a, 3 + a] += noise_m2_s3 * h * h / 2.0
        cov[i, 3 + a, a] += noise_m2_s3 * h * h / 2.0
        cov[i, 3 + a, 3 + a] += noise_m2_s3 * h


@kernel
def add_manoeuvre(cov, i, acceleration_m_s2, dt_s):
    """Add the spread of a constant acceleration, unknown in each axis, over the last dt_s seconds."""
    variance = acceleration_m_s2 * acceleration_m_s2
    for a in range(3):
        cov[i, a, a] += variance * dt_s**4 / 4.0
        cov[i, a, 3 + a] += variance * dt_s**3 / 2.0
        cov[i, 3 + a, a] += variance * dt_s**3 / 2.0
        cov[i, 3 + a, 3 + a] += variance * dt_s * dt_s
