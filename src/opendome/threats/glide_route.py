"""Routes of gliders: the entry of a class made ready to fly, solved, checked, and refused where there is no flight."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from opendome.catalogue.entries import GlideThreat
from opendome.errors import InputError, OpenDomeError
from opendome.kernel import F64Array
from opendome.threats import glide, glide_solve
from opendome.threats.glide_dive import MISSED
from opendome.threats.glide_motion import Glider, hottest
from opendome.threats.glide_solve import DIVE, Case, Failure, Glide
from opendome.threats.refuse import flown_by, place_text
from opendome.threats.routes import GLIDER_STEP_S, Route, state_at
from opendome.units import DEG_PER_RAD, G0_M_S2, M_PER_KM, RAD_PER_DEG
from opendome.world import GeodesicLine, altitude, geodesic_inverse, geodetic

Point = tuple[float, float]


def case_of(entry: GlideThreat, launch: Point) -> Case:
    """A class ready to be flown from a launch point (lat_deg, lon_deg)."""
    burn_s, inv_beta = entry.burn_s.value, 1.0 / entry.beta_kg_m2.value
    glider = Glider(inv_beta, entry.lift_to_drag.value * inv_beta, entry.load_max_g.value * G0_M_S2,
                    entry.bank_max_deg.value * RAD_PER_DEG, entry.glide_end_m_s.value,
                    entry.dive_deg.value * RAD_PER_DEG)
    body = np.array([launch[0] * RAD_PER_DEG, launch[1] * RAD_PER_DEG, entry.burnout_alt_km.value * M_PER_KM, burn_s,
                     entry.beta_kg_m2.value])
    return Case(body, entry.burnout_deg.value * RAD_PER_DEG, glider, entry.burnout_speed_min_m_s.value,
                entry.burnout_speed_max_m_s.value, burn_s / math.ceil(burn_s / GLIDER_STEP_S - 1e-9))


def glide_route(name: str, entry: GlideThreat, launch: Point, aim: Point, line: GeodesicLine,
                via: Sequence[Point]) -> Route:
    """The flight of a glider from launch over waypoints to the aim; raises `InputError` where there is none."""
    case = case_of(entry, launch)
    points = [launch, *via, aim]
    legs = [geodesic_inverse(lat1_deg=a[0], lon1_deg=a[1], lat2_deg=b[0], lon2_deg=b[1]) for a, b in pairwise(points)]
    length_km = sum(leg.distance_km for leg in legs)
    if case.glider.end_m_s >= case.slow_m_s:
        raise InputError(f"{name}: glide_end_m_s = {case.glider.end_m_s:g}\n"
                         f"  must be below burnout_speed_min_m_s, {case.slow_m_s:g}: it would be too slow to glide")
    found = glide_solve.solve(case, points[1:])
    if isinstance(found, Failure):
        if via and (found.too_far or found.too_near):
            speed = case.fast_m_s if found.too_far else case.slow_m_s
            _check_turns(name, case, *glide_solve.trial(case, speed, points[1:]), points, legs)
        raise InputError(_why(name, case, found, points, length_km))
    _check_turns(name, case, found.turns, found.t_glide_s, found.r, points, legs)
    _check_nose(name, entry, found, case.dt_s)
    return Route(name, launch, aim, length_km, line.arrival_azimuth_deg, found.t_impact_s, found.top_m / M_PER_KM,
                 found.speed_m_s, entry.burnout_deg.value, case.body, None, None, found)


def along(found: Glide, dt_s: float, t_s: F64Array) -> tuple[F64Array, F64Array]:
    """ECEF position and Earth-fixed velocity, (K, 3) each, at instants (K,) of a solved flight."""
    states = np.array([state_at(found.r, found.v, 0, len(found.r), dt_s, t) for t in t_s])
    return np.ascontiguousarray(states[:, :3]), np.ascontiguousarray(states[:, 3:])


def _why(name: str, case: Case, failure: Failure, points: Sequence[Point], length_km: float) -> str:
    """What is wrong, and what would be right."""
    azimuth = glide_solve.initial_azimuth(case, points[1])
    way = f"the path from {place_text(points[0])} to {place_text(points[-1])} is {length_km:.0f} km long"
    if len(points) == 2:
        way = (f"the aim point {place_text(points[-1])} is {length_km:.0f} km from the launch point "
               f"{place_text(points[0])}")
    near_km, far_km = (glide_solve.range_km(case, azimuth, speed) for speed in (case.slow_m_s, case.fast_m_s))
    if (failure.too_far or failure.too_near) and far_km is not None:
        ends = f"at most {far_km:.0f} km" if near_km is None else f"{near_km:.0f} to {far_km:.0f} km"
        turns = " straight on, less with turns" if len(points) > 2 else " in that direction"
        return (f"{name}: {way}\n  must be {ends}{turns}: burnout at {case.slow_m_s:g} to {case.fast_m_s:g} m/s"
                f"{flown_by(length_km)}")
    reasons = {
        glide.PLUNGED: "it would come down before it glides\n  must pull up above the ground: a smaller burnout_deg, a "
                      "higher load_max_g, or more lift_to_drag / beta_kg_m2",
        glide.SKIPS: f"its fastest burnout, {case.fast_m_s:g} m/s, skips: it does not come down into the air, or "
                     f"leaves it again\n  must stay in: burnout_speed_max_m_s at most "
                     f"{glide_solve.fastest_down(case, azimuth):.0f}, or a smaller burnout_deg",
        glide.TOO_LONG: "no burnout speed brings it to its dive over the right place\n  must come to the aim point "
                        "gliding: fewer or wider turns",
        DIVE + MISSED: f"its dive cannot be as steep as {case.glider.dive_rad * DEG_PER_RAD:g} degrees before the "
                       "ground comes\n  must be shallower: a smaller dive_deg, or a higher load_max_g",
    }
    if failure.code not in reasons:
        raise OpenDomeError(f"{name}: {way}; the flight could not be followed (code {failure.code})")
    return f"{name}: {way}, and {reasons[failure.code]}"


def _check_turns(name: str, case: Case, turns: F64Array, t_glide_s: float, r: F64Array, points: Sequence[Point],
                 legs: Sequence[GeodesicLine]) -> None:
    """Refuse turns that are tighter than it can fly: there must be room for a circle that touches both legs.

    A turn is begun at a whole step, so it may begin one late.
    """
    launch, waypoints = points[0], points[1:-1]
    for i, spot in enumerate(waypoints):
        _, speed, radius_m, turn_rad, room_m = turns[i]
        half = math.tan(0.5 * min(float(turn_rad), glide.TURN_MAX_RAD))
        used_m = turns[i + 1, 2] * math.tan(0.5 * turns[i + 1, 3]) if i + 1 < len(waypoints) else 0.0
        room_m = min(room_m + speed * case.dt_s, legs[i + 1].distance_km * M_PER_KM - used_m)
        if turn_rad < 1e-3 or room_m >= radius_m * half:
            continue
        begins_km = _ground_km(launch, r[int(t_glide_s / case.dt_s)])
        raise InputError(
            f"{name}: via[{i}], {place_text(spot)}: a turn of {turn_rad * DEG_PER_RAD:.0f} degrees there would have "
            f"a radius of {max(room_m, 0.0) / half / M_PER_KM:.0f} km\n"
            f"  must be at least {radius_m / M_PER_KM:.0f} km, what it can fly there at {speed / 1e3:.1f} km/s and a "
            f"bank of {case.glider.bank_rad * DEG_PER_RAD:g} degrees; it can turn from {begins_km:.0f} km after launch "
            f"on\nhint: a waypoint farther from its neighbours, or a smaller turn")


def _check_nose(name: str, entry: GlideThreat, found: Glide, dt_s: float) -> None:
    """Refuse a flight whose nose gets hotter than it stands; nose and skin are in balance (see `air.heating`)."""
    limit_k, radius_m, first = entry.nose_max_k.value, entry.nose_radius_m.value, int(entry.burn_s.value / dt_s)
    hot_k, row = hottest(found.r, found.v, first, radius_m)
    if hot_k <= limit_k:
        return
    low_m, high_m = radius_m, 1e3 * radius_m
    for _ in range(40):
        middle_m = math.sqrt(low_m * high_m)
        if hottest(found.r, found.v, first, middle_m)[0] > limit_k:
            low_m = middle_m
        else:
            high_m = middle_m
    x, y, z = found.r[row]
    speed = float(np.linalg.norm(found.v[row]))
    raise InputError(
        f"{name}: the nose would get {hot_k:.0f} K hot, {row * dt_s:.0f} s after launch at {speed / 1e3:.2f} km/s and "
        f"{altitude(x, y, z) / M_PER_KM:.0f} km\n  must stay below nose_max_k, {limit_k:g} K: on this flight a nose of "
        f"{high_m:.2g} m radius would (nose_radius_m is {radius_m:g})\n"
        "hint: nearer targets need a slower burnout, and a smaller burnout_deg gives a gentler pull-up")


def _ground_km(launch: Point, r: F64Array) -> float:
    lat, lon, _ = geodetic(*r)
    return geodesic_inverse(lat1_deg=launch[0], lon1_deg=launch[1], lat2_deg=lat, lon2_deg=lon).distance_km
