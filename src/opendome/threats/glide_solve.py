"""The burnout speed with which a glider comes to the begin of its dive at the speed of the dive, over the right place.

One unknown: the glider steers itself, so azimuth needs no solving. The overshoot of the dive's end grows with burnout
speed; its zero is bracketed by the slowest and the fastest burnout and found by the Illinois method.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from opendome.kernel import F64Array
from opendome.threats import glide
from opendome.threats.ballistic import place
from opendome.threats.glide import END_OF_GLIDE, NEAR_AIM, fly_glide, overshoot, ups
from opendome.threats.glide_dive import MISSED, ON_AIM, dive_ground, fly_dive, sink
from opendome.threats.glide_motion import Glider
from opendome.units import DEG_PER_RAD, M_PER_KM, RAD_PER_DEG
from opendome.world import geodesic_direct, geodesic_inverse, geodetic

Point = tuple[float, float]

MISS_M = 5.0
"""The solver stops when the dive of the stated angle would end this close; the line then makes up for it."""
ROUNDS_MAX = 60
NEAR_SHARE = 0.7
"""A flight that comes this near, in parts of a dive's ground distance, was too fast."""
DIVE_OFF_RAD = 2.0 * RAD_PER_DEG
"""A dive whose angle is off by more cannot be flown: the ground comes before the arc is round."""
AHEAD_KM = 15_000.0
"""A glide straight on is steered to a place this far from launch."""
NEARER = 0.995
FARTHEST_KM = 0.9 * AHEAD_KM
"""Ranges beyond are not told apart."""


class Case(NamedTuple):
    """A glider to be flown from somewhere: all but burnout speed and way."""

    launch: F64Array
    """(5,) latitude and longitude (rad), burnout altitude (m), burn (s), ballistic coefficient (kg/m2)."""
    flight_path_rad: float
    glider: Glider
    slow_m_s: float
    fast_m_s: float
    dt_s: float

    @property
    def body(self) -> tuple[float, float, float, float, float]:
        """`launch` as numbers."""
        lat, lon, alt, burn, beta = (float(x) for x in self.launch)
        return lat, lon, alt, burn, beta

    @property
    def launch_deg(self) -> Point:
        """Latitude and longitude of the launch point."""
        return float(self.launch[0]) * DEG_PER_RAD, float(self.launch[1]) * DEG_PER_RAD


class Glide(NamedTuple):
    """A solved and sampled flight; K rows every dt_s, the last beyond the impact by less than that."""

    azimuth_rad: float
    speed_m_s: float
    """At burnout."""
    t_glide_s: float
    """When it first falls through `THIN_AIR_M` after burnout."""
    t_dive_s: float
    t_line_s: float
    """When the straight part of the dive begins."""
    t_impact_s: float
    line_rad: float
    """Angle of that below the horizontal where it begins."""
    top_m: float
    turns: F64Array
    """(W, 5) see `glide.Turns`; the last row, of the aim, stays zero."""
    r: F64Array
    """(K, 3)"""
    v: F64Array
    """(K, 3)"""


class Failure(NamedTuple):
    """Why there is no flight: how the glide ended (codes of `glide`), or of the dive (`DIVE` + codes there)."""

    code: int
    too_far: bool
    """The fastest burnout falls short."""
    too_near: bool
    """The slowest burnout goes too far."""


DIVE = 100


def solve(case: Case, points: Sequence[Point]) -> Glide | Failure:
    """The flight over `points` (lat_deg, lon_deg), the last being the aim."""
    azimuth, targets = initial_azimuth(case, points[0]), ups(points)
    near_m = NEAR_SHARE * dive_km(case, azimuth, case.fast_m_s) * M_PER_KM

    def miss(speed: float) -> tuple[int, float]:
        how, m = overshoot(case.launch, azimuth, speed, case.flight_path_rad, case.glider, targets, near_m, case.dt_s)
        return int(how), float(m)

    how, high_m = miss(case.fast_m_s)
    if how not in (END_OF_GLIDE, NEAR_AIM) or high_m < 0.0:
        return Failure(how, how in (END_OF_GLIDE, NEAR_AIM), False)
    how, low_m = miss(case.slow_m_s)
    if how in (END_OF_GLIDE, NEAR_AIM) and low_m > 0.0:
        return Failure(how, False, True)
    speed = _zero(miss, case.slow_m_s, low_m if low_m < 0.0 else -1e6, case.fast_m_s, high_m)
    if speed is None:
        return Failure(glide.TOO_LONG, False, False)
    return sampled(case, azimuth, speed, points, near_m)


def _zero(miss: Callable[[float], tuple[int, float]], low: float, low_m: float, high: float,
          high_m: float) -> float | None:
    """Burnout speed of no overshoot between two of either sign; a flight that fails counts as far too short."""
    for _ in range(ROUNDS_MAX):
        share = min(max(low_m / (low_m - high_m), 0.02), 0.98)
        speed = low + share * (high - low)
        how, found_m = miss(speed)
        if how not in (END_OF_GLIDE, NEAR_AIM):
            found_m = -1e6
        if abs(found_m) < MISS_M:
            return speed
        if found_m < 0.0:
            low, low_m, high_m = speed, found_m, 0.5 * high_m
        else:
            high, high_m, low_m = speed, found_m, 0.5 * low_m
    return None


def sampled(case: Case, azimuth_rad: float, speed_m_s: float, points: Sequence[Point],
            near_m: float) -> Glide | Failure:
    """Fly and record the flight of a burnout speed."""
    rows = math.ceil(glide.FLIGHT_MAX_S / case.dt_s)
    r, v, end, targets = np.empty((rows, 3)), np.empty((rows, 3)), np.empty(6), ups(points)
    turns = np.zeros((len(points), 5))
    how, n, t_dive_s, t_glide_s, top_m = fly_glide(case.launch, azimuth_rad, speed_m_s, case.flight_path_rad,
                                                   case.glider, targets, near_m, 0.0, 0.0, case.dt_s, r, v, turns,
                                                   end)
    if how != END_OF_GLIDE:
        return Failure(how, False, False)
    how, n, t_impact_s, t_line_s = fly_dive(case.glider, place(*points[-1])[:3], targets[-1], t_dive_s, case.dt_s, n,
                                            end, r, v)
    if how != ON_AIM:
        return Failure(DIVE + how, False, False)
    line_rad = float(sink(*end))
    if abs(line_rad - case.glider.dive_rad) > DIVE_OFF_RAD:
        return Failure(DIVE + MISSED, False, False)
    return Glide(azimuth_rad, speed_m_s, t_glide_s, t_dive_s, t_line_s, t_impact_s, line_rad, top_m, turns,
                 r[:n].copy(), v[:n].copy())


def trial(case: Case, speed_m_s: float, points: Sequence[Point]) -> tuple[F64Array, float, F64Array]:
    """How a burnout speed passes the waypoints, (W, 5), as in `Glide`; when the glide begins, and (K, 3) its places."""
    rows = math.ceil(glide.FLIGHT_MAX_S / case.dt_s)
    r, v, end, turns = np.empty((rows, 3)), np.empty((rows, 3)), np.empty(6), np.zeros((len(points), 5))
    _, n, _, t_glide_s, _ = fly_glide(case.launch, initial_azimuth(case, points[0]), speed_m_s, case.flight_path_rad,
                                      case.glider, ups(points), 0.0, 0.0, 0.0, case.dt_s, r, v, turns, end)
    return turns, float(t_glide_s), r[:min(n, rows)].copy()


def initial_azimuth(case: Case, point: Point) -> float:
    """Azimuth in rad of the geodesic from launch to a point."""
    lat, lon = case.launch_deg
    return math.radians(geodesic_inverse(lat1_deg=lat, lon1_deg=lon, lat2_deg=point[0], lon2_deg=point[1]).azimuth_deg)


def _straight_on(case: Case, azimuth_rad: float, speed_m_s: float) -> tuple[int, F64Array]:
    lat, lon = case.launch_deg
    ahead = geodesic_direct(lat_deg=lat, lon_deg=lon, azimuth_deg=azimuth_rad * DEG_PER_RAD, distance_km=AHEAD_KM)
    none, end = np.empty((0, 3)), np.empty(6)
    how, *_ = fly_glide(case.launch, azimuth_rad, speed_m_s, case.flight_path_rad, case.glider, ups([ahead]), 0.0, 0.0,
                        0.0, case.dt_s, none, none, np.zeros((1, 5)), end)
    return how, end


def fastest_down(case: Case, azimuth_rad: float) -> float:
    """Fastest burnout, m/s, that comes down to glide and stays down; the slowest if none does."""
    low, high = case.slow_m_s, case.fast_m_s
    while high - low > 5.0:
        middle = 0.5 * (low + high)
        if _straight_on(case, azimuth_rad, middle)[0] == glide.SKIPS:
            high = middle
        else:
            low = middle
    return low


def dive_km(case: Case, azimuth_rad: float, speed_m_s: float) -> float:
    """Ground distance of the dive at the end of a straight glide; 0 where the glide fails."""
    how, end = _straight_on(case, azimuth_rad, speed_m_s)
    return float(dive_ground(case.glider, *end)) / M_PER_KM if how == END_OF_GLIDE else 0.0


def range_km(case: Case, azimuth_rad: float, speed_m_s: float) -> float | None:
    """Ground distance from launch to impact of a flight to a place ahead that it just reaches; None where it fails.

    Flown straight on first, then again to a place a little nearer: the way to a place differs by some km.
    """
    how, end = _straight_on(case, azimuth_rad, speed_m_s)
    if how == NEAR_AIM:
        return FARTHEST_KM
    if how != END_OF_GLIDE:
        return None
    lat, lon, _ = geodetic(*end[:3])
    line = geodesic_inverse(lat1_deg=case.launch_deg[0], lon1_deg=case.launch_deg[1], lat2_deg=lat, lon2_deg=lon)
    nearer_km = NEARER * (line.distance_km + float(dive_ground(case.glider, *end)) / M_PER_KM)
    if nearer_km > NEARER * FARTHEST_KM:
        return FARTHEST_KM
    aim = geodesic_direct(lat_deg=case.launch_deg[0], lon_deg=case.launch_deg[1], azimuth_deg=azimuth_rad * DEG_PER_RAD,
                          distance_km=nearer_km)
    how, over_m = overshoot(case.launch, azimuth_rad, speed_m_s, case.flight_path_rad, case.glider, ups([aim]), 0.0,
                            case.dt_s)
    return nearer_km + float(over_m) / M_PER_KM if how == END_OF_GLIDE else None
