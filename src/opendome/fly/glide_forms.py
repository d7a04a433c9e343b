"""Closed forms of gliding flight over a sphere at rest: equilibrium, phugoid, range, time and turn.

The equilibrium glide: lift carries the weight less the centrifugal force at every instant, at a small angle. Left out:
the Earth's rotation, the height lost on the way (about 1 % of the range), entry and pull-out. Sources: eggers1958 and
saenger1944 for range and time, acton2015 and tracy2020 for the rest; docs/models/glide.md.
"""

import math

from opendome.air import TOP_M, density
from opendome.errors import InputError
from opendome.fly.tables import check_positive
from opendome.units import DEG_PER_RAD, RAD_PER_DEG
from opendome.world import POINT_MASS

_MU, _R = POINT_MASS.mu_m3_s2, POINT_MASS.a_m


def _net_m_s2(speed_m_s: float, alt_m: float) -> float:
    """Weight less centrifugal force, per mass; refuses a speed at which nothing has to be carried."""
    r = _R + alt_m
    net = _MU / (r * r) - speed_m_s * speed_m_s / r
    if not net > 0.0:
        raise InputError(f"speed_m_s = {speed_m_s:g}\n  must be below the circular speed, {math.sqrt(_MU / r):.0f} m/s "
                         f"at {alt_m / 1000.0:g} km: above it nothing has to be carried")
    return net


def _check(**values: float) -> None:
    for name, value in values.items():
        check_positive(name, value, "a glide needs it")


def _vertical(lift_to_drag: float, bank_deg: float) -> float:
    """The vertical part of the lift-to-drag ratio."""
    if not abs(bank_deg) < 90.0:
        raise InputError(f"bank_deg = {bank_deg:g}\n  must be between -90 and 90: beyond, lift carries nothing")
    return lift_to_drag * math.cos(bank_deg * RAD_PER_DEG)


def equilibrium_density(speed_m_s: float, *, lift_to_drag: float, beta_kg_m2: float, alt_m: float = 50e3,
                        bank_deg: float = 0.0) -> float:
    """Density in kg/m3 at which lift carries the body: 2 beta (g - V^2 / r) / (V^2 L/D cos bank).

    Gravity and radius are those of `alt_m`, which hardly matters. Source: tracy2020.
    """
    _check(speed_m_s=speed_m_s, lift_to_drag=lift_to_drag, beta_kg_m2=beta_kg_m2)
    return (2.0 * beta_kg_m2 * _net_m_s2(speed_m_s, alt_m)
            / (speed_m_s * speed_m_s * _vertical(lift_to_drag, bank_deg)))


def equilibrium_alt_m(speed_m_s: float, *, lift_to_drag: float, beta_kg_m2: float, bank_deg: float = 0.0) -> float:
    """Altitude in m of the equilibrium glide in the US Standard Atmosphere 1976, by bisection.

    Raises InputError where the air at the ground does not carry the body.
    """
    def excess(alt_m: float) -> float:
        wanted = equilibrium_density(speed_m_s, lift_to_drag=lift_to_drag, beta_kg_m2=beta_kg_m2, alt_m=alt_m,
                                     bank_deg=bank_deg)
        return float(density(alt_m)) - wanted

    low, high = 0.0, TOP_M
    if excess(low) < 0.0:
        raise InputError(f"speed_m_s = {speed_m_s:g}\n  is too slow to glide: not even the air at the ground carries "
                         f"{beta_kg_m2:g} kg/m2 at a lift-to-drag ratio of {lift_to_drag:g}")
    if speed_m_s > math.sqrt(_MU / (_R + high)):
        high = _MU / (speed_m_s * speed_m_s) - _R - 1e-3
        _net_m_s2(speed_m_s, max(high, 0.0))
    while high - low > 1e-4:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)


def scale_height_m(alt_m: float) -> float:
    """Scale height of the air's density in m, -rho / (d rho / dh), from 100 m above and below."""
    return 200.0 / math.log(float(density(alt_m - 100.0)) / float(density(alt_m + 100.0)))


def equilibrium_glide_deg(speed_m_s: float, *, lift_to_drag: float, scale_m: float = 7200.0, alt_m: float = 50e3,
                          bank_deg: float = 0.0) -> float:
    """Flight-path angle in deg of the equilibrium glide, below zero: -2 H g / (V^2 L/D cos bank), H the scale height.

    It follows from `equilibrium_density` and dV/dt = -(g - V^2 / r) / (L/D). Source: acton2015, tracy2020.
    """
    _check(speed_m_s=speed_m_s, lift_to_drag=lift_to_drag, scale_m=scale_m)
    g = _MU / (_R + alt_m) ** 2
    return -2.0 * scale_m * g / (speed_m_s * speed_m_s * _vertical(lift_to_drag, bank_deg)) * DEG_PER_RAD


def phugoid_rate_rad_s(speed_m_s: float, *, scale_m: float = 7200.0, alt_m: float = 50e3) -> float:
    """Angular frequency in rad/s of small oscillations about the equilibrium glide: sqrt((g - V^2 / r) / H).

    A little higher or lower altitude has less or more lift by dh / H. Source: the equation of motion, linearised; as
    quoted by tracy2020.
    """
    _check(speed_m_s=speed_m_s, scale_m=scale_m)
    return math.sqrt(_net_m_s2(speed_m_s, alt_m) / scale_m)


def glide_range_km(from_m_s: float, to_m_s: float, *, lift_to_drag: float, alt_m: float = 40e3,
                   bank_deg: float = 0.0) -> float:
    """Range over the ground in km of an equilibrium glide from one speed to another.

    R L/D cos(bank) / 2 times ln((1 - u1) / (1 - u0)), u = V^2 / (g r), R the Earth's radius; along the path if it
    turns. Source: saenger1944, eggers1958.
    """
    _check(from_m_s=from_m_s, to_m_s=to_m_s, lift_to_drag=lift_to_drag)
    share = _net_m_s2(to_m_s, alt_m) / _net_m_s2(from_m_s, alt_m)
    return 0.5 * _R * _vertical(lift_to_drag, bank_deg) * math.log(share) / 1000.0


def glide_time_s(from_m_s: float, to_m_s: float, *, lift_to_drag: float, alt_m: float = 40e3,
                 bank_deg: float = 0.0) -> float:
    """Time in s of an equilibrium glide from one speed to another.

    L/D cos(bank) sqrt(r / g) (artanh(V0 / Vc) - artanh(V1 / Vc)), Vc = sqrt(g r). Source: saenger1944, eggers1958.
    """
    _check(from_m_s=from_m_s, to_m_s=to_m_s, lift_to_drag=lift_to_drag)
    _net_m_s2(from_m_s, alt_m)
    _net_m_s2(to_m_s, alt_m)
    r = _R + alt_m
    circular = math.sqrt(_MU / r)
    spent = math.atanh(from_m_s / circular) - math.atanh(to_m_s / circular)
    return _vertical(lift_to_drag, bank_deg) * r / circular * spent


def turn_radius_km(speed_m_s: float, *, bank_deg: float, alt_m: float = 50e3) -> float:
    """Radius in km of an equilibrium glide's turn: V^2 / ((g - V^2 / r) tan bank). On a flat ground; small turns."""
    _check(speed_m_s=speed_m_s)
    if not 0.0 < abs(bank_deg) < 90.0:
        raise InputError(f"bank_deg = {bank_deg:g}\n  must be between 0 and 90 to turn")
    return (speed_m_s * speed_m_s / (_net_m_s2(speed_m_s, alt_m) * math.tan(abs(bank_deg) * RAD_PER_DEG)) / 1000.0)
