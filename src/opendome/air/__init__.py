"""The US Standard Atmosphere 1976, from -10 km to 1,000 km above the ellipsoid.

Density and pressure come from a table of polynomials over cells of geopotential height (`table.py`), which repeats
the standard's equations (`standard.py`) to 1e-8 of the value and costs one exponential. Density is continuous; its
slope jumps where the standard's layers meet, always at a cell's edge. Above 1,000 km there is no air.

Left out: weather, season, latitude, solar activity (above 200 km the real density varies several-fold), wind (the
air turns with the Earth). Altitude above the ellipsoid is used as if it were altitude above the sea.
Equations, sources and evidence: docs/models/air.md.
"""

import math

from opendome.air.table import LN_DENSITY, LN_PRESSURE
from opendome.kernel import kernel

TOP_M = 1.0e6
"""Above this altitude there is no air."""

_R0_M = 6356766.0
_R_AIR = 8314.32 / 28.9644      # J/(kg K)
_GAMMA = 1.4


@kernel
def geopotential_height(alt_m):
    """Geopotential height in m (the standard's m') of a geometric altitude, from -10 km up."""
    z = max(alt_m, -10000.0)
    return _R0_M * z / (_R0_M + z)


@kernel
def _cell(alt_m):
    """Row of the tables and place in it (0 .. 1) for an altitude: 1 km' cells up to 128 km', 8 km' above."""
    h = 0.001 * geopotential_height(min(alt_m, TOP_M))
    at = h + 11.0 if h < 128.0 else 123.0 + 0.125 * h
    row = int(at)
    return row, at - row


@kernel
def _polynomial(table, row, x):
    return table[row, 0] + x * (table[row, 1] + x * (table[row, 2] + x * (
        table[row, 3] + x * (table[row, 4] + x * table[row, 5]))))


@kernel
def density(alt_m):
    """Density of the air in kg/m3; below -10 km that of -10 km, above 1,000 km zero."""
    if alt_m > TOP_M:
        return 0.0
    row, x = _cell(alt_m)
    return math.exp(_polynomial(LN_DENSITY, row, x))


@kernel
def pressure(alt_m):
    """Pressure of the air in Pa; below -10 km that of -10 km, above 1,000 km zero."""
    if alt_m > TOP_M:
        return 0.0
    row, x = _cell(alt_m)
    return math.exp(_polynomial(LN_PRESSURE, row, x))


@kernel
def molecular_temperature(alt_m):
    """Molecular-scale temperature in K up to 86 km: kinetic temperature times 28.9644 over the molecular weight."""
    h = 0.001 * geopotential_height(alt_m)
    if h < 11.0:
        return 288.15 - 6.5 * h
    if h < 20.0:
        return 216.65
    if h < 32.0:
        return 216.65 + (h - 20.0)
    if h < 47.0:
        return 228.65 + 2.8 * (h - 32.0)
    if h < 51.0:
        return 270.65
    if h < 71.0:
        return 270.65 - 2.8 * (h - 51.0)
    return 214.65 - 2.0 * (h - 71.0)


@kernel
def temperature(alt_m):
    """Kinetic temperature of the air in K; above 1,000 km that of the outermost air.

    From 80 to 86 km the falling molecular weight (the standard's table 8) is a power law good to 2e-5.
    """
    z = 0.001 * alt_m
    if z < 80.0:
        return molecular_temperature(alt_m)
    if z < 86.0:
        return molecular_temperature(alt_m) * (1.0 - 4.21e-4 * ((z - 80.0) / 6.0) ** 1.75)
    if z < 91.0:
        return 186.8673
    if z < 110.0:
        return 263.1905 - 76.3232 * math.sqrt(1.0 - ((z - 91.0) / 19.9429) ** 2)
    if z < 120.0:
        return 240.0 + 12.0 * (z - 110.0)
    return 1000.0 - 640.0 * math.exp(-0.01875 * (z - 120.0) * 6476.766 / (6356.766 + z))


@kernel
def sound_speed(alt_m):
    """Speed of sound in m/s; above 86 km, where the standard gives none, that of 86 km."""
    return math.sqrt(_GAMMA * _R_AIR * molecular_temperature(min(alt_m, 86000.0)))
