"""One track per target from the detections of all radars: an extended Kalman filter in ECEF.

What is honest here: a track knows only noisy detections, its error is the filter's own covariance, it is confirmed by
M detections in N looks, a boost or a turn is noticed only when detections stop fitting, and it is lost when nobody
looks. What is simple: every detection is credited to the right target (perfect association), the class of the target
(and its nominal ballistic coefficient) is known, there are no false tracks and no biases between radars.

The state is (x, y, z, vx, vy, vz); a measurement is what `sensing.measure` returns: range, unit vector, both errors.
Kernels work in place on row i of the tables and allocate nothing.
Equations, sources and evidence: docs/models/tracking.md.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opendome.air import density
from opendome.fly.motion import acceleration
from opendome.kernel import kernel
from opendome.sensing import across
from opendome.world import WGS84, altitude

# How a target is taken to move.
BALLISTIC = 0
"""Gravity to J2, the turning frame, drag with the nominal ballistic coefficient."""
AIR_BREATHER = 1
"""Constant speed at constant height, round the Earth."""

NOISE_M2_S3 = (0.05, 0.5)
"""Spectral density, by kind, of the white acceleration that the motion model is taken to miss."""
SPEED_M_S = (3000.0, 200.0)
"""Standard deviation, by kind, of each velocity component before a second detection."""
MANOEUVRE_M_S2 = (40.0, 10.0)
"""Acceleration, by kind, added to the error when a detection no longer fits: a boost, a turn or a dive."""
MANOEUVRE_S = 2.0
"""Shortest time such an acceleration is taken to have lasted."""
GATE = 16.27
"""A detection does not fit when its normalised distance squared exceeds this: 1 in 1,000 of chi-square, 3 degrees."""

SCALE_HEIGHT_M = 7000.0
"""Of the air, for how drag errors grow with position errors."""

NO_TRACK, TENTATIVE, CONFIRMED = 0, 1, 2

AIR_TOP_M = 120e3
"""Above this altitude a track is extrapolated without drag."""


class TrackFile(NamedTuple):
    """The tracks of one run. T targets, S radars; SI units; ECEF. `scratch` is working memory: one file per thread."""

    state: NDArray[np.float64]
    """(T, 6) position and velocity at t_s."""
    cov: NDArray[np.float64]
    """(T, 6, 6) their covariance."""
    t_s: NDArray[np.float64]
    """(T,) instant of state and cov."""
    t_seen_s: NDArray[np.float64]
    """(T,) last detection."""
    status: NDArray[np.int64]
    """(T,) NO_TRACK, TENTATIVE or CONFIRMED."""
    looks: NDArray[np.int64]
    """(S, T) each radar's last looks, newest in the lowest bit, 1 for a detection."""
    kind: NDArray[np.int64]
    """(T,) BALLISTIC or AIR_BREATHER."""
    inv_beta_m2_kg: NDArray[np.float64]
    """(T,) one over the nominal ballistic coefficient, 0 for no drag."""
    scratch: NDArray[np.float64]
    """(6, 6)"""


def new_track_file(kind: NDArray[np.int64], inv_beta_m2_kg: NDArray[np.float64], n_radars: int) -> TrackFile:
    """A track file without tracks for targets of the kinds and ballistic coefficients given."""
    n = len(kind)
    return TrackFile(np.zeros((n, 6)), np.zeros((n, 6, 6)), np.zeros(n), np.zeros(n), np.zeros(n, np.int64),
                     np.zeros((n_radars, n), np.int64), np.asarray(kind, np.int64),
                     np.asarray(inv_beta_m2_kg, np.float64), np.zeros((6, 6)))


@kernel
def _by_kind(values, kind):
    """The value of a pair that belongs to a kind of target."""
    return values[0] if kind == BALLISTIC else values[1]


# ---- motion --------------------------------------------------------------------------------------------------------


@kernel
def _acceleration(kind, inv_beta, x, y, z, vx, vy, vz):
    """Acceleration that the tracker expects of a kind of target, m/s2."""
    if kind == BALLISTIC:
        return acceleration(WGS84, inv_beta, x, y, z, vx, vy, vz)
    # Level flight: the velocity turns with the horizon; climbing or falling goes on as it is.
    r2 = x * x + y * y + z * z
    radial = x * vx + y * vy + z * vz
    pull = -(vx * vx + vy * vy + vz * vz - radial * radial / r2) / r2
    return pull * x, pull * y, pull * z


@kernel
def _step(kind, inv_beta, h, x, y, z, vx, vy, vz):
    """The state h seconds later: one step of the classical fourth-order Runge-Kutta method."""
    half, sixth = 0.5 * h, h / 6.0
    ax1, ay1, az1 = _acceleration(kind, inv_beta, x, y, z, vx, vy, vz)
    ux2, uy2, uz2 = vx + half * ax1, vy + half * ay1, vz + half * az1
    ax2, ay2, az2 = _acceleration(kind, inv_beta, x + half * vx, y + half * vy, z + half * vz, ux2, uy2, uz2)
    ux3, uy3, uz3 = vx + half * ax2, vy + half * ay2, vz + half * az2
    ax3, ay3, az3 = _acceleration(kind, inv_beta, x + half * ux2, y + half * uy2, z + half * uz2, ux3, uy3, uz3)
    ux4, uy4, uz4 = vx + h * ax3, vy + h * ay3, vz + h * az3
    ax4, ay4, az4 = _acceleration(kind, inv_beta, x + h * ux3, y + h * uy3, z + h * uz3, ux4, uy4, uz4)
    return (x + sixth * (vx + 2.0 * (ux2 + ux3) + ux4), y + sixth * (vy + 2.0 * (uy2 + uy3) + uy4),
            z + sixth * (vz + 2.0 * (uz2 + uz3) + uz4), vx + sixth * (ax1 + 2.0 * (ax2 + ax3) + ax4),
            vy + sixth * (ay1 + 2.0 * (ay2 + ay3) + ay4), vz + sixth * (az1 + 2.0 * (az2 + az3) + az4))


@kernel
def _longest_step(kind, inv_beta, alt_m):
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
        h = min(left, _longest_step(kind, drag, alt_m))
        _drift(cov, i, h)
        if kind == BALLISTIC:
            _ballistic_kick(x, i, drag, h, scratch)
            _kick(cov, i, scratch)
        _add_noise(cov, i, noise_m2_s3, h)
        rx, ry, rz, vx, vy, vz = x[i, 0], x[i, 1], x[i, 2], x[i, 3], x[i, 4], x[i, 5]
        rx, ry, rz, vx, vy, vz = _step(kind, drag, h, rx, ry, rz, vx, vy, vz)
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
def _add_manoeuvre(cov, i, acceleration_m_s2, dt_s):
    """Add the spread of a constant acceleration, unknown in each axis, over the last dt_s seconds."""
    variance = acceleration_m_s2 * acceleration_m_s2
    for a in range(3):
        cov[i, a, a] += variance * dt_s**4 / 4.0
        cov[i, a, 3 + a] += variance * dt_s**3 / 2.0
        cov[i, 3 + a, a] += variance * dt_s**3 / 2.0
        cov[i, 3 + a, 3 + a] += variance * dt_s * dt_s


# ---- detections ----------------------------------------------------------------------------------------------------


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
        _add_manoeuvre(cov, i, level, max(dt_s, MANOEUVRE_S))
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


# ---- the track file ------------------------------------------------------------------------------------------------


# Kernels that take the whole file read and write it in one straight piece before they call others: around a branch or
# a call the compiler counts references to each of its arrays, which costs as much as the filter.


@kernel
def advance(tracks, i, t_s):
    """Carry track i forward to t_s, in place."""
    dt_s, tracks.t_s[i] = t_s - tracks.t_s[i], t_s
    _advance(tracks.state, tracks.cov, i, tracks.kind[i], tracks.inv_beta_m2_kg[i], dt_s, tracks.scratch)


@kernel
def _advance(x, cov, i, kind, inv_beta, dt_s, scratch):
    """Predict track i by dt_s with the process noise of its kind."""
    predict(x, cov, i, kind, inv_beta, _by_kind(NOISE_M2_S3, kind), dt_s, scratch)


@kernel(inline=True)
def observe(tracks, i, t_s, site_m, measurement):
    """Fold a detection of target i at t_s by a radar at `site_m` (3,) into its track, or start one.

    Detections come in order of time. Returns the normalised innovation squared, 0 for a first detection.
    """
    is_new = tracks.status[i] == NO_TRACK
    tracks.status[i] = max(tracks.status[i], TENTATIVE)
    dt_s, tracks.t_s[i] = t_s - tracks.t_s[i], t_s
    unseen_s, tracks.t_seen_s[i] = t_s - tracks.t_seen_s[i], t_s
    return _observe(tracks.state, tracks.cov, i, is_new, tracks.kind[i], tracks.inv_beta_m2_kg[i], dt_s, unseen_s,
                    site_m, measurement, tracks.scratch)


@kernel
def _observe(x, cov, i, is_new, kind, inv_beta, dt_s, unseen_s, site_m, measurement, scratch):
    """Start track i from a detection, or predict and update it; returns the normalised innovation squared."""
    if is_new:
        initiate(x, cov, i, site_m, measurement, _by_kind(SPEED_M_S, kind))
        return 0.0
    predict(x, cov, i, kind, inv_beta, _by_kind(NOISE_M2_S3, kind), dt_s, scratch)
    return update_gated(x, cov, i, site_m, measurement, _by_kind(MANOEUVRE_M_S2, kind), unseen_s)


@kernel
def confirm(register, is_hit, m, n):
    """The register of looks after one more, and whether its last `n` looks hold at least `m` detections."""
    register = ((register << 1) | (1 if is_hit else 0)) & ((1 << n) - 1)
    hits, rest = 0, register
    while rest:
        rest &= rest - 1
        hits += 1
    return register, hits >= m


@kernel
def note_look(tracks, s, i, is_hit, m, n):
    """Write down a look of radar s at target i; m detections in its last n looks confirm the track. Returns status."""
    tracks.looks[s, i], is_sure = confirm(tracks.looks[s, i], is_hit, m, n)
    if is_sure and tracks.status[i] == TENTATIVE:
        tracks.status[i] = CONFIRMED
    return tracks.status[i]


@kernel
def drop_if_lost(tracks, i, t_s, drop_after_s):
    """Forget track i if nobody has seen its target for drop_after_s; returns whether it was dropped."""
    if tracks.status[i] == NO_TRACK or t_s - tracks.t_seen_s[i] <= drop_after_s:
        return False
    tracks.status[i] = NO_TRACK
    for s in range(tracks.looks.shape[0]):
        tracks.looks[s, i] = 0
    return True


# ---- extrapolation -------------------------------------------------------------------------------------------------


@kernel
def predict_path(x, kind, inv_beta, step_s, path_m):
    """Where a track is going: fills row k of `path_m` (K, 3) with its ECEF position k step_s seconds from now.

    Returns rows filled, time to the ground in s (inf if not within K rows), and the position there (or at the end).
    The state `x` (6,) is left alone; the ground is the ellipsoid. A ballistic track below it is down at 0 s. An
    air-breather is taken to go on level, at the ground if its track is below it: what climb or sink a radar far away
    finds in a low flyer is mostly error.
    """
    rx, ry, rz, vx, vy, vz = x[0], x[1], x[2], x[3], x[4], x[5]
    alt_m = altitude(rx, ry, rz)
    if kind == AIR_BREATHER:
        uz = rz / ((1.0 - WGS84.f) * (1.0 - WGS84.f))       # (rx, ry, uz) points straight up from the ellipsoid
        up2 = rx * rx + ry * ry + uz * uz
        climb, lift = (rx * vx + ry * vy + uz * vz) / up2, max(0.0, -alt_m) / math.sqrt(up2)
        vx, vy, vz = vx - climb * rx, vy - climb * ry, vz - climb * uz
        rx, ry, rz = rx + lift * rx, ry + lift * ry, rz + lift * uz
    path_m[0, 0], path_m[0, 1], path_m[0, 2] = rx, ry, rz
    if kind == BALLISTIC and alt_m < 0.0:
        return 1, 0.0, rx, ry, rz
    for k in range(1, path_m.shape[0]):
        left = step_s
        while left > 1e-9:
            drag = inv_beta if alt_m < AIR_TOP_M else 0.0
            h = min(left, _longest_step(kind, drag, alt_m))
            qx, qy, qz, wx, wy, wz = _step(kind, drag, h, rx, ry, rz, vx, vy, vz)
            below_m = altitude(qx, qy, qz)
            if below_m < 0.0 and kind == BALLISTIC:
                # The last step again, cut at the ground.
                part = _ground_share(alt_m, below_m, kind, drag, h, rx, ry, rz, vx, vy, vz)
                qx, qy, qz, wx, wy, wz = _step(kind, drag, part * h, rx, ry, rz, vx, vy, vz)
                return k, (k - 1) * step_s + (step_s - left) + part * h, qx, qy, qz
            rx, ry, rz, vx, vy, vz, alt_m = qx, qy, qz, wx, wy, wz, below_m
            left -= h
        path_m[k, 0], path_m[k, 1], path_m[k, 2] = rx, ry, rz
    return path_m.shape[0], math.inf, rx, ry, rz


@kernel
def _ground_share(alt_m, below_m, kind, drag, h, x, y, z, vx, vy, vz):
    """Share of a step of h seconds at which the altitude, `alt_m` at its start and `below_m` at its end, is zero."""
    low, high, share = 0.0, 1.0, 1.0
    for _ in range(3):
        share = low + (high - low) * alt_m / (alt_m - below_m)
        qx, qy, qz, _wx, _wy, _wz = _step(kind, drag, share * h, x, y, z, vx, vy, vz)
        middle_m = altitude(qx, qy, qz)
        if middle_m < 0.0:
            high, below_m = share, middle_m
        else:
            low, alt_m = share, middle_m
    return share
