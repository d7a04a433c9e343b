"""What flies in: ballistic missiles, gliders, one-way drones and cruise missiles, from a launch point to an aim point.

For people: `fly` (one flight, sampled), `solve_route` (one flight, solved), `reachable` (where a glider can come down).
For the raid loop: `lower_routes`, and the kernels `fly_route`, `state_at`, `phase_at`.

Left out: several objects from one launch (boosters, decoys), manoeuvre other than over
waypoints, terrain. The radar cross-section of a
class is one number. Equations, sources and evidence: docs/models/threats.md.
"""

import math
from collections.abc import Sequence

import numpy as np

from opendome.catalogue import shipped
from opendome.catalogue.entries import BallisticThreat, GlideThreat, WaypointThreat
from opendome.errors import InputError, OpenDomeError, Status, nearest
from opendome.fly import Trajectory, sample_times, trajectory
from opendome.kernel import F64Array
from opendome.threats import ballistic, waypoint
from opendome.threats.glide_route import along, glide_route
from opendome.threats.reach import Reach, reachable
from opendome.threats.refuse import flown_by, place_text
from opendome.threats.routes import (
    BOOST,
    CRUISE,
    DIVE,
    GLIDE,
    MIDCOURSE,
    TERMINAL,
    Phase,
    Route,
    Routes,
    fly_route,
    lower_routes,
    phase_at,
    samples_max,
    state_at,
)
from opendome.units import DEG_PER_RAD, M_PER_KM, RAD_PER_DEG
from opendome.world import GeodesicLine, check_latitude, geodesic_inverse

__all__ = [
    "BOOST", "CRUISE", "DIVE", "GLIDE", "MIDCOURSE", "TERMINAL", "TRAJECTORIES", "Phase", "Reach", "Route",
    "Routes", "fly", "fly_route", "lower_routes", "phase_at", "reachable", "samples_max", "solve_route", "state_at",
]

TRAJECTORIES = ("minimum-energy", "lofted", "depressed")
"""Shapes of a ballistic flight."""

AnyThreat = BallisticThreat | WaypointThreat | GlideThreat
Point = tuple[float, float]

AT_LAUNCH_KM = 1.0
FLY_TOL = 1e-10


def solve_route(name: str, entry: AnyThreat, *, launch: Point, aim: Point,
                trajectory: str | float = "minimum-energy", via: Sequence[Point] = ()) -> Route:
    """The flight of a threat from `launch` to `aim` (lat_deg, lon_deg), both on the ellipsoid.

    `trajectory` is the shape of a ballistic flight: one of `TRAJECTORIES`, or the flight-path angle at burnout in
    degrees. `via` are waypoints (not for ballistic missiles). Raises `InputError` where there is no such flight.
    """
    launch, aim, via = _point("launch", launch), _point("aim", aim), [_point("via", p) for p in via]
    line = geodesic_inverse(lat1_deg=launch[0], lon1_deg=launch[1], lat2_deg=aim[0], lon2_deg=aim[1])
    if line.distance_km < AT_LAUNCH_KM:
        raise InputError(f"{name}: the aim point {place_text(aim)} is at the launch point\n"
                         f"  must be at least {AT_LAUNCH_KM:g} km away; it is {line.distance_km:.3f} km away")
    if isinstance(entry, BallisticThreat):
        if via:
            raise InputError(f"{name}: a ballistic missile flies no waypoints\n  leave `via` out")
        return _ballistic(name, entry, launch, aim, line, trajectory)
    if isinstance(entry, GlideThreat):
        return glide_route(name, entry, launch, aim, line, via)
    return _waypoint(name, entry, launch, aim, line, via)


def fly(threat_spec: str | AnyThreat, *, launch: Point, aim: Point, step_s: float,
        trajectory: str | float = "minimum-energy", via: Sequence[Point] = ()) -> Trajectory:
    """One flight of a threat (a name of the catalogue, or an entry), sampled at 0, step_s, 2 step_s ... and at impact.

    The Trajectory has the codes of `Phase` in `phase`. Times are seconds after launch. See `solve_route` for the rest.
    """
    name, entry = entry_of(threat_spec)
    route = solve_route(name, entry, launch=launch, aim=aim, trajectory=trajectory, via=via)
    t_s = sample_times(route.t_impact_s, step_s)
    if route.path is not None:
        t_s = np.append(t_s[t_s < route.t_impact_s], route.t_impact_s)
        r, v = waypoint.fly_path(route.path, t_s)
    elif route.glide is not None:
        t_s = np.append(t_s[t_s < route.t_impact_s], route.t_impact_s)
        r, v = along(route.glide, route.dt_s, t_s)
    elif route.burnout is not None:
        r, v, end, found = np.empty((t_s.size + 2, 3)), np.empty((t_s.size + 2, 3)), np.empty(6), route.burnout
        status, rows, t_impact_s = ballistic.fly_ballistic(
            np.array(route.body), found.azimuth_rad, found.speed_m_s, found.flight_path_rad, float(step_s), FLY_TOL,
            r, v, end)
        if status != Status.OK:
            raise OpenDomeError(f"{name}: the flight could not be followed: {Status(status).name}")
        t_s = np.append(np.arange(rows) * float(step_s), t_impact_s)
        r, v = np.concatenate([r[:rows], [end[:3]]]), np.concatenate([v[:rows], [end[3:]]])
    return _with_phase(route, t_s, r, v)


def _with_phase(route: Route, t_s: F64Array, r: F64Array, v: F64Array) -> Trajectory:
    table = lower_routes([route])
    phase = np.array([phase_at(table, 0, t, *r[i], *v[i]) for i, t in enumerate(t_s)], dtype=np.int64)
    return trajectory(t_s, r, v)._replace(phase=phase)


def _ballistic(name: str, entry: BallisticThreat, launch: Point, aim: Point, line: GeodesicLine,
               shape: str | float) -> Route:
    low_km, high_km = entry.range_min_km.value, entry.range_max_km.value
    if not low_km <= round(line.distance_km, 6) <= high_km:
        raise InputError(f"{name}: the aim point {place_text(aim)} is {line.distance_km:.0f} km from the launch point "
                         f"{place_text(launch)}\n  must be {low_km:g} to {high_km:g} km{flown_by(line.distance_km)}")
    if isinstance(shape, str) and shape not in TRAJECTORIES:
        raise InputError(f"trajectory = {shape!r}\n  must be one of {', '.join(TRAJECTORIES)}, or degrees\n"
                         f"hint: {nearest(shape, TRAJECTORIES)}")
    if not isinstance(shape, str) and not 0.5 <= shape <= 85.0:
        raise InputError(f"trajectory = {shape:g}\n  a flight-path angle must be 0.5 to 85 degrees")
    body = (launch[0] * RAD_PER_DEG, launch[1] * RAD_PER_DEG, entry.burnout_alt_km.value * M_PER_KM, entry.burn_s.value,
            entry.beta_kg_m2.value)
    found = ballistic.solve(np.array(body), ballistic.place(*aim), range_m=line.distance_km * M_PER_KM,
                            azimuth_rad=line.azimuth_deg * RAD_PER_DEG, trajectory=shape)
    if found is None:
        raise InputError(f"{name}: no {shape} flight from {place_text(launch)} to {place_text(aim)} "
                         f"({line.distance_km:.0f} km) was found with burnout at {entry.burnout_alt_km.value:g} km "
                         f"after {entry.burn_s.value:g} s\n"
                         "hint: try another trajectory, or a lower burnout_alt_km")
    return Route(name, launch, aim, line.distance_km, line.arrival_azimuth_deg, found.t_impact_s,
                 ballistic.apogee_m(np.array(body), found) / M_PER_KM, found.speed_m_s,
                 found.flight_path_rad * DEG_PER_RAD, body, found, None)


def _waypoint(name: str, entry: WaypointThreat, launch: Point, aim: Point, line: GeodesicLine,
              via: Sequence[Point]) -> Route:
    path = waypoint.plan([launch, *via, aim], speed_m_s=entry.speed_m_s.value, alt_m=entry.altitude_m.value,
                         dive_rad=entry.dive_deg.value * RAD_PER_DEG)
    length_km = path.length_m / M_PER_KM
    if length_km > entry.range_max_km.value:
        raise InputError(f"{name}: the path from {place_text(launch)} to {place_text(aim)} is {length_km:.0f} km long\n"
                         f"  must be at most {entry.range_max_km.value:g} km{flown_by(length_km)}")
    if path.t_dive_s < 0.0:
        raise InputError(f"{name}: the path is {length_km:.2f} km long\n"
                         f"  must be longer than its dive, {path.dive_ground_m / M_PER_KM:.2f} km")
    body = (launch[0] * RAD_PER_DEG, launch[1] * RAD_PER_DEG, path.alt_m, 0.0, math.inf)
    return Route(name, launch, aim, length_km, line.arrival_azimuth_deg, path.t_impact_s, path.alt_m / M_PER_KM,
                 path.speed_m_s, 0.0, body, None, path)


def entry_of(threat_spec: str | AnyThreat) -> tuple[str, AnyThreat]:
    """Name and entry of a threat: a name of the shipped catalogue, or an entry, which is named by its class."""
    if not isinstance(threat_spec, str):
        return f"{threat_spec.threat_class} threat", threat_spec
    threats = shipped().threats
    if threat_spec not in threats:
        raise InputError(f"threat_spec = {threat_spec!r}\n  must be a threat of the catalogue, or an entry\n"
                         f"hint: {nearest(threat_spec, threats)}")
    return threat_spec, threats[threat_spec]


def _point(name: str, point: Point) -> Point:
    try:
        lat_deg, lon_deg = (float(x) for x in point)
    except (TypeError, ValueError):
        raise InputError(f"{name} = {point!r}\n  must be (lat_deg, lon_deg)") from None
    if not math.isfinite(lon_deg) or abs(lon_deg) > 360.0:
        raise InputError(f"{name}: lon_deg = {lon_deg}\n  must be between -180 and 180")
    return check_latitude(lat_deg), lon_deg
