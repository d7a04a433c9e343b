"""Adaptive flight of many bodies, each sampled on the way, to a time or to an event.

LANES bodies are stepped side by side; a lane whose body has arrived takes the next one. Every body has its own step
and the arithmetic of a lane knows nothing of its neighbours, so a flight does not depend on what else is flown.

The standard atmosphere has kinks, where an adaptive method would creep. A body is therefore flown in its layer of
air as if the layer went on; a step that leaves the layer is cut where it leaves, and the flight goes on in the next.
"""

import math

import numpy as np

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

OK, STEP_LIMIT, NOT_FINITE = int(Status.OK), int(Status.STEP_LIMIT), int(Status.NOT_FINITE)

MAX_STEPS = 100_000
AIR_TOP_M = 130.0e3
"""A falling body with drag takes no step across this altitude: a long step could leap over the air."""
AIR_DROP_M = 15.0e3
"""Below it a step falls at most this far: two scale heights of the air."""
FIRST_STEP_S, SMALLEST_STEP_S = 0.05, 1e-7
GROWTH, SHRINK = 10.0, 0.2
"""How much a step may grow or shrink at once; the step after a refused one does not grow."""
NOT_A_STEP = -1.0
"""In place of an error ratio: the step's end is not a number."""
ROUNDING = 1e-12
"""Fraction of a step within which an instant counts as its end."""
CHUNK = 64
"""Samples evaluated at once."""


# What is known of each lane: rows of two arrays (rows, LANES). Two, because every array that is passed costs time.
T, GROWN, RATIO, INV_BETA = 0, 1, 2, 3
"""Numbers: time at the start of the step, how much the next may grow, error over tolerated error, Cd A / mass."""
BODY, STEPS, LAYER, FIRST_ROW, LAST_ROW, EDGE, EVENT = 0, 1, 2, 3, 4, 5, 6
"""Tags: which body (-1: none), steps tried, layer of air and its rows in the table, whether the step leaves the layer
upward (1) or downward (-1), the event inside the step."""


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
    return level_m - alt if event == RISING else alt - level_m


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
def _enter_layer(tag, i, layer):
    """Note that lane i now flies in this layer of the air, between the kinks that bound it."""
    tag[LAYER, i] = layer
    tag[FIRST_ROW, i], tag[LAST_ROW, i] = KINK_ROW[layer], KINK_ROW[layer + 1] - 1


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
def _set_step(earth, num, y, h, i, step_s, t_max_s):
    """Give lane i its next step: step_s, or less before the air, or what is left."""
    if num[INV_BETA, i] > 0.0:
        rx, ry, rz, vx, vy, vz = _at(y, i)
        step_s = _longest(earth, rx, ry, rz, vx, vy, vz, step_s)
    step_s = min(step_s, t_max_s - num[T, i])
    for c in range(6):
        h[c * LANES + i] = step_s


@kernel
def _board(earth, num, tag, y, h, i, body, start, beta_kg_m2, t_max_s):
    """Put a body into lane i, at the start of its flight, which it leaves with FIRST_STEP_S."""
    for c in range(6):
        y[c * LANES + i] = start[body, c]
    alt = height(earth, start[body, 0], start[body, 1], start[body, 2])
    layer = 0
    while layer < len(KINK_ALT_M) and alt >= KINK_ALT_M[layer]:
        layer += 1
    _enter_layer(tag, i, layer)
    tag[BODY, i], tag[STEPS, i] = body, 0
    num[T, i], num[GROWN, i], num[INV_BETA, i] = 0.0, GROWTH, 1.0 / beta_kg_m2[body]
    _set_step(earth, num, y, h, i, FIRST_STEP_S, t_max_s)


@kernel
def _judge(earth, num, tag, y, after, e5, e3, i, event, level_m):
    """Set the error ratio of lane i's step and, if it is accepted, what happens inside it."""
    five, three = 0.0, 0.0
    for c in range(6):
        five += e5[c * LANES + i] ** 2
        three += e3[c * LANES + i] ** 2
    tag[EDGE, i], tag[EVENT, i] = 0, NO_EVENT
    if not (math.isfinite(five) and math.isfinite(three)):
        num[RATIO, i] = NOT_A_STEP
        return
    num[RATIO, i] = five / math.sqrt(6.0 * (five + 0.01 * three)) if five > 0.0 else 0.0
    if num[RATIO, i] >= 1.0:
        return
    rx, ry, rz, vx, vy, vz = _at(after, i)
    if num[INV_BETA, i] > 0.0:
        alt, layer = height(earth, rx, ry, rz), tag[LAYER, i]
        if layer > 0 and alt < KINK_ALT_M[layer - 1]:
            tag[EDGE, i] = -1
        elif layer < len(KINK_ALT_M) and alt > KINK_ALT_M[layer]:
            tag[EDGE, i] = 1
    if event != NO_EVENT and _sign(earth, event, level_m, rx, ry, rz, vx, vy, vz) < 0.0:
        up = rx * vx + ry * vy + rz * vz
        past = event == APOGEE or (up < 0.0) == (event == FALLING)
        rx, ry, rz, vx, vy, vz = _at(y, i)
        if past or _sign(earth, event, level_m, rx, ry, rz, vx, vy, vz) >= 0.0:
            tag[EVENT, i] = event


@kernel
def _next_step(num, h, i):
    """The step in s that should just meet the tolerance after the one of lane i."""
    ratio = num[RATIO, i]
    if ratio == NOT_A_STEP:
        return SHRINK * h[i]
    # The eighth root by three square roots.
    factor = 0.9 / math.sqrt(math.sqrt(math.sqrt(ratio))) if ratio > 1e-12 else GROWTH
    return h[i] * max(SHRINK, min(num[GROWN, i], factor))


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
def _sample(num, h, f, samples, i, row, part, dt_out_s, out_r, out_v):
    """Record lane i at the instants of its step up to fraction `part`; returns the next row."""
    inv_h = 1.0 / h[i]
    dx = dt_out_s * inv_h
    x = (row * dt_out_s - num[T, i]) * inv_h
    while row < out_r.shape[0] and x <= part + ROUNDING:
        n = min(CHUNK, out_r.shape[0] - row, int((part + ROUNDING - x) / dx) + 1)
        _sample_chunk(f, i, x, dx, n, samples, row, out_r, out_v)
        row += n
        x = (row * dt_out_s - num[T, i]) * inv_h
    return row


@kernel
def _cut(earth, tag, f, i, level_m):
    """The fraction of lane i's step at which it ends: at the edge of the layer or the event, whichever comes first.

    The tag of the other is cleared.
    """
    edge_at, event_at = 2.0, 2.0
    layer = tag[LAYER, i]
    if tag[EDGE, i] > 0:
        edge_at = _find(earth, RISING, KINK_ALT_M[layer], f, i)
    elif tag[EDGE, i] < 0:
        edge_at = _find(earth, FALLING, KINK_ALT_M[layer - 1], f, i)
    if tag[EVENT, i] != NO_EVENT:
        event_at = _find(earth, tag[EVENT, i], level_m, f, i)
    if event_at <= edge_at:
        tag[EDGE, i] = 0
    else:
        tag[EVENT, i] = NO_EVENT
    return min(edge_at, event_at, 1.0)


@kernel
def _advance(earth, num, tag, y, after, h, k, f, i, part, t_max_s):
    """Move lane i to fraction `part` of its accepted step and set the next; returns whether the flight is over."""
    step_s = h[i]
    is_last = part == 1.0 and num[T, i] + step_s >= t_max_s
    num[T, i] = t_max_s if is_last else num[T, i] + part * step_s
    if tag[EDGE, i] == 0 and tag[EVENT, i] == NO_EVENT:
        for c in range(6):
            y[c * LANES + i] = after[c * LANES + i]
            k[0, c * LANES + i] = k[12, c * LANES + i]
        step_s = _next_step(num, h, i)
    else:
        (y[i], y[LANES + i], y[2 * LANES + i], y[3 * LANES + i], y[4 * LANES + i],
         y[5 * LANES + i]) = _inside(f, i, part)
        _enter_layer(tag, i, tag[LAYER, i] + tag[EDGE, i])
    if is_last or tag[EVENT, i] != NO_EVENT:
        return True
    num[GROWN, i] = GROWTH
    _set_step(earth, num, y, h, i, step_s, t_max_s)
    return False


@kernel(allocates=True)
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
    y, after, w, h = np.zeros(WIDTH), np.zeros(WIDTH), np.zeros(WIDTH), np.zeros(WIDTH)
    scale, e5, e3 = np.zeros(WIDTH), np.zeros(WIDTH), np.zeros(WIDTH)
    k, f, samples = np.zeros((STAGES, WIDTH)), np.zeros((DENSE, WIDTH)), np.zeros((6, CHUNK))
    num, tag = np.zeros((INV_BETA + 1, LANES)), np.zeros((EVENT + 1, LANES), np.int64)
    lanes = Lanes(min(LANES, last - first), num[INV_BETA], tag[FIRST_ROW], tag[LAST_ROW])
    for j in range(WIDTH):
        scale[j] = 1.0 / (tol * (earth.a_m if j < 3 * LANES else math.sqrt(earth.mu_m3_s2 / earth.a_m)))
    capacity = out_r.shape[1]
    waiting = first
    for i in range(lanes.used):
        _board(earth, num, tag, y, h, i, waiting, start, beta_kg_m2, t_max_s)
        rows[waiting] = 0
        waiting += 1
    flying = lanes.used
    rates(earth, lanes, y, k[0])

    while flying > 0:
        step(earth, lanes, h, y, k, w, after)
        errors(h, k, scale, e5, e3)
        is_inside_wanted = False
        for i in range(lanes.used):
            body = tag[BODY, i]
            if body >= 0:
                _judge(earth, num, tag, y, after, e5, e3, i, event, level_m)
                sampled = rows[body] < capacity and rows[body] * dt_out_s - num[T, i] <= h[i] * (1.0 + ROUNDING)
                cut = tag[EDGE, i] != 0 or tag[EVENT, i] != NO_EVENT
                is_inside_wanted |= cut or (sampled and 0.0 <= num[RATIO, i] < 1.0)
        if is_inside_wanted:
            dense(earth, lanes, h, y, after, k, w, f)
        is_any_new = False                  # a lane whose rates at the start of the step are not known
        for i in range(lanes.used):
            body = tag[BODY, i]
            if body < 0:
                continue
            tag[STEPS, i] += 1
            if 0.0 <= num[RATIO, i] < 1.0:
                part = _cut(earth, tag, f, i, level_m)
                if rows[body] < capacity and is_inside_wanted:
                    rows[body] = _sample(num, h, f, samples, i, rows[body], part, dt_out_s, out_r[body], out_v[body])
                is_over = _advance(earth, num, tag, y, after, h, k, f, i, part, t_max_s)
                is_any_new |= tag[EDGE, i] != 0
                status[body] = OK
            else:
                status[body] = NOT_FINITE if num[RATIO, i] == NOT_A_STEP else STEP_LIMIT
                is_over = tag[STEPS, i] > MAX_STEPS or (status[body] == NOT_FINITE and h[i] < SMALLEST_STEP_S)
                if not is_over:
                    num[GROWN, i] = 1.0
                    _set_step(earth, num, y, h, i, _next_step(num, h, i), t_max_s)
            if not is_over:
                continue
            t_end_s[body] = num[T, i]
            for c in range(6):
                end[body, c] = y[c * LANES + i]
            if waiting < last:
                _board(earth, num, tag, y, h, i, waiting, start, beta_kg_m2, t_max_s)
                rows[waiting] = 0
                waiting += 1
                is_any_new = True
            else:
                flying -= 1
                tag[BODY, i] = -1
                for c in range(6):
                    h[c * LANES + i] = 0.0
        if is_any_new:
            rates(earth, lanes, y, k[0])


@kernel(allocates=True)
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


@kernel(inline=True)
def fly_to_ground(earth, start, beta_kg_m2, t_max_s, ground_alt_m, tol, dt_out_s, out_r, out_v, end):
    """Fly until the altitude falls through ground_alt_m, or t_max_s; returns (status, rows, t_impact_s). See `fly`."""
    return fly(earth, start, beta_kg_m2, t_max_s, FALLING, ground_alt_m, tol, dt_out_s, out_r, out_v, end)
