"""Detection windows: when, along one flight, each sensor could see it, and how long before impact that is.

A sensor sees a target where one look detects half of the time or more. A radar must have it above its horizon, in its
coverage, and with enough signal; `horizon_s` tells the horizon alone. In orbit, warning counts looks of any satellite
at the burn, tracking looks of two satellites at what flies on. Between samples of the flight the target moves straight.

Left out: what a sensor is told by others (cues), its rhythm, its time budget. Evidence: docs/models/footprints.md.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from opendome.errors import InputError
from opendome.fly import Trajectory
from opendome.kernel import BoolArray, F64Array, kernel, pack
from opendome.sensing.radar import look, lower_radars, reach
from opendome.sensing.sites import RadarSite
from opendome.units import M_PER_KM
from opendome.world import is_above_horizon

SEEN_P = 0.5
"""Detection probability of one look from which on a sensor is taken to see a target."""

ELEVATED_M = 1000.0
"""An antenna this high over the ground is carried by an aircraft or a balloon."""

GROUND, ELEVATED, WARNING, TRACKING = "ground radar", "elevated radar", "warning from orbit", "tracking from orbit"
KINDS = (GROUND, ELEVATED, WARNING, TRACKING)

HALVINGS = 12
"""Halvings of a step: an instant is good to 1/4096 of it."""


@dataclass(frozen=True, eq=False)
class Window:
    """When one sensor could see one flight. Times in s after launch."""

    sensor: str
    kind: str
    """One of `KINDS`."""
    first_s: float
    """First instant at which it sees it; inf for never."""
    before_impact_s: float
    """From then to impact; -inf for never."""
    alt_km: float
    """Altitude of the target then; NaN for never."""
    distance_km: float
    """Of the target from a radar then; NaN for sensors in orbit, and for never."""
    horizon_s: float
    """First instant above a radar's horizon, whatever the signal; NaN for sensors in orbit."""
    spans_s: tuple[tuple[float, float], ...]
    """Stretches of the flight in which it sees it."""


# ---- kernels --------------------------------------------------------------------------------------------------------


@kernel
def point_at(path_r, place):
    """ECEF position of a path (K, 3) at a place, counted in steps from its first row; straight between rows."""
    last = path_r.shape[0] - 1
    k = min(max(int(place), 0), last - 1)
    share = min(max(place - k, 0.0), 1.0)
    return (path_r[k, 0] + share * (path_r[k + 1, 0] - path_r[k, 0]),
            path_r[k, 1] + share * (path_r[k + 1, 1] - path_r[k, 1]),
            path_r[k, 2] + share * (path_r[k + 1, 2] - path_r[k, 2]))


@kernel
def is_seen(radars, s, path_r, place, step_s, rcs_m2, swerling, warned_s, gain):
    """Whether a look of radar s at a place of a path detects half of the time or more.

    From `warned_s` on, told where to search, it has `gain` times the signal.
    """
    x, y, z = point_at(path_r, place)
    p, _ = look(radars, s, x, y, z, rcs_m2, swerling, gain if place * step_s >= warned_s else 1.0)
    return p >= SEEN_P


@kernel
def first_seen(radars, s, path_r, step_s, step_max_m, highest_m, rcs_m2, swerling, warned_s, gain, from_s, until_s):
    """First instant in s, from `from_s` to `until_s`, at which radar s sees a target on a path; inf when it does not.

    path_r: (K, 3), step_s apart from launch on, no step longer than step_max_m, nowhere above highest_m.
    """
    place, last = max(from_s / step_s, 0.0), min(path_r.shape[0] - 1.0, until_s / step_s)
    if place > last:
        return math.inf
    if is_seen(radars, s, path_r, place, step_s, rcs_m2, swerling, warned_s, gain):
        return place * step_s
    reach_m, r = reach(radars, s, rcs_m2, highest_m, max(gain, 1.0)), radars.r_ecef_m[s]
    low, k = place, math.floor(place) + 1.0
    while k <= last:
        x, y, z = path_r[int(k), 0], path_r[int(k), 1], path_r[int(k), 2]
        far_m = math.sqrt((x - r[0]) ** 2 + (y - r[1]) ** 2 + (z - r[2]) ** 2) - reach_m
        if far_m > 0.0:
            low = k
            k += 1.0 + math.floor(min(far_m / (step_max_m + 1e-9), 1e9))
            continue
        if is_seen(radars, s, path_r, k, step_s, rcs_m2, swerling, warned_s, gain):
            high, low = k, max(low, k - 1.0)
            for _ in range(HALVINGS):
                place = 0.5 * (low + high)
                if is_seen(radars, s, path_r, place, step_s, rcs_m2, swerling, warned_s, gain):
                    high = place
                else:
                    low = place
            return high * step_s
        low = k
        k += 1.0
    return math.inf


@kernel
def _radar_rows(radars, s, r, rcs_m2, swerling, sees, is_up):
    """Fill sees and is_up (K,): whether radar s sees positions (K, 3), and whether they are above its horizon."""
    at = radars.r_ecef_m[s]
    for k in range(r.shape[0]):
        x, y, z = r[k, 0], r[k, 1], r[k, 2]
        is_up[k] = is_above_horizon(at[0], at[1], at[2], x, y, z)
        p, _ = look(radars, s, x, y, z, rcs_m2, swerling, 1.0)
        sees[k] = p >= SEEN_P


# ---- for users ------------------------------------------------------------------------------------------------------


def detection_windows(flight: Trajectory, *, radars: Sequence[RadarSite] = (), rcs_m2: float = 0.0,
                      swerling: int = 1) -> list[Window]:
    """When each radar could see a flight, in the order of the radars. For sensors in orbit see `orbit_window`."""
    if radars and not rcs_m2 > 0.0:
        raise InputError(f"rcs_m2 = {rcs_m2}\n  must be above 0")
    if len(flight.t_s) < 2:
        raise InputError(f"flight\n  must have two samples or more; found {len(flight.t_s)}")
    table, found = pack(lower_radars(radars)), []
    r = np.ascontiguousarray(flight.r_ecef_m)
    sees, is_up = np.zeros(len(r), np.bool_), np.zeros(len(r), np.bool_)
    for s, site in enumerate(radars):
        _radar_rows(table, s, r, rcs_m2, swerling, sees, is_up)
        at = table.r_ecef_m[s]

        def is_visible(point: F64Array, s: int = s) -> bool:
            return bool(look(table, s, *point, rcs_m2, swerling, 1.0)[0] >= SEEN_P)

        def is_over(point: F64Array, at: Any = at) -> bool:
            return bool(is_above_horizon(*at, *point))

        first_s = _first(flight, sees, is_visible)
        kind = ELEVATED if site.value("antenna_m") >= ELEVATED_M else GROUND
        found.append(_window(flight, site.name, kind, first_s, sees, _first(flight, is_up, is_over), at))
    return found


def orbit_window(flight: Trajectory, name: str, kind: str, p: F64Array) -> Window:
    """When a sensor in orbit could see a flight, of the chances p (K,) of one look at its samples."""
    sees = p >= SEEN_P
    first_s = float(flight.t_s[np.argmax(sees)]) if sees.any() else math.inf
    return _window(flight, name, kind, first_s, sees, math.nan, None)


def any_of(p: F64Array) -> F64Array:
    """(K,) chance that any satellite detects, of the chances (K, S) of each."""
    return np.asarray(1.0 - np.prod(1.0 - p, axis=1), dtype=np.float64)


def second_best(p: F64Array) -> F64Array:
    """(K,) chance of the second-best satellite, of the chances (K, S) of each: two together give a position."""
    return np.asarray(np.partition(p, -2, axis=1)[:, -2], dtype=np.float64) if p.shape[1] > 1 else np.zeros(len(p))


# ---- parts ----------------------------------------------------------------------------------------------------------


def _first(flight: Trajectory, sees: BoolArray, test: Callable[[F64Array], bool]) -> float:
    """First instant at which `test` of the position holds, given where it does at the samples; inf for never."""
    if not sees.any():
        return math.inf
    k = int(np.argmax(sees))
    if k == 0:
        return float(flight.t_s[0])
    low, high = 0.0, 1.0
    before, after = flight.r_ecef_m[k - 1], flight.r_ecef_m[k]
    for _ in range(HALVINGS):
        share = 0.5 * (low + high)
        low, high = (low, share) if test(before + share * (after - before)) else (share, high)
    return float(flight.t_s[k - 1] + high * (flight.t_s[k] - flight.t_s[k - 1]))


def _window(flight: Trajectory, name: str, kind: str, first_s: float, sees: BoolArray, horizon_s: float,
            at: Any) -> Window:
    if math.isinf(first_s):
        return Window(name, kind, first_s, -math.inf, math.nan, math.nan, horizon_s, ())
    point = [float(np.interp(first_s, flight.t_s, flight.r_ecef_m[:, c])) for c in range(3)]
    distance_km = math.dist(point, list(at)) / M_PER_KM if at is not None else math.nan
    alt_km = float(np.interp(first_s, flight.t_s, flight.alt_m)) / M_PER_KM
    return Window(name, kind, first_s, float(flight.t_s[-1]) - first_s, alt_km, distance_km, horizon_s,
                  _spans(flight.t_s, sees, first_s))


def _spans(t_s: F64Array, sees: BoolArray, first_s: float) -> tuple[tuple[float, float], ...]:
    """Stretches of samples that are seen, the first from `first_s` on."""
    steps = np.flatnonzero(np.diff(np.concatenate([[False], sees, [False]]).astype(np.int64)))
    spans = [(float(t_s[a]), float(t_s[b - 1])) for a, b in zip(steps[::2], steps[1::2], strict=True)]
    return ((first_s, spans[0][1]), *spans[1:])
