"""Grids of latitude and longitude over the Earth, the areas of their zones, and tables by band of latitude."""

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.errors import InputError
from opendome.kernel import F64Array
from opendome.orbits.windows import Grid
from opendome.units import RAD_PER_DEG
from opendome.world import WGS84, check_finite

if TYPE_CHECKING:
    import pandas as pd

COARSEST_DEG = 45.0


def zone_area_m2(lat_edges_deg: F64Array) -> F64Array:
    """Areas (L,) of the zones of WGS-84 between neighbouring latitudes (L + 1,), all longitudes.

    The area from the equator is pi b2 [sin / (1 - e2 sin2) + artanh(e sin) / e].
    Source: Snyder 1987, equation 3-12; docs/models/coverage.md.
    """
    e = math.sqrt(WGS84.f * (2.0 - WGS84.f))
    s = np.sin(lat_edges_deg * RAD_PER_DEG)
    b = WGS84.a_m * (1.0 - WGS84.f)
    area: F64Array = np.diff(np.pi * b * b * (s / (1.0 - e * e * s * s) + np.arctanh(e * s) / e))
    return area


def grid_of(grid_deg: float | tuple[float, float], latitude_deg: tuple[float, float]) -> tuple[F64Array, F64Array,
                                                                                               Grid]:
    """Edges in latitude (L + 1,), centres in longitude (M,), both in degrees, and the `Grid` for kernels.

    Cells are as large as divides the span evenly, and no larger than asked.
    """
    low, high = latitude_deg
    check_finite(latitude_deg_low=low, latitude_deg_high=high)
    if not -90.0 <= low < high <= 90.0:
        raise InputError(f"latitude_deg = {latitude_deg}\n  must be two latitudes between -90 and 90, the lower first")
    steps = np.asarray(grid_deg, float).ravel()
    if len(steps) not in (1, 2):
        raise InputError(f"grid_deg = {grid_deg}\n  must be one number, or a pair (latitude, longitude)")
    d_lat, d_lon = float(steps[0]), float(steps[-1])
    for name, step, largest in (("latitude", d_lat, COARSEST_DEG), ("longitude", d_lon, 2.0 * COARSEST_DEG)):
        if not 0.0 < step <= largest:
            raise InputError(f"grid_deg = {grid_deg}\n  the step in {name} must be above 0 and at most {largest:g}: "
                             "a cell stands for all of its area\n  hint: 1 to 5 degrees suits most questions")
    n_lat, n_lon = math.ceil((high - low) / d_lat - 1e-9), math.ceil(360.0 / d_lon - 1e-9)
    edges = np.linspace(low, high, n_lat + 1)
    lon = -180.0 + (np.arange(n_lon) + 0.5) * 360.0 / n_lon
    step = (high - low) / n_lat
    return edges, lon, Grid(n_lat, (low + 0.5 * step) * RAD_PER_DEG, step * RAD_PER_DEG, n_lon,
                            float(lon[0]) * RAD_PER_DEG, 2.0 * math.pi / n_lon)


def banded(lat_edges_deg: F64Array, share: F64Array, means: Mapping[str, F64Array], extremes: Mapping[str, Any],
           band_deg: float | None, pick: Callable[..., Any]) -> "pd.DataFrame":
    """A table of zones: those of the grid, or bands of `band_deg` counted from the equator.

    `means` (L,) are averaged by area over the rows whose middle is in the band, `extremes` (L,) are reduced by `pick`.
    """
    import pandas as pd

    low, high = lat_edges_deg[:-1], lat_edges_deg[1:]
    if band_deg is None:
        band = np.arange(len(share))
    else:
        if not 0.0 < band_deg <= 180.0:
            raise InputError(f"band_deg = {band_deg}\n  must be above 0 and at most 180")
        start = -90.0 if band_deg == 180.0 else 0.0
        number = np.floor((0.5 * (low + high) - start) / band_deg + 1e-9)
        band = np.unique(number, return_inverse=True)[1]
    first = np.flatnonzero(np.diff(band, prepend=-1))
    area = np.add.reduceat(share, first)
    columns: dict[str, Any] = {"lat_low_deg": np.minimum.reduceat(low, first),
                               "lat_high_deg": np.maximum.reduceat(high, first), "share": area}
    columns |= {name: np.add.reduceat(share * column, first) / area for name, column in means.items()}
    columns |= {name: pick.reduceat(column, first) for name, column in extremes.items()}  # type: ignore[attr-defined]
    return pd.DataFrame(columns)
