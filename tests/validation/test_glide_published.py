"""Glides against published ones, and against an integrator and equations that are not ours.

verifies    fly/flight.py with lift, fly.glide, fly/glide_forms.py, air/heating.py
source      Acton 2015, Wright 2015 (Science & Global Security 23), Tracy and Wright 2020 (28), Liu et al. 2025 and
            AIAA 2018-5254, as noted by others who had the papers; SciPy's DOP853
inputs      flight A of an HTV-2 class glider: 100 km, 6,010 m/s, 5.03 degrees down, lift-to-drag ratio 2.6, 13,000
            kg/m2, constant lift, sphere at rest, standard air. Equilibrium altitudes with those same numbers, Mach as
            speed over the standard's speed of sound there. The six equations of Tracy and Wright (speed, path, heading,
            radius, latitude, longitude) written in the test, with a standard atmosphere written there
reading     1,363 s, 5,889 km, "30.5 km at 5,900 km" and "1,100 km" are all taken to count from 100 km: from the launch
            928 s would be left for 5,889 km, which is faster than the entry. Where the published flight stops is not
            said: an undamped one passes 30.5 km six times from 447 s on. Compared are the distance flown after 1,363 s
            and the time to 5,889 km. Whether the published phugoid is damped is not said either. Damped (1.0 of
            critical) ours takes 1,321 s to 5,889 km, 3.1 % less, outside the tolerance, and sinks through 30.5 km
            after 1,438 s and 6,180 km, 5.5 and 4.9 % more: no row is made of these
tolerance   3 % in range and time; 1.5 km for altitudes printed to 1 kft, 0.1 km or "about 47 km"; the printed band for
            the phugoid and the skin; half a metre for the independent integration over 1,000 s; 2 % between the closed
            form, which leaves out the height lost on the way, and the flight
left out    the boost and its dogleg, not part of the entry state; flight B, on whose entry state the notes disagree;
            the range parameter of 4.9e3 km, whose definition was not seen
"""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from opendome import air, sensing
from opendome.fly import equilibrium_alt_m, glide, glide_range_km, phugoid_rate_rad_s, scale_height_m
from opendome.world import POINT_MASS

BODY = {"lift_to_drag": 2.6, "beta_kg_m2": 13000.0}
FLIGHT_A = BODY | {"alt_m": 100e3, "speed_m_s": 6010.0, "flight_path_deg": -5.03, "heading_deg": 90.0, "lat_deg": 0.0,
                   "lon_deg": 0.0, "step_s": 1.0, "rotating": False}
R_KM = POINT_MASS.a_m / 1000.0


def range_km(flight):
    return np.radians(flight.lon_deg) * R_KM


def test_flight_a(validation):
    flight = glide(**FLIGHT_A, stop_alt_m=25e3)
    flown = range_km(flight)
    after, until = np.interp(1363.0, flight.t_s, flown), np.interp(5889.0, flown, flight.t_s)
    validation("flight A: range after 1,363 s", 5889.0, float(after), 0.03 * 5889.0, "km")
    validation("flight A: time to 5,889 km", 1363.0, float(until), 0.03 * 1363.0, "s")
    damped = glide(**FLIGHT_A, stop_alt_m=25e3, damping=1.0)
    after = np.interp(1363.0, damped.t_s, range_km(damped))
    validation("flight A, phugoid damped: range after 1,363 s", 5889.0, float(after), 0.03 * 5889.0, "km")


def test_glide_start(validation):
    """Of the flight with its phugoid damped, as the papers' glide starts in equilibrium."""
    flight = glide(**FLIGHT_A, stop_alt_m=30.5e3, damping=1.0)
    at_m_s = float(np.interp(1100.0, range_km(flight), np.linalg.norm(flight.v_ecef_m_s, axis=1)))
    validation("flight A: equilibrium altitude for its speed at 1,100 km", 47.0,
               equilibrium_alt_m(at_m_s, **BODY) / 1000.0, 1.5, "km")
    validation("flight A: closed-form range from that speed to the one of 30.5 km", 5900.0 - 1100.0,
               glide_range_km(at_m_s, speed_at(30.5e3), lift_to_drag=2.6), 0.03 * 4800.0, "km")


def speed_at(alt_m):
    """Speed in m/s whose equilibrium glide is at an altitude."""
    low, high = 1000.0, 7500.0
    while high - low > 0.01:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if equilibrium_alt_m(middle, **BODY) < alt_m else (low, middle)
    return low


@pytest.mark.parametrize(("mach", "kft"), [(12.0, 125.0), (15.0, 139.0)])
def test_equilibrium_altitude(validation, mach, kft):
    low, high = 20e3, 60e3
    while high - low > 1.0:
        middle = 0.5 * (low + high)
        is_below = equilibrium_alt_m(mach * air.sound_speed(middle), **BODY) > middle
        low, high = (middle, high) if is_below else (low, middle)
    validation(f"equilibrium altitude at Mach {mach:g} ({kft:g} kft)", kft * 0.3048, low / 1000.0, 1.5, "km")


@pytest.mark.parametrize("speed_m_s", [3000.0, 4500.0, 6200.0])
def test_phugoid_band(validation, speed_m_s):
    """Ours lies in the band at all speeds from 2,660 to 6,265 m/s."""
    alt = equilibrium_alt_m(speed_m_s, **BODY)
    found = phugoid_rate_rad_s(speed_m_s, scale_m=scale_height_m(alt), alt_m=alt)
    validation(f"phugoid at {speed_m_s:,.0f} m/s (0.021 to 0.037 rad/s)", 0.029, found, 0.008, "rad/s")


def test_nose_and_skin(validation):
    found = sensing.stagnation_temperature(49.7e3, 6000.0, 0.034, 0.85)
    validation("stagnation temperature at 6 km/s and 49.7 km, within 5 %", 3200.0, found, 0.05 * 3200.0, "K")
    for speed in (5000.0, 6000.0, 7000.0):
        alt = equilibrium_alt_m(speed, **BODY)
        skin = sensing.skin_temperature(alt, speed, math.radians(10.0), 1.0, 0.85, 1.0)
        case = f"skin 1 m aft at {speed / 1000.0:g} km/s in equilibrium (1,200 to 2,000 K)"
        validation(case, 1600.0, skin, 400.0, "K")


# ---- an integrator and equations that are not ours -------------------------------------------------------------------


BASE_KM, LAPSE = (0.0, 11.0, 20.0, 32.0, 47.0, 51.0, 71.0), (-6.5, 0.0, 1.0, 2.8, 0.0, -2.8, -2.0)


def standard_density(alt_m):
    """US Standard Atmosphere 1976 below 86 km, layer by layer from the ground."""
    h = 6356.766 * alt_m / (6356766.0 + alt_m)
    t, p, k = 288.15, 101325.0, 9.80665 * 28.9644 / 8.31432
    for i, base in enumerate(BASE_KM):
        top = BASE_KM[i + 1] if i + 1 < len(BASE_KM) else 1e9
        dh = min(h, top) - base
        p *= math.exp(-k * dh / t) if LAPSE[i] == 0.0 else (t / (t + LAPSE[i] * dh)) ** (k / LAPSE[i])
        t += LAPSE[i] * dh
        if h <= top:
            return p * 28.9644 / (8314.32 * t)
    raise AssertionError


def six(_, s, bank):
    """Point mass over a sphere at rest in speed, path, heading (from north), radius, latitude, longitude."""
    v, path, heading, r, lat, _ = s
    drag = 0.5 * standard_density(r - POINT_MASS.a_m) * v * v / 13000.0
    lift, g = 2.6 * drag, POINT_MASS.mu_m3_s2 / (r * r)
    return [-drag - g * math.sin(path),
            (lift * math.cos(bank) - (g - v * v / r) * math.cos(path)) / v,
            lift * math.sin(bank) / (v * math.cos(path)) + v / r * math.cos(path) * math.sin(heading) * math.tan(lat),
            v * math.sin(path),
            v * math.cos(path) * math.cos(heading) / r,
            v * math.cos(path) * math.sin(heading) / (r * math.cos(lat))]


@pytest.mark.parametrize(("name", "path_deg", "bank_deg"), [("phugoid", -2.0, 0.0), ("banked", -0.5, 25.0)])
def test_six_equations(validation, name, path_deg, bank_deg):
    start = {"alt_m": 70e3, "speed_m_s": 6000.0, "flight_path_deg": path_deg, "heading_deg": 60.0, "lat_deg": 35.0,
             "lon_deg": 10.0}
    ours = glide(**start, **BODY, bank_deg=bank_deg, stop_alt_m=10e3, duration_s=1000.0, step_s=10.0, rotating=False,
                 tol=1e-11)
    state = [6000.0, math.radians(path_deg), math.radians(60.0), POINT_MASS.a_m + 70e3, math.radians(35.0),
             math.radians(10.0)]
    theirs = solve_ivp(six, (0.0, 1000.0), state, method="DOP853", t_eval=ours.t_s, rtol=1e-12, atol=1e-12,
                       max_step=1.0, args=(math.radians(bank_deg),)).y
    _, _, _, r, lat, lon = theirs
    place = np.stack([r * np.cos(lat) * np.cos(lon), r * np.cos(lat) * np.sin(lon), r * np.sin(lat)], axis=1)
    apart = float(np.linalg.norm(place - ours.r_ecef_m, axis=1).max())
    assert np.ptp(ours.alt_m) > 10e3
    validation(f"{name} glide of 1,000 s, largest distance from the six equations by SciPy", 0.0, apart, 0.5, "m")


def test_closed_form_range(validation):
    """From 47 km down to 30.5 km: the closed form's speeds, flown. The published 4,800 km is another flight."""
    first, last = speed_at(47e3), speed_at(30.5e3)
    flown = glide(**(FLIGHT_A | {"alt_m": 47e3, "speed_m_s": first, "flight_path_deg": -0.1}), stop_alt_m=30.5e3,
                  damping=1.0)
    validation("equilibrium glide from 47 to 30.5 km: closed form against the flight", float(range_km(flown)[-1]),
               glide_range_km(first, last, lift_to_drag=2.6), 0.02 * float(range_km(flown)[-1]), "km")
