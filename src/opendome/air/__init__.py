"""The US Standard Atmosphere 1976, from -10 km to 1,000 km above the ellipsoid.

Density and pressure come from a table of polynomials over cells of geopotential height (`table.py`), which repeats
the standard's equations (`standard.py`) to 1e-12 of the value below 86 km and 2e-4 above, and costs one exponential.
Density is continuous; its slope jumps where the standard's layers meet, always at a cell's edge. Above 1,000 km there
is no air.

Left out: weather, season, latitude, solar activity (above 200 km the real density varies several-fold), wind (the
air turns with the Earth). Altitude above the ellipsoid is used as if it were altitude above the sea.
Equations, sources and evidence: docs/models/air.md.
"""

import math

import numpy as np

from opendome.air.table import (
    COARSE_KM,
    FINE_END,
    FINE_KM,
    FIRST_KM,
    KINK_KM,
    LN_DENSITY,
    LN_PRESSURE,
    MESO_KM,
    SPLIT_KM,
)
from opendome.kernel import kernel

TOP_M = 1.0e6
"""Above this altitude there is no air."""

_R0_M = 6356766.0
_R_AIR = 8314.32 / 28.9644      # J/(kg K)
_GAMMA = 1.4

ROWS = LN_DENSITY.shape[0]
KINK_ROW = np.array([0, 22, 31, 43, 58, 62, 82, 96, ROWS])
"""First table row of each layer of the standard, and the end of the last one (all that is above 86 km)."""

KINK_ALT_M = np.array([_R0_M * h / (0.001 * _R0_M - h) for h in KINK_KM])
"""Altitudes of the kinks between those layers: the slope of the density jumps there."""


@kernel(inline=True)
def geopotential_height(alt_m):
    """Geopotential height in m (the standard's m') of a geometric altitude, from -10 km up."""
    z = alt_m if alt_m > -10000.0 else -10000.0
    return _R0_M * z / (_R0_M + z)


@kernel(inline=True)
def _exp(x):
    """exp(x) for |x| < 700 to 2 ulp without branches, so that loops over it become vector instructions.

    exp(k ln 2 + r), ln 2 in two parts (Cody and Waite 1980), and the Taylor series of exp(r) to order 13.
    """
    k = np.floor(x * 1.4426950408889634 + 0.5)
    r = (x - k * 0.6931471803691238) - k * 1.9082149292705877e-10
    p = 1.0 + r * (1.0 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r * (1 / 5040 + r * (
        1 / 40320 + r * (1 / 362880 + r * (1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r * (
            1 / 6227020800)))))))))))))
    return p * np.int64((np.int64(k) + 1023) << 52).view(np.float64)


@kernel(inline=True)
def _table_value(table, alt_m, first_row, last_row):
    """exp of the polynomial for an altitude, of the rows from first_row to last_row; 0 above the top of the air.

    See `cells` in standard.py for the cells. Beyond its rows the outermost polynomial goes on. No branches.
    """
    low = alt_m if alt_m < TOP_M else TOP_M
    h = 0.001 * geopotential_height(low)
    at = h - FIRST_KM if h < MESO_KM else (MESO_KM - FIRST_KM) + (h - MESO_KM) * (1.0 / FINE_KM)
    at = at if h < SPLIT_KM else (MESO_KM - FIRST_KM + FINE_END) + (h - SPLIT_KM) * (1.0 / COARSE_KM)
    row = np.int64(at)
    row = row if row > first_row else first_row
    row = row if row < last_row else last_row
    x = at - row
    i = np.uint64(row)
    ln = table[i, 0] + x * (table[i, 1] + x * (table[i, 2] + x * (table[i, 3] + x * (table[i, 4] + x * table[i, 5]))))
    value = _exp(ln)
    return value if alt_m <= TOP_M else 0.0


@kernel
def density(alt_m):
    """Density of the air in kg/m3; below -10 km that of -10 km, above 1,000 km zero."""
    return _table_value(LN_DENSITY, alt_m, 0, ROWS - 1)


@kernel(inline=True)
def density_of_layer(alt_m, first_row, last_row):
    """The density that a layer of the standard (see `KINK_ROW`) would have if it went on beyond its bounds.

    For integrators: smooth, where `density` has kinks. Good for some 15 km beyond.
    """
    return _table_value(LN_DENSITY, alt_m, first_row, last_row)


@kernel
def pressure(alt_m):
    """Pressure of the air in Pa; below -10 km that of -10 km, above 1,000 km zero."""
    return _table_value(LN_PRESSURE, alt_m, 0, ROWS - 1)


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
