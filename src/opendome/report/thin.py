"""Tracks with fewer points: straight lines between those kept stay within a bound of all that were there."""

from __future__ import annotations

import numpy as np

from opendome.kernel import BoolArray, F64Array

COARSEST_M = 12_800.0
"""Bound beyond which tracks are not thinned: two pixels of a globe that is 1,000 pixels wide."""


def thinned(arrow: bytes, bound_m: float) -> bytes:
    """An Arrow stream of tracks (id, t_s, x_km, y_km, z_km and more) with fewer rows.

    At the time of each row left out, the straight line in time between its neighbours is off by at most `bound_m`. The
    first and last row of each object and those at which its phase changes stay.
    """
    import pyarrow as pa

    table = pa.ipc.open_stream(arrow).read_all()
    columns = [table.column(name).to_numpy().astype(np.float64) for name in ("id", "t_s", "x_km", "y_km", "z_km")]
    points = np.column_stack(columns)
    breaks = np.flatnonzero(np.diff(points[:, 0])) + 1
    if "phase" in table.column_names:
        breaks = np.union1d(breaks, np.flatnonzero(np.diff(table.column("phase").to_numpy())) + 1)
    keep = np.zeros(len(points), dtype=bool)
    for rows in np.split(np.arange(len(points)), breaks):
        keep[rows] = corners(points[rows, 1], points[rows, 2:], bound_m / 1000.0)
    sink = pa.BufferOutputStream()
    kept = table.filter(pa.array(keep)).combine_chunks()
    with pa.ipc.new_stream(sink, kept.schema) as writer:
        writer.write_table(kept)
    found: bytes = sink.getvalue().to_pybytes()
    return found


def corners(t_s: F64Array, r_km: F64Array, bound_km: float) -> BoolArray:
    """Which of the K points of one flight, (K,) instants and (K, 3) positions, are to be kept: those at which the line
    between kept neighbours is furthest off, until none is off by more than the bound."""
    keep = np.zeros(len(t_s), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(t_s) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        inner = slice(first + 1, last)
        share = (t_s[inner] - t_s[first]) / max(t_s[last] - t_s[first], 1e-9)
        off = np.linalg.norm(r_km[first] + share[:, None] * (r_km[last] - r_km[first]) - r_km[inner], axis=1)
        worst = int(off.argmax())
        if off[worst] > bound_km:
            middle = first + 1 + worst
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return keep
