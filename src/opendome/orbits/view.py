"""Coverage: how many satellites are in view of every cell of the Earth, over a span of time, and what follows from it.

A target stands at the centre of every cell of a grid of latitude and longitude, at one altitude. It is in view of a
satellite when all conditions that were given hold at once (`sight`); the counts come from footprints and equal those
of a test of every pair (`footprint`). Cells are weighted by the area of their zone of the WGS-84 ellipsoid.

Left out: what the sensor can detect, refraction, terrain, clouds, the time a sensor needs to turn. Equations, sources
and evidence: docs/models/coverage.md.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from opendome.errors import InputError
from opendome.kernel import F64Array, I64Array, kernel, spread
from opendome.orbits.footprint import count_grid, scratch, widest_footprint
from opendome.orbits.gaps import Gaps, gaps_of
from opendome.orbits.losses import survivor_table
from opendome.orbits.sight import Conditions, Rows, conditions_of, count_points, extremes, rows_of
from opendome.orbits.windows import Grid
from opendome.orbits.zones import banded, grid_of, zone_area_m2
from opendome.units import M_PER_KM, RAD_PER_DEG
from opendome.world import WGS84

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES = 2_000_000_000
"""Counts take at most this much memory."""

BLOCK_BYTES = 32_000_000
"""Positions are had for blocks of instants of about this size."""

INT16_MAX = 32767
FARTHEST_M = 1e9


class CoverageWarning(UserWarning):
    """The question can be answered, but hardly means what was asked."""


class HasPositions(Protocol):
    """Whatever knows where its satellites are."""

    def positions_ecef(self, t_s: F64Array) -> F64Array:
        """(T, 3, S) ECEF positions in m at instants t_s (T,)."""


class Fleet(NamedTuple):
    """What the positions came to."""

    n: int
    nearest_m: float
    """Smallest and largest distance of a satellite from the centre."""
    farthest_m: float
    first: F64Array
    """(1, 3, S) positions at the first instant."""


@dataclass(frozen=True, eq=False)
class Coverage:
    """Satellites in view of every cell at every instant. T instants, L rows of latitude, M cells in a row.

    Of listed points (`coverage_at`) each is a row of one cell, and all weigh the same.
    """

    counts: NDArray[Any]
    """(T, L, M) satellites in view."""
    t_s: F64Array
    """(T,) seconds after the constellation's epoch."""
    lat_deg: F64Array
    """(L,) of the cells' centres."""
    lat_edges_deg: F64Array
    """(L + 1,) of the rows; of listed points, in the order given, their latitudes and the last one again."""
    lon_deg: F64Array
    """(M,) of the cells' centres, or (L,) of listed points."""
    share: F64Array
    """(L,) area of each row over that of all rows."""
    n_satellites: int

    @cached_property
    def tally(self) -> I64Array:
        """(L, N + 1) cells and instants of a row with exactly 0 .. N satellites in view."""
        found = np.zeros((len(self.lat_deg), int(self.counts.max()) + 1), np.int64)
        _tally(self.counts, found)
        return found

    def fraction(self, k: int = 1) -> float:
        """Share of the area with at least `k` satellites in view, mean over the instants."""
        return self._over_area(self._rows(k))

    def always(self, k: int = 1) -> float:
        """Share of the area that never has fewer than `k` satellites in view at any of the instants."""
        return self._over_area((self.fewest >= _at_least_one(k)).mean(axis=1))

    def _rows(self, k: int) -> F64Array:
        """(L,) share of the cells and instants of each row with at least k in view."""
        return np.asarray(self.tally[:, _at_least_one(k):].sum(axis=1) / self._samples)

    def _row_means(self) -> F64Array:
        """(L,) mean number in view."""
        return np.asarray(self.tally @ np.arange(self.tally.shape[1]) / self._samples)

    @property
    def _samples(self) -> int:
        return len(self.t_s) * int(self.counts.shape[2])

    def _over_area(self, values: F64Array) -> float:
        """Mean of rows (L,) by area; to the last digit where all are equal."""
        return float(min(max(self.share @ values, values.min()), values.max()))

    @cached_property
    def fewest(self) -> NDArray[Any]:
        """(L, M) fewest satellites in view of a cell at any instant."""
        least: NDArray[Any] = self.counts.min(axis=0)
        return least

    def mean_in_view(self) -> float:
        """Mean number of satellites in view over area and time."""
        return self._over_area(self._row_means())

    def over_time(self, k: int = 1) -> F64Array:
        """(T,) share of the area with at least `k` satellites in view at each instant."""
        _at_least_one(k)
        return np.array([self._over_area((now >= k).mean(axis=1)) for now in self.counts])

    def __add__(self, other: "Coverage") -> "Coverage":
        """Both fleets together, each under its own conditions. They need the same grid and instants."""
        if not (isinstance(other, Coverage) and np.array_equal(self.t_s, other.t_s)
                and np.array_equal(self.lat_edges_deg, other.lat_edges_deg)
                and np.array_equal(self.lon_deg, other.lon_deg)):
            raise InputError("coverage + coverage\n  both need the same grid_deg, latitude_deg and t_s")
        n = self.n_satellites + other.n_satellites
        counts = np.add(self.counts, other.counts, dtype=_dtype(n))
        return Coverage(counts, self.t_s, self.lat_deg, self.lat_edges_deg, self.lon_deg, self.share, n)

    def map(self, k: int = 1) -> F64Array:
        """(L, M) share of the instants at which a cell has at least `k` satellites in view."""
        _at_least_one(k)
        total = np.zeros(self.counts.shape[1:])
        for now in self.counts:
            total += now >= k
        return total / len(self.t_s)

    def by_latitude(self, k: int = 1, *, band_deg: float | None = None) -> "pd.DataFrame":
        """One row per row of the grid, or per band of `band_deg` counted from the equator.

        A row of the grid belongs whole to the band that its middle is in. So the edges of bands, in the table, are
        edges of rows: multiples of `band_deg` only where that is a whole number of rows.
        Columns: lat_low_deg, lat_high_deg, share (of the whole area), fraction, always, mean_in_view, fewest.
        """
        table = {"fraction": self._rows(k), "always": (self.fewest >= k).mean(axis=1),
                 "mean_in_view": self._row_means()}
        return banded(self.lat_edges_deg, self.share, table, {"fewest": self.fewest.min(axis=1)}, band_deg, np.minimum)

    def gaps(self, k: int = 1) -> Gaps:
        """How long each cell goes without `k` satellites in view (see `Gaps`). Needs even instants, at least two."""
        return gaps_of(self.counts, self.t_s, self.lat_edges_deg, self.share, _at_least_one(k))

    def after_losses(self, k: int = 1, *, p_lost: float | None = None, n_lost: int | None = None) -> float:
        """Expected `fraction(k)` when sensors fail at random: exact, without any draw.

        Either each satellite is lost with probability `p_lost`, independently, or `n_lost` of them are, every choice
        being as likely. Of n in view, those left are binomial or hypergeometric.
        """
        left = survivor_table(self.tally.shape[1] - 1, self.n_satellites, _at_least_one(k), p_lost, n_lost)
        return self._over_area(self.tally @ left / self._samples)


def coverage(constellation: HasPositions, *, field_of_regard_deg: float | None = None,
             min_elevation_deg: float | None = None, reach_km: float | None = None, target_alt_km: float = 0.0,
             grid_deg: float | tuple[float, float], t_s: ArrayLike, limb_km: float | None = None,
             grazing_km: float = 0.0, latitude_deg: tuple[float, float] = (-90.0, 90.0),
             jobs: int | None = None) -> Coverage:
    """How many satellites are in view of every cell of the Earth at the instants `t_s`.

    A target at `target_alt_km` above the ellipsoid is in view when all that is given holds at once: a straight line of
    sight that passes nowhere below `grazing_km` (always), the target inside a cone of full angle `field_of_regard_deg`
    about the satellite's nadir, the satellite at least `min_elevation_deg` above the target's horizon, a slant range
    of at most `reach_km`, and cold space behind the target: the line of sight continued beyond it stays above
    `limb_km`.

    `grid_deg` is the size of a cell, or (latitude, longitude); cells are as large as fits evenly and no larger.
    `latitude_deg` keeps to a zone. `t_s` counts from the constellation's epoch. Warns (`CoverageWarning`) when one
    satellite sees everything, when the reach limits nothing or touches nothing, and when footprints are narrower
    than cells. Raises `InputError` for what makes no sense or does not fit in memory.
    """
    conditions = conditions_of(field_of_regard_deg=field_of_regard_deg, min_elevation_deg=min_elevation_deg,
                               reach_km=reach_km, target_alt_km=target_alt_km, limb_km=limb_km, grazing_km=grazing_km)
    instants = _instants(t_s)
    edges_deg, lon_deg, grid = grid_of(grid_deg, latitude_deg)
    lat_deg = 0.5 * (edges_deg[1:] + edges_deg[:-1])
    _check_size(len(instants), len(lat_deg), len(lon_deg))
    rows, lon = rows_of(lat_deg, conditions, target_alt_km), lon_deg * RAD_PER_DEG
    lon_cos, lon_sin = np.cos(lon), np.sin(lon)

    def count(positions: F64Array, counts: NDArray[Any]) -> None:
        def work(first: int, last: int) -> None:
            count_grid(positions, rows, lon_cos, lon_sin, grid, conditions, counts, first, last,
                       *scratch(len(lat_deg), len(lon_deg), counts.dtype))

        spread(work, len(positions), jobs=jobs, block=4)

    counts, fleet = _count(constellation, instants, conditions, (len(lat_deg), len(lon_deg)), count)
    areas = zone_area_m2(edges_deg)
    _warn(fleet, reach_km, target_alt_km, lon_cos, lon_sin, rows, conditions, grid)
    return Coverage(counts, instants, lat_deg, edges_deg, lon_deg, areas / areas.sum(), fleet.n)


def coverage_at(constellation: HasPositions, *, lat_deg: ArrayLike, lon_deg: ArrayLike,
                field_of_regard_deg: float | None = None, min_elevation_deg: float | None = None,
                reach_km: float | None = None, target_alt_km: float = 0.0, t_s: ArrayLike,
                limb_km: float | None = None, grazing_km: float = 0.0, jobs: int | None = None) -> Coverage:
    """How many satellites are in view of listed points, geodetic (N,) or single numbers; the rest as `coverage`."""
    conditions = conditions_of(field_of_regard_deg=field_of_regard_deg, min_elevation_deg=min_elevation_deg,
                               reach_km=reach_km, target_alt_km=target_alt_km, limb_km=limb_km, grazing_km=grazing_km)
    instants = _instants(t_s)
    lat, lon = np.broadcast_arrays(np.atleast_1d(np.asarray(lat_deg, float)), np.asarray(lon_deg, float))
    if lat.ndim != 1 or len(lat) == 0 or not (np.isfinite(lon).all() and (np.abs(lat) <= 90.0).all()):
        raise InputError("lat_deg, lon_deg\n  must be numbers or lists of one length, latitudes between -90 and 90")
    _check_size(len(instants), len(lat), 1)
    rows = rows_of(lat, conditions, target_alt_km)
    lon_cos, lon_sin = np.cos(lon * RAD_PER_DEG), np.sin(lon * RAD_PER_DEG)

    def count(positions: F64Array, counts: NDArray[Any]) -> None:
        def work(first: int, last: int) -> None:
            count_points(positions, rows, lon_cos, lon_sin, 1, conditions, counts, first, last)

        spread(work, len(positions), jobs=jobs, block=4)

    counts, fleet = _count(constellation, instants, conditions, (len(lat), 1), count)
    return Coverage(counts, instants, lat.copy(), np.append(lat, lat[-1]), lon.copy(),
                    np.full(len(lat), 1.0 / len(lat)), fleet.n)


@kernel
def _tally(counts, found):
    """Add to found (L, N + 1) how often each number occurs in counts (T, L, M)."""
    for t in range(counts.shape[0]):
        for i in range(counts.shape[1]):
            for j in range(counts.shape[2]):
                found[i, counts[t, i, j]] += 1


def _dtype(n: int) -> type[np.signedinteger[Any]]:
    """The narrowest type of counts up to n."""
    return np.int16 if n <= INT16_MAX else np.int32


def _at_least_one(k: int) -> int:
    if not (isinstance(k, int | np.integer) and k >= 1):
        raise InputError(f"k = {k}\n  must be a whole number of satellites, 1 or more")
    return int(k)


def _instants(t_s: ArrayLike) -> F64Array:
    """t_s as an array (T,) of finite numbers."""
    instants = np.atleast_1d(np.asarray(t_s, float))
    if instants.ndim != 1 or len(instants) == 0 or not np.isfinite(instants).all():
        raise InputError(f"t_s: {'none' if instants.size == 0 else 'not a list of finite numbers'}\n  must be one or "
                         "more instants in seconds after the epoch\n  hint: numpy.arange(0, 86400, 60)")
    return instants


def _check_size(n_times: int, n_lat: int, n_lon: int) -> None:
    """Refuse what would not fit in memory, and say what would."""
    need = 2 * n_times * n_lat * n_lon
    if need <= MAX_BYTES:
        return
    factor = (need / MAX_BYTES) ** 0.5
    fits = MAX_BYTES // (2 * n_lat * n_lon)
    times = f", or {fits} instants" if fits else ""
    raise InputError(f"grid_deg, t_s: {n_lat} x {n_lon} cells at {n_times} instants\n  would take {need / 1e9:.1f} GB, "
                     f"more than {MAX_BYTES / 1e9:g}\n  hint: cells {factor:.1f} times as wide{times}")


def _count(constellation: HasPositions, t_s: F64Array, conditions: Conditions, shape: tuple[int, int],
           count: Callable[[F64Array, NDArray[Any]], None]) -> tuple[NDArray[Any], Fleet]:
    """The counts (T, L, M), filled by `count` for blocks of instants, and what the satellites' positions came to."""
    first = _positions(constellation, t_s[:1])
    n = first.shape[2]
    counts = np.empty((len(t_s), *shape), _dtype(n))
    near, far = FARTHEST_M, 0.0
    block = max(1, BLOCK_BYTES // (24 * n))
    for start in range(0, len(t_s), block):
        positions = _positions(constellation, t_s[start:start + block])
        bad, low, high = extremes(positions, (1.0 - WGS84.f) ** -2, WGS84.a_m**2, FARTHEST_M**2)
        if bad >= 0:
            _refuse(positions, t_s[start + bad // n], bad // n, bad % n)
        near, far = min(near, low**0.5), max(far, high**0.5)
        count(positions, counts[start:start + block])
    return counts, Fleet(n, near, far, first)


def _positions(constellation: HasPositions, t_s: F64Array) -> F64Array:
    if not callable(getattr(constellation, "positions_ecef", None)):
        raise InputError(f"constellation = {str(constellation)[:60]!r}, of type {type(constellation).__name__}\n  must "
                         "be a Constellation or ElementSets, or whatever has positions_ecef(t_s)\n  hint: "
                         "opendome.orbits.walker(...) makes one, opendome.orbits.read_elements(path) reads one")
    positions = np.ascontiguousarray(constellation.positions_ecef(t_s), float)
    if positions.ndim != 3 or positions.shape[:2] != (len(t_s), 3):
        raise InputError(f"constellation.positions_ecef(t_s) has the shape {positions.shape}\n  must be "
                         f"({len(t_s)}, 3, satellites), in m")
    if positions.shape[2] == 0:
        raise InputError("constellation: no satellites\n  must have at least one")
    return positions


def _refuse(positions: F64Array, t_s: float, k: int, s: int) -> None:
    x, y, z = positions[k, :, s] / M_PER_KM
    raise InputError(f"constellation: satellite {s} at t_s = {t_s:g} is at ({x:.1f}, {y:.1f}, {z:.1f}) km\n  must be "
                     "outside the Earth, and a number\n  hint: leave it out with constellation.keep(...)")


def _warn(fleet: Fleet, reach_km: float | None, target_alt_km: float, lon_cos: F64Array, lon_sin: F64Array,
          rows: Rows, conditions: Conditions, grid: Grid) -> None:
    """Warn of questions whose answer says little."""

    def say(text: str) -> None:
        warnings.warn(text, CoverageWarning, stacklevel=3)

    low, high, inner = conditions.p_min, conditions.p_max, conditions.inner_radius
    if reach_km is not None:
        apart_km = max(fleet.nearest_m - high, low - fleet.farthest_m) / M_PER_KM
        if reach_km < apart_km:
            say(f"reach_km = {reach_km:g}: targets at {target_alt_km:g} km are at least {apart_km:.0f} km from every "
                "satellite, so none is ever in reach")
            return
        sight_km = (max(fleet.farthest_m**2 - inner**2, 0.0) ** 0.5 + (high**2 - inner**2) ** 0.5) / M_PER_KM
        if reach_km >= sight_km:
            say(f"reach_km = {reach_km:g}: no line of sight from these satellites is longer than {sight_km:.0f} km, so "
                "each covers all of the Earth that it sees and the reach limits nothing")
    widest, seen = widest_footprint(fleet.first, lon_cos, lon_sin, rows, conditions, grid)
    if seen:
        say("one satellite alone sees every cell of the grid: the answer says little about the constellation")
    elif 2.0 * widest < grid.d_lat:
        say(f"grid_deg: cells of {grid.d_lat / RAD_PER_DEG:g} degrees are wider than any footprint "
            f"({2.0 * widest / RAD_PER_DEG:.2g} degrees), which may fall between their centres\n  hint: grid_deg = "
            f"{widest / RAD_PER_DEG / 2.0:.1g} or less")
