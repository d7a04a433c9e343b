"""Sensors: geometry, then signal, then detection, then measurement.

    radar       by a reference range: `look`, `measure`
    infrared    from orbit, by emission, air, background and noise: `look_ir`, `measure_ir`, `stereo`
    warning     closed forms of a warning by repeated looks

What each leaves out stands at its head. Equations, sources and evidence: docs/models/radar.md, infrared.md, warning.md.
"""

from opendome.sensing import infrared
from opendome.sensing.infrared import (
    CANDLER_LEYVA,
    COMPUTED,
    EARTH,
    ESTIMATES,
    GLIDE_REF_M,
    GLIDE_REF_M_S,
    LIMB,
    SPACE,
    TRACY_WRIGHT,
    Detections,
    Eyes,
    airmass,
    background_of,
    body_intensity,
    detection_times,
    glider_intensity,
    glider_intensity_kw_sr,
    glow_w_sr,
    heated_intensity,
    infrared_range_km,
    intensity_along,
    look_ir,
    lower_eyes,
    measure_ir,
    noise_equivalent_w_m2,
    p_detect_ir,
    planck_band,
    plume_in_band,
    sigma_los_rad,
    signal_to_noise,
    skin_temperature,
    stagnation_temperature,
    stereo,
    transmission,
    transmission_of_band,
)
from opendome.sensing.radar import (
    FINEST,
    P_NEGLIGIBLE,
    Radars,
    across,
    azimuth_elevation,
    bending,
    detection_range_km,
    look,
    lower_radars,
    measure,
    measurement_errors,
    p_detect,
    radar_snr,
    reach,
    required_snr,
)
from opendome.sensing.sites import InfraredSite, RadarSite
from opendome.sensing.warning import mean_warning_delay_s, p_warning

__all__ = [
    "CANDLER_LEYVA", "COMPUTED", "EARTH", "ESTIMATES", "FINEST", "GLIDE_REF_M", "GLIDE_REF_M_S", "LIMB",
    "P_NEGLIGIBLE", "SPACE", "TRACY_WRIGHT",
    "Detections", "Eyes", "InfraredSite", "RadarSite", "Radars", "across", "airmass",
    "azimuth_elevation", "background_of", "bending", "body_intensity", "detection_range_km", "detection_times",
    "glider_intensity", "glider_intensity_kw_sr", "glow_w_sr", "heated_intensity", "infrared", "infrared_range_km",
    "intensity_along", "look", "look_ir", "lower_eyes", "lower_radars", "mean_warning_delay_s",
    "measure", "measure_ir", "measurement_errors", "noise_equivalent_w_m2", "p_detect", "p_detect_ir", "p_warning",
    "planck_band", "plume_in_band", "radar_snr", "reach", "required_snr", "sigma_los_rad", "signal_to_noise",
    "skin_temperature", "stagnation_temperature", "stereo", "transmission", "transmission_of_band",
]
