"""Routes: solved flights stacked for compiled code, flown with a displaced impact, sampled, interpolated."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from opendome.errors import Status
from opendome.kernel import F64Array, I64Array, kernel
from opendome.threats.ballistic import Burnout, fly_ballistic, place
from opendome.threats.boost import burnout_alt
from opendome.threats.glide_motion import up_of
from opendome.threats.glide_solve import Glide
from opendome.threats.waypoint import Path, samples
from opendome.units import M_PER_KM, RAD_PER_DEG
from opendome.world import altitude

BALLISTIC_STEP_S = 2.0
WAYPOINT_STEP_S = 20.0
GLIDER_STEP_S = 1.0
ROUTE_TOL = 1e-8
"""Tolerated error of a step of a displaced flight, in Earth radii: 6 cm."""
TERMINAL_ALT_M = 100.0e3

BALLISTIC, WAYPOINT, GLIDER = range(3)
"""Kinds of routes."""

OK, BUFFER_FULL = int(Status.OK), int(Status.BUFFER_FULL)


class Phase(IntEnum):
    """Where in its flight a threat is."""

    BOOST = 0
    MIDCOURSE = 1
    """Ballistic, after burnout."""
    TERMINAL = 2
    """Ballistic, falling, below 100 km."""
    CRUISE = 3
    DIVE = 4
    GLIDE = 5
    """Carried by lift, pull-up included."""


BOOST, MIDCOURSE, TERMINAL, CRUISE, DIVE, GLIDE = (int(p) for p in Phase)


@dataclass(frozen=True, eq=False)
class Route:
    """A solved flight from a launch point to an aim point."""

    name: str
    launch: tuple[float, float]
    """lat_deg, lon_deg"""
    aim: tuple[float, float]
    range_km: float
    """Ground distance: geodesic from launch to aim, or the length of the path over the waypoints."""
    arrival_deg: float
    """Azimuth at the aim of the geodesic from launch, clockwise from north."""
    t_impact_s: float
    """From launch to impact, boost included."""
    apogee_km: float
    burnout_speed_m_s: float
    """Relative to the turning Earth; for a waypoint flight its cruise speed."""
    flight_path_deg: float
    """At burnout, up from the horizontal; 0 for a waypoint flight."""
    body: tuple[float, float, float, float, float]
    """Launch latitude and longitude (rad), burnout altitude asked for (m), burn (s), ballistic coefficient (kg/m2)."""
    burnout: Burnout | None
    """Of a ballistic flight."""
    path: Path | None
    """Of a waypoint flight."""
    glide: Glide | None = None
    """Of a glider's flight."""

    @property
    def burnout_alt_km(self) -> float:
        """The catalogue's altitude, or higher (see `boost.py`); the cruise height of a waypoint flight."""
        up_m_s = self.burnout_speed_m_s * math.sin(self.flight_path_deg * RAD_PER_DEG)
        return float(burnout_alt(up_m_s, self.body[2], self.body[3])) / M_PER_KM

    @property
    def dt_s(self) -> float:
        """Step of the samples: divides a boost, or a waypoint flight, evenly, so that no cubic spans burnout."""
        if self.glide is not None:
            return self.body[3] / math.ceil(self.body[3] / GLIDER_STEP_S - 1e-9)
        whole_s, step_s = (self.body[3], BALLISTIC_STEP_S) if self.path is None else (self.t_impact_s, WAYPOINT_STEP_S)
        return whole_s / math.ceil(whole_s / step_s - 1e-9)

    @property
    def n_samples(self) -> int:
        """Rows that a flight of this route may need, displaced ones included: a fifth and a minute longer."""
        if self.glide is not None:
            return len(self.glide.r)
        longest_s = 1.2 * self.t_impact_s + 60.0 if self.path is None else self.t_impact_s
        return math.ceil(longest_s / self.dt_s) + 3


class Routes(NamedTuple):
    """Q routes in SI units, ECEF; P samples of the flights that are not ballistic."""

    kind: I64Array
    """(Q,) BALLISTIC, WAYPOINT or GLIDER."""
    dt_s: F64Array
    """(Q,) step of the samples."""
    t_impact_s: F64Array
    """(Q,) flight time of the route to its own aim point."""
    burn_s: F64Array
    """(Q,) end of the boost; 0 for waypoint flights."""
    t_glide_s: F64Array
    """(Q,) when a glider begins to be carried by lift; infinite for the others."""
    t_dive_s: F64Array
    """(Q,) begin of the dive; infinite for ballistic flights."""
    aim: F64Array
    """(Q, 9) position of the aim point, its east and its north."""
    arrival: F64Array
    """(Q, 3) east and north of the direction of the geodesic from launch where it arrives; its length in m."""
    body: F64Array
    """(Q, 5) see `Route.body`."""
    burnout: F64Array
    """(Q, 3) azimuth (rad), speed (m/s), flight-path angle (rad)."""
    gain: F64Array
    """(Q, 2, 2) d(azimuth, speed) / d(east, north) at the impact."""
    first_row: I64Array
    """(Q,) first row of the route's samples in `path_r`."""
    n_rows: I64Array
    """(Q,) rows there; 0 for ballistic flights."""
    path_r: F64Array
    """(P, 3)"""
    path_v: F64Array
    """(P, 3)"""


# ---- kernels -------------------------------------------------------------------------------------------------------


@kernel(inline=True, allocates=True)
def fly_route(routes, q, east_m, north_m, out_r, out_v):
    """Fly route q to a point displaced from its aim by east_m, north_m; returns (status, rows, t_impact_s).

    Rows of `out_r`, `out_v` (K, 3) receive the ECEF states at 0, dt_s[q], 2 dt_s[q] ...; K as `samples_max` says.
    The last row of a ballistic flight or a glider's lies beyond impact by less than a step, such that the cubic of
    `state_at` passes through the state at impact; that of a waypoint flight is the impact.

    A ballistic flight is displaced by burnout azimuth and speed (see `_steer`) and then flown: where it comes down is
    up to the integrator. The others are shifted in proportion to the time flown, their height kept.
    """
    if routes.kind[q] == BALLISTIC:
        return _fly_displaced(routes, q, east_m, north_m, out_r, out_v)
    return _shift_path(routes, q, east_m, north_m, out_r, out_v)


@kernel(inline=True, allocates=True)
def _fly_displaced(routes, q, east_m, north_m, out_r, out_v):
    """Fly ballistic route q to a point off its aim point; returns status, rows and time of flight in s."""
    dt_s, end = routes.dt_s[q], np.empty(6)
    azimuth, speed = _steer(routes, q, east_m, north_m)
    status, rows, t_s = fly_ballistic(routes.body[q], azimuth, speed, routes.burnout[q, 2], dt_s, ROUTE_TOL,
                                      out_r, out_v, end)
    if status != OK:
        return status, rows, t_s
    if rows >= out_r.shape[0]:
        return BUFFER_FULL, rows, t_s
    part_s = t_s - (rows - 1) * dt_s
    for c in range(3):
        r0, v0, r1, v1 = out_r[rows - 1, c], out_v[rows - 1, c], end[c], end[3 + c]
        if part_s > 0.01 * dt_s:
            out_r[rows, c], out_v[rows, c] = _hermite(r0, v0, r1, v1, part_s, dt_s / part_s)
        else:
            out_r[rows, c], out_v[rows, c] = r1 + v1 * (dt_s - part_s), v1
    return OK, rows + 1, t_s


@kernel
def _steer(routes, q, east_m, north_m):
    """Burnout azimuth (rad) and speed (m/s) of route q for an impact displaced by east_m, north_m.

    The gain is linear in bearing and in range to the power of a half, about as speed goes with range: so the plain
    displacement is turned into those first. Over tens of km this takes most of the curvature out.
    """
    ahead_east, ahead_north, range_m = routes.arrival[q, 0], routes.arrival[q, 1], routes.arrival[q, 2]
    ahead = east_m * ahead_east + north_m * ahead_north
    side = east_m * ahead_north - north_m * ahead_east
    reach = math.sqrt((range_m + ahead) ** 2 + side * side)
    ahead, side = 2.0 * (math.sqrt(reach * range_m) - range_m), range_m * math.atan2(side, range_m + ahead)
    east, north = ahead * ahead_east + side * ahead_north, ahead * ahead_north - side * ahead_east
    return (routes.burnout[q, 0] + routes.gain[q, 0, 0] * east + routes.gain[q, 0, 1] * north,
            routes.burnout[q, 1] + routes.gain[q, 1, 0] * east + routes.gain[q, 1, 1] * north)


@kernel(inline=True)
def _shift_path(routes, q, east_m, north_m, out_r, out_v):
    """The solved path of route q, moved sideways as a whole; returns status, rows and time of flight in s."""
    first, count, t_s = routes.first_row[q], routes.n_rows[q], routes.t_impact_s[q]
    if count > out_r.shape[0]:
        return BUFFER_FULL, 0, t_s
    aim = routes.aim[q]
    sx, sy, sz = (east_m * aim[3] + north_m * aim[6], east_m * aim[4] + north_m * aim[7],
                  east_m * aim[5] + north_m * aim[8])
    last = t_s / routes.dt_s[q] if routes.kind[q] == GLIDER else count - 1.0
    for i in range(count):
        x, y, z = routes.path_r[first + i, 0], routes.path_r[first + i, 1], routes.path_r[first + i, 2]
        u, v, w = routes.path_v[first + i, 0], routes.path_v[first + i, 1], routes.path_v[first + i, 2]
        alt, climb = altitude(x, y, z), _up_speed(x, y, z, u, v, w)
        part = i / last
        x, y, z = x + part * sx, y + part * sy, z + part * sz
        u, v, w = u + sx / t_s, v + sy / t_s, w + sz / t_s
        # The shift is straight and the ground is not: put height and climb back.
        ux, uy, uz = up_of(x, y, z)
        lift, push = alt - altitude(x, y, z), climb - _up_speed(x, y, z, u, v, w)
        out_r[i, 0], out_r[i, 1], out_r[i, 2] = x + lift * ux, y + lift * uy, z + lift * uz
        out_v[i, 0], out_v[i, 1], out_v[i, 2] = u + push * ux, v + push * uy, w + push * uz
    return OK, count, t_s


@kernel
def _up_speed(x, y, z, u, v, w):
    """Speed upward in m/s of an ECEF velocity near the ground."""
    ux, uy, uz = up_of(x, y, z)
    return ux * u + uy * v + uz * w


@kernel
def _hermite(r0, v0, r1, v1, dt_s, x):
    """Value and slope at fraction x of the cubic with the given values and slopes at the ends of dt_s."""
    d, a, b = r1 - r0, v0 * dt_s, v1 * dt_s
    c2, c3 = 3.0 * d - 2.0 * a - b, a + b - 2.0 * d
    return r0 + x * (a + x * (c2 + x * c3)), (a + x * (2.0 * c2 + 3.0 * x * c3)) / dt_s


@kernel
def state_at(r, v, offset, n, dt_s, t_s):
    """ECEF position and velocity, six numbers, at t_s (held within 0 .. (n - 1) dt_s) of samples; cubic Hermite.

    `r`, `v` (rows, 3) hold the samples of one flight in rows offset .. offset + n - 1, dt_s apart.
    """
    at = min(max(t_s / dt_s, 0.0), n - 1.0)
    i = min(int(at), n - 2)
    x, i = at - i, i + offset
    px, vx = _hermite(r[i, 0], v[i, 0], r[i + 1, 0], v[i + 1, 0], dt_s, x)
    py, vy = _hermite(r[i, 1], v[i, 1], r[i + 1, 1], v[i + 1, 1], dt_s, x)
    pz, vz = _hermite(r[i, 2], v[i, 2], r[i + 1, 2], v[i + 1, 2], dt_s, x)
    return px, py, pz, vx, vy, vz


@kernel
def phase_at(routes, q, t_s, x, y, z, vx, vy, vz):
    """Code of `Phase` of a threat on route q in an ECEF state, t_s after its launch."""
    if routes.kind[q] == GLIDER and t_s >= routes.t_glide_s[q]:
        return DIVE if t_s >= routes.t_dive_s[q] else GLIDE
    if routes.kind[q] != WAYPOINT:
        if t_s < routes.burn_s[q]:
            return BOOST
        if routes.kind[q] == GLIDER:
            return MIDCOURSE
        falling = x * vx + y * vy + z * vz < 0.0
        return TERMINAL if falling and altitude(x, y, z) < TERMINAL_ALT_M else MIDCOURSE
    return DIVE if t_s >= routes.t_dive_s[q] else CRUISE


# ---- lower ---------------------------------------------------------------------------------------------------------


def lower_routes(routes: Sequence[Route]) -> Routes:
    """Routes for compiled code, in the given order."""
    count = len(routes)
    out = Routes(
        kind=np.array([_kind(route) for route in routes], dtype=np.int64),
        dt_s=np.array([route.dt_s for route in routes]), t_impact_s=np.array([route.t_impact_s for route in routes]),
        burn_s=np.array([route.body[3] for route in routes]), t_dive_s=np.full(count, np.inf),
        t_glide_s=np.full(count, np.inf),
        aim=np.array([place(*route.aim) for route in routes]).reshape(count, 9),
        arrival=np.array([(math.sin(route.arrival_deg * RAD_PER_DEG), math.cos(route.arrival_deg * RAD_PER_DEG),
                           route.range_km * M_PER_KM) for route in routes]).reshape(count, 3),
        body=np.array([route.body for route in routes], dtype=np.float64).reshape(count, 5),
        burnout=np.zeros((count, 3)), gain=np.zeros((count, 2, 2)),
        first_row=np.zeros(count, np.int64), n_rows=np.zeros(count, np.int64),
        path_r=np.empty((0, 3)), path_v=np.empty((0, 3)))
    paths_r, paths_v, rows = [out.path_r], [out.path_v], 0
    for q, route in enumerate(routes):
        if route.burnout is not None:
            out.burnout[q] = route.burnout.azimuth_rad, route.burnout.speed_m_s, route.burnout.flight_path_rad
            out.gain[q] = route.burnout.gain
        if route.path is not None:
            r, v = samples(route.path, route.dt_s)
            out.t_dive_s[q] = route.path.t_dive_s
        if route.glide is not None:
            r, v = route.glide.r, route.glide.v
            out.t_glide_s[q], out.t_dive_s[q] = route.glide.t_glide_s, route.glide.t_dive_s
        if route.burnout is None:
            out.first_row[q], out.n_rows[q] = rows, len(r)
            rows += len(r)
            paths_r.append(r)
            paths_v.append(v)
    return out._replace(path_r=np.concatenate(paths_r), path_v=np.concatenate(paths_v))


def _kind(route: Route) -> int:
    if route.glide is not None:
        return GLIDER
    return WAYPOINT if route.burnout is None else BALLISTIC


def samples_max(routes: Sequence[Route]) -> int:
    """Rows that any flight of these routes may need, displaced flights included."""
    return max((route.n_samples for route in routes), default=0)
