"""Stereo coverage of the Earth by a layer of tracking satellites.

Targets stand on the ground at points spread evenly over a sphere, instead of at the cells of a grid.
"""

from collections.abc import Mapping

import numpy as np

from opendome.errors import InputError
from opendome.orbits import coverage_at, walker
from opendome.reproduce.models import whole
from opendome.reproduce.models.limits import between
from opendome.units import DEG_PER_RAD

GOLDEN_DEG = 180.0 * (3.0 - 5.0**0.5)
"""Turn from one point to the next that spreads points evenly over a sphere."""
PATTERNS = {360.0: "delta", 180.0: "star"}
SECONDS_PER_MIN = 60.0
DAY_S = 86400.0


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Satellites, and the share of the Earth in % that has stereo on average, and that never lacks it."""
    between(a, {"n_planes": (1, 200), "n_per_plane": (1, 200), "n_points": (10, 20_000), "step_min": (0.5, 60.0)})
    spread_deg = a["node_spread_deg"]
    if spread_deg not in PATTERNS:
        raise InputError(f"node_spread_deg = {spread_deg:g}\n  must be 360 (delta) or 180 (star)")
    planes = whole(a, "n_planes")
    layer = walker(n_satellites=planes * whole(a, "n_per_plane"), n_planes=planes, phasing=a["phasing"],
                   inclination_deg=a["inclination_deg"], altitude_km=a["altitude_km"],
                   pattern="star" if spread_deg == 180.0 else "delta")
    lat_deg, lon_deg = points(whole(a, "n_points"))
    found = coverage_at(layer, lat_deg=lat_deg, lon_deg=lon_deg, field_of_regard_deg=a["field_of_regard_deg"],
                        t_s=np.arange(0.0, DAY_S, a["step_min"] * SECONDS_PER_MIN), jobs=1)
    always = found.always(2)
    return {"n_satellites": len(layer), "stereo_percent": 100.0 * found.fraction(2),
            "always_stereo_percent": 100.0 * always, "is_global_stereo": float(always == 1.0)}


def points(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Latitudes and longitudes in deg of n points that stand evenly over a sphere."""
    i = np.arange(n)
    return np.arcsin((2.0 * i + 1.0) / n - 1.0) * DEG_PER_RAD, (i * GOLDEN_DEG + 180.0) % 360.0 - 180.0
