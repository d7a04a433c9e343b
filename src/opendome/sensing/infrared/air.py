"""What the air lets through between a target and a sensor in space, by band, altitude and slant.

Two tables per sensor, made from LOWTRAN 7 (kneizys1988): -ln of the transmission straight up from each altitude, and
the power with which it grows with the length of the path through the air (less than 1: where the strong lines are
black already, a longer path takes little more).

Left out: weather (US Standard Atmosphere 1976, clear), aerosol; cloud is a height below which nothing is seen; lines of
a hot gas that fall on the same lines of the cold air, which takes more from a plume than from a grey body.
Equations and evidence: docs/models/infrared.md.
"""

import csv
import math
from functools import cache
from importlib.resources import files

import numpy as np

from opendome.errors import InputError
from opendome.kernel import F64Array, kernel
from opendome.sensing.infrared.radiance import planck_band
from opendome.world import MEAN_RADIUS_M

TOP_M = 60.0e3
"""From here up the air lets everything through (0.997 and more straight up in any band of the table)."""

ROWS, ROW_M = 61, 1000.0
SCALE_M = 7000.0
"""Scale height of the absorbers in the length of slanted paths."""

DEPTH_MAX = 30.0
"""A depth of the table is cut to this: nothing comes through."""

SOURCE_K = 1800.0
"""What is seen low in the air is hot: bands are averaged with the spectrum of a grey body of this temperature."""

_ZENITH, _SLANT, _SLANT_AIRMASS = 0.0, 75.52, 4.0


@kernel
def _chapman(x, cos_zenith):
    """Column of an exponential atmosphere along a slanted ray over the vertical one, zenith angles up to 90 degrees.

    `x` is the distance from the Earth's centre over the scale height. Source: Swider 1964, to 1/x.
    """
    y = cos_zenith * math.sqrt(0.5 * x)
    if y > 5.0:
        tail = (1.0 - 0.5 / (y * y) * (1.0 - 1.5 / (y * y))) / (y * math.sqrt(math.pi))
    else:
        tail = math.exp(y * y) * math.erfc(y)
    return math.sqrt(0.5 * math.pi * x) * tail


@kernel
def airmass(alt_m, sin_el):
    """Air on the straight path from `alt_m` to space over that straight up, and the lowest altitude in m on the path.

    `sin_el` is of the elevation at `alt_m`; below the horizontal the path first falls to its lowest point, and the
    air counts in vertical columns from there.
    """
    if sin_el >= 0.0:
        return _chapman((MEAN_RADIUS_M + alt_m) / SCALE_M, sin_el), alt_m
    radius = MEAN_RADIUS_M + alt_m
    lowest = radius * math.sqrt(max(1.0 - sin_el * sin_el, 0.0))
    beyond = math.exp((lowest - radius) / SCALE_M) * _chapman(radius / SCALE_M, -sin_el)
    return 2.0 * _chapman(lowest / SCALE_M, 0.0) - beyond, lowest - MEAN_RADIUS_M


@kernel
def through(depths, powers, alt_m, columns):
    """Transmission from `alt_m` to space along `columns` vertical columns of air.

    depths, powers (ROWS,): ln of the depth straight up, and the power of the columns, by altitude in km.
    """
    if alt_m >= TOP_M:
        return 1.0
    at = max(alt_m, 0.0) / ROW_M
    row = int(at)
    share = at - row
    depth = depths[row] + share * (depths[row + 1] - depths[row])
    power = powers[row] + share * (powers[row + 1] - powers[row])
    return math.exp(-math.exp(depth + power * math.log(columns)))


@cache
def _table() -> tuple[F64Array, F64Array, F64Array]:
    """Bands (N, 2) in um, altitudes (K,) in m, and transmissions (N, 2, K): straight up, and along four columns."""
    text = (files("opendome") / "data" / "transmission.csv").read_text(encoding="utf-8")
    head, *lines = csv.reader(text.splitlines())
    alt_m = np.array([1000.0 * float(name.removesuffix("_km")) for name in head[3:]])
    numbers = np.array(lines, dtype=np.float64)
    bands = numbers[::2, :2]
    return bands, alt_m, numbers[:, 3:].reshape(len(bands), 2, -1)


def transmission_tables(low_um: float, high_um: float) -> tuple[F64Array, F64Array]:
    """ln of the depth straight up and the power of the columns, (ROWS,) each, by altitude in km, for a band."""
    bands, alt_m, transmissions = _table()
    if not bands[0, 0] <= low_um < high_um <= bands[-1, 1]:
        raise InputError(f"band {low_um:g} to {high_um:g} um\n"
                         f"  must lie within {bands[0, 0]:g} to {bands[-1, 1]:g} um, where the air is known")
    low, high = np.maximum(bands[:, 0], low_um), np.minimum(bands[:, 1], high_um)
    weight = np.array([planck_band(SOURCE_K, a, b) if b > a else 0.0 for a, b in zip(low, high, strict=True)])
    mean = np.tensordot(weight / weight.sum(), transmissions, axes=1)
    depth = np.clip(-np.log(np.maximum(mean, 1e-300)), 1e-9, DEPTH_MAX)
    rows_m = np.arange(ROWS) * ROW_M
    power = np.clip(np.log(depth[1] / depth[0]) / math.log(_SLANT_AIRMASS), 0.0, 1.0)
    return np.interp(rows_m, alt_m, np.log(depth[0])), np.interp(rows_m, alt_m, power)


def transmission_of_band(low_um: float, high_um: float, *, alt_km: float, elevation_deg: float = 90.0) -> float:
    """Transmission in a band from an altitude to space, looking up at an elevation (below 0: past a lower point)."""
    if not abs(elevation_deg) <= 90.0:
        raise InputError(f"elevation_deg = {elevation_deg}\n  must be between -90 and 90")
    depths, powers = transmission_tables(low_um, high_um)
    columns, lowest_m = airmass(1000.0 * alt_km, math.sin(math.radians(elevation_deg)))
    return float(through(depths, powers, lowest_m, columns)) if lowest_m >= 0.0 else 0.0
