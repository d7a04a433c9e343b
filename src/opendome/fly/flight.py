"""Adaptive flight of many bodies, each sampled on the way, to a time or to an event.

LANES bodies are stepped side by side; a lane whose body has arrived takes the next one. Every body has its own step
and the arithmetic of a lane knows nothing of its neighbours, so a flight does not depend on what else is flown.

The standard atmosphere has kinks, where an adaptive method would creep. A body is therefore flown in its layer of
air as if the layer went on; a step that leaves the layer is cut where it leaves, and the flight goes on in the next.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opendome.air import KINK_ALT_M, KINK_ROW
from opendome.errors import Status
from opendome.fly.dop853 import DENSE, STAGES, WIDTH, dense, errors, step
from opendome.fly.motion import LANES, Lanes, rates
from opendome.kernel import kernel
from opendome.world import altitude_above

# Events: where a flight ends before its time is up.
NO_EVENT = 0
FALLING = 1
"""Altitude is below the level, and falling: at once if that is so at the start."""
RISING = 2
"""Altitude is above the level, and rising."""
APOGEE = 3
"""Vertical speed is below zero (the level is not used)."""

_LAYER_TOP, _LAYER_BOTTOM = 4, 5

OK, STEP_LIMIT, NOT_FINITE = int(Status.OK), int(Status.STEP_LIMIT), int(Status.NOT_FINITE)

MAX_STEPS = 100_000
AIR_TOP_M = 130.0e3
"""A falling body with drag takes no step across this altitude: a long step could leap over the air."""
AIR_DROP_M = 15.0e3
"""Below it a step falls at most this far: two scale heights of the air."""
FIRST_STEP_S = 0.05
ROUNDING = 1e-12
CHUNK = 64


class Work(NamedTuple):
    """Scratch of one call, lane by lane (see `dop853` for the order of the numbers)."""

    y: NDArray[np.float64]          # (WIDTH,) states at the start of the step
    after: NDArray[np.float64]      # (WIDTH,) and at its end
    w: NDArray[np.float64]          # (WIDTH,)
    h: NDArray[np.float64]          # (WIDTH,) step in s, six times
    scale: NDArray[np.float64]      # (WIDTH,) one over the tolerated error
    e5: NDArray[np.float64]         # (WIDTH,)
    e3: NDArray[np.float64]         # (WIDTH,)
    k: NDArray[np.float64]          # (STAGES, WIDTH)
    f: NDArray[np.float64]          # (DENSE, WIDTH)
    samples: NDArray[np.float64]    # (6, CHUNK)
    t: NDArray[np.float64]          # (LANES,) time at the start of the step
    steps: NDArray[np.int64]        # (LANES,) tried so far
    growth: NDArray[np.float64]     # (LANES,) how much the next step may grow
    ratio: NDArray[np.float64]      # (LANES,) error over tolerated error; below zero: not finite
    body: NDArray[np.int64]         # (LANES,) which body, -1 for none
    layer: NDArray[np.int64]        # (LANES,) which layer of air
    event: NDArray[np.int64]        # (LANES,) what cuts the step short


@kernel
def height(earth, x, y, z):
    """Altitude in m above the given Earth."""
    r2 = x * x + y * y + z * z
    return altitude_above(earth, math.sqrt(r2), z * z / r2)


@kernel
def _sign(earth, event, level_m, x, y, z, vx, vy, vz):
    """A number that falls through zero where the event is."""
    alt = height(earth, x, y, z)
    if event == APOGEE:
        # The weight turns the radius into the ellipsoid's normal, to second order in the flattening.
        return x * vx + y * vy + z * vz * (earth.a_m + alt) / (earth.a_m * (1.0 - earth.f) ** 2 + alt)
    return level_m - alt if event in (RISING, _LAYER_TOP) else alt - level_m


@kernel
def _at(y, i):
    """State of lane i as six numbers."""
    return y[i], y[LANES + i], y[2 * LANES + i], y[3 * LANES + i], y[4 * LANES + i], y[5 * LANES + i]


@kernel
def _power(f, c, x):
    """The polynomial in column c of f (8, columns) at x, by Horner's rule."""
    return f[0, c] + x * (f[1, c] + x * (f[2, c] + x * (f[3, c] + x * (f[4, c] + x * (
        f[5, c] + x * (f[6, c] + x * f[7, c]))))))


@kernel
def _inside(f, i, x):
    """State of lane i at fraction x of its step, as six numbers."""
    return (_power(f, i, x), _power(f, LANES + i, x), _power(f, 2 * LANES + i, x), _power(f, 3 * LANES + i, x),
            _power(f, 4 * LANES + i, x), _power(f, 5 * LANES + i, x))


@kernel
def _find(earth, event, level_m, f, i):
    """Fraction of the step at which the event is: bracketed false position (Illinois), or 1 if it is not inside."""
    lo, hi = 0.0, 1.0
    x, y, z, vx, vy, vz = _inside(f, i, lo)
    g_lo = _sign(earth, event, level_m, x, y, z, vx, vy, vz)
    x, y, z, vx, vy, vz = _inside(f, i, hi)
    g_hi = _sign(earth, event, level_m, x, y, z, vx, vy, vz)
    if not (g_lo > 0.0 and g_hi < 0.0):
        return 0.0 if g_hi < 0.0 else 1.0
    part = hi
    for _ in range(60):
        part = hi - g_hi * (hi - lo) / (g_hi - g_lo)
        x, y, z, vx, vy, vz = _inside(f, i, part)
        g = _sign(earth, event, level_m, x, y, z, vx, vy, vz)
        if g == 0.0 or abs(hi - part) < 1e-14:
            break
        if (g < 0.0) != (g_hi < 0.0):
            lo, g_lo = hi, g_hi
        else:
            g_lo *= 0.5
        hi, g_hi = part, g
    return part


@kernel
def _enter_layer(lanes, work, i, layer):
    """Note that lane i now flies in this layer of the air, between the kinks that bound it."""
    work.layer[i] = layer
    lanes.first_row[i], lanes.last_row[i] = KINK_ROW[layer], KINK_ROW[layer + 1] - 1


@kernel
def _board(earth, lanes, work, i, body, start, beta_kg_m2):
    """Put a body into lane i, at the start of its flight."""
    for c in range(6):
        work.y[c * LANES + i] = start[body, c]
        work.h[c * LANES + i] = FIRST_STEP_S
    alt = height(earth, start[body, 0], start[body, 1], start[body, 2])
    layer = 0
    while layer < len(KINK_ALT_M) and alt >= KINK_ALT_M[layer]:
        layer += 1
    _enter_layer(lanes, work, i, layer)
    lanes.inv_beta[i] = 1.0 / beta_kg_m2[body]
    work.body[i] = body
    work.t[i] = 0.0
    work.steps[i] = 0
    work.growth[i] = 10.0


@kernel
def _longest(earth, x, y, z, vx, vy, vz, h):
    """The step, shortened so that a falling body does not leap over the air."""
    r2 = x * x + y * y + z * z
    r = math.sqrt(r2)
    alt = altitude_above(earth, r, z * z / r2)
    up = (x * vx + y * vy + z * vz) / r
    if alt > AIR_TOP_M + 1000.0:
        # Earliest arrival at the top: a fall in uniform gravity, more than the real one less the turn of the path.
        g = earth.mu_m3_s2 / r2
        return min(h, (up + math.sqrt(up * up + 2.0 * g * (alt - AIR_TOP_M))) / g)
    return min(h, max(0.1, -AIR_DROP_M / up)) if up < 0.0 else h


@kernel
def _set_step(earth, lanes, work, i, h, t_max_s):
    """Give lane i its next step: h seconds or what is left."""
    if lanes.inv_beta[i] > 0.0:
        x, y, z, vx, vy, vz = _at(work.y, i)
        h = _longest(earth, x, y, z, vx, vy, vz, h)
    h = min(h, t_max_s - work.t[i])
    for c in range(6):
        work.h[c * LANES + i] = h


@kernel
def _judge(earth, lanes, work, i, event, level_m):
    """Set the error ratio of lane i's step and, if it is accepted, the event that cuts it short."""
    five, three = 0.0, 0.0
    for c in range(6):
        e5, e3 = work.e5[c * LANES + i], work.e3[c * LANES + i]
        five += e5 * e5
        three += e3 * e3
    ratio = five / math.sqrt(6.0 * (five + 0.01 * three)) if five > 0.0 else 0.0
    work.event[i] = NO_EVENT
    if not math.isfinite(five) or not math.isfinite(three):
        work.ratio[i] = -1.0
        return
    work.ratio[i] = ratio
    if ratio >= 1.0:
        return
    x, y, z, vx, vy, vz = _at(work.after, i)
    if lanes.inv_beta[i] > 0.0:
        alt, layer = height(earth, x, y, z), work.layer[i]
        if layer > 0 and alt < KINK_ALT_M[layer - 1]:
            work.event[i] = _LAYER_BOTTOM
        elif layer < len(KINK_ALT_M) and alt > KINK_ALT_M[layer]:
            work.event[i] = _LAYER_TOP
    if event != NO_EVENT and _sign(earth, event, level_m, x, y, z, vx, vy, vz) < 0.0:
        up = x * vx + y * vy + z * vz
        past = event == APOGEE or (up < 0.0) == (event == FALLING)
        x, y, z, vx, vy, vz = _at(work.y, i)
        if past or _sign(earth, event, level_m, x, y, z, vx, vy, vz) >= 0.0:
            work.event[i] = event if work.event[i] == NO_EVENT else work.event[i] + event * 8


@kernel(lanes=True)
def _sample_chunk(f, i, x0, dx, n, buffer, first, out_r, out_v):
    """Write n <= CHUNK samples of lane i, from fraction x0 of its step on, dx apart, into rows first ... of the output.

    By way of a buffer (6, CHUNK) in which instants lie side by side, so that the polynomials are vector instructions.
    """
    for c in range(6):
        j = c * LANES + i
        f0, f1, f2, f3, f4, f5, f6, f7 = f[0, j], f[1, j], f[2, j], f[3, j], f[4, j], f[5, j], f[6, j], f[7, j]
        column = buffer[c]
        for m in range(n):
            x = x0 + dx * m
            column[m] = f0 + x * (f1 + x * (f2 + x * (f3 + x * (f4 + x * (f5 + x * (f6 + x * f7))))))
    for m in range(n):
        row = first + m
        out_r[row, 0], out_r[row, 1], out_r[row, 2] = buffer[0, m], buffer[1, m], buffer[2, m]
        out_v[row, 0], out_v[row, 1], out_v[row, 2] = buffer[3, m], buffer[4, m], buffer[5, m]


@kernel
def _sample(work, i, row, part, dt_out_s, out_r, out_v):
    """Record lane i at the instants of its step up to fraction `part`; returns the next row."""
    inv_h = 1.0 / work.h[i]
    dx = dt_out_s * inv_h
    x = (row * dt_out_s - work.t[i]) * inv_h
    while row < out_r.shape[0] and x <= part + ROUNDING:
        n = min(CHUNK, out_r.shape[0] - row, int((part + ROUNDING - x) / dx) + 1)
        _sample_chunk(work.f, i, x, dx, n, work.samples, row, out_r, out_v)
        row += n
        x = (row * dt_out_s - work.t[i]) * inv_h
    return row


@kernel
def _cut(earth, work, i, level_m):
    """The first event inside lane i's step: (fraction of the step, event). Both a layer's edge and the flight's own
    event may be waiting; `_judge` packs them as edge + 8 event."""
    edge, own = work.event[i] % 8, work.event[i] // 8
    if edge < _LAYER_TOP:
        edge, own = NO_EVENT, edge
    part_edge, part_own = 2.0, 2.0
    if edge != NO_EVENT:
        layer = work.layer[i]
        bound = KINK_ALT_M[layer - 1] if edge == _LAYER_BOTTOM else KINK_ALT_M[layer]
        part_edge = _find(earth, edge, bound, work.f, i)
    if own != NO_EVENT:
        part_own = _find(earth, own, level_m, work.f, i)
    if part_own <= part_edge:
        return part_own, own
    return part_edge, edge


@kernel
def fly_block(earth, start, beta_kg_m2, t_max_s, event, level_m, tol, dt_out_s, out_r, out_v, rows, t_end_s, end,
              status, first, last):
    """Fly bodies first .. last - 1 until the event or t_max_s, each by itself.

    start (T, 6)        ECEF position and velocity, m and m/s
    beta_kg_m2 (T,)     mass / (Cd A), infinite for no drag
    event, level_m      one of the codes above, the same for all
    tol                 tolerated error of a step, in Earth radii and circular speeds (1e-9: 6 mm and 8 um/s)
    out_r, out_v (T, K, 3)  filled with the states at 0, dt_out_s, 2 dt_out_s ... up to the end; K = 0: none
    rows (T,)           filled with the number of them
    t_end_s, end (T, 6) filled with the time and state at the end; t_max_s if the event did not happen
    status (T,)         filled with codes of `errors.Status`
    """
    work = Work(np.zeros(WIDTH), np.zeros(WIDTH), np.zeros(WIDTH), np.zeros(WIDTH), np.zeros(WIDTH), np.zeros(WIDTH),
                np.zeros(WIDTH), np.zeros((STAGES, WIDTH)), np.zeros((DENSE, WIDTH)), np.zeros((6, CHUNK)),
                np.zeros(LANES), np.zeros(LANES, np.int64), np.zeros(LANES), np.zeros(LANES), np.zeros(LANES, np.int64),
                np.zeros(LANES, np.int64), np.zeros(LANES, np.int64))
    lanes = Lanes(min(LANES, last - first), np.zeros(LANES), np.zeros(LANES, np.int64), np.zeros(LANES, np.int64))
    for j in range(WIDTH):
        work.scale[j] = 1.0 / (tol * (earth.a_m if j < 3 * LANES else math.sqrt(earth.mu_m3_s2 / earth.a_m)))
    capacity = out_r.shape[1]
    waiting = first
    flying = 0
    for i in range(lanes.used):
        _board(earth, lanes, work, i, waiting, start, beta_kg_m2)
        _set_step(earth, lanes, work, i, FIRST_STEP_S, t_max_s)
        rows[waiting] = 0
        waiting += 1
        flying += 1
    rates(earth, lanes, work.y, work.k[0])

    while flying > 0:
        step(earth, lanes, work.h, work.y, work.k, work.w, work.after)
        errors(work.h, work.k, work.scale, work.e5, work.e3)
        inside = False
        for i in range(lanes.used):
            if work.body[i] >= 0:
                _judge(earth, lanes, work, i, event, level_m)
                body = work.body[i]
                sampled = rows[body] < capacity and rows[body] * dt_out_s - work.t[i] <= work.h[i] * (1.0 + ROUNDING)
                inside |= 0.0 <= work.ratio[i] < 1.0 and (work.event[i] != NO_EVENT or sampled)
        if inside:
            dense(earth, lanes, work.h, work.y, work.after, work.k, work.w, work.f)
        fresh = False
        for i in range(lanes.used):
            body = work.body[i]
            if body < 0:
                continue
            ratio, h = work.ratio[i], work.h[i]
            work.steps[i] += 1
            out_of_steps = work.steps[i] > MAX_STEPS
            if (ratio < 0.0 or ratio >= 1.0) and not out_of_steps and (h > 1e-7 or ratio >= 0.0):
                work.growth[i] = 1.0
                _set_step(earth, lanes, work, i, h * (max(0.2, 0.9 * ratio ** -0.125) if ratio > 0.0 else 0.2), t_max_s)
                continue
            part, met = 1.0, NO_EVENT
            failed = ratio < 0.0 or ratio >= 1.0
            if not failed:
                if work.event[i] != NO_EVENT:
                    part, met = _cut(earth, work, i, level_m)
                if rows[body] < capacity and inside:
                    rows[body] = _sample(work, i, rows[body], part, dt_out_s, out_r[body], out_v[body])
                if met == NO_EVENT:
                    for c in range(6):
                        work.y[c * LANES + i] = work.after[c * LANES + i]
                        work.k[0, c * LANES + i] = work.k[12, c * LANES + i]
                else:
                    fresh = True
                    (work.y[i], work.y[LANES + i], work.y[2 * LANES + i], work.y[3 * LANES + i],
                     work.y[4 * LANES + i], work.y[5 * LANES + i]) = _inside(work.f, i, part)
                arrived = met == event and event != NO_EVENT
                late = met == NO_EVENT and work.t[i] + h >= t_max_s
                work.t[i] = t_max_s if late else work.t[i] + part * h
                if not (arrived or late):
                    if met == _LAYER_TOP:
                        _enter_layer(lanes, work, i, work.layer[i] + 1)
                    elif met == _LAYER_BOTTOM:
                        _enter_layer(lanes, work, i, work.layer[i] - 1)
                    else:
                        h *= min(work.growth[i], 0.9 * ratio ** -0.125) if ratio > 0.0 else work.growth[i]
                        work.growth[i] = 10.0
                    _set_step(earth, lanes, work, i, h, t_max_s)
                    continue
            status[body] = OK if not failed else (NOT_FINITE if ratio < 0.0 else STEP_LIMIT)
            t_end_s[body] = work.t[i]
            for c in range(6):
                end[body, c] = work.y[c * LANES + i]
            if waiting < last:
                _board(earth, lanes, work, i, waiting, start, beta_kg_m2)
                _set_step(earth, lanes, work, i, FIRST_STEP_S, t_max_s)
                rows[waiting] = 0
                waiting += 1
                fresh = True
            else:
                flying -= 1
                work.body[i] = -1
                for c in range(6):
                    work.h[c * LANES + i] = 0.0
        if fresh:
            rates(earth, lanes, work.y, work.k[0])


@kernel
def fly(earth, start, beta_kg_m2, t_max_s, event, level_m, tol, dt_out_s, out_r, out_v, end):
    """Fly one body from `start` (6,) until the event or t_max_s; returns (status, rows, t_end_s).

    Rows of `out_r`, `out_v` (K, 3) are filled with the ECEF states at 0, dt_out_s, 2 dt_out_s ... up to the end,
    and `end` (6,) with the state there; pass arrays of no rows to record nothing. See `fly_block`, which flies eight
    bodies in little more time than this takes for one.
    """
    status, rows, t_end_s, beta = np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(1), np.full(1, beta_kg_m2)
    fly_block(earth, start.reshape(1, 6), beta, t_max_s, event, level_m, tol, dt_out_s,
              out_r.reshape(1, out_r.shape[0], 3), out_v.reshape(1, out_v.shape[0], 3), rows, t_end_s,
              end.reshape(1, 6), status, 0, 1)
    return status[0], rows[0], t_end_s[0]


@kernel
def fly_to_ground(earth, start, beta_kg_m2, t_max_s, ground_alt_m, tol, dt_out_s, out_r, out_v, end):
    """Fly until the altitude falls through ground_alt_m, or t_max_s; returns (status, rows, t_impact_s). See `fly`."""
    return fly(earth, start, beta_kg_m2, t_max_s, FALLING, ground_alt_m, tol, dt_out_s, out_r, out_v, end)
