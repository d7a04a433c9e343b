"""One-way drones and cruise missiles: along waypoints at constant speed and height over ground, then a dive.

The path is geodesics from launch over the waypoints to the aim point, at constant height above the ellipsoid and
constant ground speed; at the end a straight dive at a constant angle and the same speed along the path. The flight
starts at its height over the launch point.

Left out: climb, terrain, turning radius at waypoints, wind, navigation errors on the way.
Equations and evidence: docs/models/threats.md.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from geographiclib.geodesic import Geodesic

from opendome.kernel import F64Array
from opendome.units import M_PER_KM
from opendome.world import WGS84

NODE_M = 200.0 * M_PER_KM
"""Exact points of the geodesic are at most this far apart; between them the path is a great circle of geodetic
directions at constant turning, which is within ten metres of it, and 2e-4 of its speed."""

_E2 = WGS84.f * (2.0 - WGS84.f)


class Path(NamedTuple):
    """A waypoint flight. N nodes."""

    up: F64Array
    """(N, 3) geodetic up at the nodes, ECEF."""
    at_m: F64Array
    """(N,) ground distance of the nodes from the launch point."""
    speed_m_s: float
    alt_m: float
    dive_rad: float

    @property
    def length_m(self) -> float:
        """Ground distance from launch to aim."""
        return float(self.at_m[-1])

    @property
    def dive_ground_m(self) -> float:
        """Ground distance of the dive."""
        return self.alt_m / math.tan(self.dive_rad)

    @property
    def t_dive_s(self) -> float:
        """When the dive begins."""
        return (self.length_m - self.dive_ground_m) / self.speed_m_s

    @property
    def t_impact_s(self) -> float:
        """When it reaches the ground."""
        return self.t_dive_s + self.alt_m / (self.speed_m_s * math.sin(self.dive_rad))


def plan(points: Sequence[tuple[float, float]], *, speed_m_s: float, alt_m: float, dive_rad: float) -> Path:
    """The flight over points (lat_deg, lon_deg), the first being the launch and the last the aim."""
    lat_lon, at_m = [points[0]], [0.0]
    for (lat1, lon1), (lat2, lon2) in pairwise(points):
        line = Geodesic.WGS84.InverseLine(lat1, lon1, lat2, lon2)
        pieces = max(1, math.ceil(line.s13 / NODE_M))
        before = at_m[-1]
        for i in range(1, pieces + 1):
            spot = line.Position(line.s13 * i / pieces)
            lat_lon.append((spot["lat2"], spot["lon2"]))
            at_m.append(before + line.s13 * i / pieces)
    lat, lon = np.radians(np.array(lat_lon)).T
    up = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    keep = np.concatenate([[True], np.diff(at_m) > 0.0])
    return Path(up[keep], np.array(at_m)[keep], speed_m_s, alt_m, dive_rad)


def fly_path(path: Path, t_s: F64Array) -> tuple[F64Array, F64Array]:
    """ECEF position and Earth-fixed velocity, (K, 3) each, at instants (K,) from launch to impact."""
    dive_s = np.clip(t_s - path.t_dive_s, 0.0, path.t_impact_s - path.t_dive_s)
    diving = t_s > path.t_dive_s
    ground_m = path.speed_m_s * (np.minimum(t_s, path.t_dive_s) + dive_s * math.cos(path.dive_rad))
    ground_rate = np.where(diving, path.speed_m_s * math.cos(path.dive_rad), path.speed_m_s)
    alt_rate = np.where(diving, -path.speed_m_s * math.sin(path.dive_rad), 0.0)
    alt = np.maximum(path.alt_m - path.speed_m_s * dive_s * math.sin(path.dive_rad), 0.0)

    leg = np.clip(np.searchsorted(path.at_m, ground_m, side="right") - 1, 0, len(path.at_m) - 2)
    length = path.at_m[leg + 1] - path.at_m[leg]
    part = (ground_m - path.at_m[leg]) / length
    a, b = path.up[leg], path.up[leg + 1]
    angle = np.arctan2(np.linalg.norm(np.cross(a, b), axis=1), np.sum(a * b, axis=1))
    here, there = (1.0 - part) * angle, part * angle
    up = (np.sin(here)[:, None] * a + np.sin(there)[:, None] * b) / np.sin(angle)[:, None]
    onward = (np.cos(there)[:, None] * b - np.cos(here)[:, None] * a) / np.sin(angle)[:, None]
    return _along(up, onward * (angle / length * ground_rate)[:, None], alt, alt_rate)


def _along(up: F64Array, up_rate: F64Array, alt: F64Array, alt_rate: F64Array) -> tuple[F64Array, F64Array]:
    """ECEF position and velocity of points given by geodetic up, altitude, and the rates of both."""
    w = 1.0 / (1.0 - _E2 * up[:, 2] ** 2)
    normal = WGS84.a_m * np.sqrt(w)
    normal_rate = normal * _E2 * up[:, 2] * up_rate[:, 2] * w
    scale = np.array([1.0, 1.0, 1.0 - _E2])
    side, side_rate = normal[:, None] * scale + alt[:, None], normal_rate[:, None] * scale + alt_rate[:, None]
    return side * up, side_rate * up + side * up_rate


def samples(path: Path, step_s: float) -> tuple[F64Array, F64Array]:
    """Samples of the flight every step_s, a whole part of its duration, the last at impact: positions, velocities.

    Vertical speeds are limited so that a cubic through the samples neither climbs before the dive nor dips below the
    ground (Fritsch and Carlson 1980): the start of the dive is rounded off by up to a step.
    """
    count = round(path.t_impact_s / step_s)
    t_s = np.arange(count + 1, dtype=np.float64) * step_s
    r, v = fly_path(path, t_s)
    fallen = path.speed_m_s * math.sin(path.dive_rad) * np.maximum(t_s - path.t_dive_s, 0.0)
    drop = np.diff(fallen, prepend=0.0, append=np.inf)
    sink = np.where(t_s > path.t_dive_s, path.speed_m_s * math.sin(path.dive_rad), 0.0)
    limit = 3.0 / step_s * np.minimum(drop[:-1], drop[1:])
    up = r / np.linalg.norm(r, axis=1)[:, None]
    return r, v + up * np.maximum(sink - limit, 0.0)[:, None]
