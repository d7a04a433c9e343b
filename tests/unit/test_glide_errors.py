"""Flights that are refused: the numbers that they are told, by hand, and the nearest state that works."""

import math
import re

import numpy as np
import pytest

from opendome import air
from opendome.air.heating import stagnation_temperature
from opendome.errors import InputError
from opendome.fly import glide

pytestmark = pytest.mark.compiled      # a search flies some hundred glides

ENTRY = {"alt_m": 100e3, "speed_m_s": 6010.0, "flight_path_deg": -5.03, "heading_deg": 90.0, "lat_deg": 0.0,
         "lon_deg": 0.0, "lift_to_drag": 2.6, "beta_kg_m2": 13000.0, "stop_alt_m": 20e3, "step_s": 1.0,
         "rotating": False}


def refusal(**change):
    with pytest.raises(InputError) as caught:
        glide(**(ENTRY | change))
    return str(caught.value)


def number(text, before):
    found = re.search(re.escape(before) + r"(-?[0-9.]+)", text)
    assert found, text
    return float(found[1])


def speeds(flight):
    return np.linalg.norm(flight.v_ecef_m_s, axis=1)


def test_skips_out():
    text = refusal(speed_m_s=7000.0)
    assert text.startswith("flight_path_deg = -5.03, at 7000 m/s\n  skips out: it rises through 100 km ")
    # Energy at 100 km: up at gamma on the arc of an ellipse; the height that is named is where it turns.
    free = glide(**(ENTRY | {"speed_m_s": 7000.0, "skips": True}))
    at = np.argmax((free.alt_m > 100e3) & (free.t_s > 60.0))
    assert number(text, "through 100 km ") == pytest.approx(free.t_s[at], abs=1.0)
    r, v = np.linalg.norm(free.r_ecef_m[at]), speeds(free)[at]
    turned = np.linalg.norm(np.cross(free.r_ecef_m[at], free.v_ecef_m_s[at]))
    mu = 3.986004418e14
    energy = 0.5 * v * v - mu / r
    apogee = (-mu - math.sqrt(mu * mu + 2.0 * energy * turned**2)) / (2.0 * energy) - 6371e3
    assert number(text, "on to ") == pytest.approx(apogee / 1000.0, abs=1.0)
    best = number(text, "hint: flight_path_deg = ")
    assert best > -5.03
    assert glide(**(ENTRY | {"speed_m_s": 7000.0, "flight_path_deg": best})).alt_m[60:].max() <= 100e3
    assert "skips out" in refusal(speed_m_s=7000.0, flight_path_deg=best - 0.05)


def test_escapes_and_no_angle_helps():
    text = refusal(speed_m_s=11500.0, flight_path_deg=5.0)
    assert "skips out" in text
    assert "no flight-path angle from -60 to 10 deg works at this speed" in text
    assert "skips out" in refusal(speed_m_s=11500.0, flight_path_deg=5.0, skips=True)


def nose_of(flight):
    return [stagnation_temperature(h, v, 0.034, 0.85) for h, v in zip(flight.alt_m, speeds(flight))]


def test_burns():
    limit = 4200.0
    text = refusal(nose_radius_m=0.034, nose_max_k=limit)
    assert text.startswith("nose_max_k = 4200\n  burns: the nose reaches ")
    free = glide(**ENTRY)
    nose = nose_of(free)
    hottest = int(np.argmax(nose))
    assert number(text, "reaches ") == pytest.approx(nose[hottest], abs=1.0)
    assert number(text, " K ") == pytest.approx(free.t_s[hottest], abs=1.0)
    angle, slower = number(text, "hint: flight_path_deg = "), number(text, "; speed_m_s = ")
    assert angle > -5.03                                                 # shallower
    assert slower < 6010.0
    cool = {"nose_radius_m": 0.034, "nose_max_k": limit}
    for change in ({"flight_path_deg": angle}, {"speed_m_s": slower}):
        assert limit - 25.0 < max(nose_of(glide(**(ENTRY | cool | change)))) <= limit
    assert "burns" in refusal(**cool, flight_path_deg=angle - 0.1)
    assert "burns" in refusal(**cool, speed_m_s=slower + 15.0)


def test_load_names_the_steepest_bank():
    schedule = [(0.0, 0.0), (300.0, 70.0)]
    level = {"alt_m": 50e3, "speed_m_s": 5500.0, "flight_path_deg": 0.0, "load_max_g": 2.0}
    text = refusal(**level, bank_deg=schedule)
    assert text.startswith("load_max_g = 2\n  is exceeded: its lift reaches ")
    free = glide(**(ENTRY | level | {"load_max_g": math.inf, "bank_deg": schedule}))
    load = 0.5 * air_density(free.alt_m) * speeds(free) ** 2 * 2.6 / 13000.0 / 9.80665
    assert number(text, "lift reaches ") == pytest.approx(load.max(), abs=0.01)
    assert number(text, " g ") == pytest.approx(free.t_s[np.argmax(load)], abs=1.0)
    assert "banked 70 deg" in text
    best = number(text, "banks of at most ")
    glide(**(ENTRY | level | {"bank_deg": [(0.0, 0.0), (300.0, best)]}))
    assert "is exceeded" in refusal(**level, bank_deg=[(0.0, 0.0), (300.0, best + 0.2)])


def air_density(alt_m):
    return np.array([air.density(h) for h in alt_m])


def test_load_that_no_bank_holds():
    text = refusal(load_max_g=3.0)
    assert "its lift reaches 5.7" in text
    assert "no bank holds it; " in text


def test_never_glides():
    text = refusal(flight_path_deg=-40.0)
    assert text.startswith("flight_path_deg = -40, at 6010 m/s\n  never glides: it ends ")
    # It has no time to pull out: 20 km is below, and its path is still steep.
    assert 30.0 < number(text, "going down at ") < 40.0
    best = number(text, "hint: flight_path_deg = ")
    assert -40.0 < best < -5.0
    glide(**(ENTRY | {"flight_path_deg": best}))
    assert "skips out" in refusal(flight_path_deg=best - 0.1)            # steeper ones pull out, but too well


def test_knife_edge_never_glides():
    assert "never glides" in refusal(alt_m=50e3, flight_path_deg=0.0, bank_deg=90.0)


def test_time_ends_a_flight_without_a_fault():
    assert glide(**(ENTRY | {"duration_s": 50.0})).t_s[-1] == 50.0
