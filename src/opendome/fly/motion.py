"""What moves a body: gravity, the turning frame, drag and lift; for one body, and for LANES bodies side by side."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opendome.air import ROWS, density_of_layer, sound_speed
from opendome.kernel import COMPILED, kernel
from opendome.world import altitude_above, gravity

LANES = 8 if COMPILED else 1
"""Bodies flown side by side, to fill a processor's vector registers. Results do not depend on it."""


class Lanes(NamedTuple):
    """What the rates need to know of each lane; arrays (LANES,)."""

    used: int
    """Lanes that ever hold a body: the first ones."""
    inv_beta: NDArray[np.float64]
    """Cd A / mass in m2/kg; 0 without drag."""
    first_row: NDArray[np.int64]
    """The layer of air that the body is in, as rows of the table of density."""
    last_row: NDArray[np.int64]


class Lift(NamedTuple):
    """Lift of each lane as in `lift_acceleration`; arrays (LANES,)."""

    up_m2_kg: NDArray[np.float64]
    right_m2_kg: NDArray[np.float64]


class Law(NamedTuple):
    """How lift and drag change in flight, the same for all bodies."""

    damping: float
    """Of the phugoid, as a share of the critical one; 0 for none."""
    mach: NDArray[np.float64]
    """(M,) rising; empty if lift does not depend on it."""
    lift_factor: NDArray[np.float64]
    """(M,) lift over what it is at the best Mach number; linear between, constant beyond the ends."""


LAW_SCALE_M = 7.2e3
"""Scale height of the air in the law of damping; the standard's is 6.7 to 8.2 km between 30 and 65 km."""
LAW_DEPTH = 0.5
"""Damping changes lift and drag by at most this share of them."""
LAW_NET_M_S2 = 0.5
"""Where weight less centrifugal force falls below this, near the circular speed, damping does not grow on."""


@kernel(inline=True)
def turning_gravity(earth, x, y, z, vx, vy, vz):
    """Acceleration in m/s2 in ECEF of a body in empty space: gravity (J2, J4), Coriolis, centrifugal."""
    gx, gy, gz = gravity(earth, x, y, z)
    turn = 2.0 * earth.omega_rad_s
    square = earth.omega_rad_s * earth.omega_rad_s
    return gx + square * x + turn * vy, gy + square * y - turn * vx, gz


@kernel(inline=True)
def drag_rate(earth, inv_beta, first_row, last_row, x, y, z, vx, vy, vz):
    """Deceleration by drag over speed, 1/s, in a layer of air (see `Lanes`); the air turns with the Earth."""
    r2 = x * x + y * y + z * z
    rho = density_of_layer(altitude_above(earth, math.sqrt(r2), z * z / r2), first_row, last_row)
    return 0.5 * rho * inv_beta * math.sqrt(vx * vx + vy * vy + vz * vz)


@kernel(inline=True)
def acceleration(earth, inv_beta, x, y, z, vx, vy, vz):
    """Acceleration in m/s2 in ECEF of a point mass in free flight; `inv_beta` is Cd A / mass, 0 for no drag."""
    ax, ay, az = turning_gravity(earth, x, y, z, vx, vy, vz)
    if inv_beta > 0.0:
        drag = drag_rate(earth, inv_beta, 0, ROWS - 1, x, y, z, vx, vy, vz)
        ax, ay, az = ax - drag * vx, ay - drag * vy, az - drag * vz
    return ax, ay, az


@kernel(inline=True)
def lift_acceleration(earth, rho, up_m2_kg, right_m2_kg, x, y, z, vx, vy, vz):
    """Acceleration in m/s2 in ECEF by lift, across the velocity relative to the air.

    `up_m2_kg` and `right_m2_kg` are lift coefficient times area over mass, (L/D) / beta times the cosine and the sine
    of the bank: upward in the vertical plane of the flight, and to the right of it. Up is the ellipsoid's normal.
    """
    z /= (1.0 - earth.f) * (1.0 - earth.f)
    rx, ry, rz = vy * z - vz * y, vz * x - vx * z, vx * y - vy * x
    v2 = vx * vx + vy * vy + vz * vz
    right = 1.0 / math.sqrt(rx * rx + ry * ry + rz * rz + 1e-30)
    pressure = 0.5 * rho * v2
    side, upward = pressure * right_m2_kg * right, pressure * up_m2_kg * right / math.sqrt(v2 + 1e-30)
    return (side * rx + upward * (ry * vz - rz * vy), side * ry + upward * (rz * vx - rx * vz),
            side * rz + upward * (rx * vy - ry * vx))


@kernel(inline=True)
def gliding_acceleration(earth, inv_beta, up_m2_kg, right_m2_kg, x, y, z, vx, vy, vz):
    """Acceleration in m/s2 in ECEF of a point mass with drag (`inv_beta`, Cd A / mass) and lift (`lift_acceleration`).

    The air is the US Standard Atmosphere 1976 at rest on the Earth.
    """
    ax, ay, az = turning_gravity(earth, x, y, z, vx, vy, vz)
    r2 = x * x + y * y + z * z
    rho = density_of_layer(altitude_above(earth, math.sqrt(r2), z * z / r2), 0, ROWS - 1)
    lx, ly, lz = lift_acceleration(earth, rho, up_m2_kg, right_m2_kg, x, y, z, vx, vy, vz)
    drag = 0.5 * rho * inv_beta * math.sqrt(vx * vx + vy * vy + vz * vz)
    return ax + lx - drag * vx, ay + ly - drag * vy, az + lz - drag * vz


@kernel
def damping_factor(earth, damping, climb_over_drag, x, y, z, vx, vy, vz):
    """What lift and drag are multiplied with so that the phugoid dies out; 1 on the quasi-equilibrium glide.

    1 - LAW_DEPTH s / sqrt(1 + s^2), s = k (gamma - gamma*) / LAW_DEPTH: about 1 - k (gamma - gamma*), and between 0.5
    and 1.5. gamma* = -2 H g / (V^2 L/D) is the angle of the quasi-equilibrium glide, `climb_over_drag` the vertical
    part of L/D in it, and k = 2 damping V / sqrt(H (g - V^2 / r)) gives small oscillations that share of critical
    damping.
    """
    r2, v2 = x * x + y * y + z * z, vx * vx + vy * vy + vz * vz
    g, r = earth.mu_m3_s2 / r2, math.sqrt(r2)
    nz = z / ((1.0 - earth.f) * (1.0 - earth.f))
    sine = (x * vx + y * vy + nz * vz) / math.sqrt((x * x + y * y + nz * nz) * v2 + 1e-30)
    net = math.sqrt((g - v2 / r) ** 2 + LAW_NET_M_S2**2)
    glide = min(2.0 * LAW_SCALE_M * g / (v2 * max(climb_over_drag, 0.2) + 1e-30), 1.0)
    s = 2.0 * damping * math.sqrt(v2 / (LAW_SCALE_M * net)) * (sine + glide) / LAW_DEPTH
    return 1.0 - LAW_DEPTH * s / math.sqrt(1.0 + s * s)


@kernel
def mach_factor(law, mach):
    """Lift over what it is at the best Mach number, from the law's table; 1 without one."""
    last = law.mach.size - 1
    if last < 0:
        return 1.0
    if mach <= law.mach[0]:
        return law.lift_factor[0]
    i = 1
    while i < last and mach > law.mach[i]:
        i += 1
    part = min((mach - law.mach[i - 1]) / (law.mach[i] - law.mach[i - 1]), 1.0)
    return law.lift_factor[i - 1] + part * (law.lift_factor[i] - law.lift_factor[i - 1])


@kernel
def law_factors(earth, law, inv_beta, up_m2_kg, x, y, z, vx, vy, vz):
    """What drag and what lift are multiplied with under a law."""
    lift = 1.0
    if law.mach.size > 0:
        r2 = x * x + y * y + z * z
        alt = altitude_above(earth, math.sqrt(r2), z * z / r2)
        lift = mach_factor(law, math.sqrt(vx * vx + vy * vy + vz * vz) / sound_speed(alt))
    both = 1.0
    if law.damping > 0.0:
        both = damping_factor(earth, law.damping, lift * up_m2_kg / inv_beta, x, y, z, vx, vy, vz)
    return both, both * lift


@kernel(inline=True)
def _air_forces(earth, lanes, i, inv_beta, up_m2_kg, right_m2_kg, y):
    """Acceleration of lane i by drag and lift."""
    x, yy, z = y[i], y[LANES + i], y[2 * LANES + i]
    vx, vy, vz = y[3 * LANES + i], y[4 * LANES + i], y[5 * LANES + i]
    r2 = x * x + yy * yy + z * z
    rho = density_of_layer(altitude_above(earth, math.sqrt(r2), z * z / r2), lanes.first_row[i], lanes.last_row[i])
    lx, ly, lz = lift_acceleration(earth, rho, up_m2_kg, right_m2_kg, x, yy, z, vx, vy, vz)
    drag = 0.5 * rho * inv_beta * math.sqrt(vx * vx + vy * vy + vz * vz)
    return lx - drag * vx, ly - drag * vy, lz - drag * vz


@kernel(lanes=True)
def _add_drag_and_lift(earth, lanes, lift, y, k):
    """Add both to the rates `k`."""
    for i in range(lanes.used):
        ax, ay, az = _air_forces(earth, lanes, i, lanes.inv_beta[i], lift.up_m2_kg[i], lift.right_m2_kg[i], y)
        k[3 * LANES + i] += ax
        k[4 * LANES + i] += ay
        k[5 * LANES + i] += az


@kernel
def _add_by_law(earth, lanes, lift, law, y, k):
    """Add drag and lift, each as the law has it, to the rates `k`."""
    for i in range(lanes.used):
        drag, up = law_factors(earth, law, lanes.inv_beta[i], lift.up_m2_kg[i], y[i], y[LANES + i], y[2 * LANES + i],
                               y[3 * LANES + i], y[4 * LANES + i], y[5 * LANES + i])
        ax, ay, az = _air_forces(earth, lanes, i, drag * lanes.inv_beta[i], up * lift.up_m2_kg[i],
                                 up * lift.right_m2_kg[i], y)
        k[3 * LANES + i] += ax
        k[4 * LANES + i] += ay
        k[5 * LANES + i] += az


@kernel(lanes=True)
def rates(earth, lanes, lift, law, y, k):
    """Write the rates of states `y` into `k`; both (6 LANES,), component by component.

    `lift` and `law` are None where there is none, which the compiler sees.
    """
    for i in range(lanes.used):
        vx, vy, vz = y[3 * LANES + i], y[4 * LANES + i], y[5 * LANES + i]
        ax, ay, az = turning_gravity(earth, y[i], y[LANES + i], y[2 * LANES + i], vx, vy, vz)
        k[i], k[LANES + i], k[2 * LANES + i] = vx, vy, vz
        k[3 * LANES + i], k[4 * LANES + i], k[5 * LANES + i] = ax, ay, az
    if lift is None:
        with_drag = False
        for i in range(lanes.used):
            with_drag |= lanes.inv_beta[i] > 0.0
        if with_drag:
            for i in range(lanes.used):
                vx, vy, vz = y[3 * LANES + i], y[4 * LANES + i], y[5 * LANES + i]
                drag = drag_rate(earth, lanes.inv_beta[i], lanes.first_row[i], lanes.last_row[i],
                                 y[i], y[LANES + i], y[2 * LANES + i], vx, vy, vz)
                k[3 * LANES + i] -= drag * vx
                k[4 * LANES + i] -= drag * vy
                k[5 * LANES + i] -= drag * vz
    elif law is None:
        _add_drag_and_lift(earth, lanes, lift, y, k)
    else:
        _add_by_law(earth, lanes, lift, law, y, k)
