"""Where a track is going: its path ahead, and where that meets the ground."""

import math

from opendome.kernel import kernel
from opendome.tracking.motion import AIR_BREATHER, AIR_TOP_M, longest_step, step
from opendome.world import WGS84, altitude


@kernel
def predict_path(x, kind, inv_beta, step_s, path_m):
    """Where a track is going: fills row k of `path_m` (K, 3) with its ECEF position k step_s seconds from now.

    Returns rows filled, time to the ground in s (inf if not within K rows), and the position there (or at the end).
    The state `x` (6,) is left alone; the ground is the ellipsoid. Any other track below it is down at 0 s, but an
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
    if kind != AIR_BREATHER and alt_m < 0.0:
        return 1, 0.0, rx, ry, rz
    for k in range(1, path_m.shape[0]):
        left = step_s
        while left > 1e-9:
            drag = inv_beta if alt_m < AIR_TOP_M else 0.0
            h = min(left, longest_step(kind, drag, alt_m))
            qx, qy, qz, wx, wy, wz = step(kind, drag, h, rx, ry, rz, vx, vy, vz)
            below_m = altitude(qx, qy, qz)
            if below_m < 0.0 and kind != AIR_BREATHER:
                # The last step again, cut at the ground.
                part = _ground_share(alt_m, below_m, kind, drag, h, rx, ry, rz, vx, vy, vz)
                qx, qy, qz, wx, wy, wz = step(kind, drag, part * h, rx, ry, rz, vx, vy, vz)
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
        qx, qy, qz, _wx, _wy, _wz = step(kind, drag, share * h, x, y, z, vx, vy, vz)
        middle_m = altitude(qx, qy, qz)
        if middle_m < 0.0:
            high, below_m = share, middle_m
        else:
            low, alt_m = share, middle_m
    return share
