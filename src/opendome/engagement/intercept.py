"""Where and when an interceptor can meet a target whose path is predicted.

A predicted path is K positions at equal steps, straight in between; only the first n count. A launch at `t_ready_s`
or later can meet the path at t when the point lies in the envelope and the time of flight fits: t_fly <= t - t_ready.
The launcher may wait, so more time never hurts. A stretch within reach that lies between two neighbouring positions can
be missed, but for the end of a longer one.

                          . - - .            envelope: grid of the fly-out table around the site,
                     .       x       .       less what no launch angle reaches
    target o ------.--x--x--x         .
                  .  first x: earliest intercept
    _____________________site^________________ ground range runs along the sea-level arc
"""

import math
from typing import NamedTuple

import numpy as np

from opendome.catalogue.entries import Interceptor
from opendome.engagement.flyout import F64Array, flyout_tables
from opendome.kernel import kernel
from opendome.units import M_PER_KM
from opendome.world import altitude

BISECTIONS = 12
"""Halvings of a step of the path: the instant is good to 1/4096 of it."""


class Envelope(NamedTuple):
    """One type's row of the `FlyoutTables`: numbers and one table, which kernels hand on faster than many arrays."""

    time_s: F64Array
    """(N_RANGE, N_ALT)"""
    range_min_m: float
    rows_per_m: float
    alt_min_m: float
    columns_per_m: float
    alt_max_m: float
    flight_max_s: float
    slant_max_m: float


@kernel
def envelope_of(tables, w):
    """The `Envelope` of type `w`: taken out once, before a loop."""
    return Envelope(tables.time_s[w], tables.range_min_m[w], 1.0 / tables.range_step_m[w], tables.alt_min_m[w],
                    1.0 / tables.alt_step_m[w], tables.alt_max_m[w], tables.flight_max_s[w], tables.slant_max_m[w])


# ---- one point ------------------------------------------------------------------------------------------------------


@kernel
def _fly_time(envelope, ground_range_m, alt_m):
    """Time of flight in s by bilinear interpolation in an envelope's table; inf out of reach."""
    u = (ground_range_m - envelope.range_min_m) * envelope.rows_per_m
    v = (alt_m - envelope.alt_min_m) * envelope.columns_per_m
    last_u, last_v = envelope.time_s.shape[0] - 1, envelope.time_s.shape[1] - 1
    if not (-1e-9 <= u <= last_u + 1e-9 and -1e-9 <= v <= last_v + 1e-9):
        return math.inf
    u, v = min(max(u, 0.0), float(last_u)), min(max(v, 0.0), float(last_v))
    i, j = min(int(u), last_u - 1), min(int(v), last_v - 1)
    u -= i
    v -= j
    near = envelope.time_s[i, j] * (1.0 - v) + envelope.time_s[i, j + 1] * v
    far = envelope.time_s[i + 1, j] * (1.0 - v) + envelope.time_s[i + 1, j + 1] * v
    time_s = near * (1.0 - u) + far * u
    return time_s if time_s <= envelope.flight_max_s else math.inf


@kernel
def flyout_time(tables, w, ground_range_m, alt_m):
    """Time of flight in s of type `w` to a point, inf when out of reach.

    Bilinear in the table. A cell with a corner out of reach is out of reach but for its sides between good corners,
    so that the envelope errs to the small side by less than a cell.
    """
    return _fly_time(envelope_of(tables, w), ground_range_m, alt_m)


@kernel
def ground_range(site_r, x, y, z):
    """Ground range in m from a site at `site_r` (3,) to below an ECEF point.

    The angle at the Earth's centre times the site's distance from it: within 0.4 % of the geodesic.
    """
    site_m = math.sqrt(site_r[0] * site_r[0] + site_r[1] * site_r[1] + site_r[2] * site_r[2])
    cosine = (x * site_r[0] + y * site_r[1] + z * site_r[2]) / (site_m * math.sqrt(x * x + y * y + z * z))
    return 2.0 * site_m * math.asin(math.sqrt(max(0.0, 0.5 * (1.0 - cosine))))


@kernel
def _look(envelope, site_r, x, y, z):
    """(time of flight in s to an ECEF point, metres that a target there surely flies before it can be in reach)."""
    dx, dy, dz = x - site_r[0], y - site_r[1], z - site_r[2]
    far_m = math.sqrt(dx * dx + dy * dy + dz * dz) - envelope.slant_max_m
    if far_m > 0.0:
        return math.inf, far_m
    alt_m = altitude(x, y, z)
    far_m = max(alt_m - envelope.alt_max_m, envelope.alt_min_m - alt_m)
    if far_m > 0.0:
        return math.inf, far_m
    return _fly_time(envelope, ground_range(site_r, x, y, z), alt_m), 0.0


@kernel
def time_to(tables, w, site_r, x, y, z):
    """Time of flight in s of type `w` from a site at `site_r` (3,) to an ECEF point, inf when out of reach."""
    return _look(envelope_of(tables, w), site_r, x, y, z)[0]


@kernel
def in_envelope(tables, w, site_r, x, y, z):
    """Whether type `w` at a site reaches an ECEF point at all, given all the time it may fly."""
    return _look(envelope_of(tables, w), site_r, x, y, z)[0] < math.inf


# ---- a path ---------------------------------------------------------------------------------------------------------


@kernel
def path_step_max(path_r, n):
    """Longest step in m between neighbours of the first `n` positions of a path (K, 3)."""
    longest2 = 0.0
    for k in range(n - 1):
        dx, dy, dz = path_r[k + 1, 0] - path_r[k, 0], path_r[k + 1, 1] - path_r[k, 1], path_r[k + 1, 2] - path_r[k, 2]
        longest2 = max(longest2, dx * dx + dy * dy + dz * dz)
    return math.sqrt(longest2)


@kernel
def _steps(far_m, step_max_m):
    """Positions of a path that can be passed over, at least one, when reach is `far_m` away."""
    return 1 + int(min(far_m / (step_max_m + 1e-9), 1e9))


@kernel
def _time_at(envelope, site_r, path_r, n, place):
    """Time of flight in s to the point of a path at `place`, counted in steps from its first position."""
    k = min(int(place), n - 1)
    after, share = min(k + 1, n - 1), place - k
    x = path_r[k, 0] + share * (path_r[after, 0] - path_r[k, 0])
    y = path_r[k, 1] + share * (path_r[after, 1] - path_r[k, 1])
    z = path_r[k, 2] + share * (path_r[after, 2] - path_r[k, 2])
    return _look(envelope, site_r, x, y, z)[0]


@kernel
def _last_inside(envelope, site_r, path_r, n, inside, outside):
    """Place where a path leaves the envelope, on the inner side, between a place inside and a later one outside."""
    for _ in range(BISECTIONS):
        place = 0.5 * (inside + outside)
        if _time_at(envelope, site_r, path_r, n, place) < math.inf:
            inside = place
        else:
            outside = place
    return inside


@kernel
def _latest_launch(envelope, site_r, path_t0_s, path_dt_s, path_r, n, place):
    """The latest launch in s that meets a path at a place, -inf where it is out of reach."""
    return path_t0_s + place * path_dt_s - _time_at(envelope, site_r, path_r, n, place)


@kernel
def _first_place(envelope, site_r, path_t0_s, path_dt_s, path_r, n, step_max_m, t_ready_s):
    """Place on a path, in steps, of the earliest intercept; -1 when there is none. See `earliest_intercept`."""
    k = math.ceil(min(max((t_ready_s - path_t0_s) / path_dt_s, 0.0), float(n)))
    high = -1.0
    was_inside = False
    while k < n:
        fly_s, far_m = _look(envelope, site_r, path_r[k, 0], path_r[k, 1], path_r[k, 2])
        if fly_s <= path_t0_s + k * path_dt_s - t_ready_s:
            high = float(k)
            break
        if was_inside and fly_s == math.inf:
            high = _last_inside(envelope, site_r, path_r, n, k - 1.0, float(k))
            if _latest_launch(envelope, site_r, path_t0_s, path_dt_s, path_r, n, high) >= t_ready_s:
                break
            high = -1.0
        was_inside = fly_s < math.inf
        k += _steps(far_m, step_max_m)
    if high < 0.0:
        return -1.0
    low = max(0.0, k - 1.0)
    for _ in range(BISECTIONS):
        place = 0.5 * (low + high)
        if _latest_launch(envelope, site_r, path_t0_s, path_dt_s, path_r, n, place) >= t_ready_s:
            high = place
        else:
            low = place
    return high


@kernel
def earliest_intercept(tables, w, site_r, path_t0_s, path_dt_s, path_r, n, step_max_m, t_ready_s):
    """(t, k): earliest instant in s at which type `w` from a site can meet a predicted path, and the position it is at
    or just past; (inf, -1) when it cannot.

    path_r: (K, 3) positions in ECEF, at path_t0_s, path_t0_s + path_dt_s, ...; the first `n` count.
    step_max_m: `path_step_max` of it. t_ready_s: when an interceptor can leave at the earliest (decision + reaction).
    """
    place = _first_place(envelope_of(tables, w), site_r, path_t0_s, path_dt_s, path_r, n, step_max_m, t_ready_s)
    if place < 0.0:
        return math.inf, -1
    return path_t0_s + place * path_dt_s, int(place)


@kernel
def launch_window(tables, w, site_r, path_t0_s, path_dt_s, path_r, n, step_max_m, t_ready_s):
    """(earliest, latest) launch in s, at `t_ready_s` or later, that meets a predicted path; (inf, -inf) when none does.

    earliest: the launch for the earliest intercept (`t_ready_s` unless the target comes into reach later).
    latest: the last launch that meets it anywhere. Arguments as for `earliest_intercept`.
    """
    envelope = envelope_of(tables, w)
    place = _first_place(envelope, site_r, path_t0_s, path_dt_s, path_r, n, step_max_m, t_ready_s)
    if place < 0.0:
        return math.inf, -math.inf
    earliest_s = _latest_launch(envelope, site_r, path_t0_s, path_dt_s, path_r, n, place)
    latest_s, inside, k = earliest_s, place, math.ceil(place)
    while k < n:
        fly_s, far_m = _look(envelope, site_r, path_r[k, 0], path_r[k, 1], path_r[k, 2])
        if fly_s < math.inf:
            latest_s = max(latest_s, path_t0_s + k * path_dt_s - fly_s)
            inside = float(k)
        elif inside >= 0.0:
            leaves = _last_inside(envelope, site_r, path_r, n, inside, float(k))
            latest_s = max(latest_s, _latest_launch(envelope, site_r, path_t0_s, path_dt_s, path_r, n, leaves))
            inside = -1.0
        k += _steps(far_m, step_max_m)
    return earliest_s, latest_s


# ---- for people -----------------------------------------------------------------------------------------------------


def flyout_time_s(entry: Interceptor, ground_range_km: float, alt_km: float) -> float:
    """Time of flight in s of an interceptor to a ground range and an altitude, inf when out of reach."""
    return float(flyout_time(flyout_tables([entry]), 0, ground_range_km * M_PER_KM, alt_km * M_PER_KM))


def reach_km(entry: Interceptor, alt_km: float) -> float:
    """Farthest ground range in km that an interceptor reaches at an altitude, 0 when it reaches none."""
    tables = flyout_tables([entry])
    ranges_m = tables.range_min_m[0] + tables.range_step_m[0] * np.arange(tables.time_s.shape[1])
    reached = [r for r in ranges_m if flyout_time(tables, 0, float(r), alt_km * M_PER_KM) < math.inf]
    return float(max(reached, default=0.0)) / M_PER_KM
