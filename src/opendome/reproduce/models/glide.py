"""A glider of the HTV-2 class: its flight, its skin, and what a defence on the ground has left of it.

The flight is the equation of motion of `fly`, over a sphere at rest and with constant lift, solved by SciPy: the
integrator of `fly.glide` is faster, but takes longer to compile than the whole flight takes here. The start of the
glide is that of a flight whose phugoid dies out, as the papers' glides start in equilibrium.
"""

import math
from collections.abc import Mapping

import numpy as np
from scipy.integrate import solve_ivp

from opendome import air
from opendome.engagement import (
    geometric_horizon_km,
    kill_chain_s,
    mean_speed_km_s,
    reach_radius_km,
    time_to_go_s,
)
from opendome.errors import InputError
from opendome.fly import equilibrium_alt_m, glide_range_km, gliding_acceleration, phugoid_rate_rad_s, scale_height_m
from opendome.fly.motion import damping_factor
from opendome.kernel import F64Array
from opendome.reproduce.models.limits import between, root
from opendome.sensing import skin_temperature, stagnation_temperature
from opendome.units import M_PER_KM, RAD_PER_DEG
from opendome.world import POINT_MASS

SLOWEST_M_S, FASTEST_M_S = 1000.0, 7500.0
LOWEST_M, HIGHEST_M = 20e3, 70e3
KM_PER_MILE = 1.609344
M_PER_KFT = 304.8
PLATE = 1.0
LIMITS = {"lift_to_drag": (0.5, 10.0), "beta_kg_m2": (500.0, 1e5), "entry_speed_m_s": (1000.0, 7500.0),
          "entry_alt_km": (60.0, 120.0), "entry_angle_deg": (0.0, 30.0), "start_damping": (0.0, 5.0),
          "nose_speed_m_s": (500.0, 8000.0), "nose_radius_m": (1e-3, 10.0), "emissivity": (0.05, 1.0),
          "incidence_deg": (0.0, 60.0), "aft_m": (0.01, 100.0)}
"""A glider and its entry must lie within these: beyond, the flight may never end."""
STOP_ALT_M, LONGEST_S = 25e3, 3600.0
"""A flight ends below the end of the published one, or after an hour."""


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Range, time, altitudes and temperatures of the glide; horizons, times and the radius that a site defends."""
    between(a, LIMITS)
    return {**flight(a), **equilibrium(a), **heat(a), **defence(a)}


def flight(a: Mapping[str, float]) -> dict[str, float]:
    """The flight from entry: range after a time, time to a range, and its glide from there on in closed form."""
    t_s, range_km, _ = flown(a, 0.0)
    for name, reached, unit in (("flight_s", t_s, "s"), ("flight_km", range_km, "km"), ("before_glide_km", range_km,
                                                                                         "km")):
        if not 0.0 < a[name] <= reached[-1]:
            raise InputError(f"{name} = {a[name]:g}\n  must be above 0 and at most {reached[-1]:.0f} {unit}, where the "
                             "flight ends")
    _, damped_km, damped_m_s = flown(a, a["start_damping"])
    start_m_s = float(np.interp(a["before_glide_km"], damped_km, damped_m_s))
    end_m_s = speed_at(a["glide_end_alt_km"] * M_PER_KM, body_of(a))
    return {
        "flight_range_km": float(np.interp(a["flight_s"], t_s, range_km)),
        "flight_time_s": float(np.interp(a["flight_km"], range_km, t_s)),
        "glide_start_alt_km": equilibrium_alt_m(start_m_s, **body_of(a)) / M_PER_KM,
        "glide_range_km": glide_range_km(start_m_s, end_m_s, lift_to_drag=a["lift_to_drag"]),
    }


def flown(a: Mapping[str, float], damping: float) -> tuple[F64Array, F64Array, F64Array]:
    """Time in s, range over the ground in km and speed in m/s, every second from entry to `STOP_ALT_M`.

    `damping` of the phugoid is a share of the critical.
    """
    earth, speed, path = POINT_MASS, a["entry_speed_m_s"], -a["entry_angle_deg"] * RAD_PER_DEG
    radius_m, lift_to_drag = earth.a_m + a["entry_alt_km"] * M_PER_KM, a["lift_to_drag"]

    def rates(_: float, y: F64Array) -> list[float]:
        state = y[0], y[1], 0.0, y[2], y[3], 0.0
        factor = damping_factor(earth, damping, lift_to_drag, *state) if damping > 0.0 else 1.0
        drag_m2_kg = factor / a["beta_kg_m2"]
        return [y[2], y[3], *gliding_acceleration(earth, drag_m2_kg, lift_to_drag * drag_m2_kg, 0.0, *state)[:2]]

    def falls(_: float, y: F64Array) -> float:
        return math.hypot(y[0], y[1]) - earth.a_m - STOP_ALT_M

    falls.terminal = True  # type: ignore[attr-defined]
    found = solve_ivp(rates, (0.0, LONGEST_S), [radius_m, 0.0, speed * math.sin(path), speed * math.cos(path)],
                      method="DOP853", rtol=1e-8, atol=1e-2, max_step=5.0, events=falls,
                      t_eval=np.arange(0.0, LONGEST_S))
    x, y, vx, vy = found.y
    return found.t, np.unwrap(np.arctan2(y, x)) * earth.a_m / M_PER_KM, np.hypot(vx, vy)


def body_of(a: Mapping[str, float]) -> dict[str, float]:
    """What the closed forms want to know of the glider."""
    return {"lift_to_drag": a["lift_to_drag"], "beta_kg_m2": a["beta_kg_m2"]}


def equilibrium(a: Mapping[str, float]) -> dict[str, float]:
    """Equilibrium altitudes at Mach numbers, and the oscillation about an equilibrium glide."""
    alt_m = equilibrium_alt_m(a["phugoid_speed_m_s"], **body_of(a))
    return {
        "low_mach_alt_kft": alt_at_mach(a["low_mach"], body_of(a)) / M_PER_KFT,
        "high_mach_alt_kft": alt_at_mach(a["high_mach"], body_of(a)) / M_PER_KFT,
        "phugoid_rad_s": phugoid_rate_rad_s(a["phugoid_speed_m_s"], scale_m=scale_height_m(alt_m), alt_m=alt_m),
    }


def heat(a: Mapping[str, float]) -> dict[str, float]:
    """Temperatures in K of nose and skin in radiative balance."""
    def skin_k(speed_m_s: float) -> float:
        alt_m = equilibrium_alt_m(speed_m_s, **body_of(a))
        return float(skin_temperature(alt_m, speed_m_s, a["incidence_deg"] * RAD_PER_DEG, a["aft_m"], a["emissivity"],
                                      PLATE))

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
    return root(lambda v: equilibrium_alt_m(v, **body) - alt_m, SLOWEST_M_S, FASTEST_M_S, tolerance=1e-3,
                refusal=f"glide_end_alt_km = {alt_m / M_PER_KM:g}\n  is not the altitude of a glide at "
                        f"{SLOWEST_M_S / M_PER_KM:g} to {FASTEST_M_S / M_PER_KM:g} km/s")


def alt_at_mach(mach: float, body: Mapping[str, float]) -> float:
    """Altitude in m of the equilibrium glide at a Mach number, with the speed of sound there."""
    def excess_m(alt_m: float) -> float:
        return equilibrium_alt_m(mach * float(air.sound_speed(alt_m)), **body) - alt_m

    return root(excess_m, LOWEST_M, HIGHEST_M, tolerance=0.1,
                refusal=f"Mach {mach:g}\n  is not that of a glide at {LOWEST_M / M_PER_KM:g} to "
                        f"{HIGHEST_M / M_PER_KM:g} km")
