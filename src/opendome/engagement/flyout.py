"""Fly-out tables: how long an interceptor takes to a point at a ground range and an altitude.

One interceptor type is a point mass in a vertical plane over a round Earth at rest, launched from sea level at a family
of climb angles:

- burn: it climbs at a constant angle to the horizontal. Its speed grows evenly to the burnout speed, which already
  is net of weight and drag. A motor that would need more than that for it, at one standard gravity, is a sustained one
  (a propeller): it reaches its speed at one gravity and holds it until the motor stops.
- coast: gravity and drag with a constant ballistic coefficient in the standard atmosphere.

The table holds the earliest time at which any launch angle comes by. Left out: guidance, manoeuvre and what it costs,
stages, wind, the Earth's rotation, height of the launcher. Source: docs/models/engagement.md.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opendome.air import density
from opendome.catalogue.entries import Interceptor
from opendome.kernel import kernel
from opendome.units import G0_M_S2, M_PER_KM
from opendome.world import MEAN_RADIUS_M, WGS84

F64Array = NDArray[np.float64]

UNREACHABLE_S = 1e30
"""Time that stands in a table for a point that cannot be reached: so large that any cell touching it is out of reach,
and finite, so that a weight of zero cancels it."""

SLOWEST_SHARE = 0.2
"""Share of its burnout speed below which a coasting interceptor no longer counts: it has too little left to turn."""

N_RANGE, N_ALT = 65, 65
N_ANGLES = 181
N_BURN, N_COAST = 32, 192

_MU = WGS84.mu_m3_s2


class FlyoutTables(NamedTuple):
    """Earliest time of flight on a grid, for W interceptor types. SI units."""

    time_s: F64Array
    """(W, N_RANGE, N_ALT) from leaving the launcher; `UNREACHABLE_S` where no launch angle comes by."""
    range_min_m: F64Array
    """(W,) ground range of the first row."""
    range_step_m: F64Array
    """(W,) between rows."""
    alt_min_m: F64Array
    """(W,) altitude of the first column."""
    alt_step_m: F64Array
    """(W,) between columns."""
    alt_max_m: F64Array
    """(W,) altitude of the last column."""
    flight_max_s: F64Array
    """(W,) longest flight."""
    slant_max_m: F64Array
    """(W,) no point of the grid is farther than this from the launcher, in a straight line."""


# ---- trajectories ---------------------------------------------------------------------------------------------------


@kernel
def burn_distance(t_s, speed_m_s, speed_up_s):
    """Distance in m flown at `t_s` when the speed grows evenly for `speed_up_s` and is then held."""
    if t_s < speed_up_s:
        return 0.5 * speed_m_s / speed_up_s * t_s * t_s
    return speed_m_s * (t_s - 0.5 * speed_up_s)


@kernel
def climb(distance_m, angle_rad):
    """(angle at the Earth's centre in rad, altitude in m) after `distance_m` at a constant angle to the horizontal."""
    alt_m = distance_m * math.sin(angle_rad)
    x = alt_m / MEAN_RADIUS_M
    slower = math.log1p(x) / x if x > 1e-9 else 1.0
    return distance_m * math.cos(angle_rad) / MEAN_RADIUS_M * slower, alt_m


@kernel
def _slope(r, v_up, v_out, beta_kg_m2):
    """Rates of (r, central angle, vertical speed, horizontal speed) in free flight with drag."""
    brake = 0.5 * density(r - MEAN_RADIUS_M) * math.sqrt(v_up * v_up + v_out * v_out) / beta_kg_m2
    spin = v_out / r
    return v_up, spin, v_out * spin - _MU / (r * r) - brake * v_up, -v_up * spin - brake * v_out


@kernel
def _coast(r, phi, v_up, v_out, beta_kg_m2, duration_s):
    """State after `duration_s` of free flight: Runge-Kutta of order 4, steps that follow drag and density."""
    left = duration_s
    while left > 0.0:
        speed = math.sqrt(v_up * v_up + v_out * v_out)
        alt_m = r - MEAN_RADIUS_M
        brake = 0.5 * density(alt_m) * speed / beta_kg_m2
        step = min(left, 10.0)
        if alt_m < 120e3:
            step = min(step, 0.2 / (brake + 1e-9), 2000.0 / (abs(v_up) + 1.0))
        half = 0.5 * step
        a0, a1, a2, a3 = _slope(r, v_up, v_out, beta_kg_m2)
        b0, b1, b2, b3 = _slope(r + half * a0, v_up + half * a2, v_out + half * a3, beta_kg_m2)
        c0, c1, c2, c3 = _slope(r + half * b0, v_up + half * b2, v_out + half * b3, beta_kg_m2)
        d0, d1, d2, d3 = _slope(r + step * c0, v_up + step * c2, v_out + step * c3, beta_kg_m2)
        r += step / 6.0 * (a0 + 2.0 * (b0 + c0) + d0)
        phi += step / 6.0 * (a1 + 2.0 * (b1 + c1) + d1)
        v_up += step / 6.0 * (a2 + 2.0 * (b2 + c2) + d2)
        v_out += step / 6.0 * (a3 + 2.0 * (b3 + c3) + d3)
        left -= step
    return r, phi, v_up, v_out


@kernel(allocates=True)
def _trajectories(times_s, angles_rad, speed_m_s, speed_up_s, burn_s, beta_kg_m2):
    """Ground range and altitude in m, (K, A) each, of every launch angle at every instant; NaN when it is too slow."""
    ground_m = np.full((times_s.size, angles_rad.size), np.nan)
    alt_m = np.full((times_s.size, angles_rad.size), np.nan)
    for j in range(angles_rad.size):
        t, r, phi = 0.0, MEAN_RADIUS_M, 0.0
        v_up, v_out = speed_m_s * math.sin(angles_rad[j]), speed_m_s * math.cos(angles_rad[j])
        for k in range(times_s.size):
            if times_s[k] <= burn_s:
                t = times_s[k]
                phi, height = climb(burn_distance(t, speed_m_s, speed_up_s), angles_rad[j])
                r = MEAN_RADIUS_M + height
            else:
                r, phi, v_up, v_out = _coast(r, phi, v_up, v_out, beta_kg_m2, times_s[k] - t)
                t = times_s[k]
                under_m = MEAN_RADIUS_M - r
                if math.sqrt(v_up * v_up + v_out * v_out) < SLOWEST_SHARE * speed_m_s or under_m > 10e3:
                    break
            ground_m[k, j] = phi * MEAN_RADIUS_M
            alt_m[k, j] = r - MEAN_RADIUS_M
    return ground_m, alt_m


# ---- the table ------------------------------------------------------------------------------------------------------


@kernel
def _nodes(low, high, count):
    """First grid node from `low` on, and the one after the last up to `high`, of `count` nodes."""
    first = math.ceil(min(max(low - 1e-9, 0.0), float(count)))
    return first, math.floor(min(max(high + 1e-9, -1.0), count - 1.0)) + 1


@kernel
def _triangle(u0, v0, t0, u1, v1, t1, u2, v2, t2, time_s):
    """Lower `time_s` at the grid nodes inside a triangle to the time interpolated between its corners.

    u, v: places in rows and columns of the grid.
    """
    area = (u1 - u0) * (v2 - v0) - (u2 - u0) * (v1 - v0)
    if not abs(area) > 1e-14:
        return
    first_u, beyond_u = _nodes(min(u0, u1, u2), max(u0, u1, u2), time_s.shape[0])
    first_v, beyond_v = _nodes(min(v0, v1, v2), max(v0, v1, v2), time_s.shape[1])
    for i in range(first_u, beyond_u):
        for j in range(first_v, beyond_v):
            b1 = ((i - u0) * (v2 - v0) - (u2 - u0) * (j - v0)) / area
            b2 = ((u1 - u0) * (j - v0) - (i - u0) * (v1 - v0)) / area
            if b1 >= -1e-9 and b2 >= -1e-9 and b1 + b2 <= 1.0 + 1e-9:
                time_s[i, j] = min(time_s[i, j], t0 + b1 * (t1 - t0) + b2 * (t2 - t0))


@kernel
def _earliest(times_s, u, v, time_s):
    """Lower `time_s` to the earliest time at which any launch angle passes, between neighbouring angles and instants.

    u, v: (K, A) places of the trajectories in rows and columns of the grid. Four neighbours make two triangles.
    """
    for k in range(times_s.size - 1):
        t0, t1 = times_s[k], times_s[k + 1]
        for j in range(u.shape[1] - 1):
            _triangle(u[k, j], v[k, j], t0, u[k + 1, j], v[k + 1, j], t1, u[k, j + 1], v[k, j + 1], t0, time_s)
            _triangle(u[k + 1, j], v[k + 1, j], t1, u[k + 1, j + 1], v[k + 1, j + 1], t1, u[k, j + 1], v[k, j + 1], t0,
                      time_s)


class _Grid(NamedTuple):
    range_min_m: float
    range_step_m: float
    alt_min_m: float
    alt_step_m: float


def _grid(entry: Interceptor) -> _Grid:
    range_min_m, alt_min_m = entry.range_min_km.value * M_PER_KM, entry.alt_min_km.value * M_PER_KM
    return _Grid(range_min_m, (entry.range_max_km.value * M_PER_KM - range_min_m) / (N_RANGE - 1),
                 alt_min_m, (entry.alt_max_km.value * M_PER_KM - alt_min_m) / (N_ALT - 1))


def _time_table(entry: Interceptor, grid: _Grid) -> F64Array:
    speed_m_s, burn_s, flight_s = entry.burnout_speed_m_s.value, entry.burn_s.value, entry.flight_max_s.value
    speed_up_s = min(burn_s, speed_m_s / G0_M_S2)
    knots_s = np.concatenate([np.linspace(0.0, speed_up_s, N_BURN + 1), np.linspace(speed_up_s, burn_s, N_BURN + 1),
                              np.linspace(burn_s, max(burn_s, flight_s), N_COAST + 1), [flight_s]])
    times_s = np.unique(knots_s[knots_s <= flight_s])
    angles_rad = np.linspace(0.0, 0.5 * math.pi, N_ANGLES)
    ground_m, alt_m = _trajectories(times_s, angles_rad, speed_m_s, speed_up_s, burn_s, entry.beta_kg_m2.value)
    time_s = np.full((N_RANGE, N_ALT), UNREACHABLE_S)
    u = (ground_m - grid.range_min_m) / grid.range_step_m
    v = (alt_m - grid.alt_min_m) / grid.alt_step_m
    _earliest(times_s, u, v, time_s)
    return time_s


@lru_cache(maxsize=256)
def _table(entry: Interceptor) -> tuple[_Grid, F64Array]:
    grid = _grid(entry)
    time_s = _time_table(entry, grid)
    time_s.setflags(write=False)
    return grid, time_s


def _slant_max_m(range_max_m: F64Array, alt_max_m: F64Array) -> F64Array:
    """Straight line to the far upper corner; 0.5 % for the ellipsoid and 5 km for launchers above sea level on top."""
    across2_m2 = 4.0 * MEAN_RADIUS_M * (MEAN_RADIUS_M + alt_max_m) * np.sin(0.5 * range_max_m / MEAN_RADIUS_M) ** 2
    return np.asarray(1.005 * np.sqrt(across2_m2 + alt_max_m**2) + 5000.0, dtype=np.float64)


def flyout_tables(entries: Sequence[Interceptor]) -> FlyoutTables:
    """The fly-out tables of interceptor types, in their order, from the values (not the ranges) of the entries."""
    tables = [_table(entry) for entry in entries]
    range_min_m, range_step_m, alt_min_m, alt_step_m = (
        np.array([grid[i] for grid, _ in tables], dtype=np.float64) for i in range(4))
    range_max_m = range_min_m + (N_RANGE - 1) * range_step_m
    alt_max_m = alt_min_m + (N_ALT - 1) * alt_step_m
    return FlyoutTables(
        time_s=np.stack([time_s for _, time_s in tables]) if tables else np.empty((0, N_RANGE, N_ALT)),
        range_min_m=range_min_m, range_step_m=range_step_m, alt_min_m=alt_min_m, alt_step_m=alt_step_m,
        alt_max_m=alt_max_m, flight_max_s=np.array([entry.flight_max_s.value for entry in entries], dtype=np.float64),
        slant_max_m=_slant_max_m(range_max_m, alt_max_m))
