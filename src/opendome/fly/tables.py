"""Samples of flights as tables, where a flight starts, and checks of what people write."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from opendome.errors import InputError
from opendome.kernel import kernel
from opendome.units import DEG_PER_RAD, RAD_PER_DEG
from opendome.world import check_finite, check_latitude, ecef_from_enu, ecef_from_geodetic, geodetic_from_ecef

F64Array = NDArray[np.float64]

FLOOR_M = -10.0e3
"""A free flight ends here: the Earth's models are not meant for lower altitudes."""

MAX_ROWS = 5_000_000


class Trajectory(NamedTuple):
    """Samples of one flight, K instants."""

    t_s: F64Array
    """(K,) seconds after the start."""
    lat_deg: F64Array
    """(K,) geodetic."""
    lon_deg: F64Array
    """(K,) -180 .. 180."""
    alt_m: F64Array
    """(K,) above the ellipsoid."""
    r_ecef_m: F64Array
    """(K, 3)"""
    v_ecef_m_s: F64Array
    """(K, 3) relative to the turning Earth."""
    phase: NDArray[np.int64] | None = None
    """(K,) codes of `opendome.threats.Phase`; None for a flight without phases."""


class Flights(NamedTuple):
    """Samples and ends of T flights; rows at and after `rows[i]` of flight i are NaN."""

    t_s: F64Array
    """(K,) seconds after the start."""
    r_ecef_m: F64Array
    """(T, K, 3)"""
    v_ecef_m_s: F64Array
    """(T, K, 3)"""
    rows: NDArray[np.int64]
    """(T,) number of samples."""
    t_end_s: F64Array
    """(T,) when the flight met the ground, or the longest time asked for."""
    end: F64Array
    """(T, 6) ECEF position and velocity at that time."""
    status: NDArray[np.int64]
    """(T,) codes of `opendome.errors.Status`."""


@kernel
def geodetic_rows(r_ecef_m, lat_deg, lon_deg, alt_m):
    """Fill latitude, longitude (deg) and altitude (m), (K,) each, from ECEF positions (K, 3)."""
    for i in range(r_ecef_m.shape[0]):
        lat, lon, alt_m[i] = geodetic_from_ecef(r_ecef_m[i, 0], r_ecef_m[i, 1], r_ecef_m[i, 2])
        lat_deg[i], lon_deg[i] = lat * DEG_PER_RAD, lon * DEG_PER_RAD


def start_state(*, lat_deg: float, lon_deg: float, alt_m: float, v_east_m_s: float, v_north_m_s: float,
                v_up_m_s: float) -> F64Array:
    """ECEF position and velocity, (6,), of a geodetic point and a velocity relative to the turning Earth."""
    check_finite(lon_deg=lon_deg, alt_m=alt_m, v_east_m_s=v_east_m_s, v_north_m_s=v_north_m_s, v_up_m_s=v_up_m_s)
    if alt_m < FLOOR_M:
        raise InputError(f"alt_m = {alt_m}\n  must be at least {FLOOR_M:.0f} (metres above the ellipsoid)")
    lat, lon = check_latitude(lat_deg) * RAD_PER_DEG, lon_deg * RAD_PER_DEG
    r = ecef_from_geodetic(lat, lon, float(alt_m))
    v = ecef_from_enu(lat, lon, float(v_east_m_s), float(v_north_m_s), float(v_up_m_s))
    return np.array([*r, *v])


def trajectory(t_s: F64Array, r_ecef_m: F64Array, v_ecef_m_s: F64Array) -> Trajectory:
    """A Trajectory from its ECEF samples."""
    lat, lon, alt = np.empty(t_s.size), np.empty(t_s.size), np.empty(t_s.size)
    geodetic_rows(r_ecef_m, lat, lon, alt)
    return Trajectory(t_s, lat, lon, alt, r_ecef_m, v_ecef_m_s)


def sample_times(duration_s: float, step_s: float) -> F64Array:
    """0, step_s, 2 step_s ... up to duration_s."""
    check_positive("duration_s", duration_s, "seconds")
    check_positive("step_s", step_s, "seconds")
    if duration_s / step_s > MAX_ROWS:
        raise InputError(f"step_s = {step_s}\n  asks for {duration_s / step_s:.2g} samples of {duration_s} s; "
                         f"at most {MAX_ROWS} are kept")
    count = math.floor(duration_s / step_s * (1.0 + 1e-12)) + 1
    return np.arange(count, dtype=np.float64) * step_s


def check_positive(name: str, value: float, meaning: str, *, infinite: bool = False) -> None:
    """Refuse what is not a number above zero (infinity only where it makes sense)."""
    if not value > 0.0 or (math.isinf(value) and not infinite):
        raise InputError(f"{name} = {value}\n  must be above zero ({meaning})")


def states_of(start: ArrayLike, beta_kg_m2: ArrayLike) -> tuple[F64Array, F64Array]:
    """ECEF states (T, 6) and ballistic coefficients (T,), checked."""
    begin = np.ascontiguousarray(np.atleast_2d(np.asarray(start, dtype=np.float64)))
    if begin.ndim != 2 or begin.shape[1] != 6 or not np.isfinite(begin).all():
        raise InputError(f"start, of shape {np.shape(start)}\n  must be finite numbers (T, 6): m and m/s in ECEF")
    beta = np.ascontiguousarray(np.broadcast_to(np.asarray(beta_kg_m2, dtype=np.float64), (len(begin),)))
    if not (beta > 0.0).all():
        raise InputError("beta_kg_m2\n  must be above zero: mass / (Cd A); math.inf for no drag")
    return begin, beta


def empty_flights(count: int, t_max_s: float, step_s: float | None) -> Flights:
    """Room for the samples of `count` flights, every step_s up to t_max_s or none."""
    t_s = np.empty(0) if step_s is None else sample_times(t_max_s, step_s)
    return Flights(t_s, np.empty((count, t_s.size, 3)), np.empty((count, t_s.size, 3)), np.zeros(count, np.int64),
                   np.empty(count), np.empty((count, 6)), np.zeros(count, np.int64))


def blank_unused(flights: Flights, first: int, last: int) -> None:
    """Set the samples after the end of flights first .. last - 1 to NaN."""
    for i in range(first, last):
        flights.r_ecef_m[i, flights.rows[i]:] = np.nan
        flights.v_ecef_m_s[i, flights.rows[i]:] = np.nan
