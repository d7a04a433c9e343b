"""Scenarios with a layer in orbit, to be solved on paper: eyes that see every plume, interceptors that reach all."""

from typing import Any

from opendome.scenario import Scenario, reader
from tiny import MISSILE, tiny

BURNING: dict[str, Any] = MISSILE | {"burn_s": 100, "burnout_alt_km": 80}
EYE: dict[str, Any] = {
    "kind": "infrared", "mode": "stare", "note": "Made up for the tests: it sees every plume at once.",
    "band_min_um": 1.4, "band_max_um": 3, "aperture_m": 1, "pixel_urad": 10, "threshold_kw_sr": 0.001,
    "threshold_range_km": 40000, "snr_needed": 6, "clutter_earth": 1, "clutter_limb": 1, "limb_km": 60,
    "needs_cold_space": False, "field_of_regard_deg": 360, "revisit_s": 1, "looks_needed": 1, "latency_s": 0,
    "sigma_los_urad": 10, "cloud_break_km": 0, "cue_gain_db": 0,
}
SPEAR: dict[str, Any] = {
    "kind": "space-interceptor", "note": "Made up for the tests: it reaches nearly anything within a burn.",
    "speed_km_s": 160, "accel_g": 100000, "flight_max_s": 100, "alt_min_km": 0, "alt_max_km": 2000,
    "needs_plume": True, "per_satellite": 100, "p_kill": {"ballistic": 0.7}, "common_mode": 0, "reaction_s": 0,
    "assess_s": 0, "cost_musd": 2,
}
SLOTS: dict[str, Any] = {"pattern": "geostationary", "longitudes_deg": [40, 70]}
LOW: dict[str, Any] = {"n_satellites": 12, "n_planes": 3, "inclination_deg": 50, "altitude_km": 500}


def in_orbit(*, missiles: int = 1, decoys: int = 0, salvo: int = 1, low: dict[str, Any] | None = None,
             spear: dict[str, Any] | None = None, eye: dict[str, Any] | None = None,
             layer: dict[str, Any] | None = None, ground: dict[str, Any] | None = None, **more: Any) -> Scenario:
    """One town, missiles from 300 km to the north, a layer in orbit and, with `ground`, the site of `tiny` behind."""
    data = reader.to_data(tiny(missiles=missiles, missile=BURNING, **(ground or {}), **more))
    data["raids"]["raid"]["waves"][0]["decoys"] = decoys
    data["constellations"] = {"slots": SLOTS, "low": LOW | (low or {})}
    data["sensors"] = {"plume-eye": {"type": "plume-eye-type", "constellation": "slots"},
                       **(data["sensors"] if ground is not None else {})}
    boost = {"interceptor": "spear", "constellation": "low", "doctrine": "salvo", "salvo": salvo, "shots_max": salvo,
             "decision_s": 0} | (layer or {})
    data["layers"] = {"boost": boost, **(data["layers"] if ground is not None else {})}
    data["catalogue"]["sensors"]["plume-eye-type"] = EYE | (eye or {})
    data["catalogue"]["interceptors"]["spear"] = SPEAR | (spear or {})
    return reader.from_data(data)


def busy_sky() -> Scenario:
    """Chance everywhere: outages, sampled numbers, shots that miss, decoys, a site behind, cold bodies tracked."""
    scenario = in_orbit(
        missiles=6, decoys=2, low=LOW | {"n_satellites": 60, "n_planes": 6, "outage": 0.3},
        spear={"speed_km_s": 12, "accel_g": {"value": 30, "low": 20, "high": 40}, "per_satellite": 1,
               "p_kill": {"ballistic": 0.5}, "alt_min_km": 20},
        eye={"latency_s": 10, "looks_needed": 2, "threshold_kw_sr": {"value": 900, "low": 400, "high": 1500}},
        ground={"layer": {"salvo": 1, "shots_max": 1, "p_decoy_as_threat": 0.5}, "radar": {"range_max_km": 60}},
        assumptions="sampled", spread_min=4)
    data = reader.to_data(scenario)
    data["catalogue"]["sensors"]["cold-eye-type"] = EYE | {"band_min_um": 8, "band_max_um": 12, "looks_needed": 3}
    data["sensors"]["cold-eye"] = {"type": "cold-eye-type", "constellation": "low"}
    return reader.from_data(data)
