"""Flight in empty space against closed forms.

verifies    fly.py integrator with world.py gravity and rotation; no drag
source      minimum-energy arc over a sphere: v2 = (mu / R) 2 s / (1 + s), s = sin(phi / 2), elevation (pi - phi) / 4
            (Wheelon 1959); Jacobi's integral v2 / 2 - V - (omega rho)2 / 2 of a frame that turns evenly
inputs      sphere of 6,371 km at rest, ranges 300 to 10,000 km; WGS-84 with J2, ten arcs of 30 min
tolerance   0.1 % of range, apogee and time; 1e-9 of the energy
"""

import math

import numpy as np
import pytest

from opendome.fly import APOGEE, FALLING, fly, start_state
from opendome.world import POINT_MASS, WGS84

NOTHING = np.empty((0, 3))

# Range km, then speed km/s, elevation deg, apogee km and time min of the closed form, as rounded in the source table.
MINIMUM_ENERGY = [(300, 1.70, 44.3, 74, 4.2), (2000, 4.11, 40.5, 459, 11.7), (5500, 6.08, 32.6, 1041, 21.9),
                  (10000, 7.20, 22.5, 1319, 32.2)]


def arrive(earth, start, event, t_max_s=6000.0, tol=1e-10):
    end = np.empty(6)
    _, _, t_s = fly(earth, start, math.inf, t_max_s, event, 0.0, tol, 1.0, NOTHING, NOTHING, end)
    return t_s, end


@pytest.mark.parametrize(("range_km", "speed_km_s", "elevation_deg", "apogee_km", "time_min"), MINIMUM_ENERGY)
def test_minimum_energy_arc(range_km, speed_km_s, elevation_deg, apogee_km, time_min, validation):
    radius, mu = POINT_MASS.a_m, POINT_MASS.mu_m3_s2
    phi = 1000.0 * range_km / radius
    s = math.sin(phi / 2.0)
    speed, climb = math.sqrt(mu / radius * 2.0 * s / (1.0 + s)), (math.pi - phi) / 4.0
    # The ellipse with this energy and its second focus on the chord: apogee and time by Kepler.
    axis = 1.0 / (2.0 / radius - speed**2 / mu)
    ecc = math.sqrt(1.0 - (radius * speed * math.cos(climb)) ** 2 / (mu * axis))
    anomaly = math.acos((1.0 - radius / axis) / ecc)
    time_s = 2.0 * math.sqrt(axis**3 / mu) * (math.pi - anomaly + ecc * math.sin(anomaly))
    apogee_m = axis * (1.0 + ecc) - radius
    # The rounded table first, so that the formulas are the ones it was made with.
    assert speed / 1000.0 == pytest.approx(speed_km_s, abs=0.006)
    assert math.degrees(climb) == pytest.approx(elevation_deg, abs=0.06)
    assert apogee_m / 1000.0 == pytest.approx(apogee_km, abs=0.6)
    assert time_s / 60.0 == pytest.approx(time_min, abs=0.06)

    start = np.array([radius, 0.0, 0.0, speed * math.sin(climb), speed * math.cos(climb), 0.0])
    t_s, end = arrive(POINT_MASS, start, FALLING)
    _, top = arrive(POINT_MASS, start, APOGEE)
    flown_km = radius * math.atan2(end[1], end[0]) / 1000.0
    validation(f"{range_km} km: range", range_km, flown_km, 1e-3 * range_km, "km")
    validation(f"{range_km} km: apogee", apogee_m / 1000.0, (math.hypot(*top[:3]) - radius) / 1000.0,
               1e-6 * apogee_m, "km")
    validation(f"{range_km} km: time of flight", time_s, t_s, 1e-3 * time_s, "s")


def jacobi(state):
    """Energy per mass in the turning frame, m2/s2, with J2."""
    r, v = state[:3], state[3:]
    d = math.hypot(*r)
    p2 = 1.5 * (r[2] / d) ** 2 - 0.5
    potential = WGS84.mu_m3_s2 / d * (1.0 - WGS84.j2 * (WGS84.a_m / d) ** 2 * p2)
    return 0.5 * (v @ v) - potential - 0.5 * WGS84.omega_rad_s**2 * (r[0] ** 2 + r[1] ** 2)


def test_energy_of_a_vacuum_arc_stays(validation):
    rng = np.random.default_rng(3)
    worst = 0.0
    for _ in range(10):
        start = start_state(lat_deg=rng.uniform(-80, 80), lon_deg=rng.uniform(-180, 180), alt_m=100e3,
                            v_east_m_s=rng.uniform(-3000, 3000), v_north_m_s=rng.uniform(3000, 5000),
                            v_up_m_s=rng.uniform(5500, 6500))
        t_s, end = arrive(WGS84, start, FALLING, t_max_s=1800.0, tol=1e-9)
        assert t_s == 1800.0
        worst = max(worst, abs(jacobi(end) / jacobi(start) - 1.0))
    validation("drift of energy in 30 min, tolerance of a step 1e-9", 1e-9, worst, 0.0, "of the energy", limit=True)
