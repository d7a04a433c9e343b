"""Ballistic flights: the burnout state that takes a missile from a launch point to an aim point.

A flight is the boost arc of `boost.py`, then free flight with drag on the real integrator. Its shape is set by the
flight-path angle at burnout; burnout speed and azimuth then follow from the aim point by differential correction
(Newton on the impact point), started from the closed Kepler arc over a sphere at rest.

Speed and angle are relative to the turning Earth: that is what the boost has to provide from a launcher at rest.

Left out: ground other than the ellipsoid, guidance, parts other than the one that comes down, wind.
Equations and evidence: docs/models/threats.md.
"""

import math
from typing import NamedTuple

import numpy as np

from opendome.errors import Status
from opendome.fly import APOGEE, fly, fly_to_ground, height
from opendome.kernel import F64Array, kernel
from opendome.threats.boost import boost_state, burnout_alt
from opendome.units import RAD_PER_DEG
from opendome.world import MEAN_RADIUS_M, WGS84, ecef_from_geodetic, enu_axes

LOFTED = 0.25
"""A lofted flight leaves burnout this share of the way from the minimum-energy angle to the vertical."""
DEPRESSED = 2.0 / 3.0
"""A depressed flight leaves burnout at this share of the minimum-energy angle."""

MISS_M = 1.0
"""The solver stops when the miss is below this."""
SOLVE_TOL = 1e-10
FLIGHT_MAX_S = 4.0 * 3600.0
ANGLE_MIN_RAD = 0.5 * RAD_PER_DEG
MAX_ITERATIONS = 40

OK, NO_CONVERGENCE, BUFFER_FULL = int(Status.OK), int(Status.NO_CONVERGENCE), int(Status.BUFFER_FULL)
_GOLDEN = 0.5 * (math.sqrt(5.0) - 1.0)

# ---- closed form, sphere at rest -----------------------------------------------------------------------------------


@kernel
def kepler_range_rad(speed_m_s, flight_path_rad, burnout_alt_m):
    """Range angle in rad of a drag-free arc from burnout to the ground of a sphere at rest; infinite if it stays up.

    Source: bate1971, chapter 6, with different radii at the two ends.
    """
    r = MEAN_RADIUS_M + burnout_alt_m
    q = speed_m_s * speed_m_s * r / WGS84.mu_m3_s2
    if q >= 2.0:
        return math.inf
    c, s = math.cos(flight_path_rad), math.sin(flight_path_rad)
    e = math.sqrt((q - 1.0) ** 2 * c * c + s * s)
    p = r * q * c * c
    fall = (p / MEAN_RADIUS_M - 1.0) / e
    if fall >= 1.0:
        return math.inf
    return 2.0 * math.pi - math.acos(max(fall, -1.0)) - math.acos(max(-1.0, min(1.0, (p / r - 1.0) / e)))


@kernel
def guess_speed(range_rad, flight_path_rad, burnout_alt_m, burn_s):
    """Burnout speed in m/s that flies a range angle, boost included, over a sphere at rest; bisection."""
    low, high = 0.0, math.sqrt(2.0 * WGS84.mu_m3_s2 / (MEAN_RADIUS_M + burnout_alt_m))
    for _ in range(40):
        speed = 0.5 * (low + high)
        top = burnout_alt(speed * math.sin(flight_path_rad), burnout_alt_m, burn_s)
        boost_rad = speed * math.cos(flight_path_rad) * burn_s / 3.0 / (MEAN_RADIUS_M + top)
        if boost_rad + kepler_range_rad(speed, flight_path_rad, top) > range_rad:
            high = speed
        else:
            low = speed
    return 0.5 * (low + high)


@kernel
def burnout_energy(speed_m_s, flight_path_rad, burnout_alt_m, burn_s):
    """Energy in J/kg at burnout over that of standing at the launch point, in the turning frame, on a sphere."""
    top = burnout_alt(speed_m_s * math.sin(flight_path_rad), burnout_alt_m, burn_s)
    return 0.5 * speed_m_s * speed_m_s + WGS84.mu_m3_s2 * (1.0 / MEAN_RADIUS_M - 1.0 / (MEAN_RADIUS_M + top))


@kernel
def _guess_energy(range_rad, flight_path_rad, burnout_alt_m, burn_s):
    """Burnout energy in J/kg that the guessed speed of a flight-path angle amounts to."""
    speed = guess_speed(range_rad, flight_path_rad, burnout_alt_m, burn_s)
    return burnout_energy(speed, flight_path_rad, burnout_alt_m, burn_s)


@kernel
def guess_angle(range_rad, burnout_alt_m, burn_s):
    """Flight-path angle in rad that needs the least burnout energy over a sphere at rest; golden section."""
    low, high = ANGLE_MIN_RAD, 1.4
    for _ in range(20):
        width = _GOLDEN * (high - low)
        if (_guess_energy(range_rad, high - width, burnout_alt_m, burn_s)
                < _guess_energy(range_rad, low + width, burnout_alt_m, burn_s)):
            high = low + width
        else:
            low = high - width
    return 0.5 * (low + high)


# ---- real flight ---------------------------------------------------------------------------------------------------


@kernel
def impact_miss(aim, x, y, z):
    """East and north, in m, of a point on the ground from the aim point; `aim` (9,) is ECEF position, east, north.

    Length of the chord along the direction of the miss: faithful near the aim, and single-valued far from it.
    """
    dx, dy, dz = x - aim[0], y - aim[1], z - aim[2]
    east = dx * aim[3] + dy * aim[4] + dz * aim[5]
    north = dx * aim[6] + dy * aim[7] + dz * aim[8]
    level = math.sqrt(east * east + north * north)
    stretch = math.sqrt(dx * dx + dy * dy + dz * dz) / level if level > 0.0 else 1.0
    return east * stretch, north * stretch


@kernel
def boost_at(launch, azimuth_rad, speed_m_s, flight_path_rad, t_s, out):
    """Write into `out` (6,) the ECEF state in boost at t_s; see `impact_of` for the rest."""
    x, y, z, u, v, w = boost_state(launch[0], launch[1], azimuth_rad, speed_m_s * math.cos(flight_path_rad),
                                   speed_m_s * math.sin(flight_path_rad), launch[2], launch[3], t_s)
    out[0], out[1], out[2], out[3], out[4], out[5] = x, y, z, u, v, w


@kernel
def impact_of(launch, azimuth_rad, speed_m_s, flight_path_rad, aim, none, end):
    """Fly one missile without recording; returns (status, t_impact_s, east_m, north_m) of its impact from the aim.

    `launch` (5,) is latitude and longitude in rad, burnout altitude in m, burn in s, ballistic coefficient in kg/m2;
    `none` an array of no rows; `end` (6,) receives the state at impact. A flight that does not come down within
    `FLIGHT_MAX_S` gives NO_CONVERGENCE.
    """
    boost_at(launch, azimuth_rad, speed_m_s, flight_path_rad, launch[3], end)
    status, _, t_s = fly_to_ground(WGS84, end, launch[4], FLIGHT_MAX_S, 0.0, SOLVE_TOL, 1.0, none, none, end)
    east, north = impact_miss(aim, end[0], end[1], end[2])
    if status == OK and not t_s < FLIGHT_MAX_S:
        status = NO_CONVERGENCE
    return status, launch[3] + t_s, east, north


@kernel
def fly_ballistic(launch, azimuth_rad, speed_m_s, flight_path_rad, dt_s, tol, out_r, out_v, end):
    """Fly one missile, recording; returns (status, rows, t_impact_s).

    Rows of `out_r`, `out_v` (K, 3) receive the ECEF states at 0, dt_s, 2 dt_s ... up to impact, `end` (6,) the state
    at impact. Rows end where the arrays do; arrays too short for the boost give BUFFER_FULL. See `impact_of`.
    """
    burn_s = launch[3]
    first = math.ceil(burn_s / dt_s - 1e-9)
    if first >= out_r.shape[0]:
        return BUFFER_FULL, 0, 0.0
    for i in range(first):
        boost_at(launch, azimuth_rad, speed_m_s, flight_path_rad, i * dt_s, end)
        for c in range(3):
            out_r[i, c], out_v[i, c] = end[c], end[3 + c]
    boost_at(launch, azimuth_rad, speed_m_s, flight_path_rad, burn_s, end)
    wait_s = first * dt_s - burn_s
    if wait_s > 1e-9:
        # From burnout to the first sample after it.
        status, _, t_s = fly_to_ground(WGS84, end, launch[4], wait_s, 0.0, tol, dt_s, out_r[:0], out_v[:0], end)
        if status != OK or t_s < wait_s:
            return status, first, burn_s + t_s
    else:
        wait_s = 0.0
    status, rows, t_s = fly_to_ground(WGS84, end, launch[4], FLIGHT_MAX_S, 0.0, tol, dt_s, out_r[first:],
                                      out_v[first:], end)
    if status == OK and not t_s < FLIGHT_MAX_S:
        status = NO_CONVERGENCE
    return status, first + rows, burn_s + wait_s + t_s


class Burnout(NamedTuple):
    """A solved flight: what leaves the boost, and what it does to the impact."""

    azimuth_rad: float
    speed_m_s: float
    flight_path_rad: float
    t_impact_s: float
    miss_m: float
    gain: F64Array
    """(2, 2) d(azimuth rad, speed m/s) / d(east, north in m) at the impact, flight-path angle held."""


def solve_at_angle(launch: F64Array, aim: F64Array, flight_path_rad: float, *, azimuth_rad: float,
                   speed_m_s: float) -> Burnout | None:
    """The flight to the aim at a given flight-path angle, from a first guess; None where there is none.

    Newton with differences of the real flight; steps are cut to a tenth of the speed and 0.3 rad.
    """
    none, end = np.empty((0, 3)), np.empty(6)
    for _ in range(MAX_ITERATIONS):
        status, t_s, east, north = impact_of(launch, azimuth_rad, speed_m_s, flight_path_rad, aim, none, end)
        if status != OK:
            speed_m_s *= 0.97
            continue
        d_azimuth, d_speed = 1e-4, 1e-4 * speed_m_s
        to_side = impact_of(launch, azimuth_rad + d_azimuth, speed_m_s, flight_path_rad, aim, none, end)
        to_front = impact_of(launch, azimuth_rad, speed_m_s - d_speed, flight_path_rad, aim, none, end)
        slope = np.array([[(to_side[2] - east) / d_azimuth, (east - to_front[2]) / d_speed],
                          [(to_side[3] - north) / d_azimuth, (north - to_front[3]) / d_speed]])
        if not np.isfinite(slope).all() or np.linalg.det(slope) == 0.0:
            return None
        gain = np.linalg.inv(slope)
        miss_m = math.hypot(east, north)
        if miss_m < MISS_M:
            return Burnout(azimuth_rad % (2.0 * math.pi), speed_m_s, flight_path_rad, t_s, miss_m, gain)
        turn, push = -gain @ (east, north)
        cut = min(1.0, 0.3 / max(abs(turn), 1e-12), 0.1 * speed_m_s / max(abs(push), 1e-12))
        azimuth_rad, speed_m_s = float(azimuth_rad + cut * turn), float(speed_m_s + cut * push)
    return None


def solve_least_energy(launch: F64Array, aim: F64Array, *, range_rad: float, azimuth_rad: float) -> Burnout | None:
    """The flight that needs the least burnout energy: vertex of a parabola through three solved angles, repeated.

    Angles are 3.4 degrees apart until the vertex lies between them, then 1.1: it is then good to 0.1 degree.
    """
    angle = float(guess_angle(range_rad, launch[2], launch[3]))
    guess = float(guess_speed(range_rad, angle, launch[2], launch[3]))
    best = solve_at_angle(launch, aim, angle, azimuth_rad=azimuth_rad, speed_m_s=guess)
    wide = True
    for _ in range(8):
        if best is None:
            return None
        angle = best.flight_path_rad
        step = min(0.06 if wide else 0.02, 0.5 * angle)
        sides = [solve_at_angle(launch, aim, angle + d, azimuth_rad=best.azimuth_rad, speed_m_s=best.speed_m_s)
                 for d in (-step, step)]
        if sides[0] is None or sides[1] is None:
            return None
        low, middle, high = (float(burnout_energy(b.speed_m_s, b.flight_path_rad, launch[2], launch[3]))
                             for b in (sides[0], best, sides[1]))
        below, above = low - middle, high - middle
        bend = below + above
        shift = 0.5 * step * (below - above) / bend if bend > 0.0 else math.copysign(2.0 * step, below - above)
        shift = max(-2.0 * step, min(2.0 * step, shift), ANGLE_MIN_RAD - angle)
        best = solve_at_angle(launch, aim, angle + shift, azimuth_rad=best.azimuth_rad, speed_m_s=best.speed_m_s)
        if abs(shift) < step and not wide:
            return best
        wide = wide and abs(shift) >= step
    return best


def solve(launch: F64Array, aim: F64Array, *, range_m: float, azimuth_rad: float,
          trajectory: str | float) -> Burnout | None:
    """The flight of the shape asked for; a number is the flight-path angle at burnout in degrees. None if none."""
    range_rad = range_m / MEAN_RADIUS_M
    if not isinstance(trajectory, str):
        angle = float(trajectory) * RAD_PER_DEG
        guess = float(guess_speed(range_rad, angle, launch[2], launch[3]))
        return solve_at_angle(launch, aim, angle, azimuth_rad=azimuth_rad, speed_m_s=guess)
    least = solve_least_energy(launch, aim, range_rad=range_rad, azimuth_rad=azimuth_rad)
    if least is None or trajectory == "minimum-energy":
        return least
    angle = least.flight_path_rad
    angle = angle + LOFTED * (0.5 * math.pi - angle) if trajectory == "lofted" else DEPRESSED * angle
    return solve_at_angle(launch, aim, angle, azimuth_rad=least.azimuth_rad, speed_m_s=least.speed_m_s)


def apogee_m(launch: F64Array, found: Burnout) -> float:
    """Highest altitude in m of a solved flight."""
    none, end = np.empty((0, 3)), np.empty(6)
    boost_at(launch, found.azimuth_rad, found.speed_m_s, found.flight_path_rad, launch[3], end)
    fly(WGS84, end, launch[4], FLIGHT_MAX_S, APOGEE, 0.0, SOLVE_TOL, 1.0, none, none, end)
    return float(height(WGS84, end[0], end[1], end[2]))


def place(lat_deg: float, lon_deg: float) -> F64Array:
    """(9,) ECEF position of a point on the ground, then its east and north directions."""
    lat, lon = lat_deg * RAD_PER_DEG, lon_deg * RAD_PER_DEG
    return np.array([*ecef_from_geodetic(lat, lon, 0.0), *enu_axes(lat, lon)[:6]])
