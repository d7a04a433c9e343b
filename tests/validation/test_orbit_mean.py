"""Mean J2 orbits against numerical integration, and published rates.

verifies    orbits: secular rates, bulk propagation, fit; fly.py for the integration
source      numerical integration with J2 and J4 (fly_many, DOP853 at 1e-12) over a day; sun-synchronous orbits: 98.7
            deg at a = 7,200 km, cos i = -(a / 12,352 km)^3.5 (Wikipedia, "Sun-synchronous orbit"); critical inclination
            63.4 deg
inputs      eight circular orbits each at 300, 550, 1,000 and 10,000 km and at the geostationary radius, eight Molniya
            orbits
tolerance   the errors are results: limits are about a tenth above what was found. 0.05 deg, 1 km: printed digits
"""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from opendome.fly import fly_many
from opendome.orbits import geostationary, listed, orbits_of, secular_rates, states
from opendome.orbits.bulk import propagate
from opendome.orbits.fit import fit_mean_orbits, osculating_elements
from opendome.world import WGS84, WGS84_J4

T_S = np.arange(0.0, 86401.0, 120.0)
AROUND = {"mean_anomaly_deg": np.arange(0.0, 360.0, 45.0)}
ORBITS = {
    "300 km, 45 deg": (lambda: listed(altitude_km=300, inclination_deg=45, **AROUND), 0.7, 0.92),
    "550 km, 53 deg": (lambda: listed(altitude_km=550, inclination_deg=53, **AROUND), 0.86, 1.13),
    "1,000 km, 81 deg": (lambda: listed(altitude_km=1000, inclination_deg=81, **AROUND), 1.24, 1.61),
    "10,000 km, 50 deg": (lambda: listed(altitude_km=10000, inclination_deg=50, **AROUND), 0.34, 0.44),
    "geostationary": (lambda: geostationary(longitudes_deg=AROUND["mean_anomaly_deg"]), 1e-3, 2e-3),
    "Molniya": (lambda: listed(perigee_km=600, apogee_km=39700, inclination_deg=63.4, argp_deg=270, **AROUND), 4.0,
                7.2),
}


def flown(made):
    """States (T, 6, S) over a day in a frame at rest, with J2 and J4, of orbits that begin as these do."""
    start, turn = states(made, 0.0)[0].T.copy(), WGS84.omega_rad_s
    start[:, 3] += turn * start[:, 1]
    start[:, 4] -= turn * start[:, 0]
    flights = fly_many(start, math.inf, t_max_s=86400.0, step_s=120.0, earth=WGS84_J4, tol=1e-12)
    r, v = flights.r_ecef_m.transpose(1, 2, 0), flights.v_ecef_m_s.transpose(1, 2, 0)
    c, s = np.cos(turn * T_S)[:, None], np.sin(turn * T_S)[:, None]
    vx, vy = v[:, 0] - turn * r[:, 1], v[:, 1] + turn * r[:, 0]
    return np.stack([c * r[:, 0] - s * r[:, 1], s * r[:, 0] + c * r[:, 1], r[:, 2], c * vx - s * vy, s * vx + c * vy,
                     v[:, 2]], axis=1)


def distances(elements, truth):
    """Distances in km, (T, S), of mean orbits from states."""
    out = np.empty((T_S.size, 3, truth.shape[2]))
    propagate(orbits_of(*elements), T_S, 0.0, 0.0, out)
    return np.linalg.norm(out - truth[:, :3], axis=1) / 1e3


@pytest.mark.parametrize("name", ORBITS)
def test_error_over_a_day(name, validation):
    make, mean_km, worst_km = ORBITS[name]
    truth = flown(make())
    off = distances(fit_mean_orbits(T_S, truth)[0], truth)
    validation(f"{name}: mean error over a day", mean_km, float(off.mean()), 0, "km", limit=True)
    validation(f"{name}: worst error over a day", worst_km, float(off.max()), 0, "km", limit=True)


def test_followed_beyond_the_fit(validation):
    made = ORBITS["550 km, 53 deg"][0]()
    truth = flown(made)
    few = int(3.0 * made.period_s[0] / 120.0) + 1
    off = distances(fit_mean_orbits(T_S[:few], truth[:few])[0], truth)
    validation("550 km: worst error at the day's end, fitted to three revolutions", 1.5, float(off.max()), 0, "km",
               limit=True)


def test_osculating_elements_are_not_mean_ones():
    # What the mistake costs: 6 km of semi-major axis (3/2 J2 R^2 / a sin^2 i) become 3/2 n t times as much in a day.
    truth = flown(ORBITS["550 km, 53 deg"][0]())
    off = distances(osculating_elements(truth[0]), truth)
    assert 800.0 < off.max() < 1000.0


def test_sun_synchronous(validation):
    year_rad_s = 2.0 * math.pi / (365.2421897 * 86400.0)

    def excess(inclination, a_m=7200e3):
        return float(secular_rates(np.array([a_m]), np.zeros(1), np.array([inclination])).raan[0]) - year_rad_s

    validation("sun-synchronous inclination at a = 7,200 km", 98.7, math.degrees(brentq(excess, 1.6, 2.0)), 0.05, "deg")
    radius_km = brentq(lambda a_m: excess(math.pi, a_m), 1.0e7, 1.5e7) / 1e3
    validation("largest sun-synchronous circular orbit", 12352.0, radius_km, 1.0, "km")


def test_critical_inclination(validation):
    def drift(inclination):
        return float(secular_rates(np.array([26.6e6]), np.array([0.74]), np.array([inclination])).argp[0])

    validation("inclination at which the perigee stands still", 63.4, math.degrees(brentq(drift, 1.0, 1.2)), 0.05,
               "deg")
