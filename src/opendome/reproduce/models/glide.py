"""A glider of the HTV-2 class by closed forms: its glide, its skin, and what a defence on the ground has left of it.

Left out against the flown glide of the validation: entry and pull-out (the stretch before the glide is taken at the speed
of entry), phugoid, and the height lost on the way.
"""

from collections.abc import Mapping

from scipy.optimize import brentq

from opendome import air
from opendome.engagement import (
    geometric_horizon_km,
    kill_chain_s,
    mean_speed_km_s,
    reach_radius_km,
    time_to_go_s,
)
from opendome.fly import equilibrium_alt_m, glide_range_km, glide_time_s, phugoid_rate_rad_s, scale_height_m
from opendome.sensing import skin_temperature, stagnation_temperature
from opendome.units import M_PER_KM, RAD_PER_DEG

SLOWEST_M_S, FASTEST_M_S = 1000.0, 7500.0
KM_PER_MILE = 1.609344
M_PER_KFT = 304.8
PLATE = 1.0


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Range, time, altitudes and temperatures of the glide; horizons, times and the radius that a site defends."""
    return {**glide(a), **heat(a), **defence(a)}


def glide(a: Mapping[str, float]) -> dict[str, float]:
    """The equilibrium glide between two altitudes, and altitudes at given speeds."""
    body = {"lift_to_drag": a["lift_to_drag"], "beta_kg_m2": a["beta_kg_m2"]}
    first = speed_at(a["glide_start_alt_km"] * M_PER_KM, body)
    last = speed_at(a["glide_end_alt_km"] * M_PER_KM, body)
    range_km = glide_range_km(first, last, lift_to_drag=a["lift_to_drag"])
    alt_m = equilibrium_alt_m(a["phugoid_speed_m_s"], **body)
    return {
        "flight_range_km": a["before_glide_km"] + range_km,
        "flight_time_s": a["before_glide_km"] * M_PER_KM / a["entry_speed_m_s"]
                         + glide_time_s(first, last, lift_to_drag=a["lift_to_drag"]),
        "equilibrium_alt_km": equilibrium_alt_m(a["entry_speed_m_s"], **body) / M_PER_KM,
        "low_mach_alt_kft": alt_at_mach(a["low_mach"], body) / M_PER_KFT,
        "high_mach_alt_kft": alt_at_mach(a["high_mach"], body) / M_PER_KFT,
        "phugoid_rad_s": phugoid_rate_rad_s(a["phugoid_speed_m_s"], scale_m=scale_height_m(alt_m), alt_m=alt_m),
    }


def heat(a: Mapping[str, float]) -> dict[str, float]:
    """Temperatures in K of nose and skin in radiative balance."""
    body = {"lift_to_drag": a["lift_to_drag"], "beta_kg_m2": a["beta_kg_m2"]}

    def skin_k(speed_m_s: float) -> float:
        return float(skin_temperature(equilibrium_alt_m(speed_m_s, **body), speed_m_s, a["incidence_deg"] * RAD_PER_DEG,
                                      a["aft_m"], a["emissivity"], PLATE))

    return {"nose_k": float(stagnation_temperature(a["nose_alt_km"] * M_PER_KM, a["nose_speed_m_s"],
                                                   a["nose_radius_m"], a["emissivity"])),
            "coolest_skin_k": skin_k(a["skin_slow_m_s"]), "hottest_skin_k": skin_k(a["skin_fast_m_s"])}


def defence(a: Mapping[str, float]) -> dict[str, float]:
    """Horizons, times and the radius that is left to defend."""
    horizon_km = geometric_horizon_km(a["glider_alt_km"])
    flight_s = a["time_to_target_s"] - a["commit_s"]
    mean_km_s = mean_speed_km_s(a["interceptor_mach"] * a["mach_km_s"], flight_s, flight_s)
    return {
        "horizon_satellite_km": geometric_horizon_km(a["satellite_alt_km"]),
        "horizon_glider_km": horizon_km,
        "time_from_horizon_s": time_to_go_s(horizon_km, a["glider_mach"] * a["mach_km_s"]),
        "kill_chain_s": kill_chain_s(track_s=a["track_s"], discriminate_s=a["discriminate_s"], commit_s=a["commit_s"],
                                     flyout_s=a["flyout_s"]),
        "horizon_low_mi": geometric_horizon_km(a["class_low_km"]) / KM_PER_MILE,
        "horizon_high_mi": geometric_horizon_km(a["class_high_km"]) / KM_PER_MILE,
        "defended_radius_km": reach_radius_km(flight_s=flight_s,
                                              alt_km=0.5 * (a["class_low_km"] + a["class_high_km"]),
                                              interceptor_speed_km_s=mean_km_s),
    }


def speed_at(alt_m: float, body: Mapping[str, float]) -> float:
    """Speed in m/s of the equilibrium glide at an altitude."""
    return float(brentq(lambda v: equilibrium_alt_m(v, **body) - alt_m, SLOWEST_M_S, FASTEST_M_S, xtol=1e-3))


def alt_at_mach(mach: float, body: Mapping[str, float]) -> float:
    """Altitude in m of the equilibrium glide at a Mach number, with the speed of sound there."""
    return float(brentq(lambda h: equilibrium_alt_m(mach * float(air.sound_speed(h)), **body) - h, 20e3, 70e3, xtol=0.1))
