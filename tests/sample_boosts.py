"""Boosts for the tests of space-based interceptors: made row by row, without solving a route."""

import numpy as np

from opendome.fly import Trajectory, trajectory
from opendome.threats import BOOST, MIDCOURSE
from opendome.threats.boost import boost_state
from opendome.units import RAD_PER_DEG


def boost(*, lat_deg: float = 40.0, lon_deg: float = 127.0, azimuth_deg: float = 20.0, burn_s: float = 170.0,
          step_s: float = 2.0, alt_m: float = 180e3, level_m_s: float = 6000.0, up_m_s: float = 2700.0) -> Trajectory:
    """A boost from rest to burnout, whose last row is the burnout."""
    t_s = np.arange(round(burn_s / step_s) + 1) * step_s
    rows = np.array([boost_state(lat_deg * RAD_PER_DEG, lon_deg * RAD_PER_DEG, azimuth_deg * RAD_PER_DEG, level_m_s,
                                 up_m_s, alt_m, burn_s, float(t)) for t in t_s])
    phase = np.where(t_s < burn_s, BOOST, MIDCOURSE)
    return trajectory(t_s, rows[:, :3].copy(), rows[:, 3:].copy())._replace(phase=phase)
