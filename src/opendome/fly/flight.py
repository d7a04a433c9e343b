"""Adaptive flight of one body, sampled on the way, to a time or to an event."""

import math

import numpy as np

from opendome.errors import Status
from opendome.fly.dop853 import DENSE, STAGES, WIDTH, dense, error, interpolate, rates, step
from opendome.kernel import kernel
from opendome.world import altitude_above

# Events: where a flight ends before its time is up.
NO_EVENT = 0
FALLING = 1
"""Altitude falls through the level."""
RISING = 2
"""Altitude rises through the level."""
APOGEE = 3
"""Vertical speed falls through zero (the level is not used)."""

OK, STEP_LIMIT, NOT_FINITE, BUFFER_FULL = (
    int(Status.OK), int(Status.STEP_LIMIT), int(Status.NOT_FINITE), int(Status.BUFFER_FULL))

MAX_STEPS = 1_000_000
AIR_TOP_M = 130.0e3
"""A falling body with drag takes no step across this altitude: a long step could leap over the air (see below)."""
AIR_DROP_M = 15.0e3
"""Below it a step falls at most this far: two scale heights of the air."""
FIRST_STEP_S = 0.05


@kernel
def height(earth, x, y, z):
    """Altitude in m above the given Earth."""
    r2 = x * x + y * y + z * z
    return altitude_above(earth, math.sqrt(r2), z * z / r2)


@kernel
def _axial_weight(earth, alt_m):
    """Factor on z that turns the radius at an altitude into the ellipsoid's normal (to second order in flattening)."""
    return (earth.a_m + alt_m) / (earth.a_m * (1.0 - earth.f) ** 2 + alt_m)


@kernel
def _sign(earth, event, level_m, y):
    """A number that falls through zero where the event is."""
    alt = height(earth, y[0], y[1], y[2])
    if event == APOGEE:
        return y[0] * y[3] + y[1] * y[4] + y[2] * y[5] * _axial_weight(earth, alt)
    return level_m - alt if event == RISING else alt - level_m


@kernel
def _longest(earth, y, h):
    """The step, shortened so that a falling body does not leap over the air."""
    r = math.sqrt(y[0] * y[0] + y[1] * y[1] + y[2] * y[2])
    alt = altitude_above(earth, r, (y[2] / r) ** 2)
    up = (y[0] * y[3] + y[1] * y[4] + y[2] * y[5]) / r
    if alt > AIR_TOP_M + 1000.0:
        # Earliest arrival at the top: a fall in uniform gravity, stronger than the real one less the turn of the path.
        g = earth.mu_m3_s2 / (r * r)
        return min(h, (up + math.sqrt(up * up + 2.0 * g * (alt - AIR_TOP_M))) / g)
    if up < 0.0:
        return min(h, max(0.1, -AIR_DROP_M / up))
    return h


@kernel
def _find(earth, event, level_m, y, f, w):
    """Fraction of the step at which the event is; bracketed false position (Illinois)."""
    lo, hi = 0.0, 1.0
    interpolate(y, f, lo, w)
    g_lo = _sign(earth, event, level_m, w)
    interpolate(y, f, hi, w)
    g_hi = _sign(earth, event, level_m, w)
    x = hi
    for _ in range(60):
        x = hi - g_hi * (hi - lo) / (g_hi - g_lo) if g_hi != g_lo else 0.5 * (lo + hi)
        interpolate(y, f, x, w)
        g = _sign(earth, event, level_m, w)
        if g == 0.0 or abs(hi - x) < 1e-13:
            break
        if (g < 0.0) != (g_hi < 0.0):
            lo, g_lo = hi, g_hi
        else:
            g_lo *= 0.5
        hi, g_hi = x, g
    return x


@kernel
def fly(earth, start, beta_kg_m2, t_max_s, event, level_m, tol, dt_out_s, out_r, out_v, end):
    """Fly from `start` (6,) until the event or t_max_s; returns (status, rows, t_end_s).

    Rows of `out_r`, `out_v` (K, 3) are filled with the ECEF states at 0, dt_out_s, 2 dt_out_s ... up to the end,
    and `end` (6,) with the state there; pass arrays of no rows to record nothing. `beta_kg_m2` is mass / (Cd A),
    infinite for no drag. `event` is one of the codes above; without it having happened t_end_s equals t_max_s.
    `tol` is the tolerated error of a step, in Earth radii and circular speeds (1e-9: 6 mm and 8 um/s).
    """
    y, after, w = np.zeros(WIDTH), np.zeros(WIDTH), np.zeros(WIDTH)
    k, f = np.zeros((STAGES, WIDTH)), np.empty((DENSE, WIDTH))
    for c in range(6):
        y[c] = start[c]
    inv_beta = 1.0 / beta_kg_m2
    inv_r = 1.0 / (tol * earth.a_m)
    inv_v = 1.0 / (tol * math.sqrt(earth.mu_m3_s2 / earth.a_m))
    capacity = out_r.shape[0]
    rows = 0
    if capacity > 0:
        for c in range(3):
            out_r[0, c], out_v[0, c] = y[c], y[3 + c]
        rows = 1
    t, h = 0.0, FIRST_STEP_S
    growth = 10.0
    g0 = _sign(earth, event, level_m, y)
    rates(earth, inv_beta, y, k, 0)
    status = STEP_LIMIT
    for _ in range(MAX_STEPS):
        if inv_beta > 0.0:
            h = _longest(earth, y, h)
        last = t + h >= t_max_s
        if last:
            h = t_max_s - t
        step(earth, inv_beta, h, y, k, w, after)
        err = error(h, k, inv_r, inv_v)
        if not err < 1.0:
            if not math.isfinite(err) and h < 1e-6:
                status = NOT_FINITE
                break
            h *= max(0.2, 0.9 * err ** -0.125) if math.isfinite(err) else 0.2
            growth = 1.0
            continue
        g1 = _sign(earth, event, level_m, after)
        happened = event != NO_EVENT and g0 >= 0.0 and g1 < 0.0
        part = 1.0
        wanted = rows < capacity and rows * dt_out_s <= t + h
        if happened or wanted:
            dense(earth, inv_beta, h, y, after, k, w, f)
            if happened:
                part = _find(earth, event, level_m, y, f, w)
            while rows < capacity and rows * dt_out_s <= t + part * h:
                interpolate(y, f, (rows * dt_out_s - t) / h, w)
                for c in range(3):
                    out_r[rows, c], out_v[rows, c] = w[c], w[3 + c]
                rows += 1
        if happened:
            interpolate(y, f, part, w)
            for c in range(6):
                end[c] = w[c]
            return OK, rows, t + part * h
        if last:
            for c in range(6):
                end[c] = after[c]
            return OK, rows, t_max_s
        t += h
        g0 = g1
        for c in range(WIDTH):
            y[c] = after[c]
            k[0, c] = k[12, c]
        h *= min(growth, 0.9 * err ** -0.125) if err > 0.0 else growth
        growth = 10.0
    for c in range(6):
        end[c] = y[c]
    return status, rows, t


@kernel
def fly_to_ground(earth, start, beta_kg_m2, t_max_s, ground_alt_m, tol, dt_out_s, out_r, out_v, end):
    """Fly until the altitude falls through ground_alt_m, or t_max_s; returns (status, rows, t_impact_s). See `fly`."""
    return fly(earth, start, beta_kg_m2, t_max_s, FALLING, ground_alt_m, tol, dt_out_s, out_r, out_v, end)
