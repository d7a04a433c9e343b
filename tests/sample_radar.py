"""A made-up radar at a made-up place for tests."""

from typing import Any

from opendome.catalogue.entries import Radar
from opendome.sensing import RadarSite

RADAR: dict[str, Any] = {
    "kind": "radar", "note": "Made up for the tests.", "range_ref_km": 200, "rcs_ref_m2": 1, "snr_ref_db": 13,
    "range_max_km": 400, "p_false_alarm": 1e-6, "scan_s": 5, "el_min_deg": -2, "el_max_deg": 80, "sector_deg": 120,
    "antenna_m": 10, "sigma_range_m": 30, "sigma_angle_mrad": 2, "track_capacity": 100, "latency_s": 1,
}

EVERYWHERE = {"range_ref_km": 2000.0, "range_max_km": 1000.0, "sector_deg": 360.0, "el_min_deg": -10.0}
"""Values of a radar that only its horizon and its upper edge limit."""


def radar_site(name: str = "north", *, alt_m: float = 0.0, roughness_m: float = 0.0, **values: float) -> RadarSite:
    """The radar at 24 N 54 E, facing east; `values` replace those of its entry."""
    return RadarSite(name=name, entry=Radar(**RADAR), lat_deg=24.0, lon_deg=54.0, alt_m=alt_m, azimuth_deg=90.0,
                     values=values, roughness_m=roughness_m)
