"""What a glide meets: load, nose temperature, whether it is carried; and what keeps it from being one.

A flight is refused if it leaves the air again, burns, asks for more load than allowed, or never glides. For each the
nearest state that works is searched by flying others side by side. Criteria, in samples at most WATCH_S apart:

skips out       it rises above SKIP_ALT_M after having been below, or never comes below (where hops are allowed: it is
                above at its end)
burns           its nose in radiative balance is hotter than allowed (`air.heating.stagnation_temperature`)
overloads       its lift is more than allowed
never glides    it falls to its end, and at no instant does the vertical part of its lift carry CARRIED of its weight
                less centrifugal force while the flight path is no steeper than twice the quasi-equilibrium glide
"""

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from opendome.air import density
from opendome.air.heating import EMISSIVITY, stagnation_temperature
from opendome.errors import InputError
from opendome.fly.gliding import glide_many
from opendome.fly.lanes import height
from opendome.fly.motion import LAW_SCALE_M, Law, law_factors
from opendome.fly.tables import Flights
from opendome.kernel import kernel
from opendome.units import DEG_PER_RAD, RAD_PER_DEG
from opendome.world import Earth, ecef_from_enu, ecef_from_geodetic

F64Array = NDArray[np.float64]

SKIP_ALT_M = 100.0e3
"""A glide that rises above this has left the air."""
WATCH_S = 1.0
CARRIED = 0.9
STANDARD_G = 9.80665

ALT, SPEED, PATH, LOAD, SHARE, NOSE = 0, 1, 2, 3, 4, 5
"""Rows of what is watched: altitude in m, speed in m/s, flight-path angle in rad, lift in g, its vertical part over
weight less centrifugal force, nose temperature in K."""


@dataclass(frozen=True)
class Entry:
    """State, body and limits of one glide, as `glide` is given them."""

    alt_m: float
    speed_m_s: float
    flight_path_deg: float
    heading_deg: float
    lat_deg: float
    lon_deg: float
    lift_to_drag: F64Array
    """() or (M,)"""
    mach: F64Array | None
    law: Law
    beta_kg_m2: float
    bank_from_s: F64Array
    """(S,)"""
    bank_deg: F64Array
    """(S,)"""
    stop_alt_m: float
    stop_m_s: float
    duration_s: float
    skips: bool
    load_max_g: float
    nose_radius_m: float
    nose_max_k: float
    earth: Earth
    tol: float


class Fault(NamedTuple):
    """Why a flight is refused: the first criterion that it fails, when, and by which number."""

    kind: str
    t_s: float
    value: float


@kernel
def watch_rows(earth, law, inv_beta, lift_m2_kg, up_m2_kg, nose_radius_m, r_ecef_m, v_ecef_m_s, out):
    """Fill `out` (6, K) for states (K, 3): see ALT and the others. `up_m2_kg` (K,) is the vertical part of the lift."""
    for k in range(r_ecef_m.shape[0]):
        x, y, z = r_ecef_m[k, 0], r_ecef_m[k, 1], r_ecef_m[k, 2]
        vx, vy, vz = v_ecef_m_s[k, 0], v_ecef_m_s[k, 1], v_ecef_m_s[k, 2]
        r2, v2 = x * x + y * y + z * z, vx * vx + vy * vy + vz * vz
        nz, speed = z / ((1.0 - earth.f) * (1.0 - earth.f)), math.sqrt(v2)
        sine = (x * vx + y * vy + nz * vz) / math.sqrt((x * x + y * y + nz * nz) * v2 + 1e-30)
        alt = height(earth, x, y, z)
        _, lift = law_factors(earth, law, inv_beta, up_m2_kg[k], x, y, z, vx, vy, vz)
        pressure = 0.5 * density(alt) * v2
        net = (earth.mu_m3_s2 / r2 - v2 / math.sqrt(r2)) * math.sqrt(max(1.0 - sine * sine, 0.0))
        out[0, k], out[1, k], out[2, k] = alt, speed, math.asin(min(max(sine, -1.0), 1.0))
        out[3, k] = pressure * lift * lift_m2_kg / STANDARD_G
        out[4, k] = pressure * lift * up_m2_kg[k] / net if net > 0.0 else 1e9
        out[5, k] = stagnation_temperature(alt, speed, nose_radius_m, EMISSIVITY) if nose_radius_m > 0.0 else 0.0


def start_of(entry: Entry) -> F64Array:
    """ECEF state (6,) of an entry; on a sphere, latitude is that of the sphere."""
    lat, lon, path = entry.lat_deg * RAD_PER_DEG, entry.lon_deg * RAD_PER_DEG, entry.flight_path_deg * RAD_PER_DEG
    heading = entry.heading_deg * RAD_PER_DEG
    if entry.earth.f == 0.0:
        r = entry.earth.a_m + entry.alt_m
        place = (r * math.cos(lat) * math.cos(lon), r * math.cos(lat) * math.sin(lon), r * math.sin(lat))
    else:
        place = ecef_from_geodetic(lat, lon, entry.alt_m)
    level = entry.speed_m_s * math.cos(path)
    v = ecef_from_enu(lat, lon, level * math.sin(heading), level * math.cos(heading),
                      entry.speed_m_s * math.sin(path))
    return np.array([*place, *v])


def fly_entries(entries: list[Entry], step_s: float) -> Flights:
    """Fly entries that differ in state and bank alone."""
    one = entries[0]
    return glide_many([start_of(e) for e in entries], one.lift_to_drag, one.beta_kg_m2,
                      np.array([e.bank_deg for e in entries]), t_max_s=one.duration_s, stop_alt_m=one.stop_alt_m,
                      stop_m_s=one.stop_m_s, bank_from_s=np.array([e.bank_from_s for e in entries]),
                      damping=one.law.damping, mach=one.mach, step_s=step_s, tol=one.tol, earth=one.earth)


def watch(entry: Entry, t_s: F64Array, r_ecef_m: F64Array, v_ecef_m_s: F64Array) -> F64Array:
    """(6, K) of what a glide meets: see `watch_rows`."""
    lift = float(np.max(entry.lift_to_drag)) / entry.beta_kg_m2
    leg = np.searchsorted(entry.bank_from_s, t_s, side="right") - 1
    up = lift * np.cos(entry.bank_deg[np.clip(leg, 0, None)] * RAD_PER_DEG)
    out = np.empty((6, t_s.size))
    watch_rows(entry.earth, entry.law, 1.0 / entry.beta_kg_m2, lift, up, entry.nose_radius_m, r_ecef_m, v_ecef_m_s, out)
    return out


def fault_of(entry: Entry, t_s: F64Array, seen: F64Array) -> Fault | None:
    """The first of the criteria that a watched flight fails, in the order of the module's list."""
    below = seen[ALT] <= SKIP_ALT_M
    if entry.skips:
        if not below[-1]:
            return Fault("skips", float(t_s[-1]), float(seen[ALT, -1]))
    else:
        inside = np.maximum.accumulate(below)
        left = inside & ~below
        if left.any() or not inside.any():
            at = int(np.argmax(left)) if left.any() else t_s.size - 1
            return Fault("skips", float(t_s[at]), float(seen[ALT, at:].max()))
    hot = int(np.argmax(seen[NOSE]))
    if seen[NOSE, hot] > entry.nose_max_k:
        return Fault("burns", float(t_s[hot]), float(seen[NOSE, hot]))
    high = int(np.argmax(seen[LOAD]))
    if seen[LOAD, high] > entry.load_max_g:
        return Fault("overloads", float(t_s[high]), float(seen[LOAD, high]))
    g = entry.earth.mu_m3_s2 / (entry.earth.a_m + seen[ALT]) ** 2
    steepest = -4.0 * LAW_SCALE_M * g / (seen[SPEED] ** 2 * float(np.max(entry.lift_to_drag)))
    fell = t_s[-1] < entry.duration_s - 2.0 * WATCH_S
    if fell and not ((seen[SHARE] >= CARRIED) & (seen[PATH] >= steepest)).any():
        return Fault("sinks", float(t_s[-1]), float(seen[PATH, -1]) * DEG_PER_RAD)
    return None


def refuse(entry: Entry, fault: Fault, seen: F64Array, t_s: F64Array) -> InputError:
    """The error that says what is wrong with an entry, where, and what would work."""
    at = int(np.searchsorted(t_s, fault.t_s))
    where = f"{fault.t_s:.0f} s after the start, at {seen[ALT, at] / 1000.0:.1f} km and {seen[SPEED, at]:.0f} m/s"
    angle = f"flight_path_deg = {entry.flight_path_deg:g}"
    if fault.kind == "skips":
        return InputError(
            f"{angle}, at {entry.speed_m_s:g} m/s\n  skips out: it rises through {SKIP_ALT_M / 1000.0:.0f} km {where}, "
            f"and on to {fault.value / 1000.0:.0f} km\nhint: {_near_state(entry)}; skips=True flies it all the "
            "same, and damping=1 flies fewer hops")
    if fault.kind == "burns":
        return InputError(
            f"nose_max_k = {entry.nose_max_k:g}\n  burns: the nose reaches {fault.value:.0f} K {where}\n"
            f"hint: {_near_state(entry)}")
    if fault.kind == "overloads":
        bank = _near_bank(entry)
        return InputError(
            f"load_max_g = {entry.load_max_g:g}\n  is exceeded: its lift reaches {fault.value:.2f} g {where}, banked "
            f"{entry.bank_deg[np.clip(np.searchsorted(entry.bank_from_s, fault.t_s, side='right') - 1, 0, None)]:g} deg"
            f"\nhint: {bank or 'no bank holds it; ' + _near_angle(entry)}")
    return InputError(
        f"{angle}, at {entry.speed_m_s:g} m/s\n  never glides: it ends {where}, going down at {-fault.value:.1f} deg, "
        f"before its lift has carried it\nhint: {_near_angle(entry)}")


def _works(entries: list[Entry]) -> list[bool]:
    """Whether each of them has no fault."""
    flights = fly_entries(entries, 2.0 * WATCH_S)
    good = []
    for i, entry in enumerate(entries):
        n = int(flights.rows[i])
        t_s, r, v = flights.t_s[:n], flights.r_ecef_m[i, :n], flights.v_ecef_m_s[i, :n]
        good.append(flights.status[i] == 0 and fault_of(entry, t_s, watch(entry, t_s, r, v)) is None)
    return good


def _search(entry: Entry, change: str, given: float, values: F64Array, fine: float) -> float | None:
    """The value nearest to `given` with which the entry works: among `values`, then in steps of `fine` towards it."""
    def tried(candidates: F64Array) -> F64Array:
        return candidates[_works([_changed(entry, change, float(c)) for c in candidates])]

    found = tried(values)
    if found.size == 0:
        return None
    best = float(found[np.argmin(np.abs(found - given))])
    coarse = float(values[1] - values[0])
    steps = np.arange(1, round(coarse / fine)) * math.copysign(fine, given - best)
    nearer = np.round(best + steps, 6)
    nearer = nearer[np.abs(nearer - given) < abs(best - given)]
    found = tried(nearer) if nearer.size else nearer
    return float(found[np.argmin(np.abs(found - given))]) if found.size else best


def _changed(entry: Entry, change: str, value: float) -> Entry:
    if change == "bank":
        return replace(entry, bank_deg=np.clip(entry.bank_deg, -value, value))
    if change == "speed":
        return replace(entry, speed_m_s=value)
    return replace(entry, flight_path_deg=value)


def _near_state(entry: Entry) -> str:
    return f"{_near_angle(entry)}; {_near_speed(entry)}"


def _near_angle(entry: Entry) -> str:
    values = np.arange(-60.0, 10.5, 0.5)
    best = _search(entry, "angle", entry.flight_path_deg, values, 0.02)
    if best is None:
        return "no flight-path angle from -60 to 10 deg works at this speed"
    return f"flight_path_deg = {best:g} works, the nearest that does"


def _near_speed(entry: Entry) -> str:
    values = np.arange(1000.0, entry.speed_m_s, 100.0)
    best = _search(entry, "speed", entry.speed_m_s, values, 5.0) if values.size > 1 else None
    if best is None:
        return "no slower entry at the given angle works"
    return f"speed_m_s = {best:g} works at the given angle"


def _near_bank(entry: Entry) -> str:
    steepest = float(np.abs(entry.bank_deg).max())
    values = np.arange(0.0, max(steepest, 5.0), 2.5)
    best = _search(entry, "bank", steepest, values, 0.1)
    return "" if best is None or steepest == 0.0 else f"banks of at most {best:g} deg hold it"
