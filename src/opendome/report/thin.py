"""Tracks with fewer points, whose straight lines stay within a bound of all that were there; and fewer beliefs."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from opendome.kernel import BoolArray
from opendome.study.thinning import kept_points


def thinned(arrow: bytes, bound_m: float) -> bytes:
    """An Arrow stream of tracks (id, t_s, x_km, y_km, z_km and more) with fewer rows.

    At the time of each row left out, the straight line in time between its neighbours is off by at most `bound_m`. The
    first and last row of each object and those at which its phase changes stay.
    """
    import pyarrow as pa

    table = pa.ipc.open_stream(arrow).read_all()
    each, t_s, *r_km = (table.column(name).to_numpy().astype(np.float64)
                        for name in ("id", "t_s", "x_km", "y_km", "z_km"))
    breaks = np.diff(each) != 0.0
    if "phase" in table.column_names:
        breaks |= np.diff(table.column("phase").to_numpy()) != 0
    edges = np.flatnonzero(np.concatenate([[True], breaks]) | np.concatenate([breaks, [True]]))
    return _kept(table, kept_points(t_s, np.column_stack(r_km), edges, bound_m / 1000.0)) if len(t_s) else arrow


def sparser(arrow: bytes, step_km: float) -> bytes:
    """An Arrow stream of beliefs (object, x_km, y_km, z_km and more) with fewer rows: of each object those that lie at
    least `step_km` from the last one kept."""
    import pyarrow as pa

    table = pa.ipc.open_stream(arrow).read_all()
    columns = [table.column(name).to_numpy().tolist() for name in ("object", "x_km", "y_km", "z_km")]
    keep, last, at = np.zeros(table.num_rows, np.bool_), None, [0.0, 0.0, 0.0]
    for k, (one, *now) in enumerate(zip(*columns, strict=True)):
        if one != last or math.dist(at, now) >= step_km:
            keep[k], last, at = True, one, now
    return _kept(table, keep)


def _kept(table: Any, keep: BoolArray) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    kept = table.filter(pa.array(keep)).combine_chunks()
    with pa.ipc.new_stream(sink, kept.schema) as writer:
        writer.write_table(kept)
    found: bytes = sink.getvalue().to_pybytes()
    return found
