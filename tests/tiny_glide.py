"""Gliders from 1,300 km away against one site: small enough to reckon by hand."""

from typing import Any

from opendome.scenario import Scenario, reader
from tiny import tiny
from tiny_space import EYE, LOW

GLIDER: dict[str, Any] = {
    "kind": "glide", "note": "Made up for the tests: it always comes down where it is aimed.", "threat_class": "glide",
    "burn_s": 80, "burnout_alt_km": 60, "burnout_deg": 6, "burnout_speed_min_m_s": 2600, "burnout_speed_max_m_s": 4000,
    "lift_to_drag": 2.6, "beta_kg_m2": 8000, "load_max_g": 8, "bank_max_deg": 60, "glide_end_m_s": 1500, "dive_deg": 45,
    "nose_radius_m": 0.05, "nose_max_k": 3900, "manoeuvre_g": 0, "plume_kw_sr": 500, "plume_k": 1800, "glow_kw_sr": 20,
    "glow_k": 1500, "rcs_m2": 1, "cep_m": 0, "p_stray": 0, "stray_km": 0, "cost_musd": 1,
}
GLIDES = {"p_kill": {"glide": 0.7}, "divert_m_s": 2000, "basket_km": 10}
"""What an interceptor of `tiny` needs against them."""


def gliders(count: int = 1, *, glider: dict[str, Any] | None = None, interceptor: dict[str, Any] | None = None,
            spread_min: float = 0.0, **rest: Any) -> Scenario:
    """`tiny` with gliders in place of its missiles; `glider` and `interceptor` change single values."""
    catalogue = {"glider": GLIDER | (glider or {})}
    wave = {"threat": "glider", "count": count, "from": {"far": 1}, "at": {"town": 1}, "spread_min": spread_min}
    base = tiny(interceptor=GLIDES | (interceptor or {}), **rest)
    data = reader.to_data(base)
    data["places"]["far"] = {"lat_deg": 36.5, "lon_deg": 55.0}
    data["raids"]["raid"]["waves"] = [wave]
    data["catalogue"]["threats"] |= catalogue
    return reader.from_data(data)


def busy_glides() -> Scenario:
    """Chance everywhere: turns, glow, thresholds and the radar's presence drawn, shots that miss, satellites out."""
    data = reader.to_data(gliders(
        3, spread_min=4, assumptions="sampled", layer={"doctrine": "shoot-look-shoot", "salvo": 1, "shots_max": 2},
        glider={"manoeuvre_g": {"value": 3, "low": 1, "high": 6}, "glow_k": {"value": 1500, "low": 1000, "high": 1900},
                "glow_kw_sr": {"value": 2, "low": 0.01, "high": 10}, "cep_m": 500, "p_stray": 0.1, "stray_km": 20},
        interceptor={"p_kill": {"glide": 0.8}, "divert_m_s": {"value": 1500, "low": 500, "high": 2500}},
        sensor={"on_station": 0.5}, radar={"range_ref_km": 300, "snr_ref_db": 15, "range_max_km": 400}))
    data["constellations"] = {"low": LOW | {"n_satellites": 72, "n_planes": 6, "altitude_km": 1000, "outage": 0.1}}
    data["catalogue"]["sensors"]["glow-eye"] = EYE | {"looks_needed": 3, "threshold_kw_sr": {"value": 30, "low": 10,
                                                                                             "high": 60}}
    data["sensors"]["from-above"] = {"type": "glow-eye", "constellation": "low"}
    return reader.from_data(data)
