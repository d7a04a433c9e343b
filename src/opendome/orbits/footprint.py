"""How many satellites each cell of a grid sees, by footprints instead of pairs: the same counts as pair by pair.

On one parallel of latitude every condition of `sight` bounds w, the satellite's outward part along the target's
meridian, and w falls with the difference of longitude. A satellite therefore covers a few intervals of longitude per
row, symmetrical about its own: outer ends are added to a table of differences, inner ends subtracted, and the counts
are its running sum. Ends are computed to about 1e-10 rad; a row with a cell nearer than `GUARD_RAD` to an end, or with
an ill-conditioned one, is decided cell by cell with `sight.sees`.

#             in view: lo <= w <= hi, less ub < w < ua (a cone may see the near side and, past the limb, the far)
#        -----[=====]--------[=======|=======]--------[=====]----->  longitude
#             lo   ub        ua      satellite                       one row of the grid
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from opendome.kernel import F64Array, I64Array, kernel
from opendome.orbits.sight import PAD, Conditions, Rows, Seer, sees
from opendome.orbits.windows import BATCH, Batch, Grid, arc_cosine, clamped, prepare

PAIRS = 2048
"""About this many pairs of satellite and row are worked together."""

GUARD_RAD = 1e-8
NEAR_ONE = 1e-6
"""A cosine of longitude nearer to 1 or -1 is ill-conditioned as an angle."""

NEAR_AXIS = 1e-3
"""Below this product of distances from the axis, in squares of the distance from the centre, the cosine is."""

BIG = 1e30
"""Stands for an infinite bound."""


class Pairs(NamedTuple):
    """Scratch: satellites against rows. Bounds are cosines of the difference of longitude, w / rho.

    A row that is to be decided cell by cell has lo = 1, hi and the hole out of the way: `_ends` marks it.
    """

    column: F64Array
    lo: F64Array
    hi: F64Array
    ub: F64Array  # the hole between ub and ua
    ua: F64Array
    end: F64Array
    odd: F64Array  # 1 where the row is to be decided cell by cell
    j0: F64Array  # (4, Q) cells found by `_ends`: j0 .. j1 - 1
    j1: F64Array
    odd_sat: I64Array  # the list of such rows
    odd_row: I64Array


@kernel(inline=True)
def _nearest(rows, i0, n, conditions, z, sat, m, pairs, at):
    """Fill `lo` of rows i0 .. i0 + n from pair `at`: range, elevation, line of sight, which all ask for nearness."""
    rho2, r2, root, inv_rho = sat.rho[m] * sat.rho[m], sat.r2[m], sat.sight_root[m], sat.inv_rho[m]
    has_range, has_elevation = conditions.has_range, conditions.has_elevation
    if has_range:
        half, base = 0.5 * inv_rho, r2 - conditions.range2
        for i in range(n):
            w = base + rows.p2[i0 + i] - 2.0 * z * rows.p_z[i0 + i]
            pairs.lo[at + i] = w * half * rows.inv_rho[i0 + i]
    if has_elevation:
        q, c2 = conditions.sin_el, conditions.cos_el * conditions.cos_el
        for i in range(n):
            normal, dz = rows.normal[i0 + i], z - rows.centre_z[i0 + i]
            left = rho2 + dz * dz - normal * normal * c2
            root_left = math.sqrt(left if left > 0.0 else 0.0)
            w = rows.up[i0 + i] - z * rows.sin_lat[i0 + i] - q * q * normal + q * root_left
            w *= rows.inv_cos[i0 + i] * inv_rho
            is_never = (left < 0.0) | ((left < q * q * normal * normal) & (q >= 0.0))
            w = BIG if is_never else w
            pairs.lo[at + i] = pairs.lo[at + i] if has_range & (w < pairs.lo[at + i]) else w
    # A target above the horizon is in sight, and one that is nearer than the tangent point.
    is_clear = (has_elevation and conditions.sin_el >= 0.0) or (has_range and conditions.range2 < 0.99 * root * root)
    if not is_clear:
        is_first = not (has_range or has_elevation)
        for i in range(n):
            w = conditions.sight_r2 - z * rows.sight_z[i0 + i] - root * rows.sight_root[i0 + i]
            w *= rows.inv_rho[i0 + i] * inv_rho
            pairs.lo[at + i] = w if is_first | (w > pairs.lo[at + i]) else pairs.lo[at + i]


@kernel(inline=True)
def _furthest(rows, i0, n, conditions, z, sat, m, pairs, at):
    """Fill `hi`: the limb, and satellites that stand too low for a negative elevation."""
    inv_rho, rho2, sat_root = sat.inv_rho[m], sat.rho[m] * sat.rho[m], sat.limb_root[m]
    for i in range(n):
        pairs.hi[at + i] = BIG
    if conditions.has_limb:
        for i in range(n):
            root = rows.limb_root[i0 + i]
            w = (conditions.limb_r2 + sat_root * root - z * rows.limb_z[i0 + i]) * rows.inv_rho[i0 + i] * inv_rho
            pairs.hi[at + i] = w if sat_root > root else BIG
    if conditions.sin_el < 0.0:
        q, c2 = conditions.sin_el, conditions.cos_el * conditions.cos_el
        for i in range(n):
            normal, dz = rows.normal[i0 + i], z - rows.centre_z[i0 + i]
            left = rho2 + dz * dz - normal * normal * c2
            root_left = math.sqrt(left if left > 0.0 else 0.0)
            w = rows.up[i0 + i] - z * rows.sin_lat[i0 + i] - q * q * normal - q * root_left
            w *= rows.inv_cos[i0 + i] * inv_rho
            is_low = (left < q * q * normal * normal) & (w < pairs.hi[at + i])
            pairs.hi[at + i] = w if is_low else pairs.hi[at + i]


@kernel(inline=True)
def _hole(rows, i0, n, conditions, z, sat, m, pairs, at):
    """Fill `ub` and `ua`: between them the target is outside the cone."""
    #   angle off nadir   .-'-.
    #   cone  - - - - - /- - - \ - - -    rises to the tangent of the target's shell, falls beyond it
    #                 ua       ub   far
    r2, cone, inv_rho = sat.r2[m], sat.cone[m], sat.inv_rho[m]
    tangent2 = r2 * conditions.sin_cone * conditions.sin_cone
    for i in range(n):
        p2 = rows.p2[i0 + i]
        left = p2 - tangent2
        root = cone * math.sqrt(left if left > 0.0 else 0.0)
        has_hole = conditions.has_cone & ((p2 > r2) | ((cone > 0.0) & (left >= 0.0)))
        ua = (tangent2 + root - z * rows.p_z[i0 + i]) * rows.inv_rho[i0 + i] * inv_rho
        ub = (tangent2 - root - z * rows.p_z[i0 + i]) * rows.inv_rho[i0 + i] * inv_rho
        ua = BIG if p2 > r2 else ua
        pairs.ua[at + i] = ua if has_hole else -BIG
        pairs.ub[at + i] = ub if has_hole else -BIG


@kernel
def _single_out(rows, i0, n, conditions, z, sat, m, pairs, at):
    """Give the rows with ill-conditioned bounds to `sees`: near the axis, and where two roots nearly meet."""
    rho, r2 = sat.rho[m], sat.r2[m]
    axis = NEAR_AXIS * (r2 + conditions.p_max * conditions.p_max)
    tangent2, q2 = r2 * conditions.sin_cone * conditions.sin_cone, conditions.sin_el * conditions.sin_el
    for i in range(i0, i0 + n):
        is_odd = rho * rows.p_rho[i] < axis
        if conditions.has_cone:
            is_odd = is_odd or abs(rows.p2[i] - tangent2) < 1e-8 * r2 or abs(rows.p2[i] - r2) < 1e-8 * r2
        if conditions.has_elevation:
            normal2, dz = rows.normal[i] * rows.normal[i], z - rows.centre_z[i]
            above = rho * rho + dz * dz - normal2
            is_odd = is_odd or abs(above) < 1e-6 * r2 or abs(above + q2 * normal2) < 1e-6 * r2
        if is_odd:
            q = at + i - i0
            pairs.lo[q], pairs.hi[q], pairs.ub[q], pairs.ua[q] = 1.0, BIG, -BIG, -BIG


@kernel(lanes=True)
def _bounds(z, n, m0, rows, conditions, sat, pairs):
    """Fill the bounds of all pairs of satellites m0 .. of a batch of n, as many as fit.

    Comes back with the next satellite's number, how many pairs there are, and how many parts: 1 or 2 (near part
    without and with an inner end) or 4 (the far part too).
    """
    has_hi = conditions.has_limb or conditions.sin_el < 0.0
    at, m1, parts = 0, m0, (2 if has_hi else 1)
    inner2, low2, top2 = conditions.inner_radius**2, conditions.p_min**2, conditions.p_max**2
    while m1 < n and at <= PAIRS:
        i0, i1 = int(sat.first[m1]), int(sat.last[m1]) + 1
        r2, k = sat.r2[m1], i1 - i0
        if i0 >= 0 and k > 0 and at >= 0:
            _nearest(rows, i0, k, conditions, z[m1], sat, m1, pairs, at)
            if conditions.has_cone or has_hi:
                _hole(rows, i0, k, conditions, z[m1], sat, m1, pairs, at)
                _furthest(rows, i0, k, conditions, z[m1], sat, m1, pairs, at)
            tangent2 = r2 * conditions.sin_cone * conditions.sin_cone
            if conditions.has_cone and (tangent2 >= inner2 or r2 <= top2):
                parts = 4
            near = sat.rho[m1] * min(rows.p_rho[i0], rows.p_rho[i1 - 1]) < NEAR_AXIS * (r2 + top2)
            level = r2 < 1.02 * top2  # as high as the target, nearly: elevation is ill-conditioned there
            flat = conditions.has_cone and 0.999 * low2 < tangent2 < 1.001 * top2
            if near or level or flat:
                _single_out(rows, i0, k, conditions, z[m1], sat, m1, pairs, at)
            column = sat.column[m1]
            for i in range(k):
                pairs.column[at + i] = column
            at += k
        m1 += 1
    return m1, at, parts


@kernel(lanes=True)
def _choose(n, part, pairs):
    """Fill `end` of pairs 0 .. n: the outer (0) and inner (1) end of the near part, of the far part (2, 3).

    The near part is [max(lo, ua), hi], the far one [lo, min(ub, hi)].
    """
    for q in range(n):
        lo, hi, ua, ub = pairs.lo[q], pairs.hi[q], pairs.ua[q], pairs.ub[q]
        a = ua if (lo < ua) & (part < 2) else lo
        b = ub if (ub < hi) & (part >= 2) else hi
        c = a if part % 2 == 0 else b
        pairs.end[q] = c if a <= b else BIG


@kernel(lanes=True)
def _ends(n, guard, cells, cosine, column, odd, j0, j1, part):
    """Cells j0 .. j1 - 1 of pairs 0 .. n whose difference of longitude has at least this cosine.

    Fills `odd`, or after part 0 raises it, where that is too near to call.
    """
    for q in range(n):
        c = cosine[q]
        near = (c if c > 0.0 else -c) - 1.0
        half = arc_cosine(clamped(c)) * cells
        left, right = column[q] - half, column[q] + half
        a, b = np.floor(left), np.floor(right)
        is_odd = ((near < NEAR_ONE) & (near > -NEAR_ONE) | (left - a < guard) | (left - a > 1.0 - guard)
                  | (right - b < guard) | (right - b > 1.0 - guard) | ((part > 0) & (odd[q] > 0.0)))
        odd[q] = 1.0 if is_odd else 0.0
        j0[q] = a + 1.0
        j1[q] = b + 1.0


@kernel
def _summed(steps, half, counts):
    """Fill counts (L, M) with the running sums of the differences, folded into one turn, and zero the differences."""
    n = counts.shape[1]
    for i in range(counts.shape[0]):
        total = 0
        for j in range(n):
            counts[i, j] = 0
        for q in range(half):
            total += steps[i, q]
            counts[i, n - half + q] += total
        for q in range(half, half + n):
            total += steps[i, q]
            counts[i, q - half] += total
        for q in range(half + n, 2 * half + n):
            total += steps[i, q]
            counts[i, q - half - n] += total
        for q in range(steps.shape[1]):
            steps[i, q] = 0


@kernel
def _mark(steps, sat, m0, m1, half, sign, odd, j0, j1, odd_sat, odd_row):
    """Add `sign` on the cells of the pairs of satellites m0 .. m1 to the differences; list odd rows instead."""
    q, n_odd = 0, 0
    for m in range(m0, m1):
        for i in range(int(sat.first[m]), int(sat.last[m]) + 1):
            if odd[q] == 0.0:
                steps[i, half + int(j0[q])] += sign
                steps[i, half + int(j1[q])] -= sign
            else:
                odd_sat[n_odd], odd_row[n_odd] = m, i
                n_odd += 1
            q += 1
    return n_odd


@kernel
def _one_by_one(steps, half, n_odd, rows, conditions, x, y, z, sat, lon_cos, lon_sin, odd_sat, odd_row):
    """Decide the rows listed as odd cell by cell."""
    for k in range(n_odd):
        m, i = odd_sat[k], odd_row[k]
        s = Seer(z[m], sat.r2[m], sat.sight_root[m], sat.limb_root[m], sat.cone[m])
        for j in range(len(lon_cos)):
            if sees(rows, i, conditions, s, x[m] * lon_cos[j] + y[m] * lon_sin[j]):
                steps[i, half + j] += 1
                steps[i, half + j + 1] -= 1


@kernel(lanes=True)
def count_grid(positions, rows, lon_cos, lon_sin, grid, conditions, counts, first, last, steps, sat, pairs):
    """Fill counts[k, i, j] with the satellites in view of every cell, for instants first <= k < last.

    positions (K, 3, S) ECEF in m; counts (K, L, M) int. The rest is scratch, from the function of that name.
    """
    half, cells, guard = grid.n_lon // 2 + 1, 1.0 / grid.d_lon, GUARD_RAD / grid.d_lon
    is_plain = not (conditions.has_cone or conditions.has_limb or conditions.sin_el < 0.0)
    for k in range(first, last):
        for start in range(0, positions.shape[2], BATCH):
            x, y, z = (positions[k, 0, start:start + BATCH], positions[k, 1, start:start + BATCH],
                       positions[k, 2, start:start + BATCH])
            prepare(x, y, z, conditions, grid, sat)
            m0 = 0
            while m0 < len(x):
                m1, n, parts = _bounds(z, len(x), m0, rows, conditions, sat, pairs)
                for part in range(parts):
                    if not is_plain:
                        _choose(n, part, pairs)
                    _ends(n, guard, cells, pairs.lo if is_plain else pairs.end, pairs.column, pairs.odd,
                          pairs.j0[part], pairs.j1[part], part)
                n_odd = 0
                for part in range(parts):
                    n_odd = _mark(steps, sat, m0, m1, half, 1 - 2 * (part % 2), pairs.odd, pairs.j0[part],
                                  pairs.j1[part], pairs.odd_sat, pairs.odd_row)
                _one_by_one(steps, half, n_odd, rows, conditions, x, y, z, sat, lon_cos, lon_sin, pairs.odd_sat,
                            pairs.odd_row)
                m0 = m1
        _summed(steps, half, counts[k])


def scratch(n_lat: int, n_lon: int, dtype: DTypeLike) -> tuple[NDArray[Any], Batch, Pairs]:
    """Working tables of `count_grid` for one thread: differences of the counts' type, satellites, pairs."""
    room = PAIRS + n_lat + PAD + 1
    return (np.zeros((n_lat + PAD, n_lon + 2 * (n_lon // 2 + 1) + 1), dtype),
            Batch(*(np.zeros(BATCH) for _ in Batch._fields)),
            Pairs(*np.zeros((7, room)), *np.zeros((2, 4, room)), *np.zeros((2, room), np.int64)))


def widest_footprint(positions: F64Array, lon_cos: F64Array, lon_sin: F64Array, rows: Rows, conditions: Conditions,
                     grid: Grid) -> tuple[float, bool]:
    """A bound in rad on the half-width of the footprints of positions (1, 3, S); whether the widest is everything."""
    widest, index = 0.0, 0
    steps, sat, pairs = scratch(grid.n_lat, grid.n_lon, np.int16)
    for start in range(0, positions.shape[2], BATCH):
        x, y, z = positions[0, :, start:start + BATCH]
        prepare(x, y, z, conditions, grid, sat)
        m = int(np.argmax(sat.reach[:len(x)]))
        if sat.reach[m] > widest:
            widest, index = float(sat.reach[m]), start + m
    counts = np.empty((1, grid.n_lat, grid.n_lon), np.int16)
    alone = np.ascontiguousarray(positions[:, :, index:index + 1])
    count_grid(alone, rows, lon_cos, lon_sin, grid, conditions, counts, 0, 1, steps, sat, pairs)
    return widest, bool((counts > 0).all())
