"""What is known of each lane of the adaptive flight: its body, its layer of air, its step and what ends it."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opendome.air import KINK_ALT_M, KINK_ROW
from opendome.fly.motion import LANES
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
_SLOW, _NADIR = 4, 5
"""Within a glide: speed is below the level; vertical speed is above zero."""

AIR_TOP_M = 130.0e3
"""A falling body with drag takes no step across this altitude: a long step could leap over the air."""
AIR_DROP_M = 15.0e3
"""Below it a step falls at most this far: two scale heights of the air."""
FIRST_STEP_S, GROWTH = 0.05, 10.0
"""How much a step may grow at once; the step after a refused one does not grow."""


# What is known of each lane: rows of two arrays (rows, LANES). Two, because every array that is passed costs time.
T, GROWN, RATIO, INV_BETA, UNTIL, UP, RIGHT, NUMBERS = 0, 1, 2, 3, 4, 5, 6, 7
"""Numbers: time at the start of the step, how much the next may grow, error over tolerated error, Cd A / mass, when
the step has to end at the latest, lift upward and to the right (see `motion.Lift`)."""
BODY, STEPS, LAYER, FIRST_ROW, LAST_ROW, EDGE, EVENT, NEW, LEG, TURN, HELD, TAGS = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""Tags: which body (-1: none), steps tried, layer of air and its rows in the table, whether the step leaves the layer
upward (1) or downward (-1), the event inside the step, whether the rates at its start are unknown, which leg of the
schedule of lift, whether the step has its highest (1) or lowest (-1) point inside, the edge that a step taken again
is to end at."""


class Legs(NamedTuple):
    """Lift of T bodies, constant on each of S legs of their flights, and the speed that ends them."""

    from_s: NDArray[np.float64]
    """(T, S) when a leg begins, rising; the first is taken to begin at once. Legs never flown begin at infinity."""
    up_m2_kg: NDArray[np.float64]
    """(T, S) see `motion.lift_acceleration`."""
    right_m2_kg: NDArray[np.float64]
    """(T, S)"""
    stop_m_s: float
    """A flight ends when it is slower than this."""


@kernel
def height(earth, x, y, z):
    """Altitude in m above the given Earth."""
    r2 = x * x + y * y + z * z
    return altitude_above(earth, math.sqrt(r2), z * z / r2)


@kernel
def sign(earth, event, level_m, x, y, z, vx, vy, vz):
    """A number that falls through zero where the event is."""
    alt = height(earth, x, y, z)
    if event == APOGEE:
        # The weight turns the radius into the ellipsoid's normal, to second order in the flattening.
        return x * vx + y * vy + z * vz * (earth.a_m + alt) / (earth.a_m * (1.0 - earth.f) ** 2 + alt)
    return level_m - alt if event == RISING else alt - level_m


@kernel
def state_of(y, i):
    """State of lane i as six numbers."""
    return y[i], y[LANES + i], y[2 * LANES + i], y[3 * LANES + i], y[4 * LANES + i], y[5 * LANES + i]


@kernel
def _power(f, c, x):
    """The polynomial in column c of f (8, columns) at x, by Horner's rule."""
    return f[0, c] + x * (f[1, c] + x * (f[2, c] + x * (f[3, c] + x * (f[4, c] + x * (
        f[5, c] + x * (f[6, c] + x * f[7, c]))))))


@kernel
def inside(f, i, x):
    """State of lane i at fraction x of its step, as six numbers."""
    return (_power(f, i, x), _power(f, LANES + i, x), _power(f, 2 * LANES + i, x), _power(f, 3 * LANES + i, x),
            _power(f, 4 * LANES + i, x), _power(f, 5 * LANES + i, x))


@kernel
def _sign_glide(earth, event, level_m, f, i, part):
    """As `sign`, at a fraction of lane i's step and with the events of a glide."""
    x, y, z, vx, vy, vz = inside(f, i, part)
    if event == _SLOW:
        return math.sqrt(vx * vx + vy * vy + vz * vz) - level_m
    if event == _NADIR:
        return -sign(earth, APOGEE, level_m, x, y, z, vx, vy, vz)
    return sign(earth, event, level_m, x, y, z, vx, vy, vz)


@kernel
def find(earth, event, level_m, f, i):
    """Fraction of the step at which the event is: bracketed false position (Illinois), or 1 if it is not inside."""
    lo, hi = 0.0, 1.0
    x, y, z, vx, vy, vz = inside(f, i, lo)
    g_lo = sign(earth, event, level_m, x, y, z, vx, vy, vz)
    x, y, z, vx, vy, vz = inside(f, i, hi)
    g_hi = sign(earth, event, level_m, x, y, z, vx, vy, vz)
    if not (g_lo > 0.0 and g_hi < 0.0):
        return 0.0 if g_hi < 0.0 else 1.0
    part = hi
    for _ in range(60):
        part = hi - g_hi * (hi - lo) / (g_hi - g_lo)
        x, y, z, vx, vy, vz = inside(f, i, part)
        g = sign(earth, event, level_m, x, y, z, vx, vy, vz)
        if g == 0.0 or abs(hi - part) < 1e-14:
            break
        if (g < 0.0) != (g_hi < 0.0):
            lo, g_lo = hi, g_hi
        else:
            g_lo *= 0.5
        hi, g_hi = part, g
    return part


@kernel
def _find_glide(earth, event, level_m, f, i, lo, hi):
    """As `find`, between two fractions of the step and for all events of a glide; hi if the event is not there."""
    g_lo, g_hi = _sign_glide(earth, event, level_m, f, i, lo), _sign_glide(earth, event, level_m, f, i, hi)
    if not (g_lo > 0.0 and g_hi < 0.0):
        return lo if g_hi < 0.0 else hi
    part = hi
    for _ in range(60):
        part = hi - g_hi * (hi - lo) / (g_hi - g_lo)
        g = _sign_glide(earth, event, level_m, f, i, part)
        if g == 0.0 or abs(hi - part) < 1e-14:
            break
        if (g < 0.0) != (g_hi < 0.0):
            lo, g_lo = hi, g_hi
        else:
            g_lo *= 0.5
        hi, g_hi = part, g
    return part


@kernel
def enter_layer(tag, i, layer):
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
def set_step(earth, num, y, h, i, step_s):
    """Give lane i its next step: step_s, or less before the air, or what is left."""
    if num[INV_BETA, i] > 0.0:
        rx, ry, rz, vx, vy, vz = state_of(y, i)
        step_s = _longest(earth, rx, ry, rz, vx, vy, vz, step_s)
    step_s = min(step_s, num[UNTIL, i] - num[T, i])
    for c in range(6):
        h[c * LANES + i] = step_s


@kernel
def enter_leg(num, tag, legs, i, leg, t_max_s):
    """Give lane i the lift of this leg of its schedule."""
    body, last = tag[BODY, i], legs.from_s.shape[1] - 1
    while leg < last and legs.from_s[body, leg + 1] <= num[T, i]:
        leg += 1
    tag[LEG, i] = leg
    num[UP, i], num[RIGHT, i] = legs.up_m2_kg[body, leg], legs.right_m2_kg[body, leg]
    num[UNTIL, i] = min(t_max_s, legs.from_s[body, leg + 1]) if leg < last else t_max_s


@kernel
def board(earth, num, tag, y, h, i, body, start, beta_kg_m2, legs, t_max_s):
    """Put a body into lane i, at the start of its flight, which it leaves with FIRST_STEP_S."""
    for c in range(6):
        y[c * LANES + i] = start[body, c]
    alt = height(earth, start[body, 0], start[body, 1], start[body, 2])
    layer = 0
    while layer < len(KINK_ALT_M) and alt >= KINK_ALT_M[layer]:
        layer += 1
    enter_layer(tag, i, layer)
    tag[BODY, i], tag[STEPS, i] = body, 0
    num[T, i], num[GROWN, i], num[INV_BETA, i] = 0.0, GROWTH, 1.0 / beta_kg_m2[body]
    num[UNTIL, i] = t_max_s
    if legs is not None:
        enter_leg(num, tag, legs, i, 0, t_max_s)
    set_step(earth, num, y, h, i, FIRST_STEP_S)


@kernel
def note_turn(earth, tag, y, after, i, stop_m_s):
    """Note of a glide's accepted step that it is too slow at its end, or goes up and down inside."""
    x, yy, z, vx, vy, vz = state_of(after, i)
    if tag[EVENT, i] == NO_EVENT and vx * vx + vy * vy + vz * vz < stop_m_s * stop_m_s:
        tag[EVENT, i] = _SLOW
    climbs = sign(earth, APOGEE, 0.0, x, yy, z, vx, vy, vz) > 0.0
    x, yy, z, vx, vy, vz = state_of(y, i)
    climbed = sign(earth, APOGEE, 0.0, x, yy, z, vx, vy, vz) > 0.0
    tag[TURN, i] = 0 if climbs == climbed else (1 if climbed else -1)


@kernel
def _leave_half(earth, tag, f, i, lo, hi):
    """Fraction of lane i's step at which it leaves its layer between lo and hi, a rise or a fall; 2 if it does not.

    Notes the edge.
    """
    x, y, z, _, _, _ = inside(f, i, hi)
    alt, layer = height(earth, x, y, z), tag[LAYER, i]
    if layer > 0 and alt < KINK_ALT_M[layer - 1]:
        tag[EDGE, i] = -1
        return _find_glide(earth, FALLING, KINK_ALT_M[layer - 1], f, i, lo, hi)
    if layer < len(KINK_ALT_M) and alt > KINK_ALT_M[layer]:
        tag[EDGE, i] = 1
        return _find_glide(earth, RISING, KINK_ALT_M[layer], f, i, lo, hi)
    return 2.0


@kernel
def _cut_turning(earth, tag, f, i, level_m, legs):
    """As `cut`, for a step of a glide that has its highest or lowest point inside.

    Each half is a rise or a fall. Without this, a step could dip into the next layer, or below the level, and be back
    before its end.
    """
    turn_at = _find_glide(earth, APOGEE if tag[TURN, i] > 0 else _NADIR, 0.0, f, i, 0.0, 1.0)
    event_at = 2.0
    if tag[EVENT, i] == _SLOW:
        event_at = _find_glide(earth, _SLOW, legs.stop_m_s, f, i, 0.0, 1.0)
    else:
        tag[EVENT, i] = NO_EVENT
    for half in range(2):
        falls = (tag[TURN, i] < 0) == (half == 0)
        lo, hi = (0.0, turn_at) if half == 0 else (turn_at, 1.0)
        if falls:
            x, y, z, _, _, _ = inside(f, i, hi)
            if height(earth, x, y, z) < level_m:
                at = _find_glide(earth, FALLING, level_m, f, i, lo, hi)
                if at < event_at:
                    event_at, tag[EVENT, i] = at, FALLING
                break
    tag[EDGE, i] = 0
    edge_at = _leave_half(earth, tag, f, i, 0.0, turn_at)
    if edge_at > 1.0:
        edge_at = _leave_half(earth, tag, f, i, turn_at, 1.0)
    return _first_of(tag, i, event_at, edge_at)


@kernel
def _slow_at(earth, f, i, legs):
    """Fraction of lane i's step at which it is too slow; 2 if it is never too slow."""
    if legs is None:
        return 2.0
    return _find_glide(earth, _SLOW, legs.stop_m_s, f, i, 0.0, 1.0)


@kernel
def cut(earth, tag, f, i, level_m, legs):
    """The fraction of lane i's step at which it ends: at the edge of the layer or the event, whichever comes first.

    The tag of the other is cleared.
    """
    if legs is not None and tag[TURN, i] != 0:
        return _cut_turning(earth, tag, f, i, level_m, legs)
    edge_at, event_at = 2.0, 2.0
    layer = tag[LAYER, i]
    if tag[EDGE, i] > 0:
        edge_at = find(earth, RISING, KINK_ALT_M[layer], f, i)
    elif tag[EDGE, i] < 0:
        edge_at = find(earth, FALLING, KINK_ALT_M[layer - 1], f, i)
    if tag[EVENT, i] == _SLOW:
        event_at = _slow_at(earth, f, i, legs)
    elif tag[EVENT, i] != NO_EVENT:
        event_at = find(earth, tag[EVENT, i], level_m, f, i)
    return _first_of(tag, i, event_at, edge_at)


@kernel
def _first_of(tag, i, event_at, edge_at):
    """The earlier of the two, at most 1; the tag of the other is cleared."""
    if event_at <= edge_at:
        tag[EDGE, i] = 0
    else:
        tag[EVENT, i] = NO_EVENT
    return min(edge_at, event_at, 1.0)
