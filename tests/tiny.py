"""Scenarios small enough to solve on paper or to run in plain Python: a perfect defence unless said otherwise."""

from typing import Any

from opendome.scenario import Scenario, reader

MISSILE: dict[str, Any] = {
    "kind": "ballistic", "note": "Made up for the tests: it always comes down where it is aimed.",
    "threat_class": "ballistic", "separating": True, "range_min_km": 100, "range_max_km": 1000, "burn_s": 60,
    "burnout_alt_km": 35, "beta_kg_m2": 5000, "plume_kw_sr": 1000, "plume_k": 1800, "body_m2": 1, "nose_radius_m": 0.1,
    "rcs_m2": 1, "cep_m": 0, "p_stray": 0, "stray_km": 0, "cost_musd": 1,
}
DRONE: dict[str, Any] = {
    "kind": "waypoint", "note": "Made up for the tests.", "threat_class": "drone", "range_max_km": 500,
    "speed_m_s": 100, "altitude_m": 500, "dive_deg": 30, "rcs_m2": 1, "cep_m": 0, "p_stray": 0, "stray_km": 0,
    "cost_musd": 0.02,
}
RADAR: dict[str, Any] = {
    "kind": "radar", "note": "Made up for the tests: it sees everything above its horizon, nearly without error.",
    "range_ref_km": 5000, "rcs_ref_m2": 1, "snr_ref_db": 40, "range_max_km": 5000, "p_false_alarm": 1e-6, "scan_s": 2,
    "el_min_deg": -10, "el_max_deg": 90, "sector_deg": 360, "antenna_m": 50, "sigma_range_m": 1,
    "sigma_angle_mrad": 0.001, "track_capacity": 1000, "latency_s": 0,
}
INTERCEPTOR: dict[str, Any] = {
    "kind": "interceptor", "note": "Made up for the tests: fast, and wide in reach.", "burnout_speed_m_s": 3000,
    "burn_s": 5, "beta_kg_m2": 20000, "range_min_km": 0, "range_max_km": 150, "alt_min_km": 0, "alt_max_km": 150,
    "flight_max_s": 120, "p_kill": {"ballistic": 0.7, "drone": 0.7}, "common_mode": 0, "track_sigma_m": 10000,
    "reaction_s": 0, "assess_s": 0, "shot_spacing_s": 0, "per_launcher": 100, "reload_s": 0, "channels": 100,
    "cost_musd": 2,
}


def tiny(*, missiles: int = 1, drones: int = 0, spread_min: float = 0.0, site: dict[str, Any] | None = None,
         layer: dict[str, Any] | None = None, interceptor: dict[str, Any] | None = None,
         radar: dict[str, Any] | None = None, sensor: dict[str, Any] | None = None,
         missile: dict[str, Any] | None = None, **top: Any) -> Scenario:
    """One town, one site, one radar, missiles from 300 km to the north; the arguments change single values."""
    waves = [{"threat": threat, "count": count, "from": {start: 1}, "at": {"town": 1}, "spread_min": spread_min}
             for threat, count, start in (("missile", missiles, "north"), ("drone", drones, "coast")) if count]
    data: dict[str, Any] = {
        "title": "Solved on paper", "price_year": 2026, "assumptions": "fixed",
        "places": {"north": {"lat_deg": 27.7, "lon_deg": 55.0}, "coast": {"lat_deg": 26.0, "lon_deg": 55.0}},
        "areas": {"town": {"lat_deg": 25.0, "lon_deg": 55.0, "radius_km": 10, "aim_radius_km": 0}},
        "sensors": {"eye": {"type": "eye-type", "lat_deg": 25.0, "lon_deg": 55.02} | (sensor or {})},
        "layers": {"only": {
            "interceptor": "arrow", "doctrine": "salvo", "salvo": 2, "shots_max": 2, "decision_s": 0,
            "sites": {"battery": {"lat_deg": 25.02, "lon_deg": 55.0, "launchers": 10, "stock": 1000} | (site or {})},
        } | (layer or {})},
        "raids": {"raid": {"start": "2026-01-01T00:00:00Z", "waves": waves}},
        "catalogue": {
            "threats": {"missile": MISSILE | (missile or {}), "drone": DRONE},
            "sensors": {"eye-type": RADAR | (radar or {})},
            "interceptors": {"arrow": INTERCEPTOR | (interceptor or {})},
        },
    }
    return reader.from_data(data | top)


def small_raid(**sensors: Any) -> Scenario:
    """Six threats, two radars, two layers, uncertain numbers and chance everywhere; `sensors` are added."""
    second = {"interceptor": "arrow", "salvo": 1, "shots_max": 2,
              "sites": {"far-battery": {"lat_deg": 25.1, "lon_deg": 55.1, "launchers": 1, "stock": 4}}}
    data = reader.to_data(tiny(missiles=4, drones=2, spread_min=4, layer={"salvo": 1, "shots_max": 2},
                               site={"stock": {"value": 6, "low": 2, "high": 10}}, assumptions="sampled",
                               missile=MISSILE | {"cep_m": 500, "p_stray": 0.2, "stray_km": 20}, radar=RADAR | {
                                   "range_ref_km": {"value": 300, "low": 200, "high": 400}, "snr_ref_db": 15,
                                   "sigma_range_m": 20, "sigma_angle_mrad": 1},
                               interceptor=INTERCEPTOR | {"common_mode": 0.2, "p_kill": {
                                   "ballistic": {"value": 0.6, "low": 0.3, "high": 0.9},
                                   "drone": {"value": 0.6, "low": 0.3, "high": 0.9}}}))
    data["layers"]["second"] = second
    data["sensors"] |= {"other-eye": {"type": "eye-type", "lat_deg": 25.1, "lon_deg": 55.2}} | sensors
    return reader.from_data(data)
