"""Writes the tables of docs/models/infrared.md from the code.

    python docs/make_infrared.py

The glide is the closed form of an equilibrium glide (lift = weight less centrifugal force), not a flown trajectory:
density, time and range by speed for a lift-to-drag ratio and a ballistic coefficient. A test sees that the page has
what this would write.
"""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from opendome import air, sensing
from opendome.catalogue import shipped
from opendome.catalogue.entries import BallisticThreat, InfraredSensor
from opendome.threats import fly
from opendome.world import MEAN_RADIUS_M, WGS84, ecef_from_geodetic

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "models" / "infrared.md"

# ---- boosts --------------------------------------------------------------------------------------------------------

LAUNCH, AIMS = (40.0, 0.0), {"srbm": (45.0, 3.0), "icbm-liquid": (60.0, 180.0), "icbm-solid": (60.0, 180.0)}
"""Notional points; about 600 km, and 8,900 km over the pole."""
SATELLITE_LON_RAD, SATELLITE_ALT_M = math.radians(20.0), 35786.0e3
CLOUDS_KM = (0.0, 8.0, 12.0)
STEP_S = 0.5


def sensor(name: str) -> InfraredSensor:
    """An infrared sensor of the catalogue."""
    found = shipped().sensors[name]
    assert isinstance(found, InfraredSensor)
    return found


def boosts() -> str:
    """When a boost is seen and warned of, by sensor and cloud."""
    at = np.array([ecef_from_geodetic(0.0, SATELLITE_LON_RAD, SATELLITE_ALT_M)])
    lines = ["| threat, its burn | sensor | clouds to, km | seen from, s | p of a warning | mean warning, s "
             "| 9 of 10 by, s |", "|---|---|---|---|---|---|---|"]
    for threat, aim in AIMS.items():
        entry = shipped().threats[threat]
        assert isinstance(entry, BallisticThreat)
        flight = fly(threat, launch=LAUNCH, aim=aim, step_s=STEP_S)
        boost = flight._replace(**{name: getattr(flight, name)[flight.t_s <= entry.burn_s.value + 60.0]
                                   for name in flight._fields})
        for name in ("ir-geo-scan", "ir-geo-stare"):
            intensity = sensing.intensity_along(sensor(name), entry, boost)
            for cloud_km in CLOUDS_KM:
                seen = sensing.detection_times(sensor(name), boost, at, intensity_w_sr=intensity,
                                               values={"cloud_break_km": cloud_km})
                most = f"{seen.warned_most_s:.0f}" if seen.p_warned >= 0.9 else "never"
                lines.append(f"| {threat}, {entry.burn_s.value:.0f} s | {name} | {cloud_km:.0f} "
                             f"| {seen.seen_from_s:.0f} | {seen.p_warned:.2f} | {seen.warned_s:.0f} | {most} |")
    return "\n".join(lines)


# ---- glide ---------------------------------------------------------------------------------------------------------

LIFT_TO_DRAG, BETA_KG_M2 = 2.6, 13000.0
START_KM, END_KM = 47.0, 30.5
RADIUS_M = MEAN_RADIUS_M + 40.0e3
GRAVITY_M_S2 = WGS84.mu_m3_s2 / RADIUS_M**2


def glide_speed(alt_m: float) -> float:
    """Speed in m/s at which lift holds the glider at an altitude: rho = 2 beta (g - V^2 / r) / (V^2 L/D)."""
    return math.sqrt(GRAVITY_M_S2 / (air.density(alt_m) * LIFT_TO_DRAG / (2.0 * BETA_KG_M2) + 1.0 / RADIUS_M))


def glide_altitude(speed_m_s: float) -> float:
    """Altitude in m of the equilibrium glide at a speed; bisection."""
    low, high = 0.0, 100.0e3
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if glide_speed(middle) < speed_m_s else (low, middle)
    return low


def glide_time_range(start_m_s: float, speed_m_s: float) -> tuple[float, float]:
    """Time in s and ground range in km from one speed down to another, in closed form (Sanger; Eggers 1958)."""
    circular = math.sqrt(GRAVITY_M_S2 * RADIUS_M)
    u, w = start_m_s / circular, speed_m_s / circular
    time_s = 0.5 * LIFT_TO_DRAG * circular / GRAVITY_M_S2 * math.log((1 + u) / (1 - u) * (1 - w) / (1 + w))
    return time_s, 0.5 * LIFT_TO_DRAG * MEAN_RADIUS_M * math.log((1 - w * w) / (1 - u * u)) / 1000.0


class Case(NamedTuple):
    """A band, and the radiant intensity in it that one look detects half of the time."""

    says: str
    low_um: float
    high_um: float
    threshold_kw_sr: float


def cases() -> list[Case]:
    """The published thresholds, the sweep about them, and the catalogue's nearer sensors at a distance."""
    found = [Case("ir-geo-scan's band", 2.69, 2.95, t) for t in (2.0, 6.0, 20.0, 50.0)]
    found[2] = found[2]._replace(says="ir-geo-scan")
    found += [Case("ir-geo-stare's band", 1.4, 3.0, t) for t in (2.0, 6.0, 20.0, 50.0)]
    found[5] = found[5]._replace(says="ir-geo-stare")
    for name, range_km in (("ir-meo-track", 15000.0), ("ir-leo-track", 2500.0), ("ir-leo-fire-control", 2500.0)):
        entry = sensor(name)
        threshold = (range_km / sensing.infrared_range_km(entry, 1000.0, "earth")) ** 2
        found.append(Case(f"{name} from {range_km:,.0f} km", entry.band_min_um.value, entry.band_max_um.value,
                          threshold))
    return found


def glide_window(estimate: str, case: Case) -> str:
    """From when to when in the glide a target is at least as bright as the threshold, in words."""
    start, end = glide_speed(1000.0 * START_KM), glide_speed(1000.0 * END_KM)
    speeds = np.linspace(start, end, 400)
    bright = np.array([sensing.glider_intensity_kw_sr(
        estimate, alt_km=glide_altitude(v) / 1000.0, speed_m_s=v, low_um=case.low_um, high_um=case.high_um)
        for v in speeds])
    seen = np.flatnonzero(bright >= case.threshold_kw_sr)
    if not seen.size:
        return f"never (brightest {bright.max():.2g} kW/sr)"
    times = [glide_time_range(start, v) for v in (speeds[seen[0]], speeds[seen[-1]])]
    to = "the end" if seen[-1] == len(bright) - 1 else f"{times[1][0]:.0f} s"
    return f"{times[0][0]:.0f} s to {to}, {times[1][1] - times[0][1]:,.0f} km"


def glides() -> str:
    """Windows in the glide, by threshold and estimate."""
    head = ["| seen by | band, um | threshold, kW/sr |", "|---|---|---|"]
    head = [head[0] + "".join(f" {e} |" for e in sensing.ESTIMATES), head[1] + "---|" * len(sensing.ESTIMATES)]
    return "\n".join(head + [f"| {c.says} | {c.low_um:g} to {c.high_um:g} | {c.threshold_kw_sr:.2g} | "
                             + " | ".join(glide_window(e, c) for e in sensing.ESTIMATES) + " |" for c in cases()])


def glide_facts() -> str:
    """The closed-form glide against what was published of flight A."""
    start, end = glide_speed(1000.0 * START_KM), glide_speed(1000.0 * END_KM)
    time_s, range_km = glide_time_range(start, end)
    return "\n".join([
        "| of the glide of flight A | published | closed form |", "|---|---|---|",
        f"| altitude at 6 km/s, km | 49 to 49.7 | {glide_altitude(6000.0) / 1000:.1f} |",
        f"| range from 47 km down to 30.5 km, km | 4,800 (5,900 less 1,100) | {range_km:,.0f} |",
        f"| its time, s | below 1,363 (with the entry before it) | {time_s:,.0f} |",
        f"| speed at 47 and 30.5 km, m/s | not seen | {start:,.0f} and {end:,.0f} |"])


# ---- brightness ----------------------------------------------------------------------------------------------------

STATES = ((57.1, 6000.0), (49.7, 6000.0), (45.0, 5000.0), (39.0, 3500.0))


def gliders() -> str:
    """Radiant intensity of a glider by estimate."""
    lines = [f"| altitude, km; speed, m/s | band, um |{''.join(f' {e}, kW/sr |' for e in sensing.ESTIMATES)}",
             "|---|---|" + "---|" * len(sensing.ESTIMATES)]
    for alt_km, speed in STATES:
        for low, high in ((2.69, 2.95), (1.4, 3.0), (8.0, 12.0)):
            found = [sensing.glider_intensity_kw_sr(e, alt_km=alt_km, speed_m_s=speed, low_um=low, high_um=high)
                     for e in sensing.ESTIMATES]
            lines.append(f"| {alt_km}; {speed:,.0f} | {low:g} to {high:g} | {' | '.join(f'{x:.3g}' for x in found)} |")
    return "\n".join(lines)


def ranges() -> str:
    """From how far the sensors of the catalogue detect half of the time, by target and background."""
    lines = ["| sensor | noise-equivalent irradiance, W/m2 | 100 kW/sr plume against the Earth, km "
             "| 1 m2 at 300 K against space, km | the same against the Earth, km |", "|---|---|---|---|---|"]
    for name in ("ir-geo-scan", "ir-geo-stare", "ir-meo-track", "ir-leo-track", "ir-leo-fire-control"):
        entry = sensor(name)
        low, high = entry.band_min_um.value, entry.band_max_um.value
        body = sensing.planck_band(300.0, low, high)
        plume = sensing.plume_in_band(100.0, 1800.0, low, high)
        far = [sensing.infrared_range_km(entry, plume, "earth"), sensing.infrared_range_km(entry, body),
               sensing.infrared_range_km(entry, body, "earth")]
        noise = sensing.noise_equivalent_w_m2(sensing.InfraredSite(name, entry))
        lines.append(f"| {name} | {noise:.1e} | {' | '.join(f'{x:,.0f}' for x in far)} |")
    return "\n".join(lines)


def transmissions() -> str:
    """What the air lets through."""
    alts, bands = (0, 4, 8, 12, 16, 20, 30), ((2.69, 2.95), (1.4, 3.0), (3.0, 5.0), (8.0, 12.0))
    lines = [f"| band, um | elevation, deg |{''.join(f' {h} km |' for h in alts)}", "|---|---|" + "---|" * len(alts)]
    for band in bands:
        for elevation in (90.0, 30.0, 5.0):
            found = [sensing.transmission_of_band(*band, alt_km=h, elevation_deg=elevation) for h in alts]
            lines.append(f"| {band[0]:g} to {band[1]:g} | {elevation:.0f} | {' | '.join(f'{x:.2f}' for x in found)} |")
    return "\n".join(lines)


def checks() -> str:
    """Temperatures and an intensity of Tracy and Wright, and ours; the skin on the equilibrium glide."""
    nose_k = sensing.stagnation_temperature(49.7e3, 6000.0, 0.034, 0.85)
    skins = []
    for alt_m, speed in ((44.0e3, 5000.0), (49.7e3, 6000.0), (57.0e3, 7000.0)):
        skins.append(sensing.skin_temperature(alt_m, speed, math.radians(10.0), 1.0, 0.85, 1.0))
    other = sensing.glider_intensity_kw_sr("tracy-wright", alt_km=60.0, speed_m_s=5400.0, low_um=3.0, high_um=5.0)
    return "\n".join([
        "| of Tracy and Wright | published | ours |", "|---|---|---|",
        "| stagnation temperature, 6 km/s, 49.7 km, emissivity 0.85, radius 0.034 m | about 3,200 K "
        f"| {nose_k:,.0f} K |",
        f"| skin 1 m aft, 5 to 7 km/s; ours a laminar plate at 10 degrees to the flow | 1,200 to 2,000 K "
        f"| {min(skins):,.0f} to {max(skins):,.0f} K |",
        "| another vehicle at 5.4 km/s and 60 km in 3 to 5 um; ours the estimate for HTV-2 "
        f"| 113 kW/sr, and 105 by Niu et al. | {other:.0f} kW/sr |"])


TABLES: dict[str, Callable[[], str]] = {"transmission": transmissions, "gliders": gliders, "ranges": ranges,
                                        "boosts": boosts, "glide": glide_facts, "windows": glides,
                                        "checks": checks}


def filled(page: str) -> str:
    """The page with every table between its two marks made afresh."""
    for name, make in TABLES.items():
        page, count = re.subn(rf"(<!-- table: {name} -->\n).*?(<!-- /table -->)",
                              lambda m, make=make: f"{m[1]}{make()}\n{m[2]}", page, flags=re.DOTALL)
        assert count == 1, f"docs/models/infrared.md: no place for the table {name}"
    return page


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
