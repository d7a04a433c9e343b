"""Satellites that stand where a test puts them."""

import numpy as np


class Fixed:
    """What `coverage` needs of a constellation: here every satellite stays at its ECEF position."""

    def __init__(self, r_ecef_m):
        self.r_ecef_m = np.reshape(np.asarray(r_ecef_m, float), (-1, 3))

    def positions_ecef(self, t_s):
        return np.broadcast_to(self.r_ecef_m.T, (len(t_s), 3, len(self.r_ecef_m)))
