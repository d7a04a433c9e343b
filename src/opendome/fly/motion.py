"""What moves a body: gravity, the turning frame and drag; for one body, and for LANES bodies side by side."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opendome.air import ROWS, density_of_layer
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

    `up_m2_kg` and `right_m2_kg` are lift coefficient times area over mass, (L/D) / beta times the cosine and the sine of
    the bank: upward in the vertical plane of the flight, and to the right of it. Up is the normal of the ellipsoid.
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


@kernel(lanes=True)
def rates(earth, lanes, y, k):
    """Write the rates of states `y` into `k`; both (6 LANES,), component by component."""
    for i in range(lanes.used):
        vx, vy, vz = y[3 * LANES + i], y[4 * LANES + i], y[5 * LANES + i]
        ax, ay, az = turning_gravity(earth, y[i], y[LANES + i], y[2 * LANES + i], vx, vy, vz)
        k[i], k[LANES + i], k[2 * LANES + i] = vx, vy, vz
        k[3 * LANES + i], k[4 * LANES + i], k[5 * LANES + i] = ax, ay, az
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
