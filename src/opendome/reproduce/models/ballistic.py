"""Ballistic flights over a sphere at rest, without air: boost arc, burnout and Kepler arc, in closed form.

The boost is one for all cases: a climb that begins with `lift_off_g` net and ends at the burnout velocity, which sets
the burnout altitude. Left out against the flown flights of the validation: rotation, flattening and drag, which flights
along a meridian hardly notice.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

from scipy.optimize import minimize_scalar

from opendome.reproduce.models.limits import root
from opendome.threats import ballistic
from opendome.units import DEG_PER_RAD, G0_M_S2, M_PER_KM, RAD_PER_DEG
from opendome.world import MEAN_RADIUS_M, WGS84

LOWEST_DEG, HIGHEST_DEG = 0.5, 12.0
"""Flight-path angles at burnout between which a depressed flight is looked for."""
LEVEL_DEG = 0.1
STEEPNESS_RAD = (0.01, 1.4)
"""Flight-path angles between which that of least energy is looked for."""
S_PER_MIN = 60.0


class Flight(NamedTuple):
    """One flight, by its burnout."""

    speed_m_s: float
    path_rad: float
    burnout_alt_m: float


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Burnout speed, apogee and time of the flight to a range: of least energy, or depressed to an apogee."""
    flight = flight_of(a)
    apogee_m, arc_s = kepler_arc(flight)
    return {"burnout_speed_km_s": flight.speed_m_s / M_PER_KM, "apogee_km": apogee_m / M_PER_KM,
            "flight_time_min": (a["burn_s"] + arc_s) / S_PER_MIN, "burnout_angle_deg": flight.path_rad * DEG_PER_RAD,
            "burnout_alt_km": flight.burnout_alt_m / M_PER_KM}


def flight_of(a: Mapping[str, float]) -> Flight:
    """The flight that an apogee, a level burnout or, without either, least energy sets."""
    if a["level_burnout_alt_km"] > 0.0:
        return at_angle(a, LEVEL_DEG * RAD_PER_DEG)
    if a["apogee_km"] == 0.0:
        return at_angle(a, None)

    def excess_m(angle_deg: float) -> float:
        return kepler_arc(at_angle(a, angle_deg * RAD_PER_DEG))[0] - a["apogee_km"] * M_PER_KM

    angle_deg = root(excess_m, LOWEST_DEG, HIGHEST_DEG, tolerance=1e-4,
                     refusal=f"apogee_km = {a['apogee_km']:g}\n  is not met by burnout at {LOWEST_DEG:g} to "
                             f"{HIGHEST_DEG:g} degrees; 0 stands for least energy")
    return at_angle(a, angle_deg * RAD_PER_DEG)


def at_angle(a: Mapping[str, float], path_rad: float | None) -> Flight:
    """The flight that leaves burnout at an angle (None: that of least energy), and the burnout altitude it has.

    With an acceleration linear in time, a T^2 / 2 + U T = 3 H: a at lift-off, U up at burnout, T the time of burn.
    """
    range_rad, burn_s = a["range_km"] * M_PER_KM / MEAN_RADIUS_M, a["burn_s"]
    alt_m = a["level_burnout_alt_km"] * M_PER_KM
    for _ in range(40):
        angle = least_angle(range_rad, alt_m, burn_s) if path_rad is None else path_rad
        speed_m_s = float(ballistic.guess_speed(range_rad, angle, alt_m, burn_s))
        if a["level_burnout_alt_km"] > 0.0:
            break
        lift_off_m_s2 = a["lift_off_g"] * G0_M_S2
        wanted_m = (0.5 * lift_off_m_s2 * burn_s**2 + speed_m_s * math.sin(angle) * burn_s) / 3.0
        if abs(wanted_m - alt_m) < 1.0:
            break
        alt_m = wanted_m
    return Flight(speed_m_s, angle, alt_m)


def least_angle(range_rad: float, alt_m: float, burn_s: float) -> float:
    """Flight-path angle in rad at burnout that needs the least energy there."""
    def energy(path_rad: float) -> float:
        speed_m_s = ballistic.guess_speed(range_rad, path_rad, alt_m, burn_s)
        return float(ballistic.burnout_energy(speed_m_s, path_rad, alt_m, burn_s))

    return float(minimize_scalar(energy, bounds=STEEPNESS_RAD, method="bounded", options={"xatol": 1e-8}).x)


def kepler_arc(flight: Flight) -> tuple[float, float]:
    """Apogee in m above the ground and time in s from burnout to the ground. Source: bate1971, chapter 6."""
    mu, r = WGS84.mu_m3_s2, MEAN_RADIUS_M + flight.burnout_alt_m
    axis = 1.0 / (2.0 / r - flight.speed_m_s**2 / mu)
    parameter = (r * flight.speed_m_s * math.cos(flight.path_rad)) ** 2 / mu
    e = math.sqrt(1.0 - parameter / axis)
    rising = math.acos(max(-1.0, min(1.0, (1.0 - r / axis) / e)))
    falling = 2.0 * math.pi - math.acos(max(-1.0, min(1.0, (1.0 - MEAN_RADIUS_M / axis) / e)))
    mean_rad = (falling - e * math.sin(falling)) - (rising - e * math.sin(rising))
    return axis * (1.0 + e) - MEAN_RADIUS_M, mean_rad * math.sqrt(axis**3 / mu)
