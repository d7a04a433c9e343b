"""What interceptors in orbit can reach and when: kernels.

An interceptor leaves its satellite in any direction, speeds up at a constant rate, then coasts. Satellite and
interceptor fall in nearly the same gravity; so, seen from the satellite, gravity is left out, and after a time T the
interceptor can be anywhere within a distance R(T) of where its satellite then is:

          R(T) _
       ,-'     '-,      x target at t: it is met if |x - o| <= R(t - t_leave)
      ;     o---->;     o the satellite at t, on its own orbit
       '-,     ,-'

The difference of gravity across R, some 1 % of R after two minutes and 5 % after five, is left out; so are guidance,
lead, the divert, and line of sight. Equations, errors and evidence: docs/models/space-interceptors.md.

Paths of targets are rows of ECEF states at equal steps (`threats.state_at`), satellites the table of `orbits.Orbit`.
"""

import math
from typing import NamedTuple

import numpy as np

from opendome.kernel import F64Array, I64Array, kernel
from opendome.orbits import orbit_state
from opendome.threats import state_at
from opendome.world import WGS84, altitude

GAP_M = 1.0
"""A target this far out of reach counts as reached."""
STEPS_MAX = 2000
"""More than any search needs: one takes about five."""
TILT_M_S = 40.0
"""Vertical speeds along the radius and along the normal of the ellipsoid differ by less."""
FALL_M_S2 = 22.0
"""Bound on what gravity of target and satellite, Coriolis and centrifugal terms add to a relative acceleration."""
SKY_LIFE_S = 300.0
"""Satellites are carried on by a short series for at most this long, then placed anew."""
SKY_ERROR_M = 10.0e3
"""Bound on the error of that series, for eccentricities up to 0.1."""
PIECE_S = 100.0
"""Windows are searched in pieces of at most this length: in longer ones too many satellites may come near."""

_OMEGA = WGS84.omega_rad_s


class SpaceKinematics(NamedTuple):
    """What one type of space-based interceptor can do; SI units, all floats."""

    accel_m_s2: float
    """While it burns."""
    speed_m_s: float
    """Gained over its satellite at the end of the burn."""
    flight_max_s: float
    alt_min_m: float
    """Lowest intercept."""
    alt_max_m: float
    """Highest intercept."""


class Sky(NamedTuple):
    """Where S satellites are at one instant, and room to search them. One per thread; see `make_sky`."""

    state: F64Array
    """(9, S) ECI x y z (m), vx vy vz (m/s), mu / r^3, r v / r^2 and v^2 / r^2 - mu / r^3 of the series."""
    near2: F64Array
    """(S,) squares of distances."""
    done: I64Array
    """(S,) the last search that a satellite was looked at in."""
    clock: F64Array
    """(2,) the instant in s, and the fastest satellite's speed there in m/s."""
    search: I64Array
    """(1,) number of the last search."""


# ---- reach ----------------------------------------------------------------------------------------------------------


@kernel
def space_reach_m(time_s, accel_m_s2, speed_m_s):
    """Distance in m that an interceptor can be from its satellite `time_s` after leaving it; gravity as free fall."""
    burn_s = speed_m_s / accel_m_s2
    if time_s >= burn_s:
        return speed_m_s * (time_s - 0.5 * burn_s)
    return 0.5 * accel_m_s2 * time_s * time_s if time_s > 0.0 else 0.0


@kernel
def reach_after_m(kin, time_s):
    """`space_reach_m` of a type, which may also wait: the time counts up to its longest flight."""
    return space_reach_m(min(time_s, kin.flight_max_s), kin.accel_m_s2, kin.speed_m_s)


# ---- one satellite, one path ----------------------------------------------------------------------------------------


@kernel
def path_accel_max(path_r, path_v, offset, n, dt_s, first_s, last_s):
    """Bound in m/s2 on the acceleration of a path relative to any satellite, from first_s to last_s after its start.

    The cubic between two rows is hardest at its ends.
    """
    worst2 = 0.0
    first, last = max(int(first_s / dt_s), 0), min(math.ceil(last_s / dt_s), n - 1)
    for k in range(offset + first, offset + last):
        begin2, end2 = 0.0, 0.0
        for c in range(3):
            slope = (path_r[k + 1, c] - path_r[k, c]) / dt_s
            begin = (6.0 * slope - 4.0 * path_v[k, c] - 2.0 * path_v[k + 1, c]) / dt_s
            end = (2.0 * path_v[k, c] + 4.0 * path_v[k + 1, c] - 6.0 * slope) / dt_s
            begin2 += begin * begin
            end2 += end * end
        worst2 = max(worst2, max(begin2, end2))
    return math.sqrt(worst2) + FALL_M_S2


@kernel
def _no_sooner(gap, closing, accel):
    """Time in s in which a gap cannot close: it closes at `closing` now, faster by at most `accel` a second."""
    return 2.0 * gap / (closing + math.sqrt(closing * closing + 2.0 * accel * gap))


@kernel
def next_open(path_r, path_v, offset, n, dt_s, t0_s, t_s, t_last_s, alt_min_m, alt_max_m, accel_m_s2):
    """First instant in s, at t_s or later, at which a path is between two altitudes; inf when it is not by t_last_s.

    accel_m_s2: `path_accel_max`. Never oversteps: altitude changes no faster than that allows.
    """
    for _ in range(STEPS_MAX):
        if t_s > t_last_s:
            return math.inf
        x, y, z, vx, vy, vz = state_at(path_r, path_v, offset, n, dt_s, t_s - t0_s)
        alt_m = altitude(x, y, z)
        up_m_s = (x * vx + y * vy + z * vz) / math.sqrt(x * x + y * y + z * z)
        if alt_m < alt_min_m - GAP_M:
            t_s += _no_sooner(alt_min_m - alt_m, up_m_s + TILT_M_S, accel_m_s2)
        elif alt_m > alt_max_m + GAP_M:
            t_s += _no_sooner(alt_m - alt_max_m, TILT_M_S - up_m_s, accel_m_s2)
        else:
            return t_s
    return math.inf


@kernel
def earliest_meeting(orbits, s, angle0_rad, path_r, path_v, offset, n, dt_s, t0_s, t_from_s, t_leave_s, t_last_s, kin,
                     accel_m_s2):
    """Earliest instant in s at which satellite `s` can meet a path, or inf.

    path_r, path_v: (rows, 3) ECEF, the path's in rows offset .. offset + n - 1, dt_s apart, the first at t0_s.
    angle0_rad: the Earth's angle at t_s = 0. The interceptor leaves at t_leave_s or later and meets the path between
    t_from_s and t_last_s, between the altitudes of `kin`. accel_m_s2: `path_accel_max` of that stretch.

    The gap |target - satellite| - R closes no faster than its rate now and the bounds on acceleration allow; the search
    steps by just that, so it never passes the first meeting and ends like Newton's.
    """
    t = max(t_from_s, t_leave_s)
    for _ in range(STEPS_MAX):
        if not t <= t_last_s:
            return math.inf
        x, y, z, vx, vy, vz = state_at(path_r, path_v, offset, n, dt_s, t - t0_s)
        angle = angle0_rad + _OMEGA * t
        si, co = math.sin(angle), math.cos(angle)
        vx, vy = vx - _OMEGA * y, vy + _OMEGA * x
        sx, sy, sz, su, sv, sw = orbit_state(orbits, s, t)
        dx, dy, dz = co * x - si * y - sx, co * y + si * x - sy, z - sz
        distance = math.sqrt(dx * dx + dy * dy + dz * dz)
        gap = distance - reach_after_m(kin, t - t_leave_s)
        if gap <= GAP_M:
            t_open = next_open(path_r, path_v, offset, n, dt_s, t0_s, t, t_last_s, kin.alt_min_m, kin.alt_max_m,
                               accel_m_s2)
            if t_open == t:
                return t
            t = t_open
            continue
        rate = (dx * (co * vx - si * vy - su) + dy * (co * vy + si * vx - sv) + dz * (vz - sw)) / distance
        faster = kin.speed_m_s if t - t_leave_s < kin.flight_max_s else 0.0
        t += _no_sooner(gap, faster - rate, accel_m_s2)
    return math.inf


# ---- many satellites ------------------------------------------------------------------------------------------------


@kernel
def place_sky(orbits, t_s, sky):
    """Put all satellites where they are at t_s."""
    state, fastest2 = sky.state, 0.0
    for s in range(state.shape[1]):
        x, y, z, u, v, w = orbit_state(orbits, s, t_s)
        r2, v2 = x * x + y * y + z * z, u * u + v * v + w * w
        pull = WGS84.mu_m3_s2 / (r2 * math.sqrt(r2))
        state[0, s], state[1, s], state[2, s] = x, y, z
        state[3, s], state[4, s], state[5, s] = u, v, w
        state[6, s], state[7, s], state[8, s] = pull, (x * u + y * v + z * w) / r2, v2 / r2 - pull
        fastest2 = max(fastest2, v2)
    sky.clock[0], sky.clock[1] = t_s, math.sqrt(fastest2)


@kernel(lanes=True)
def _distances2(state, tau, x, y, z, out):
    """Squares of the distances in m of all satellites, tau after the sky's instant, from an ECI point.

    Series of Lagrange's f and g to the fourth power of time (bate1971, chapter 5). In lanes: no call, no branch.
    """
    tau2, tau3, tau4 = tau * tau, tau * tau * tau, tau * tau * tau * tau
    for s in range(out.shape[0]):
        u, p, q = state[6, s], state[7, s], state[8, s]
        f = 1.0 - 0.5 * u * tau2 + 0.5 * u * p * tau3 + u * (3.0 * q - 15.0 * p * p + u) * (tau4 / 24.0)
        g = tau - u * (tau3 / 6.0) + 0.25 * u * p * tau4
        dx = f * state[0, s] + g * state[3, s] - x
        dy = f * state[1, s] + g * state[4, s] - y
        dz = f * state[2, s] + g * state[5, s] - z
        out[s] = dx * dx + dy * dy + dz * dz


@kernel
def _near_m(kin, sky, first_s, last_s, t_leave_s, speed_m_s, accel_m_s2):
    """Distance in m, halfway between two instants, from which a satellite is surely out of reach between them.

    speed_m_s: of the target halfway. What satellite and target can do to their distance in half the time is added to
    the longest reach.
    """
    half_s = 0.5 * (last_s - first_s)
    return (reach_after_m(kin, last_s - t_leave_s) + SKY_ERROR_M + GAP_M
            + (sky.clock[1] * 1.1 + speed_m_s + 0.5 * accel_m_s2 * half_s) * half_s)


@kernel
def find_meetings(orbits, rounds, angle0_rad, path_r, path_v, offset, n, dt_s, t0_s, t_from_s, t_leave_s, t_last_s, kin,
                  sky, out_s, out_t_s):
    """Every satellite that can meet a path, with the earliest instant; returns how many there are.

    Satellites with `rounds` (S,) above zero are looked at. out_s, out_t_s (M,) receive satellite and instant, not in
    order of time; what does not fit is counted and left out. `sky`: see `make_sky`; placed anew when it is too old.
    The rest as in `earliest_meeting`.
    """
    last_s = min(t_last_s, t0_s + (n - 1) * dt_s)
    first_s = max(t_from_s, t_leave_s, t0_s)
    if not first_s <= last_s:
        return 0
    accel = path_accel_max(path_r, path_v, offset, n, dt_s, first_s - t0_s, last_s - t0_s)
    first_s = next_open(path_r, path_v, offset, n, dt_s, t0_s, first_s, last_s, kin.alt_min_m, kin.alt_max_m, accel)
    if first_s == math.inf:
        return 0
    sky.search[0] += 1
    pieces = max(1, math.ceil((last_s - first_s) / PIECE_S))
    piece_s = (last_s - first_s) / pieces
    found = 0
    for i in range(pieces):
        begin = first_s + i * piece_s
        middle = begin + 0.5 * piece_s
        if not abs(middle - sky.clock[0]) <= SKY_LIFE_S:
            place_sky(orbits, middle, sky)
        x, y, z, vx, vy, vz = state_at(path_r, path_v, offset, n, dt_s, middle - t0_s)
        angle = angle0_rad + _OMEGA * middle
        si, co = math.sin(angle), math.cos(angle)
        vx, vy = vx - _OMEGA * y, vy + _OMEGA * x
        near_m = _near_m(kin, sky, begin, begin + piece_s, t_leave_s, math.sqrt(vx * vx + vy * vy + vz * vz), accel)
        _distances2(sky.state, middle - sky.clock[0], co * x - si * y, co * y + si * x, z, sky.near2)
        found = _look_at_near(orbits, rounds, angle0_rad, path_r, path_v, offset, n, dt_s, t0_s, begin, t_leave_s,
                              last_s, kin, accel, near_m * near_m, sky, out_s, out_t_s, found)
    return found


@kernel
def _look_at_near(orbits, rounds, angle0_rad, path_r, path_v, offset, n, dt_s, t0_s, begin, t_leave_s, last_s, kin,
                  accel, near2, sky, out_s, out_t_s, found):
    """Search the satellites that are near in this piece of the window and were not looked at before."""
    search = sky.search[0]
    for s in range(sky.near2.shape[0]):
        if sky.near2[s] > near2 or rounds[s] <= 0 or sky.done[s] == search:
            continue
        sky.done[s] = search
        t = earliest_meeting(orbits, s, angle0_rad, path_r, path_v, offset, n, dt_s, t0_s, begin, t_leave_s, last_s,
                             kin, accel)
        if t < math.inf:
            if found < out_s.shape[0]:
                out_s[found], out_t_s[found] = s, t
            found += 1
    return found


def make_sky(n_satellites: int) -> Sky:
    """Empty working room for `find_meetings`; not to be shared between threads."""
    return Sky(np.zeros((9, n_satellites)), np.zeros(n_satellites), np.zeros(n_satellites, np.int64),
               np.full(2, -np.inf), np.zeros(1, np.int64))
