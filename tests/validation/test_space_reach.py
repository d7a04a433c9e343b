"""Reach of a space-based interceptor as free fall in the frame of its satellite, against flying both.

verifies    engagement/space_reach.py: space_reach_m
source      SciPy's DOP853 on gravity with J2, coded here apart from the package: satellite, and interceptor pushed in a
            direction fixed in space while it burns
inputs      300 km, inclination 46 deg; 6 km/s at 15 g; 100 directions spread evenly over the sphere
tolerance   what the difference of gravity between the two amounts to: sideways -n^2 V t^3 / 6, up and down twice that
            (n is the satellite's rate, V the speed), half as much again for the terms left out of that estimate
"""

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from opendome.engagement import space_reach_m

MU, RADIUS, J2 = 3.986004418e14, 6378137.0, 1.082626e-3
SPEED, ACCEL, COUNT = 6000.0, 15.0 * 9.80665, 100
START_R = RADIUS + 300e3


def rates(state, push):
    """Of N bodies (6, N) with N pushes (3, N)."""
    r = state[:3]
    size2 = (r * r).sum(axis=0)
    factor = 1.5 * J2 * MU * RADIUS**2 / size2**2.5
    q = 5.0 * r[2] ** 2 / size2
    return np.concatenate([state[3:], -MU / size2**1.5 * r + factor * r * np.array([q - 1.0, q - 1.0, q - 3.0]) + push])


def flown(state, span_s, push):
    done = solve_ivp(lambda _, y: rates(y.reshape(6, -1), push).ravel(), span_s, state.ravel(), method="DOP853",
                     rtol=1e-11, atol=1e-5)
    return done.y[:, -1].reshape(6, -1)


@pytest.mark.parametrize("t_s", [60, 120, 200, 300])
def test_distance_from_the_satellite(validation, t_s):
    k = np.arange(COUNT) + 0.5  # a spiral over the sphere
    height, turn = 1.0 - 2.0 * k / COUNT, math.pi * (1.0 + math.sqrt(5.0)) * k
    flat = np.sqrt(1.0 - height**2)
    directions = np.stack([flat * np.cos(turn), flat * np.sin(turn), height])
    pushes = np.concatenate([np.zeros((3, 1)), ACCEL * directions], axis=1)
    tilt, speed = math.radians(46.0), math.sqrt(MU / START_R)
    start = np.array([START_R, 0.0, 0.0, 0.0, speed * math.cos(tilt), speed * math.sin(tilt)])
    burn_s = SPEED / ACCEL
    burnt = flown(np.tile(start[:, None], COUNT + 1), (0.0, burn_s), pushes)
    end = flown(burnt, (burn_s, float(t_s)), np.zeros_like(pushes))[:3]
    away = np.linalg.norm(end[:, 1:] - end[:, :1], axis=0) / 1e3
    reach = space_reach_m(float(t_s), ACCEL, SPEED) / 1e3
    sideways = (MU / START_R**3) * SPEED * t_s**3 / 6.0 / 1e3
    validation(f"distance from the satellite after {t_s} s, mean of all directions", away.mean(), reach,
               0.25 * sideways, "km")
    validation(f"distance from the satellite after {t_s} s, farthest direction", away.max(), reach, 3.0 * sideways,
               "km")
    validation(f"distance from the satellite after {t_s} s, nearest direction", away.min(), reach, 1.5 * sideways, "km")
