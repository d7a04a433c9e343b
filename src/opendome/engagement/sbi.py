"""Space-based interceptors in closed form: how many must orbit so that enough are near, and what one weighs.

Interceptors are taken to be spread evenly over a sphere at the altitude of the intercept. One leaves its satellite,
speeds up at a constant rate and coasts, so after the fly-out it can be anywhere within a radius R of where its
satellite then is; the part of the intercept sphere within R of the satellite is a disc of the coverage radius r.

Left out: real orbits and their crowding by latitude, launch places, burn and decision times, gravity, the bulge and
the turning of the Earth. `space_sizing` flies the same case with real constellations.
Source: aei2025, the formulas of the public calculator that goes with it; docs/models/space-interceptors.md.
"""

import math
import warnings
from numbers import Real
from typing import NamedTuple

from opendome.errors import InputError
from opendome.orbits.patterns import AIR_KM
from opendome.units import G0_M_S2, M_PER_KM, RAD_PER_DEG

EARTH_RADIUS_KM = 6378.1
"""Radius of the Earth in the calculator."""
ROCKET_G0_M_S2 = 9.81
"""Standard gravity in the calculator's rocket equation; its accelerations are in 9.80665 m/s2."""
UNITS = {"n_sbi": "interceptors", "shots_per_threat": "shots", "absentee_ratio": "in orbit for each one in range",
         "area_ratio": "discs"}
"""Units of the values of `SbiSizing` whose names do not end in one."""
SHOTS_ROUNDING, COUNT_ROUNDING = 1e-9, 1e-12
"""Relative rounding errors that must not push a whole number up to the next."""


class ReachWarning(UserWarning):
    """A reach beyond what the model is meant for."""


class SbiSizing(NamedTuple):
    """A constellation by the formula, with every value on the way."""

    n_sbi: int
    """Interceptors in orbit."""
    shots_per_threat: int
    flyout_range_km: float
    """How far an interceptor gets from where its satellite then is, in the fly-out time."""
    coverage_radius_km: float
    """Radius of what it covers at the altitude of the intercept."""
    absentee_ratio: float
    """Interceptors in orbit for each one in range: n_sbi / (salvo x shots_per_threat)."""
    mass_kg: float
    """Of one interceptor with the support module that stays in orbit, propellant included."""
    burn_s: float
    """Time that it takes to burn its delta-v: t_a."""
    burn_range_km: float
    """Distance that it flies in that time; the rest of the fly-out range is coast."""
    coast_s: float
    height_difference_km: float
    """Between orbit and intercept, either way."""
    area_km2: float
    """Of the sphere at intercept altitude between the latitudes that are to be covered."""
    disc_km2: float
    """Of what one interceptor covers."""
    area_ratio: float
    """area_km2 / disc_km2: the absentee ratio before it is rounded up to whole interceptors."""
    kill_vehicle_wet_kg: float
    """Kill vehicle with the propellant of its divert."""
    interceptor_wet_kg: float
    """Kill vehicle, body and propellant: what leaves the satellite."""

    def __str__(self) -> str:
        """One value a line, with its unit."""
        return "\n".join(f"{name:<22}{_shown(value):>15} {UNITS.get(name, name.rpartition('_')[2])}"
                         for name, value in self._asdict().items())


def sbi_constellation(*, salvo: int, p_kill: float = 0.80, p_composite: float = 0.96, orbit_altitude_km: float = 300,
                      flyout_s: float = 120, accel_g: float = 15, delta_v_km_s: float = 6.0,
                      intercept_altitude_km: float = 200, max_latitude_deg: float = 90,
                      divert_delta_v_km_s: float = 2.5, isp_s: float = 240, kill_vehicle_kg: float = 25,
                      body_kg: float = 25, support_kg: float = 50) -> SbiSizing:
    """Interceptors to keep in orbit against a salvo of missiles launched at once, and the mass of one.

    Every missile gets as many shots as its chance of being hit by one (`p_kill`) needs for `p_composite`. An
    interceptor gains `delta_v_km_s` at `accel_g` standard gravities and has `flyout_s` from leaving to intercept.
    `max_latitude_deg`: the layer covers everything between that latitude north and south.

        n = ceil(ln(1 - Pc) / ln(1 - Pk))          t_a = dV / a
        R = a t_a^2 / 2 + dV (T - t_a)             r = sqrt(R^2 - (h_orbit - h_intercept)^2)
        A = 4 pi (R_E + h_intercept)^2 sin(lat)    N = ceil(A / (pi r^2) salvo n)
        m = ((m_kill e^(dV_divert / g0 Isp)) + m_body) e^(dV / g0 Isp) + m_support

    Raises `InputError` where there is no such constellation: out of reach of the intercept altitude, or still burning
    at the end of the fly-out (the formula supposes a coast). Warns (`ReachWarning`) where one interceptor covers all.
    Source: aei2025, as its calculator computes.
    """
    _check_numbers(salvo=salvo, p_kill=p_kill, p_composite=p_composite, orbit_altitude_km=orbit_altitude_km,
                   flyout_s=flyout_s, accel_g=accel_g, delta_v_km_s=delta_v_km_s,
                   intercept_altitude_km=intercept_altitude_km, max_latitude_deg=max_latitude_deg,
                   divert_delta_v_km_s=divert_delta_v_km_s, isp_s=isp_s, kill_vehicle_kg=kill_vehicle_kg,
                   body_kg=body_kg, support_kg=support_kg)
    _check(salvo=salvo, p_kill=p_kill, p_composite=p_composite, orbit_altitude_km=orbit_altitude_km,
           intercept_altitude_km=intercept_altitude_km, max_latitude_deg=max_latitude_deg)
    _check_above_zero(flyout_s=flyout_s, accel_g=accel_g, delta_v_km_s=delta_v_km_s, isp_s=isp_s,
                      kill_vehicle_kg=kill_vehicle_kg)
    _check_not_negative(divert_delta_v_km_s=divert_delta_v_km_s, body_kg=body_kg, support_kg=support_kg)
    shots = shots_for(p_kill, p_composite)
    burn_s, burn_km, range_km = _flyout(flyout_s, accel_g, delta_v_km_s)
    height_km = abs(orbit_altitude_km - intercept_altitude_km)
    radius_km = _coverage_radius(range_km, height_km)
    area_km2 = 4.0 * math.pi * (EARTH_RADIUS_KM + intercept_altitude_km) ** 2 * math.sin(max_latitude_deg * RAD_PER_DEG)
    disc_km2 = math.pi * radius_km**2
    ratio = area_km2 / disc_km2
    if ratio <= 1.0:
        warnings.warn(f"one interceptor covers all of the area asked for: its disc of {disc_km2:.3g} km2 is larger "
                      f"than the {area_km2:.3g} km2 between the latitudes; the formula, flat and evenly spread, is not "
                      "meant for that, and its count may be below the shots needed", ReachWarning, stacklevel=2)
    count = _round_up(ratio * salvo * shots, COUNT_ROUNDING)
    killer_kg = _wet(kill_vehicle_kg, divert_delta_v_km_s, isp_s)
    leaves_kg = _wet(killer_kg + body_kg, delta_v_km_s, isp_s)
    return SbiSizing(count, shots, range_km, radius_km, count / (salvo * shots), leaves_kg + support_kg, burn_s,
                     burn_km, flyout_s - burn_s, height_km, area_km2, disc_km2, ratio, killer_kg, leaves_kg)


def shots_for(p_kill: float, p_composite: float) -> int:
    """Shots that hit with `p_composite` together when each hits with `p_kill`, independently."""
    if p_kill == 1.0:
        return 1
    return _round_up(math.log1p(-p_composite) / math.log1p(-p_kill), SHOTS_ROUNDING)


def _flyout(flyout_s: float, accel_g: float, delta_v_km_s: float) -> tuple[float, float, float]:
    """Time of the burn in s, distance of the burn and of the whole fly-out in km."""
    accel_km_s2 = accel_g * G0_M_S2 / M_PER_KM
    burn_s = delta_v_km_s / accel_km_s2
    if burn_s > flyout_s * (1.0 + COUNT_ROUNDING):
        raise InputError(
            f"flyout_s = {flyout_s:g}\n  must be at least the {burn_s:.1f} s that gaining {delta_v_km_s:g} km/s at "
            f"{accel_g:g} g takes: the formula supposes a coast after the burn\n"
            f"hint: {accel_km_s2 * flyout_s:.3f} km/s is all that {flyout_s:g} s of burn give; with that as "
            "delta_v_km_s the range is a t^2 / 2")
    burn_km = 0.5 * accel_km_s2 * burn_s**2
    return burn_s, burn_km, burn_km + delta_v_km_s * (flyout_s - burn_s)


def _coverage_radius(range_km: float, height_km: float) -> float:
    if not range_km > height_km:
        raise InputError(f"the fly-out range of {range_km:.1f} km does not reach the intercept altitude\n  must be "
                         f"more than the {height_km:g} km between orbit and intercept\n"
                         "hint: more flyout_s or delta_v_km_s, or altitudes nearer to each other")
    return math.sqrt(range_km**2 - height_km**2)


def _wet(dry_kg: float, delta_v_km_s: float, isp_s: float) -> float:
    """Mass with the propellant for a delta-v, by the rocket equation."""
    return dry_kg * math.exp(delta_v_km_s * M_PER_KM / (ROCKET_G0_M_S2 * isp_s))


def _round_up(value: float, rounding: float) -> int:
    return math.ceil(value * (1.0 - rounding))


def _check(*, salvo: int, p_kill: float, p_composite: float, orbit_altitude_km: float, intercept_altitude_km: float,
           max_latitude_deg: float) -> None:
    if not 1 <= salvo < math.inf or salvo != int(salvo):
        raise InputError(f"salvo = {salvo}\n  must be a whole number of missiles, at least 1")
    if not 0.0 < p_kill <= 1.0:
        raise InputError(f"p_kill = {p_kill}\n  must be above 0 and at most 1 (chance that one shot kills)")
    if not 0.0 < p_composite < 1.0:
        raise InputError(f"p_composite = {p_composite}\n  must be between 0 and 1 (chance that all shots together "
                         "kill); certainty takes endless shots")
    if not math.isfinite(orbit_altitude_km):
        raise InputError(f"orbit_altitude_km = {orbit_altitude_km}\n  must be a finite number, at least {AIR_KM:g}")
    if orbit_altitude_km < AIR_KM:
        where = "inside the Earth" if orbit_altitude_km < 0.0 else ("in the atmosphere, where an orbit decays within "
                                                                   "hours")
        raise InputError(f"orbit_altitude_km = {orbit_altitude_km}\n  lies {where}: must be at least {AIR_KM:g}")
    if not 0.0 <= intercept_altitude_km < math.inf:
        raise InputError(f"intercept_altitude_km = {intercept_altitude_km}\n  must be 0 or more")
    if not 0.0 < max_latitude_deg <= 90.0:
        raise InputError(f"max_latitude_deg = {max_latitude_deg}\n  must be above 0 and at most 90")


def _shown(value: float) -> str:
    """A value with one decimal, or four digits where it is small; whole numbers as they are."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.1f}" if value >= 100.0 else f"{value:.4g}"


def _check_numbers(**values: object) -> None:
    wrong = [f"{name} = {value!r}\n  must be a number" for name, value in values.items()
             if not isinstance(value, Real) or isinstance(value, bool)]
    if wrong:
        raise InputError("\n".join(wrong))


def _check_above_zero(**values: float) -> None:
    for name, value in values.items():
        if not 0.0 < value < math.inf:
            raise InputError(f"{name} = {value}\n  must be a number above zero")


def _check_not_negative(**values: float) -> None:
    for name, value in values.items():
        if not 0.0 <= value < math.inf:
            raise InputError(f"{name} = {value}\n  must be zero or more")
