"""Fly-out tables against trajectories integrated by SciPy.

verifies    engagement/flyout.py: burn, coast, search over launch angles, interpolation
source      SciPy solve_ivp, DOP853 at 1e-10, in Cartesian coordinates, same equations, written apart from ours
inputs      five interceptor types from a gun to a long-range one; 15 launch angles between those of the family, 100
            instants each; compared on the way up, where the direct trajectory is the earliest
tolerance   largest difference 0.05 % of the longest flight, from bilinear interpolation in 64 x 64 cells;
            2 % of the points that SciPy reaches may be held out of reach, those in cells at the edge
"""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from opendome.air import density
from opendome.engagement import flyout_tables, flyout_time
from opendome.world import MEAN_RADIUS_M, WGS84
from sample_interceptors import GUN, LONG, LOWER, PROPELLER, UPPER, interceptor

TYPES = {"gun burst": GUN, "propeller": PROPELLER, "lower layer": LOWER, "upper layer": UPPER, "long range": LONG}


def reference(values: dict, angle_deg: float, t_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ground range and altitude in m along one launch angle, in Cartesian coordinates, by DOP853 at 1e-10."""
    speed, burn, beta = values["burnout_speed_m_s"], values["burn_s"], values["beta_kg_m2"]
    speed_up = min(burn, speed / 9.80665)
    angle = math.radians(angle_deg)

    def burning(t, y):
        v = speed * min(t / speed_up, 1.0)
        up = y / np.hypot(*y)
        return v * (math.sin(angle) * up + math.cos(angle) * np.array([up[1], -up[0]]))

    def coasting(_, y):
        r, v = np.hypot(y[0], y[1]), np.hypot(y[2], y[3])
        brake = 0.5 * density(float(r - MEAN_RADIUS_M)) * v / beta
        return np.concatenate([y[2:], -WGS84.mu_m3_s2 / r**3 * y[:2] - brake * y[2:]])

    tight = {"method": "DOP853", "rtol": 1e-10, "atol": 1e-6}
    kinks = sorted({0.0, speed_up, burn})
    place, parts = np.array([0.0, MEAN_RADIUS_M]), []
    for start, end in pairwise(kinks):
        leg = solve_ivp(burning, (start, end), place, dense_output=True, **tight)
        parts.append((start, end, leg.sol))
        place = leg.y[:, -1]
    last = float(t_s.max())
    if last > burn:
        state = np.concatenate([place, burning(burn, place)])
        parts.append((burn, last, solve_ivp(coasting, (burn, last), state, dense_output=True, **tight).sol))
    at = np.array([next(sol(t) for start, end, sol in parts if t <= end)[:2] for t in t_s])
    return MEAN_RADIUS_M * np.arctan2(at[:, 0], at[:, 1]), np.hypot(at[:, 0], at[:, 1]) - MEAN_RADIUS_M


@pytest.mark.parametrize("name", TYPES)
def test_tables_agree_with_scipy(validation, name):
    values = TYPES[name]
    tables = flyout_tables([interceptor(values)])
    t_s = np.linspace(0.02, 1.0, 100) * values["flight_max_s"]
    rising_s, late_s, lost = [], [], 0
    for angle_deg in np.arange(2.3, 89.0, 6.1):
        ground_m, alt_m = reference(values, float(angle_deg), t_s)
        for k in range(1, t_s.size):
            ours_s = flyout_time(tables, 0, float(ground_m[k]), float(alt_m[k]))
            inside = (values["range_min_km"] <= 1e-3 * ground_m[k] <= values["range_max_km"]
                      and values["alt_min_km"] <= 1e-3 * alt_m[k] <= values["alt_max_km"])
            assert inside or ours_s == math.inf
            if inside and ours_s == math.inf:
                lost += 1
            elif inside:
                late_s.append(ours_s - t_s[k])
                if alt_m[k] > alt_m[k - 1]:
                    rising_s.append(abs(ours_s - t_s[k]))
    assert len(rising_s) > 300
    limit_s = 0.0005 * values["flight_max_s"]
    validation(f"{name}: largest difference, {len(rising_s)} points", 0.0, max(rising_s), limit_s, "s")
    validation(f"{name}: latest behind any trajectory", limit_s, max(late_s), 0.0, "s", limit=True)
    lost_percent = 100.0 * lost / (lost + len(late_s))
    validation(f"{name}: reached points held out of reach", 2.0, lost_percent, 0.0, "%", limit=True)
