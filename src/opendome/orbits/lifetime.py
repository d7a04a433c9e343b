"""How long the air lets a satellite stay up, what staying costs, and how many must be replaced.

Density by altitude and solar flux: a table of NRLMSISE-00, averaged over the globe, local time and the year (the US
Standard Atmosphere of `opendome.air` knows no Sun). Circular orbits that shrink slowly (King-Hele 1987, chapter 4).
Left out: the turning of the air with the Earth (up to 13 percent of the drag), the oblate Earth, the solar cycle within
a lifetime, storms. A lifetime is good to about a factor of two, because the Sun's future is not known. Source and
evidence: docs/models/orbits.md.
"""

import math
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np

from opendome.errors import InputError, nearest
from opendome.kernel import F64Array
from opendome.units import M_PER_KM
from opendome.world import WGS84

SOLAR_ACTIVITY = {"low": 70.0, "mean": 130.0, "high": 200.0}
"""F10.7 in solar flux units for each word. Assumed: about the quietest months of a cycle, a mean over cycles, and a
strong maximum; the table holds from 70 to 250."""

END_KM = 120.0
"""Here a decaying orbit ends: what is left is hours."""

YEAR_S = 365.25 * 86400.0


class Thermosphere(NamedTuple):
    """Mean density of the thin upper air."""

    altitude_km: F64Array
    """(A,)"""
    flux_sfu: F64Array
    """(F,) F10.7."""
    log_density: F64Array
    """(A, F) natural logarithm of kg/m3."""


@cache
def thermosphere() -> Thermosphere:
    """The bundled table, made by scripts/make_thermosphere.py."""
    text = resources.files("opendome").joinpath("data/thermosphere.csv").read_text(encoding="utf-8")
    head, *rows = [line.split(",") for line in text.splitlines() if not line.startswith("#")]
    values = np.array(rows, dtype=np.float64)
    return Thermosphere(values[:, 0], np.array(head[1:], dtype=np.float64), np.log(values[:, 1:]))


def upper_air_density(*, altitude_km: float, solar_activity: str | float = "mean") -> float:
    """Mean density in kg/m3 from 100 to 1,500 km, for "low", "mean" or "high" solar activity or a flux F10.7.

    Between rows the logarithm is linear in altitude and in flux (within 2 percent of the model).
    """
    table = thermosphere()
    if not table.altitude_km[0] <= altitude_km <= table.altitude_km[-1]:
        raise InputError(f"altitude_km = {altitude_km}\n  must be between {table.altitude_km[0]:g} and "
                         f"{table.altitude_km[-1]:g}: the table of the upper air ends there")
    return float(np.exp(np.interp(altitude_km, table.altitude_km, _column(solar_activity))))


def lifetime_years(*, altitude_km: float, beta_kg_m2: float, solar_activity: str | float = "mean") -> float:
    """Years until drag brings a satellite down from a circular orbit; infinite above 1,500 km.

    `beta_kg_m2` is mass / (Cd A). The orbit shrinks by da/dt = -rho sqrt(mu a) / beta (King-Hele 1987).
    """
    _check_beta(beta_kg_m2)
    table, column = thermosphere(), _column(solar_activity)
    if not altitude_km >= END_KM:
        raise InputError(f"altitude_km = {altitude_km}\n  must be at least {END_KM:g}: below, an orbit decays within "
                         "hours")
    if altitude_km > table.altitude_km[-1]:
        return math.inf
    steps = np.linspace(END_KM, altitude_km, max(2, int(altitude_km - END_KM) + 2))
    speed = np.sqrt(WGS84.mu_m3_s2 * (WGS84.a_m + steps * M_PER_KM))
    slowness = beta_kg_m2 / (np.exp(np.interp(steps, table.altitude_km, column)) * speed)
    return float(np.trapezoid(slowness, steps * M_PER_KM)) / YEAR_S


def station_keeping_m_s_per_year(*, altitude_km: float, beta_kg_m2: float,
                                 solar_activity: str | float = "mean") -> float:
    """Velocity change in m/s that a year of holding a circular orbit against drag takes; zero above 1,500 km."""
    _check_beta(beta_kg_m2)
    if altitude_km > thermosphere().altitude_km[-1]:
        return 0.0
    density = upper_air_density(altitude_km=altitude_km, solar_activity=solar_activity)
    return 0.5 * density * WGS84.mu_m3_s2 / (WGS84.a_m + altitude_km * M_PER_KM) / beta_kg_m2 * YEAR_S


def replenishment_per_year(n_satellites: float, life_years: float) -> float:
    """Satellites that must be launched a year to keep `n_satellites` up, each serving for `life_years`."""
    if not (n_satellites >= 0.0 and math.isfinite(n_satellites)):
        raise InputError(f"n_satellites = {n_satellites}\n  must be zero or more")
    if not life_years > 0.0:
        raise InputError(f"life_years = {life_years}\n  must be above zero")
    return n_satellites / life_years


def _check_beta(beta_kg_m2: float) -> None:
    if not (beta_kg_m2 > 0.0 and math.isfinite(beta_kg_m2)):
        raise InputError(f"beta_kg_m2 = {beta_kg_m2}\n  must be above zero: mass / (Cd A), usually 30 to 200")


def _column(solar_activity: str | float) -> F64Array:
    table = thermosphere()
    if isinstance(solar_activity, str):
        if solar_activity not in SOLAR_ACTIVITY:
            raise InputError(f'solar_activity = "{solar_activity}"\n  must be low, mean or high, or F10.7 as a number\n'
                             f"  hint: {nearest(solar_activity, SOLAR_ACTIVITY)}")
        solar_activity = SOLAR_ACTIVITY[solar_activity]
    if not table.flux_sfu[0] <= solar_activity <= table.flux_sfu[-1]:
        raise InputError(f"solar_activity = {solar_activity}\n  must be low, mean or high, or F10.7 from "
                         f"{table.flux_sfu[0]:g} to {table.flux_sfu[-1]:g} solar flux units")
    return np.array([np.interp(solar_activity, table.flux_sfu, row) for row in table.log_density])
