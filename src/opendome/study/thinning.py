"""Which points of paths to keep so that straight lines between them stay within a bound of all the others."""

import numpy as np

from opendome.kernel import BoolArray, F64Array, I64Array


def kept_points(t_s: F64Array, r: F64Array, edges: I64Array, bound: float) -> BoolArray:
    """(P,) which of the points of many paths, one path after the other, are kept: (P,) instants, (P, 3) positions.

    `edges` are rows that stay, in order, the first and the last of each path among them. Of the points between two that
    stay the one is kept which is furthest off the line between them, each instant at its own place, until none is off
    by more than `bound`, in the unit of the positions. All paths are gone through together.
    """
    keep: BoolArray = np.zeros(len(t_s), np.bool_)
    keep[edges] = True
    a, b = edges[:-1], edges[1:]  # the last point of a path and the first of the next have nothing between them
    while True:
        is_long = (b - a >= 2) & (t_s[b] > t_s[a])
        a, b = a[is_long], b[is_long]
        if not len(a):
            return keep
        count = b - a - 1
        start = np.cumsum(count) - count
        of = np.repeat(np.arange(len(a)), count)
        point = np.arange(len(of)) - start[of] + a[of] + 1
        share = ((t_s[point] - t_s[a][of]) / (t_s[b] - t_s[a])[of])[:, np.newaxis]
        off = r[point] - (r[a][of] + share * (r[b] - r[a])[of])
        off2 = np.einsum("ij,ij->i", off, off)
        most = np.maximum.reduceat(off2, start)
        worst = np.minimum.reduceat(np.where(off2 == most[of], point, len(t_s)), start)
        is_over = most > bound * bound
        keep[worst[is_over]] = True
        a, b = np.concatenate([a[is_over], worst[is_over]]), np.concatenate([worst[is_over], b[is_over]])
