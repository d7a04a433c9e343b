"""Infrared sensing from orbit: how bright a target is, what the air lets through, what a sensor makes of it.

Kernels: `look_ir` (geometry to detection), `body_intensity`, `glider_intensity` and `plume_in_band` (how bright),
`measure_ir` and `stereo` (what is measured). `lower_eyes` makes the table that they read.
For people: `detection_times`, `intensity_along`, `infrared_range_km`, `glider_intensity_kw_sr`, `transmission_of_band`.

What each part leaves out stands at its head. Equations, sources and evidence: docs/models/infrared.md.
"""

from opendome.air.heating import skin_temperature, stagnation_temperature
from opendome.sensing.infrared.air import airmass, transmission_of_band
from opendome.sensing.infrared.emission import (
    CANDLER_LEYVA,
    COMPUTED,
    ESTIMATES,
    GLIDE_REF_M,
    GLIDE_REF_M_S,
    TRACY_WRIGHT,
    glider_intensity,
    glider_intensity_kw_sr,
    glow_w_sr,
    heated_intensity,
)
from opendome.sensing.infrared.eyes import Eyes, infrared_range_km, lower_eyes, noise_equivalent_w_m2
from opendome.sensing.infrared.history import Detections, detection_times, intensity_along
from opendome.sensing.infrared.lines import measure_ir, sigma_los_rad, stereo
from opendome.sensing.infrared.look import (
    EARTH,
    LIMB,
    SPACE,
    background_of,
    body_intensity,
    look_ir,
    p_detect_ir,
    signal_to_noise,
    transmission,
)
from opendome.sensing.infrared.radiance import planck_band, plume_in_band

__all__ = [
    "CANDLER_LEYVA", "COMPUTED", "EARTH", "ESTIMATES", "GLIDE_REF_M", "GLIDE_REF_M_S", "LIMB", "SPACE",
    "TRACY_WRIGHT", "Detections", "Eyes", "airmass",
    "background_of", "body_intensity", "detection_times", "glider_intensity", "glider_intensity_kw_sr",
    "glow_w_sr", "heated_intensity", "infrared_range_km", "intensity_along", "look_ir", "lower_eyes", "measure_ir",
    "noise_equivalent_w_m2", "p_detect_ir", "planck_band", "plume_in_band", "sigma_los_rad", "signal_to_noise",
    "skin_temperature", "stagnation_temperature", "stereo", "transmission", "transmission_of_band",
]
