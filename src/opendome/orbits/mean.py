"""Mean orbits: elements that the Earth's flattening turns steadily, and the kernel that says where a satellite is.

To first order in J2 the node, the perigee and the mean anomaly move at constant rates and the other elements stay as
they are (Kozai 1959, Kaula 1966; docs/models/orbits.md). Left out: the wobble within a revolution (some km), drag, Sun
and Moon, the pressure of sunlight. Frame: ECI, the true equator of date, z through the north pole.
"""

import math
from typing import NamedTuple

import numpy as np

from opendome.kernel import F64Array, Packed, kernel, pack
from opendome.world import WGS84, ecef_from_eci

ECCENTRICITY_MAX = 0.95
"""Beyond it Kepler's equation is not solved to rounding in `KEPLER_STEPS`."""

KEPLER_STEPS = 6
"""Newton steps on Kepler's equation from `kepler_start`: to rounding up to `ECCENTRICITY_MAX`."""


class Orbit(NamedTuple):
    """Columns of mean orbits. S satellites; SI units; angles at t_s = 0 with their rates; ECI."""

    a_m: F64Array  # (S,) semi-major axis
    e: F64Array  # (S,) eccentricity
    cos_i: F64Array  # (S,) of the inclination
    sin_i: F64Array  # (S,)
    raan: F64Array  # (S,) right ascension of the ascending node, rad
    raan_rate: F64Array  # (S,) rad/s
    argp: F64Array  # (S,) argument of perigee
    argp_rate: F64Array  # (S,)
    anomaly: F64Array  # (S,) mean anomaly
    anomaly_rate: F64Array  # (S,) mean motion with its J2 part


class Rates(NamedTuple):
    """What J2 makes of the angles: S satellites, rad/s."""

    raan: F64Array
    argp: F64Array
    anomaly: F64Array


def secular_rates(a_m: F64Array, e: F64Array, inclination: F64Array) -> Rates:
    """Rates in rad/s of node, perigee and mean anomaly, each (S,): J2 to first order.

    The semi-major axis is the mean distance of Kozai (1959), which goes with the mean radius of a circular orbit; that
    of Kaula (1966) is larger by 3/4 J2 (R / p)^2 eta (2 - 3 sin^2 i) of itself, some km. Node and perigee are Kaula's.
    """
    motion = np.sqrt(WGS84.mu_m3_s2 / a_m**3)
    eta2 = 1.0 - e * e
    k = 1.5 * WGS84.j2 * (WGS84.a_m / (a_m * eta2)) ** 2 * motion
    s2 = np.sin(inclination) ** 2
    return Rates(-k * np.cos(inclination), k * (2.0 - 2.5 * s2), motion - 0.5 * k * np.sqrt(eta2) * (1.0 - 1.5 * s2))


def orbits_of(a_m: F64Array, e: F64Array, inclination: F64Array, raan: F64Array, argp: F64Array,
              anomaly: F64Array) -> Packed:
    """The packed table of mean orbits with the given elements, each (S,), in m and rad at t_s = 0."""
    rates = secular_rates(a_m, e, inclination)
    return pack(Orbit(a_m, e, np.cos(inclination), np.sin(inclination), raan, rates.raan, argp, rates.argp, anomaly,
                      rates.anomaly))


@kernel(inline=True)
def kepler_start(m, e, sin_m, cos_m):
    """A first eccentric anomaly in rad for mean anomaly `m`: wrong by 0.054 e^4 for small e, by 0.2 rad at e = 0.95.

    The first step of Newton's rule at `m`, with the slope a second-order rule would take.
    """
    return m + e * sin_m / math.sqrt(1.0 - 2.0 * e * cos_m + e * e)


@kernel
def orbit_state(orbits, s, t_s):
    """ECI position in m and velocity in m/s, six numbers, of satellite `s` at t_s after the elements' epoch.

    The velocity is the rate of the mean position, the turning of node and perigee included.
    """
    a, e, ci, si = orbits.a_m[s], orbits.e[s], orbits.cos_i[s], orbits.sin_i[s]
    node = orbits.raan[s] + orbits.raan_rate[s] * t_s
    perigee = orbits.argp[s] + orbits.argp_rate[s] * t_s
    m = orbits.anomaly[s] + orbits.anomaly_rate[s] * t_s
    u = kepler_start(m, e, math.sin(m), math.cos(m))
    if e > 0.0:
        for _ in range(KEPLER_STEPS):
            u -= (u - e * math.sin(u) - m) / (1.0 - e * math.cos(u))
    su, cu, so, co, sn, cn = (math.sin(u), math.cos(u), math.sin(perigee), math.cos(perigee), math.sin(node),
                              math.cos(node))
    eta = math.sqrt(1.0 - e * e)
    x, y = a * (cu - e), a * eta * su
    f = a * orbits.anomaly_rate[s] / (1.0 - e * cu)
    vx, vy = -f * su - orbits.argp_rate[s] * y, f * eta * cu + orbits.argp_rate[s] * x
    px, py, pz = cn * co - sn * so * ci, sn * co + cn * so * ci, so * si
    qx, qy, qz = -cn * so - sn * co * ci, -sn * so + cn * co * ci, co * si
    turn, rx, ry = orbits.raan_rate[s], px * x + qx * y, py * x + qy * y
    return (rx, ry, pz * x + qz * y,
            px * vx + qx * vy - turn * ry, py * vx + qy * vy + turn * rx, pz * vx + qz * vy)


@kernel
def orbit_position_ecef(orbits, s, t_s, angle0_rad):
    """ECEF position in m, three numbers; `angle0_rad` is the Earth's angle at t_s = 0 (see `world.earth_angle_at`)."""
    x, y, z, _, _, _ = orbit_state(orbits, s, t_s)
    return ecef_from_eci(x, y, z, angle0_rad + WGS84.omega_rad_s * t_s)
