"""Radiance of black and grey bodies in a band of wavelengths.

Left out: lines and bands of gases. A plume's spectrum is that of a grey body, which takes its intensity from the band
it was given in to another. Equations: docs/models/infrared.md.
"""

import math

from opendome.air.heating import STEFAN_BOLTZMANN
from opendome.kernel import kernel

C2_UM_K = 14387.768775
"""Second radiation constant hc/k in um K (CODATA 2018)."""

_WHOLE = math.pi**4 / 15.0
_RADIANCE = STEFAN_BOLTZMANN / math.pi / _WHOLE

PLUME_LOW_UM, PLUME_HIGH_UM = 2.69, 2.95
"""The band that plume intensities of the catalogue are given in."""


@kernel
def _photons_above(x):
    """Integral of t^3 / (exp(t) - 1) from x to infinity, to 1e-9 of the whole.

    Source: the series of Widger and Woodall 1976 for x from 1 up, the power series of the rest below.
    """
    if x < 1.0:
        x2 = x * x
        below = 1 / 3 - x / 8 + x2 * (1 / 60 - x2 * (1 / 5040 - x2 * (1 / 272160 - x2 / 13305600)))
        return _WHOLE - x * x2 * below
    step = math.exp(-x)
    term, total, n = 1.0, 0.0, 1
    while n * x < 42.0 or n == 1:
        term *= step
        inv = 1.0 / n
        total += term * inv * (x * x * x + inv * (3.0 * x * x + inv * (6.0 * x + inv * 6.0)))
        n += 1
    return total


@kernel
def planck_band(temperature_k, low_um, high_um):
    """Radiance in W/(m2 sr) of a black body between two wavelengths."""
    t2 = temperature_k * temperature_k
    c = C2_UM_K / temperature_k
    return _RADIANCE * t2 * t2 * (_photons_above(c / high_um) - _photons_above(c / low_um))


@kernel
def plume_in_band(plume_kw_sr, plume_k, low_um, high_um):
    """Radiant intensity in W/sr in a band of a plume that has `plume_kw_sr` in 2.69 to 2.95 um.

    Scaled by the spectrum of a grey body at `plume_k`.
    """
    return (1000.0 * plume_kw_sr * planck_band(plume_k, low_um, high_um)
            / planck_band(plume_k, PLUME_LOW_UM, PLUME_HIGH_UM))
