"""Interceptor types that tests share: round numbers of the right order, no real system."""

from opendome.catalogue.entries import Interceptor

ENTRY = {
    "kind": "interceptor", "note": "for tests", "p_kill": {"ballistic": 0.8}, "common_mode": 0.1, "track_sigma_m": 500,
    "reaction_s": 5, "assess_s": 5, "shot_spacing_s": 2, "per_launcher": 8, "reload_s": 1800, "channels": 10,
    "cost_musd": 12,
}
UPPER = ENTRY | {"burnout_speed_m_s": 2500, "burn_s": 16, "beta_kg_m2": 8000, "range_min_km": 10, "range_max_km": 200,
                 "alt_min_km": 40, "alt_max_km": 150, "flight_max_s": 150}
LOWER = ENTRY | {"burnout_speed_m_s": 1500, "burn_s": 10, "beta_kg_m2": 10000, "range_min_km": 2, "range_max_km": 40,
                 "alt_min_km": 0.5, "alt_max_km": 25, "flight_max_s": 60}
GUN = ENTRY | {"burnout_speed_m_s": 1000, "burn_s": 0.01, "beta_kg_m2": 1500, "range_min_km": 0.1, "range_max_km": 4,
               "alt_min_km": 0, "alt_max_km": 3, "flight_max_s": 8}
PROPELLER = ENTRY | {"burnout_speed_m_s": 70, "burn_s": 600, "beta_kg_m2": 60, "range_min_km": 0, "range_max_km": 20,
                     "alt_min_km": 0, "alt_max_km": 4, "flight_max_s": 500}
LONG = ENTRY | {"burnout_speed_m_s": 7000, "burn_s": 180, "beta_kg_m2": 5000, "range_min_km": 500, "range_max_km": 5000,
                "alt_min_km": 150, "alt_max_km": 2000, "flight_max_s": 1500}


def interceptor(values: dict) -> Interceptor:
    return Interceptor(**values)
