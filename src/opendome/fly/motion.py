"""What moves a body: gravity, the turning frame and drag."""

import math

from opendome.air import density
from opendome.kernel import kernel
from opendome.world import altitude_above


@kernel
def acceleration(earth, inv_beta, x, y, z, vx, vy, vz):
    """Acceleration in m/s2 in ECEF of a point mass: gravity (J2, J4), Coriolis, centrifugal, drag.

    `inv_beta` is Cd A / mass in m2/kg (0 for no drag); the air turns with the Earth.
    """
    r2 = x * x + y * y + z * z
    inv_r2 = 1.0 / r2
    inv_r = math.sqrt(inv_r2)
    s = z * z * inv_r2
    central = -earth.mu_m3_s2 * inv_r2 * inv_r
    q = earth.a_m * earth.a_m * inv_r2
    j2, j4 = 1.5 * earth.j2 * q, -0.625 * earth.j4 * q * q
    side = central * (1.0 + j2 * (1.0 - 5.0 * s) + j4 * (3.0 - 42.0 * s + 63.0 * s * s))
    axial = central * (1.0 + j2 * (3.0 - 5.0 * s) + j4 * (15.0 - 70.0 * s + 63.0 * s * s))
    side += earth.omega_rad_s * earth.omega_rad_s
    turn = 2.0 * earth.omega_rad_s
    drag = 0.0
    if inv_beta > 0.0:
        rho = density(altitude_above(earth, r2 * inv_r, s))
        drag = 0.5 * rho * inv_beta * math.sqrt(vx * vx + vy * vy + vz * vz)
    return (side * x + turn * vy - drag * vx, side * y - turn * vx - drag * vy, axial * z - drag * vz)
