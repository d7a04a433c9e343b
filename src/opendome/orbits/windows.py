"""Where footprints may be: columns of satellites prepared side by side, with the rows of a grid that each may touch.

The loops here are over satellites and free of branches, so that the compiler makes vector instructions of them.
"""

import math
from typing import NamedTuple

import numpy as np

from opendome.kernel import F64Array, kernel
from opendome.orbits.sight import PAD, tangent

BATCH = 256
"""Satellites whose columns are prepared together, so that they stay in the nearest cache."""

TILT_RAD = 3.4e-3
"""Largest angle between the ellipsoid's normal and the direction from the centre."""

MARGIN_RAD = 5e-3
"""The same with something to spare, for rows of geodetic latitude."""


class Grid(NamedTuple):
    """Even rows and columns of cell centres. rad."""

    n_lat: int
    lat0: float
    """Of the first row's centre."""
    d_lat: float
    n_lon: int
    lon0: float
    d_lon: float


class Batch(NamedTuple):
    """Scratch: columns of up to `BATCH` satellites."""

    rho: F64Array  # distance from the axis, m
    inv_rho: F64Array
    r2: F64Array
    column: F64Array  # longitude in cells
    reach: F64Array  # largest angle at the Earth's centre between satellite and target, rad
    first: F64Array  # rows that the footprint may touch
    last: F64Array
    sight_root: F64Array  # as in `Seer`
    limb_root: F64Array
    cone: F64Array


@kernel(inline=True)
def arc_cosine(c):
    """Arc cosine in rad of -1 <= c <= 1, without branches: a Chebyshev fit of acos(x) / sqrt(1 - x), to 1.3e-11."""
    x = -c if c < 0.0 else c
    p = 0.0010184480988554101 - 0.00014193074632093888 * x
    p = 0.007533782658232257 + x * (-0.003447388693559366 + x * p)
    p = 0.017799379254885287 + x * (-0.01249202767289442 + x * p)
    p = 0.033645766970043685 + x * (-0.02415606312795912 + x * p)
    p = 0.08904844511404994 + x * (-0.050789343255073297 + x * p)
    p = 1.5707963267828364 + x * (-0.21460183301886981 + x * p)
    p *= math.sqrt(1.0 - x)
    return math.pi - p if c < 0.0 else p


@kernel(inline=True)
def arc_tangent2(y, x):
    """Angle in rad of (x, y), without branches: a Chebyshev fit of atan(t) / t in t squared, to 5e-11."""
    ax, ay = (-x if x < 0.0 else x), (-y if y < 0.0 else y)
    low, high = (ay, ax) if ay < ax else (ax, ay)
    t = low / (high + 1e-300)
    q = t * t
    p = 0.004827228562339947 - 0.0006804974292670144 * q
    p = 0.03413342498061038 + q * (-0.016055162326879067 + q * p)
    p = 0.0724228420597107 + q * (-0.0542153098438197 + q * p)
    p = 0.11092984790130216 + q * (-0.08979051066400431 + q * p)
    p = 0.19999909957017575 + q * (-0.14283948421400453 + q * p)
    p = t * (0.9999999999390117 + q * (-0.3333333151819772 + q * p))
    p = 0.5 * math.pi - p if ay > ax else p
    p = math.pi - p if x < 0.0 else p
    return -p if y < 0.0 else p


@kernel(inline=True)
def clamped(c):
    """The number, kept between -1 and 1."""
    return 1.0 if c > 1.0 else (-1.0 if c < -1.0 else c)


@kernel(lanes=True)
def prepare(x, y, z, conditions, grid, sat):
    """Columns of satellites at x, y, z: longitude in cells, and the rows that their footprints may touch.

    The rows are bounded on spheres: the line of sight by one inside the Earth, range and elevation by the least
    favourable distance of the target from the centre.
    """
    cells, rows = 1.0 / grid.d_lon, 1.0 / grid.d_lat
    p0, p1, inner = conditions.p_min, conditions.p_max, conditions.inner_radius
    cos_e = conditions.cos_el * math.cos(TILT_RAD) + conditions.sin_el * math.sin(TILT_RAD)
    e = math.atan2(conditions.sin_el, conditions.cos_el) - TILT_RAD
    cone = math.atan2(conditions.sin_cone, conditions.cos_cone)
    horizon = math.acos(inner / p1)
    n = len(x)
    for m in range(n):
        sx, sy, sz = x[m], y[m], z[m]
        rho2 = sx * sx + sy * sy
        r2 = rho2 + sz * sz
        rho, r = math.sqrt(rho2), math.sqrt(r2)
        sat.rho[m] = rho
        sat.inv_rho[m] = 1.0 / (rho if rho > 1.0 else 1.0)
        sat.r2[m] = r2
        sat.column[m] = (arc_tangent2(sy, sx) - grid.lon0) * cells
        sat.reach[m] = arc_cosine(clamped(inner / r)) + horizon
        sat.sight_root[m] = tangent(rho2, sz, conditions.sight_stretch2, conditions.sight_r2)
        sat.limb_root[m] = tangent(rho2, sz, conditions.limb_stretch2, conditions.limb_r2)
        sat.cone[m] = r * conditions.cos_cone
    if conditions.has_range:
        for m in range(n):
            left = sat.r2[m] - conditions.range2
            p = math.sqrt(left if left > 0.0 else 0.0)
            p = p0 if p < p0 else (p1 if p > p1 else p)
            reach = arc_cosine(clamped(0.5 * (left / p + p) / math.sqrt(sat.r2[m])))
            sat.reach[m] = reach if reach < sat.reach[m] else sat.reach[m]
    if conditions.has_elevation and conditions.sin_el >= 0.0:
        for m in range(n):
            reach = arc_cosine(clamped(p0 * cos_e / math.sqrt(sat.r2[m]))) - e
            sat.reach[m] = reach if reach < sat.reach[m] else sat.reach[m]
    if conditions.has_cone and conditions.cos_cone > 0.0:
        for m in range(n):
            r2 = sat.r2[m]
            reach = 0.5 * math.pi - arc_cosine(clamped(math.sqrt(r2) * conditions.sin_cone / p0)) - cone
            # A cone that cannot pass the Earth sees the near side alone.
            is_tighter = ((r2 * conditions.sin_cone * conditions.sin_cone < inner * inner) & (r2 > p1 * p1)
                          & (reach < sat.reach[m]))
            sat.reach[m] = reach if is_tighter else sat.reach[m]
    for m in range(n):
        lat, reach = arc_tangent2(z[m], sat.rho[m]), sat.reach[m] + MARGIN_RAD
        low, high = np.ceil((lat - reach - grid.lat0) * rows), np.floor((lat + reach - grid.lat0) * rows)
        sat.first[m] = low if low > 0.0 else 0.0
        high = high if high < grid.n_lat - 1.0 else grid.n_lat - 1.0
        # Whole multiples of `PAD` rows, so that the loops over them are alike; the rows added are outside.
        high = sat.first[m] - 1.0 + PAD * np.ceil((high - sat.first[m] + 1.0) * (1.0 / PAD))
        sat.last[m] = high if sat.sight_root[m] >= 0.0 else -1.0
