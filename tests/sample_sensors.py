"""One made-up infrared sensor that several tests look through."""

from opendome.catalogue.entries import InfraredSensor

SENSOR = {
    "kind": "infrared", "mode": "stare", "note": "Made up for the tests.", "band_min_um": 8, "band_max_um": 12,
    "aperture_m": 0.2, "pixel_urad": 100, "nei_w_m2": 1e-12, "snr_needed": 6, "clutter_earth": 100, "clutter_limb": 10,
    "limb_km": 60, "needs_cold_space": False, "field_of_regard_deg": 180, "revisit_s": 1, "looks_needed": 3,
    "latency_s": 5, "sigma_los_urad": 20, "cloud_break_km": 8, "cue_gain_db": 3,
}
A = 6378137.0
"""Equatorial radius in m."""


def entry(**changes):
    """The sensor with some values changed; None leaves one out."""
    return InfraredSensor(**{k: v for k, v in (SENSOR | changes).items() if v is not None})
