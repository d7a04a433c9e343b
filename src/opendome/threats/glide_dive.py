"""The last dive of a glider: prescribed geometry, no homing law.

    arc    full lift turned downward, within the load limit, until the path points at the aim point
    line   straight at the aim point; lift only holds it there, drag and gravity change the speed

The arc lies in the vertical plane through the aim point (the same steering as in the glide). So the line ends at the
aim point by construction; its angle is what the solver sets, by where the dive begins. Equations: docs/models/glide.md.
"""

import math

from opendome.air import density
from opendome.fly.motion import turning_gravity
from opendome.kernel import kernel
from opendome.threats.glide_motion import HOLD_S, bearing, glide_step, most_lift, needs
from opendome.world import MEAN_RADIUS_M, WGS84, altitude

ARC_MAX_S = 600.0
AIM_S = 5.0
"""A heading error in the arc is steered away within about this time."""
SIDE_SHARE = 0.5
"""Most of the lift that may go into that."""
ON_AIM, MISSED, DIVE_TOO_LONG = range(3)


@kernel
def _arc_lift(glider, x, y, z, u, v, w, turn_rad):
    """Lift coefficients upward (negative) and right, m2/kg, in the arc."""
    speed, gamma, _, aside = needs(x, y, z, u, v, w)
    alt = altitude(x, y, z)
    pressure = 0.5 * density(alt) * speed * speed + 1e-12
    lift = min(glider.lift_m2_kg, most_lift(glider, alt, speed, gamma))
    right = (aside + speed * math.cos(gamma) * turn_rad / AIM_S) / pressure
    right = min(max(right, -SIDE_SHARE * lift), SIDE_SHARE * lift)
    return -math.sqrt(lift * lift - right * right), right


@kernel
def sink(x, y, z, u, v, w):
    """Angle in rad of a direction u, v, w below the horizontal at an ECEF position."""
    z /= (1.0 - WGS84.f) * (1.0 - WGS84.f)
    size = math.sqrt((x * x + y * y + z * z) * (u * u + v * v + w * w))
    return -math.asin((x * u + y * v + z * w) / size)


@kernel
def dive_ground(glider, x, y, z, u, v, w):
    """Ground distance in m from the begin of a dive to its end when the line has the dive's angle where it begins.

    Where the ground comes before that angle, the distance flown until there.
    """
    x0, y0, z0, t = x, y, z, 0.0
    while t < ARC_MAX_S and altitude(x, y, z) > 0.0:
        up, right = _arc_lift(glider, x, y, z, u, v, w, 0.0)
        x1, y1, z1, u1, v1, w1 = glide_step(glider.inv_beta, up, right, HOLD_S, x, y, z, u, v, w)
        if sink(x1, y1, z1, u1, v1, w1) >= glider.dive_rad:
            low, high = 0.0, HOLD_S
            for _ in range(30):
                h = 0.5 * (low + high)
                x1, y1, z1, u1, v1, w1 = glide_step(glider.inv_beta, up, right, h, x, y, z, u, v, w)
                if sink(x1, y1, z1, u1, v1, w1) >= glider.dive_rad:
                    high = h
                else:
                    low = h
            x, y, z = x1, y1, z1
            break
        x, y, z, u, v, w = x1, y1, z1, u1, v1, w1
        t += HOLD_S
    squash = 1.0 / ((1.0 - WGS84.f) * (1.0 - WGS84.f))
    cx, cy, cz = squash * (y0 * z - z0 * y), squash * (z0 * x - x0 * z), x0 * y - y0 * x
    dot = x0 * x + y0 * y + squash * squash * z0 * z
    arc = math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), dot)
    level = (1.0 + altitude(x, y, z) / MEAN_RADIUS_M) * math.cos(glider.dive_rad)
    line = glider.dive_rad - math.acos(level) if level < 1.0 else 0.0
    return MEAN_RADIUS_M * (arc + line)


@kernel
def _to_aim(aim, x, y, z):
    """Vector from a position to the aim point, and its length."""
    dx, dy, dz = aim[0] - x, aim[1] - y, aim[2] - z
    return dx, dy, dz, math.sqrt(dx * dx + dy * dy + dz * dz)


@kernel
def _is_aimed(aim, x, y, z, u, v, w):
    """Whether the path points at the aim point, or below it."""
    dx, dy, dz, _ = _to_aim(aim, x, y, z)
    return sink(x, y, z, u, v, w) >= sink(x, y, z, dx, dy, dz)


@kernel
def fly_dive(glider, aim, aim_up, t_s, dt_s, row, state, out_r, out_v):
    """Fly the dive from `state` (6,) at t_s; returns (how it ended, rows, t_impact_s, t_line_s).

    `aim` (3,) is the aim point, `aim_up` (3,) its geodetic up. Rows `row`, ... of `out_r`, `out_v` receive the states
    at the whole dt_s after t_s; the last lies beyond the impact by less than dt_s, on the line carried on. `state`
    receives the state at the begin of the line.
    """
    x, y, z, u, v, w = state[0], state[1], state[2], state[3], state[4], state[5]
    t = t_s
    aimed = _is_aimed(aim, x, y, z, u, v, w)
    while not aimed:
        if altitude(x, y, z) <= 0.0 or t - t_s > ARC_MAX_S or row >= out_r.shape[0]:
            return MISSED, row, t, t
        _, turn = bearing(x, y, z, u, v, w, aim_up[0], aim_up[1], aim_up[2])
        up, right = _arc_lift(glider, x, y, z, u, v, w, turn)
        h = row * dt_s - t
        x1, y1, z1, u1, v1, w1 = glide_step(glider.inv_beta, up, right, h, x, y, z, u, v, w)
        aimed = _is_aimed(aim, x1, y1, z1, u1, v1, w1)
        if aimed:
            low, high = 0.0, h
            for _ in range(40):
                h = 0.5 * (low + high)
                x1, y1, z1, u1, v1, w1 = glide_step(glider.inv_beta, up, right, h, x, y, z, u, v, w)
                if _is_aimed(aim, x1, y1, z1, u1, v1, w1):
                    high = h
                else:
                    low = h
        else:
            out_r[row, 0], out_r[row, 1], out_r[row, 2] = x1, y1, z1
            out_v[row, 0], out_v[row, 1], out_v[row, 2] = u1, v1, w1
            row += 1
        x, y, z, u, v, w = x1, y1, z1, u1, v1, w1
        t += h
    state[0], state[1], state[2], state[3], state[4], state[5] = x, y, z, u, v, w
    return _fly_line(glider, aim, t, dt_s, row, state, out_r, out_v)


@kernel
def _line_rate(glider, x, y, z, dx, dy, dz, speed):
    """Change of speed along a line of direction dx, dy, dz, m/s2."""
    gx, gy, gz = turning_gravity(WGS84, x, y, z, dx * speed, dy * speed, dz * speed)
    return gx * dx + gy * dy + gz * dz - 0.5 * density(altitude(x, y, z)) * glider.inv_beta * speed * speed


@kernel
def _line_step(glider, h, x, y, z, dx, dy, dz, speed):
    """Distance flown along the line in h seconds, and the speed then; RK4."""
    a1 = _line_rate(glider, x, y, z, dx, dy, dz, speed)
    g = 0.5 * h * speed
    a2 = _line_rate(glider, x + g * dx, y + g * dy, z + g * dz, dx, dy, dz, speed + 0.5 * h * a1)
    g = 0.5 * h * (speed + 0.5 * h * a1)
    a3 = _line_rate(glider, x + g * dx, y + g * dy, z + g * dz, dx, dy, dz, speed + 0.5 * h * a2)
    g = h * (speed + 0.5 * h * a2)
    a4 = _line_rate(glider, x + g * dx, y + g * dy, z + g * dz, dx, dy, dz, speed + h * a3)
    return h * speed + h * h * (a1 + a2 + a3) / 6.0, speed + h * (a1 + 2.0 * (a2 + a3) + a4) / 6.0


@kernel
def _fly_line(glider, aim, t, dt_s, row, state, out_r, out_v):
    """The straight part of `fly_dive`, from `state` at t."""
    x, y, z = state[0], state[1], state[2]
    speed, t_line = math.sqrt(state[3] * state[3] + state[4] * state[4] + state[5] * state[5]), t
    dx, dy, dz, left = _to_aim(aim, x, y, z)
    dx, dy, dz = dx / left, dy / left, dz / left
    while row < out_r.shape[0] and t - t_line < ARC_MAX_S and speed > 1.0:
        h = row * dt_s - t
        way, after = _line_step(glider, h, x, y, z, dx, dy, dz, speed)
        out_r[row, 0], out_r[row, 1], out_r[row, 2] = x + way * dx, y + way * dy, z + way * dz
        out_v[row, 0], out_v[row, 1], out_v[row, 2] = after * dx, after * dy, after * dz
        row += 1
        if way >= left:
            low, high = 0.0, h
            for _ in range(50):
                h = 0.5 * (low + high)
                way, _ = _line_step(glider, h, x, y, z, dx, dy, dz, speed)
                if way >= left:
                    high = h
                else:
                    low = h
            return ON_AIM, row, t + h, t_line
        x, y, z, speed, left = x + way * dx, y + way * dy, z + way * dz, after, left - way
        t += h
    return DIVE_TOO_LONG, row, t, t_line
