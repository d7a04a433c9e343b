"""A glider as a point mass: what it is, one step of its motion, and what a state of flight asks of lift.

Equations: docs/models/glide.md.
"""

import math
from typing import NamedTuple

from opendome.air import density
from opendome.air.heating import EMISSIVITY, stagnation_temperature
from opendome.fly.motion import gliding_acceleration, turning_gravity
from opendome.kernel import kernel
from opendome.world import WGS84, altitude


class Glider(NamedTuple):
    """What a flight needs to know of a glider class; SI units."""

    inv_beta: float
    """Cd A / mass."""
    lift_m2_kg: float
    """Cl A / mass at full lift: lift over drag times `inv_beta`."""
    load_m_s2: float
    """Largest lift, as an acceleration."""
    bank_rad: float
    """Steepest bank."""
    end_m_s: float
    """Speed at which the dive begins."""
    dive_rad: float


HOLD_S = 1.0
"""Commands are held for at most this long."""


@kernel
def up_of(x, y, z):
    """Geodetic up, three numbers, of an ECEF position in or near the air."""
    z /= (1.0 - WGS84.f) * (1.0 - WGS84.f)
    size = math.sqrt(x * x + y * y + z * z)
    return x / size, y / size, z / size


@kernel
def _pull(inv_beta, up_m2_kg, right_m2_kg, x, y, z, u, v, w):
    """`gliding_acceleration`, compiled once."""
    return gliding_acceleration(WGS84, inv_beta, up_m2_kg, right_m2_kg, x, y, z, u, v, w)


@kernel
def glide_step(inv_beta, up, right, h, x, y, z, u, v, w):
    """The ECEF state after h seconds with lift coefficients `up`, `right` held (see `lift_acceleration`); RK4."""
    g = 0.5 * h
    a1, b1, c1 = _pull(inv_beta, up, right, x, y, z, u, v, w)
    u2, v2, w2 = u + g * a1, v + g * b1, w + g * c1
    a2, b2, c2 = _pull(inv_beta, up, right, x + g * u, y + g * v, z + g * w, u2, v2, w2)
    u3, v3, w3 = u + g * a2, v + g * b2, w + g * c2
    a3, b3, c3 = _pull(inv_beta, up, right, x + g * u2, y + g * v2, z + g * w2, u3, v3, w3)
    u4, v4, w4 = u + h * a3, v + h * b3, w + h * c3
    a4, b4, c4 = _pull(inv_beta, up, right, x + h * u3, y + h * v3, z + h * w3, u4, v4, w4)
    s = h / 6.0
    return (x + s * (u + 2.0 * (u2 + u3) + u4), y + s * (v + 2.0 * (v2 + v3) + v4), z + s * (w + 2.0 * (w2 + w3) + w4),
            u + s * (a1 + 2.0 * (a2 + a3) + a4), v + s * (b1 + 2.0 * (b2 + b3) + b4),
            w + s * (c1 + 2.0 * (c2 + c3) + c4))


@kernel
def needs(x, y, z, u, v, w):
    """What a state asks of lift: speed, flight-path angle (rad), acceleration upward (in the vertical plane of the
    flight) that holds that angle, and acceleration to the right that holds the heading, m/s2.

    V dgamma/dt = lift - g cos(gamma) + V^2 cos(gamma) / r: the first is what makes it zero, Coriolis included.
    """
    ux, uy, uz = up_of(x, y, z)
    speed = math.sqrt(u * u + v * v + w * w)
    rx, ry, rz = v * uz - w * uy, w * ux - u * uz, u * uy - v * ux
    size = math.sqrt(rx * rx + ry * ry + rz * rz) + 1e-30
    rx, ry, rz = rx / size, ry / size, rz / size
    nx, ny, nz = (ry * w - rz * v) / speed, (rz * u - rx * w) / speed, (rx * v - ry * u) / speed
    gx, gy, gz = turning_gravity(WGS84, x, y, z, u, v, w)
    level = size / speed
    hold = -(gx * nx + gy * ny + gz * nz) - speed * speed * level / math.sqrt(x * x + y * y + z * z)
    return speed, math.asin((u * ux + v * uy + w * uz) / speed), hold, -(gx * rx + gy * ry + gz * rz)


@kernel
def bearing(x, y, z, u, v, w, tx, ty, tz):
    """Ground angle (rad) to a place given by its geodetic up, and how far right of the heading it lies (rad)."""
    ux, uy, uz = up_of(x, y, z)
    rx, ry, rz = v * uz - w * uy, w * ux - u * uz, u * uy - v * ux
    size = math.sqrt(rx * rx + ry * ry + rz * rz) + 1e-30
    rx, ry, rz = rx / size, ry / size, rz / size
    fx, fy, fz = uy * rz - uz * ry, uz * rx - ux * rz, ux * ry - uy * rx
    right, ahead = rx * tx + ry * ty + rz * tz, fx * tx + fy * ty + fz * tz
    return math.atan2(math.sqrt(right * right + ahead * ahead), ux * tx + uy * ty + uz * tz), math.atan2(right, ahead)


@kernel
def most_lift(glider, alt_m, speed, gamma):
    """Largest lift coefficient, m2/kg, within the load limit for as long as it is held: denser air below counts."""
    lowest_m = min(alt_m, alt_m + HOLD_S * speed * math.sin(gamma))
    return glider.load_m_s2 / (0.5 * density(lowest_m) * speed * speed + 1e-12)


@kernel
def hottest(r, v, first, nose_radius_m):
    """Highest temperature in K of the nose over samples (K, 3) from row `first` on, and its row."""
    most, row = 0.0, first
    for i in range(first, r.shape[0]):
        speed = math.sqrt(v[i, 0] ** 2 + v[i, 1] ** 2 + v[i, 2] ** 2)
        hot = stagnation_temperature(altitude(r[i, 0], r[i, 1], r[i, 2]), speed, nose_radius_m, EMISSIVITY)
        if hot > most:
            most, row = hot, i
    return most, row
