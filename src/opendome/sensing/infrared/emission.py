"""How bright a target is: cold in midcourse, heated in the air, by phase of flight; and the skin of a glider.

Heating is that of a wall in radiative balance (`opendome.air.heating`).

Left out: what the heating leaves out, the glowing air and wake, reflected sunlight and earthshine. Equations, sources
and evidence: docs/models/infrared.md.
"""

import math

from opendome.air import density
from opendome.air.heating import COLD_K, EMISSIVITY, skin_temperature, stagnation_temperature
from opendome.errors import InputError, nearest
from opendome.kernel import kernel
from opendome.sensing.infrared.radiance import PLUME_HIGH_UM, PLUME_LOW_UM, planck_band
from opendome.units import RAD_PER_DEG

AIR_M = 120.0e3
"""Above this altitude the air does not heat."""

CONE_RAD = 9.0 * RAD_PER_DEG
"""Half-angle of the cone that stands for a re-entry body; assumed, 6 to 12 degrees."""
SKIN_AT_M = 1.0
"""Distance from the nose at which the skin's temperature stands for the whole of it."""

TRACY_WRIGHT, CANDLER_LEYVA, COMPUTED = 0, 1, 2
ESTIMATES = ("tracy-wright", "candler-leyva", "computed")
"""Sources of a glider's intensity; their place is their code in kernels."""

TRACY_WRIGHT_K, TRACY_WRIGHT_M2 = 1728.212, 4.489663
CANDLER_LEYVA_K, CANDLER_LEYVA_M2 = 999.043, 4.640895
"""Grey body (temperature, area times emissivity) through both published intensities of each estimate: 43 and 370 kW/sr,
4.90 and 22.1 kW/sr in 2.69 to 2.95 and 1.4 to 3.0 um."""
GLIDE_REF_M, GLIDE_REF_M_S = 49.7e3, 6000.0
"""State of flight that both are taken to hold for (our reading)."""

GLIDER_LENGTH_M, GLIDER_SPAN_M, GLIDER_NOSE_M = 3.7, 2.2, 0.034
GLIDER_UNDER_RAD, GLIDER_TOP_RAD = 10.0 * RAD_PER_DEG, 2.0 * RAD_PER_DEG
GLIDER_STRIPS = 6
"""The body of `computed`: a flat triangle, its under side and top at these angles to the flow; its nose as in
tracy2020, the rest assumed."""


@kernel
def heated_intensity(low_um, high_um, body_m2, nose_radius_m, alt_m, speed_m_s):
    """Radiant intensity in W/sr in a band of a body after burnout, seen from the side.

    `body_m2` is its projected area times emissivity: it glows at the temperature of the skin one metre behind the tip
    of a cone; the nose, a disc of its radius, at that of the stagnation point. Above `AIR_M` all of it is at COLD_K.
    """
    if alt_m > AIR_M:
        return body_m2 * planck_band(COLD_K, low_um, high_um)
    skin_k = skin_temperature(alt_m, speed_m_s, CONE_RAD, SKIN_AT_M, EMISSIVITY, math.sqrt(3.0))
    nose_k = stagnation_temperature(alt_m, speed_m_s, nose_radius_m, EMISSIVITY)
    nose_m2 = EMISSIVITY * math.pi * nose_radius_m * nose_radius_m
    return body_m2 * planck_band(skin_k, low_um, high_um) + nose_m2 * planck_band(nose_k, low_um, high_um)


@kernel
def glider_intensity(estimate, alt_m, speed_m_s, low_um, high_um):
    """Radiant intensity in W/sr in a band of a glider of the HTV-2 class; `estimate` is a place in ESTIMATES.

    The published estimates are grey bodies through their two intensities at 6 km/s and 49.7 km; elsewhere their
    temperature goes with the fourth root of the stagnation heating, sqrt(rho) V^3. `computed` sums strips of a flat
    triangle, half of it seen from below and half from above.
    """
    if estimate == COMPUTED:
        return _triangle_intensity(alt_m, speed_m_s, low_um, high_um)
    hot_k, area_m2 = TRACY_WRIGHT_K, TRACY_WRIGHT_M2
    if estimate == CANDLER_LEYVA:
        hot_k, area_m2 = CANDLER_LEYVA_K, CANDLER_LEYVA_M2
    return area_m2 * planck_band(_glow_k(hot_k, alt_m, speed_m_s), low_um, high_um)


@kernel
def _glow_k(ref_k, alt_m, speed_m_s):
    """Temperature in K of a glider that has `ref_k` in the reference state: with the fourth root of sqrt(rho) V^3."""
    ratio = math.sqrt(density(alt_m) / density(GLIDE_REF_M)) * (speed_m_s / GLIDE_REF_M_S) ** 3
    cold4 = COLD_K**4
    return math.sqrt(math.sqrt(cold4 + ratio * (ref_k**4 - cold4)))


@kernel
def glow_w_sr(ref_w_sr, ref_k, alt_m, speed_m_s, low_um, high_um):
    """Radiant intensity in W/sr in a band of a hot glider: a grey body of `ref_w_sr` in 2.69 to 2.95 um at `ref_k` in
    the reference state (GLIDE_REF_M, GLIDE_REF_M_S); elsewhere hotter or colder as the published estimates are.
    """
    there = planck_band(ref_k, PLUME_LOW_UM, PLUME_HIGH_UM)
    return ref_w_sr * planck_band(_glow_k(ref_k, alt_m, speed_m_s), low_um, high_um) / there


@kernel
def _triangle_intensity(alt_m, speed_m_s, low_um, high_um):
    """Radiant intensity in W/sr of the triangle of GLIDER_STRIPS strips, mean of its two sides, and of its nose."""
    total = 0.0
    for k in range(GLIDER_STRIPS):
        x_m = (k + 0.5) / GLIDER_STRIPS * GLIDER_LENGTH_M
        strip_m2 = GLIDER_SPAN_M * x_m / GLIDER_STRIPS
        under_k = skin_temperature(alt_m, speed_m_s, GLIDER_UNDER_RAD, x_m, EMISSIVITY, 1.0)
        top_k = skin_temperature(alt_m, speed_m_s, GLIDER_TOP_RAD, x_m, EMISSIVITY, 1.0)
        total += 0.5 * strip_m2 * (planck_band(under_k, low_um, high_um) + planck_band(top_k, low_um, high_um))
    nose_k = stagnation_temperature(alt_m, speed_m_s, GLIDER_NOSE_M, EMISSIVITY)
    return EMISSIVITY * (total + math.pi * GLIDER_NOSE_M**2 * planck_band(nose_k, low_um, high_um))


def glider_intensity_kw_sr(estimate: str, *, alt_km: float, speed_m_s: float, low_um: float, high_um: float) -> float:
    """Radiant intensity in kW/sr in a band of a glider of the HTV-2 class, by one of ESTIMATES."""
    if estimate not in ESTIMATES:
        raise InputError(f"estimate = {estimate!r}\n  must be one of {', '.join(ESTIMATES)}\n"
                         f"hint: {nearest(estimate, ESTIMATES)}")
    if not 0.0 < low_um < high_um:
        raise InputError(f"band {low_um:g} to {high_um:g} um\n  must have two ends above 0, the shorter first")
    if not speed_m_s > 0.0:
        raise InputError(f"speed_m_s = {speed_m_s}\n  must be above 0")
    return float(glider_intensity(ESTIMATES.index(estimate), 1000.0 * alt_km, speed_m_s, low_um, high_um)) / 1000.0
