"""Lines of sight: their error, what is measured of one, and a position from two.

Left out: errors that two lines of sight share (a satellite's own position, timing), and targets that run together in
one pixel. Equations and evidence: docs/models/infrared.md.
"""

import math

from opendome.kernel import kernel
from opendome.sensing.radar import across

PARALLEL = 1e-9
"""Lines whose angle has a squared sine below this meet nowhere."""


@kernel
def sigma_los_rad(eyes, c, snr):
    """Standard deviation in rad, each way across, of one line of sight of sensor `c` at a signal-to-noise ratio.

    Root of the squares of what stays (attitude, timing) and of sqrt(2) s / snr, the least error with which the place
    of a spot of standard width s can be read in white noise; never more than s itself plus what stays.
    Source: winick1986; docs/models/infrared.md.
    """
    spot = eyes.spot_rad[c] * min(math.sqrt(2.0) / snr, 1.0)
    return math.sqrt(eyes.sigma_los_rad[c] ** 2 + spot * spot)


@kernel
def measure_ir(eyes, c, sx, sy, sz, x, y, z, snr, n_right, n_up):
    """Measured unit vector in ECEF from a satellite to a target, and its standard deviation in rad, each way across.

    The two draws are standard normal.
    """
    sigma = sigma_los_rad(eyes, c, snr)
    dx, dy, dz = x - sx, y - sy, z - sz
    d = 1.0 / math.sqrt(dx * dx + dy * dy + dz * dz)
    ux, uy, uz = dx * d, dy * d, dz * d
    px, py, pz, qx, qy, qz = across(ux, uy, uz)
    right, up = sigma * n_right, sigma * n_up
    ux, uy, uz = ux + right * px + up * qx, uy + right * py + up * qy, uz + right * pz + up * qz
    d = 1.0 / math.sqrt(ux * ux + uy * uy + uz * uz)
    return ux * d, uy * d, uz * d, sigma


@kernel
def stereo(ax, ay, az, ux, uy, uz, sigma_a_rad, bx, by, bz, vx, vy, vz, sigma_b_rad):
    """A measurement as a radar at satellite A would make it, from lines of sight u from A and v from B, in ECEF.

    Returns range_m, ux, uy, uz, sigma_range_m, sigma_angle_rad: the point of A's line nearest to B's. Its range takes
    the errors of both lines in their common plane, r_b sigma_b / sin and r_a sigma_a / tan of the angle between them,
    as if they were independent of A's direction, whose own error stays. Without a meeting point ahead of both
    satellites the range's error is infinite.
    """
    wx, wy, wz = bx - ax, by - ay, bz - az
    c = ux * vx + uy * vy + uz * vz
    sin2 = 1.0 - c * c
    along_a, along_b = wx * ux + wy * uy + wz * uz, wx * vx + wy * vy + wz * vz
    if sin2 < PARALLEL:
        return math.sqrt(wx * wx + wy * wy + wz * wz), ux, uy, uz, math.inf, sigma_a_rad
    range_a, range_b = (along_a - c * along_b) / sin2, (c * along_a - along_b) / sin2
    if range_a <= 0.0 or range_b <= 0.0:
        return math.sqrt(wx * wx + wy * wy + wz * wz), ux, uy, uz, math.inf, sigma_a_rad
    own, other = range_a * sigma_a_rad * c, range_b * sigma_b_rad
    return range_a, ux, uy, uz, math.sqrt((own * own + other * other) / sin2), sigma_a_rad
