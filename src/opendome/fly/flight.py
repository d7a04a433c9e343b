"""Adaptive flight of many bodies, each sampled on the way, to a time or to an event.

LANES bodies are stepped side by side; a lane whose body has arrived takes the next one. Every body has its own step
and the arithmetic of a lane knows nothing of its neighbours, so a flight does not depend on what else is flown.

The standard atmosphere has kinks, where an adaptive method would creep. A body is therefore flown in its layer of
air as if the layer went on; a step that leaves the layer is cut where it leaves, and the flight goes on in the next.
"""

import math

import numpy as np

from opendome.air import KINK_ALT_M
from opendome.errors import Status
from opendome.fly.dop853 import DENSE, STAGES, WIDTH, dense, errors, step
from opendome.fly.lanes import (
    APOGEE,
    BODY,
    EDGE,
    EVENT,
    FALLING,
    FIRST_ROW,
    GROWN,
    GROWTH,
    HELD,
    INV_BETA,
    LAST_ROW,
    LAYER,
    LEG,
    NEW,
    NO_EVENT,
    NUMBERS,
    RATIO,
    RIGHT,
    STEPS,
    TAGS,
    TURN,
    UNTIL,
    UP,
    T,
    board,
    cut,
    enter_layer,
    enter_leg,
    height,
    inside,
    note_turn,
    set_step,
    sign,
    state_of,
)
from opendome.fly.motion import LANES, Lanes, Lift, rates
from opendome.kernel import kernel

OK, STEP_LIMIT, NOT_FINITE = int(Status.OK), int(Status.STEP_LIMIT), int(Status.NOT_FINITE)

MAX_STEPS = 100_000
SMALLEST_STEP_S, SHRINK = 1e-7, 0.2
NOT_A_STEP = -1.0
"""In place of an error ratio: the step's end is not a number."""
ROUNDING = 1e-12
"""Fraction of a step within which an instant counts as its end."""
CHUNK = 64
"""Samples evaluated at once."""


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
    rx, ry, rz, vx, vy, vz = state_of(after, i)
    if num[INV_BETA, i] > 0.0:
        alt, layer = height(earth, rx, ry, rz), tag[LAYER, i]
        if layer > 0 and alt < KINK_ALT_M[layer - 1]:
            tag[EDGE, i] = -1
        elif layer < len(KINK_ALT_M) and alt > KINK_ALT_M[layer]:
            tag[EDGE, i] = 1
    if event != NO_EVENT and sign(earth, event, level_m, rx, ry, rz, vx, vy, vz) < 0.0:
        up = rx * vx + ry * vy + rz * vz
        past = event == APOGEE or (up < 0.0) == (event == FALLING)
        rx, ry, rz, vx, vy, vz = state_of(y, i)
        if past or sign(earth, event, level_m, rx, ry, rz, vx, vy, vz) >= 0.0:
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
def _advance(earth, num, tag, y, after, h, k, f, i, part, legs, t_max_s):
    """Move lane i to fraction `part` of its accepted step and set the next; returns whether the flight is over.

    Notes in NEW whether the rates at the start of the next step are not known.
    """
    step_s = h[i]
    is_due = part == 1.0 and num[T, i] + step_s >= num[UNTIL, i]
    num[T, i] = num[UNTIL, i] if is_due else num[T, i] + part * step_s
    tag[NEW, i] = tag[EDGE, i] != 0
    if tag[EDGE, i] == 0 and tag[EVENT, i] == NO_EVENT:
        for c in range(6):
            y[c * LANES + i] = after[c * LANES + i]
            k[0, c * LANES + i] = k[12, c * LANES + i]
        step_s = _next_step(num, h, i)
    else:
        (y[i], y[LANES + i], y[2 * LANES + i], y[3 * LANES + i], y[4 * LANES + i],
         y[5 * LANES + i]) = inside(f, i, part)
        enter_layer(tag, i, tag[LAYER, i] + tag[EDGE, i])
    if tag[EVENT, i] != NO_EVENT or (is_due and num[UNTIL, i] >= t_max_s):
        return True
    if legs is not None and is_due:
        enter_leg(num, tag, legs, i, tag[LEG, i] + 1, t_max_s)
        tag[NEW, i] = 1
    num[GROWN, i] = GROWTH
    set_step(earth, num, y, h, i, step_s)
    return False


@kernel(allocates=True)
def fly_lanes(earth, start, beta_kg_m2, legs, law, t_max_s, event, level_m, tol, dt_out_s, out_r, out_v, rows,
              t_end_s, end, status, first, last):
    """Fly bodies first .. last - 1 until the event or t_max_s, each by itself: see `fly_block` and `glide_block`.

    `legs` and `law` are None for flights without lift, which the compiler sees.
    """
    y, after, w, h = np.zeros(WIDTH), np.zeros(WIDTH), np.zeros(WIDTH), np.zeros(WIDTH)
    scale, e5, e3 = np.zeros(WIDTH), np.zeros(WIDTH), np.zeros(WIDTH)
    k, f, samples = np.zeros((STAGES, WIDTH)), np.zeros((DENSE, WIDTH)), np.zeros((6, CHUNK))
    num, tag = np.zeros((NUMBERS, LANES)), np.zeros((TAGS, LANES), np.int64)
    lanes = Lanes(min(LANES, last - first), num[INV_BETA], tag[FIRST_ROW], tag[LAST_ROW])
    if legs is None:
        lift = None
    else:
        lift = Lift(num[UP], num[RIGHT])
    for j in range(WIDTH):
        scale[j] = 1.0 / (tol * (earth.a_m if j < 3 * LANES else math.sqrt(earth.mu_m3_s2 / earth.a_m)))
    capacity = out_r.shape[1]
    waiting = first
    for i in range(lanes.used):
        board(earth, num, tag, y, h, i, waiting, start, beta_kg_m2, legs, t_max_s)
        rows[waiting] = 0
        waiting += 1
    flying = lanes.used
    rates(earth, lanes, lift, law, y, k[0])

    while flying > 0:
        step(earth, lanes, lift, law, h, y, k, w, after)
        errors(h, k, scale, e5, e3)
        is_inside_wanted = False
        for i in range(lanes.used):
            body = tag[BODY, i]
            if body >= 0:
                _judge(earth, num, tag, y, after, e5, e3, i, event, level_m)
                is_step = 0.0 <= num[RATIO, i] < 1.0
                if legs is not None and is_step:
                    note_turn(earth, tag, y, after, i, legs.stop_m_s)
                sampled = rows[body] < capacity and rows[body] * dt_out_s - num[T, i] <= h[i] * (1.0 + ROUNDING)
                special = tag[EDGE, i] != 0 or tag[EVENT, i] != NO_EVENT or tag[TURN, i] != 0 or tag[HELD, i] != 0
                is_inside_wanted |= is_step and (special or sampled)
        if is_inside_wanted:
            dense(earth, lanes, lift, law, h, y, after, k, w, f)
        is_any_new = False                  # a lane whose rates at the start of the step are not known
        for i in range(lanes.used):
            body = tag[BODY, i]
            if body < 0:
                continue
            tag[STEPS, i] += 1
            if 0.0 <= num[RATIO, i] < 1.0:
                part = cut(earth, tag, f, i, level_m, legs)
                if legs is not None:
                    # Glides cross layers often: the step up to the edge is taken again, as the dense output is coarser.
                    if tag[HELD, i] != 0:
                        tag[EDGE, i], tag[HELD, i], tag[EVENT, i], part = tag[HELD, i], 0, NO_EVENT, 1.0
                    elif tag[EDGE, i] != 0 and 0.0 < part < 1.0:
                        tag[HELD, i] = tag[EDGE, i]
                        set_step(earth, num, y, h, i, part * h[i])
                        continue
                if rows[body] < capacity and is_inside_wanted:
                    rows[body] = _sample(num, h, f, samples, i, rows[body], part, dt_out_s, out_r[body], out_v[body])
                is_over = _advance(earth, num, tag, y, after, h, k, f, i, part, legs, t_max_s)
                is_any_new |= tag[NEW, i] != 0
                status[body] = OK
            else:
                status[body] = NOT_FINITE if num[RATIO, i] == NOT_A_STEP else STEP_LIMIT
                is_over = tag[STEPS, i] > MAX_STEPS or (status[body] == NOT_FINITE and h[i] < SMALLEST_STEP_S)
                tag[HELD, i] = 0
                if not is_over:
                    num[GROWN, i] = 1.0
                    set_step(earth, num, y, h, i, _next_step(num, h, i))
            if not is_over:
                continue
            t_end_s[body] = num[T, i]
            for c in range(6):
                end[body, c] = y[c * LANES + i]
            if waiting < last:
                board(earth, num, tag, y, h, i, waiting, start, beta_kg_m2, legs, t_max_s)
                rows[waiting] = 0
                waiting += 1
                is_any_new = True
            else:
                flying -= 1
                tag[BODY, i] = -1
                for c in range(6):
                    h[c * LANES + i] = 0.0
        if is_any_new:
            rates(earth, lanes, lift, law, y, k[0])


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
    fly_lanes(earth, start, beta_kg_m2, None, None, t_max_s, event, level_m, tol, dt_out_s, out_r, out_v, rows,
              t_end_s, end, status, first, last)


@kernel(allocates=True)
def glide_block(earth, start, beta_kg_m2, legs, law, t_max_s, level_m, tol, dt_out_s, out_r, out_v, rows, t_end_s, end,
                status, first, last):
    """Fly bodies first .. last - 1 with lift until they fall through level_m, are slower than the legs say, or t_max_s.

    `legs` is their schedule of lift, (T, S), see `lanes.Legs`; `law` a `motion.Law` or None. The rest as `fly_block`.
    """
    fly_lanes(earth, start, beta_kg_m2, legs, law, t_max_s, FALLING, level_m, tol, dt_out_s, out_r, out_v, rows,
              t_end_s, end, status, first, last)


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
