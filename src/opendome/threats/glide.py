"""Boost-glide flights: boost, an arc through thin air, a damped glide over waypoints, then a dive on the aim point.

A point mass with lift across and drag along its velocity relative to the air; bank and lift are set once a step and
held. The glide is damped: more lift, and drag with it, where the path is steeper than in an even glide, less where it
is shallower. It banks towards the next waypoint, and towards the aim point at last. The dive is in `glide_dive.py`.

Speed and angles are relative to the turning Earth. Left out: thrust and attitude, lift and drag that change with Mach
number, lift over drag that changes with lift, navigation errors, homing, wind. Equations: docs/models/glide.md.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from opendome.fly.motion import LAW_SCALE_M, damping_factor
from opendome.kernel import F64Array, kernel
from opendome.threats.ballistic import boost_at
from opendome.threats.glide_dive import dive_ground
from opendome.threats.glide_motion import bearing, glide_step, most_lift, needs, up_of
from opendome.units import G0_M_S2, RAD_PER_DEG
from opendome.world import MEAN_RADIUS_M, WGS84, altitude

THIN_AIR_M = 80.0e3
"""After burnout a glider is carried by lift once it falls and is below this altitude; until then it is ballistic."""
LEFT_AIR_M = 100.0e3
"""A glide that climbs above this altitude has left the air again."""
ARC_MAX_S = 2400.0
"""A glider that has not come down into the air by then, about half a turn around the Earth, does not."""
DAMPING = 1.0
"""Damping of the phugoid, in parts of the critical one."""
LEAST_DRAG = 0.5
"""Least drag in the glide, in parts of that of the class."""
TURN_S = 60.0
"""A heading error is steered away within about this time, as far as the bank allows."""
STEEP_RAD, TOO_STEEP_RAD = 2.0 * RAD_PER_DEG, 4.0 * RAD_PER_DEG
"""Below the equilibrium angle by this much the bank is eased off, and beyond the second it is level: pull up first."""
LEAST_PULL_M_S2 = 0.3
"""Floor of the lift that equilibrium needs, near orbital speed."""
TURN_MAX_RAD = 150.0 * RAD_PER_DEG
"""Sharpest turn that is begun early; one to go nearly back begins as if it were this."""
FLIGHT_MAX_S = 2.0 * 3600.0

END_OF_GLIDE, NEAR_AIM, PLUNGED, TOO_LONG, NO_ROOM, SKIPS = range(6)
"""How the part before the dive ends: at the dive's speed; faster than that at the aim; else in trouble (PLUNGED: slowed
down, or on the ground, without having pulled up; SKIPS: not in the air, or not in it any more)."""


class Turns(NamedTuple):
    """How the waypoints were passed; columns of one row each in a table (W, 5)."""

    t_s: float
    speed_m_s: float
    radius_m: float
    """Of the tightest turn at that place."""
    turn_rad: float
    """Change of heading."""
    room_m: float
    """Ground distance to the waypoint from where the turn began."""


# ---- kernels -------------------------------------------------------------------------------------------------------


@kernel
def even_angle(glider, speed):
    """Angle in rad of the quasi-equilibrium glide, gamma* = -2 H g / (V^2 L/D), level wings (docs/models/glide.md)."""
    return -2.0 * LAW_SCALE_M * G0_M_S2 * glider.inv_beta / (glider.lift_m2_kg * speed * speed)


@kernel
def ease(glider, speed, gamma):
    """Share of a bank that is flown, 0 .. 1: none while the path is much steeper than an even glide."""
    return min(max((TOO_STEEP_RAD - (even_angle(glider, speed) - gamma)) / (TOO_STEEP_RAD - STEEP_RAD), 0.0), 1.0)


@kernel
def commanded(glider, x, y, z, u, v, w, turn_rad):
    """What flies on in glide and turns by turn_rad (right is positive); see `at_bank` for what comes back."""
    speed, gamma, hold, aside = needs(x, y, z, u, v, w)
    wanted = (aside + speed * math.cos(gamma) * turn_rad / TURN_S) * ease(glider, speed, gamma)
    bank = math.atan(wanted / max(hold, LEAST_PULL_M_S2))
    return at_bank(glider, min(max(bank, -glider.bank_rad), glider.bank_rad), x, y, z, u, v, w, speed, gamma)


@kernel
def banked(glider, x, y, z, u, v, w, bank_rad, level_m_s):
    """A glide at a given bank: level until it has pulled up, and again once it is slower than level_m_s."""
    speed, gamma, _, _ = needs(x, y, z, u, v, w)
    bank = ease(glider, speed, gamma) * bank_rad * (speed > level_m_s)
    return at_bank(glider, bank, x, y, z, u, v, w, speed, gamma)


@kernel
def at_bank(glider, bank_rad, x, y, z, u, v, w, speed, gamma):
    """Cd A / mass, and Cl A / mass upward and to the right, m2/kg, at a bank: damped, within the load limit.

    Lift and drag go together, from half to one and a half of those of the class (`damping_factor`). Where the load
    limit asks for less lift than half, drag stays at half.
    """
    share = damping_factor(WGS84, DAMPING, glider.lift_m2_kg * math.cos(bank_rad) / glider.inv_beta, x, y, z, u, v, w)
    lift = min(share * glider.lift_m2_kg, most_lift(glider, altitude(x, y, z), speed, gamma))
    drag = glider.inv_beta * max(lift / glider.lift_m2_kg, LEAST_DRAG)
    return drag, lift * math.cos(bank_rad), lift * math.sin(bank_rad)


@kernel
def turn_radius(glider, speed, hold):
    """Ground radius in m of a level turn at the steepest bank, equilibrium held."""
    return speed * speed / (max(hold, LEAST_PULL_M_S2) * math.tan(glider.bank_rad))


@kernel
def fly_glide(launch, azimuth_rad, speed_m_s, flight_path_rad, glider, targets, near_m, bank_rad, level_m_s, dt_s,
              out_r, out_v, turns, end):
    """Fly a glider from launch to the begin of its dive; returns (how it ended, rows, t_s, t_glide_s, top_m).

    `launch` (5,) as in `impact_of`; dt_s divides the burn evenly. `targets` (W, 3) are the geodetic up of waypoints and
    aim point in order; with no rows, the glide keeps bank `bank_rad` until it is slower than level_m_s. It ends early
    when the aim is nearer than near_m, or behind.
    Rows of `out_r`, `out_v` (K, 3; may be empty) receive the states at 0, dt_s ...; `turns` (W, 5) see `Turns`; `end`
    (6,) the state at the end, t_s. `top_m` is the highest altitude after burnout.
    """
    burn = round(launch[3] / dt_s)
    for i in range(min(burn, out_r.shape[0])):
        boost_at(launch, azimuth_rad, speed_m_s, flight_path_rad, i * dt_s, end)
        for c in range(3):
            out_r[i, c], out_v[i, c] = end[c], end[3 + c]
    boost_at(launch, azimuth_rad, speed_m_s, flight_path_rad, launch[3], end)
    x, y, z, u, v, w = end[0], end[1], end[2], end[3], end[4], end[5]
    row, t_glide, top, target, how = burn, 0.0, altitude(x, y, z), 0, TOO_LONG
    n_targets = targets.shape[0]
    while row * dt_s < FLIGHT_MAX_S:
        if row < out_r.shape[0]:
            out_r[row, 0], out_r[row, 1], out_r[row, 2] = x, y, z
            out_v[row, 0], out_v[row, 1], out_v[row, 2] = u, v, w
        elif out_r.shape[0] > 0:
            how = NO_ROOM
            break
        alt = altitude(x, y, z)
        top = max(top, alt)
        if t_glide == 0.0 and alt < THIN_AIR_M and x * u + y * v + z * w < 0.0:
            t_glide = row * dt_s
        if (t_glide > 0.0 and alt > LEFT_AIR_M) or (t_glide == 0.0 and row * dt_s > ARC_MAX_S):
            how = SKIPS
            break
        if alt < 0.0:
            how = PLUNGED
            break
        turn = 0.0
        if n_targets > 0:
            far, turn, target = _next_target(glider, targets, target, t_glide > 0.0, x, y, z, u, v, w, row * dt_s,
                                             turns)
            is_past = t_glide > 0.0 and math.fabs(turn) > 0.5 * math.pi and (n_targets == 1 or
                                                                             far * MEAN_RADIUS_M < 5.0 * near_m)
            if target == n_targets - 1 and (far * MEAN_RADIUS_M < near_m or is_past):
                how = NEAR_AIM
                break
            drag, up, right = commanded(glider, x, y, z, u, v, w, turn)
        else:
            drag, up, right = banked(glider, x, y, z, u, v, w, bank_rad, level_m_s)
        x1, y1, z1, u1, v1, w1 = glide_step(drag, up, right, dt_s, x, y, z, u, v, w)
        if t_glide > 0.0 and u1 * u1 + v1 * v1 + w1 * w1 <= glider.end_m_s * glider.end_m_s:
            t_s, x, y, z, u, v, w = _slowed(glider, drag, up, right, dt_s, x, y, z, u, v, w)
            end[0], end[1], end[2], end[3], end[4], end[5] = x, y, z, u, v, w
            speed, gamma, _, _ = needs(x, y, z, u, v, w)
            how = END_OF_GLIDE if gamma > even_angle(glider, speed) - TOO_STEEP_RAD else PLUNGED
            return how, row + 1, row * dt_s + t_s, t_glide, top
        x, y, z, u, v, w = x1, y1, z1, u1, v1, w1
        row += 1
    end[0], end[1], end[2], end[3], end[4], end[5] = x, y, z, u, v, w
    return how, row + 1, row * dt_s, t_glide, top


@kernel
def _slowed(glider, drag, up, right, h, x, y, z, u, v, w):
    """When within h seconds the speed has fallen to the end of the glide, and the state then; secant, kept inside."""
    low, high = 0.0, h
    before = math.sqrt(u * u + v * v + w * w) - glider.end_m_s
    t = 0.0
    x1, y1, z1, u1, v1, w1 = x, y, z, u, v, w
    for _ in range(40):
        t = 0.5 * (low + high)
        x1, y1, z1, u1, v1, w1 = glide_step(drag, up, right, t, x, y, z, u, v, w)
        if math.sqrt(u1 * u1 + v1 * v1 + w1 * w1) - glider.end_m_s > 0.0 and before > 0.0:
            low = t
        else:
            high = t
    return t, x1, y1, z1, u1, v1, w1


@kernel
def _next_target(glider, targets, target, gliding, x, y, z, u, v, w, t_s, turns):
    """Ground angle to the target to fly to, the turn towards it, and its number: the next one once it is time to turn.

    A turn begins R tan(turn / 2) before the waypoint, R being the radius at the steepest bank: a circle touching both
    legs. What was passed is noted in `turns`.
    """
    far, turn = bearing(x, y, z, u, v, w, targets[target, 0], targets[target, 1], targets[target, 2])
    while gliding and target < targets.shape[0] - 1:
        a, b = targets[target], targets[target + 1]
        # Heading change at the waypoint: between the directions from here to it and from it to the next.
        ux, uy, uz = up_of(x, y, z)
        c1, c2 = ux * a[0] + uy * a[1] + uz * a[2], a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
        inx, iny, inz = c1 * a[0] - ux, c1 * a[1] - uy, c1 * a[2] - uz
        onx, ony, onz = b[0] - c2 * a[0], b[1] - c2 * a[1], b[2] - c2 * a[2]
        both = math.sqrt((inx * inx + iny * iny + inz * inz) * (onx * onx + ony * ony + onz * onz)) + 1e-30
        change = math.acos(min(max((inx * onx + iny * ony + inz * onz) / both, -1.0), 1.0))
        speed, _, hold, _ = needs(x, y, z, u, v, w)
        radius = turn_radius(glider, speed, hold)
        lead = radius * math.tan(0.5 * min(change, TURN_MAX_RAD))
        if far * MEAN_RADIUS_M > lead and math.fabs(turn) < 0.5 * math.pi:
            break
        turns[target, 0], turns[target, 1], turns[target, 2] = t_s, speed, radius
        turns[target, 3], turns[target, 4] = change, far * MEAN_RADIUS_M
        target += 1
        far, turn = bearing(x, y, z, u, v, w, targets[target, 0], targets[target, 1], targets[target, 2])
    return far, turn, target


@kernel(allocates=True)
def overshoot(launch, azimuth_rad, speed_m_s, flight_path_rad, glider, targets, near_m, dt_s):
    """Fly to the end of the glide without recording; returns (how it ended, metres that the dive would end too far).

    Still fast near the aim, the rest is the closed form of an equilibrium glide (Saenger) down to the dive's speed.
    """
    none, end, turns = np.empty((0, 3)), np.empty(6), np.zeros((targets.shape[0], 5))
    how, _, _, _, _ = fly_glide(launch, azimuth_rad, speed_m_s, flight_path_rad, glider, targets, near_m, 0.0, 0.0,
                                dt_s, none, none, turns, end)
    if how != END_OF_GLIDE and how != NEAR_AIM:
        return how, 0.0
    last = targets.shape[0] - 1
    way = _way_left(targets, turns, end)
    if how == NEAR_AIM:
        speed2 = end[3] * end[3] + end[4] * end[4] + end[5] * end[5]
        around2 = WGS84.mu_m3_s2 / MEAN_RADIUS_M
        rest = math.log((1.0 - glider.end_m_s**2 / around2) / max(1.0 - speed2 / around2, 0.01))
        return how, 0.5 * MEAN_RADIUS_M * glider.lift_m2_kg / glider.inv_beta * rest + 0.4 * near_m
    if last < 0:
        way = 0.0
    return how, dive_ground(glider, end[0], end[1], end[2], end[3], end[4], end[5]) - way


@kernel
def _way_left(targets, turns, end):
    """Ground distance in m from a state over the waypoints not yet passed to the aim."""
    x, y, z = up_of(end[0], end[1], end[2])
    way = 0.0
    for i in range(targets.shape[0]):
        if i < targets.shape[0] - 1 and turns[i, 0] > 0.0:
            continue
        a, b, c = targets[i, 0], targets[i, 1], targets[i, 2]
        cx, cy, cz = y * c - z * b, z * a - x * c, x * b - y * a
        way += MEAN_RADIUS_M * math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), x * a + y * b + z * c)
        x, y, z = a, b, c
    return way


def ups(points: Sequence[tuple[float, float]]) -> F64Array:
    """(W, 3) geodetic up of points (lat_deg, lon_deg)."""
    lat, lon = np.radians(np.array(points, dtype=np.float64).reshape(-1, 2)).T
    return np.ascontiguousarray(np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1))
