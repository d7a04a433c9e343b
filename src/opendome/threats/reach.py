"""Ground that a glider can reach from a launch in one direction: a fan of banked flights, and its outline.

Each flight banks at one angle from its pull-up until it is slower than some speed, then flies on level. Burnout speeds
run from the slowest to the fastest, banks to the steepest either way. The outline takes, for each bearing from launch,
the nearest and the farthest end of all flights; so it holds what is reached with one turn, and no weaving: nearer
ground may be reached by flying detours. Equations and evidence: docs/models/glide.md.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from geographiclib.geodesic import Geodesic

from opendome.catalogue.entries import GlideThreat
from opendome.errors import InputError
from opendome.kernel import F64Array, kernel, spread
from opendome.threats.glide import END_OF_GLIDE, fly_glide
from opendome.threats.glide_dive import dive_ground
from opendome.threats.glide_route import case_of
from opendome.threats.glide_solve import Case
from opendome.units import DEG_PER_RAD, M_PER_KM, RAD_PER_DEG
from opendome.world import MEAN_RADIUS_M, geodesic_direct, geodesic_inverse

SPEEDS, BANKS, LEVELS = 7, 17, 9
"""Burnout speeds, banks and speeds of levelling off in the fan."""
BEARINGS = 121
LEAST_SIDE_DEG = 1e-6


class Reach(NamedTuple):
    """Ground within reach. N points of its outline, counter-clockwise, the first not repeated."""

    lat_deg: F64Array
    """(N,)"""
    lon_deg: F64Array
    """(N,)"""
    area_km2: float
    nearest_km: float
    """Straight on, by the slowest burnout."""
    farthest_km: float
    """In any direction, by the fastest burnout."""
    side_deg: tuple[float, float]
    """Bearings of the outermost ends from launch, left (negative) and right of the direction of launch."""

    def geojson(self) -> dict[str, Any]:
        """A GeoJSON polygon (RFC 7946: longitude first, outer ring counter-clockwise) with its area as a property."""
        ring = [[float(lon), float(lat)] for lat, lon in zip(self.lat_deg, self.lon_deg, strict=True)]
        return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
                "properties": {"area_km2": self.area_km2, "nearest_km": self.nearest_km,
                               "farthest_km": self.farthest_km}}


# ---- kernels -------------------------------------------------------------------------------------------------------


@kernel(allocates=True)
def fly_fan(launch, azimuth_rad, flight_path_rad, glider, dt_s, speed, bank, level, ends, first, last):
    """Fly flights `first` .. `last` of a fan, straight on in the dive; `speed`, `bank` (rad), `level` (m/s) are (F,).

    Rows of `ends` (F, 4) receive how the glide ended, and the ECEF position of the end of the dive, put on the ground
    ahead by its ground distance.
    """
    none, turns, end = np.empty((0, 3)), np.empty((0, 5)), np.empty(6)
    for i in range(first, last):
        how, _, _, _, _ = fly_glide(launch, azimuth_rad, speed[i], flight_path_rad, glider, none, 0.0, bank[i],
                                    level[i], dt_s, none, none, turns, end)
        ends[i, 0] = how
        if how != END_OF_GLIDE:
            continue
        x, y, z, u, v, w = end[0], end[1], end[2], end[3], end[4], end[5]
        size = math.sqrt(x * x + y * y + z * z)
        x, y, z = x / size, y / size, z / size
        rise = u * x + v * y + w * z
        u, v, w = u - rise * x, v - rise * y, w - rise * z
        level_speed = math.sqrt(u * u + v * v + w * w)
        angle = dive_ground(glider, end[0], end[1], end[2], end[3], end[4], end[5]) / MEAN_RADIUS_M
        c, s = size * math.cos(angle), size * math.sin(angle) / level_speed
        ends[i, 1], ends[i, 2], ends[i, 3] = c * x + s * u, c * y + s * v, c * z + s * w


# ---- for people ----------------------------------------------------------------------------------------------------


def reachable(threat: str | GlideThreat, *, launch: tuple[float, float], toward_deg: float,
              bank_max_deg: float | None = None, jobs: int | None = None) -> Reach:
    """Ground that a glider (a name of the catalogue, or an entry) can reach when launched toward an azimuth.

    `bank_max_deg` takes the place of the class's own limit. Raises InputError for what is no glider, a bank outside 0
    to that limit, or a class whose slowest or fastest flight fails.
    """
    from opendome.threats import entry_of

    name, entry = entry_of(threat)
    if not isinstance(entry, GlideThreat):
        raise InputError(f"threat = {name}\n  must be a glider; ranges of other classes stand in the catalogue")
    case = case_of(entry, launch)
    most_deg = entry.bank_max_deg.value
    bank_deg = most_deg if bank_max_deg is None else float(bank_max_deg)
    if not 0.0 < bank_deg <= most_deg:
        raise InputError(f"bank_max_deg = {bank_deg:g}\n  must be above 0 and at most the class's own, {most_deg:g}")
    bearing_deg, range_km = _fan(name, case, toward_deg, bank_deg * RAD_PER_DEG, jobs)
    side = float(np.nanmin(bearing_deg)), float(np.nanmax(bearing_deg))
    grid = np.linspace(side[0] + LEAST_SIDE_DEG, side[1] - LEAST_SIDE_DEG, BEARINGS)
    near, far = _outline(grid, bearing_deg, range_km)
    points = [(b, d) for b, d in zip(grid[::-1], far[::-1], strict=True)] + list(zip(grid, near, strict=True))
    places = [geodesic_direct(lat_deg=launch[0], lon_deg=launch[1], azimuth_deg=toward_deg + b, distance_km=d)
              for b, d in points]
    shape = Geodesic.WGS84.Polygon()
    for lat, lon in places:
        shape.AddPoint(lat, lon)
    _, _, area_m2 = shape.Compute()
    lat_lon = np.array(places)
    return Reach(lat_lon[:, 0].copy(), lat_lon[:, 1].copy(), abs(area_m2) / M_PER_KM**2,
                 float(range_km[0, BANKS // 2, 0]), float(np.nanmax(range_km)), side)


def _fan(name: str, case: Case, toward_deg: float, bank_rad: float, jobs: int | None) -> tuple[F64Array, F64Array]:
    """Bearing from launch, off the direction of launch (deg), and ground range (km) of all ends; (SPEEDS, BANKS,
    LEVELS), NaN where a flight fails."""
    speeds, banks = np.linspace(case.slow_m_s, case.fast_m_s, SPEEDS), np.linspace(-bank_rad, bank_rad, BANKS)
    speed, bank, part = (a.ravel() for a in np.meshgrid(speeds, banks, np.linspace(0.0, 1.0, LEVELS), indexing="ij"))
    end_m_s = case.glider.end_m_s
    level = end_m_s + part * (speed - end_m_s)
    ends = np.zeros((speed.size, 4))

    def work(first: int, last: int) -> None:
        fly_fan(case.launch, toward_deg * RAD_PER_DEG, case.flight_path_rad, case.glider, case.dt_s, speed, bank, level,
                ends, first, last)

    spread(work, speed.size, jobs=jobs, block=32)
    lat, lon = case.launch_deg
    found = np.full((speed.size, 2), np.nan)
    for i in np.flatnonzero(ends[:, 0] == END_OF_GLIDE):
        x, y, z = ends[i, 1:]
        line = geodesic_inverse(lat1_deg=lat, lon1_deg=lon, lat2_deg=_latitude(x, y, z),
                                lon2_deg=math.degrees(math.atan2(y, x)))
        found[i] = (line.azimuth_deg - toward_deg + 180.0) % 360.0 - 180.0, line.distance_km
    shape = (SPEEDS, BANKS, LEVELS)
    bearing, distance = found[:, 0].reshape(shape), found[:, 1].reshape(shape)
    if np.isnan(distance[[0, -1], BANKS // 2, 0]).any():
        raise InputError(f"{name}: its slowest or its fastest flight straight on fails\n  must glide at burnout speeds "
                         f"of {case.slow_m_s:g} to {case.fast_m_s:g} m/s; solve_route to a place ahead says why")
    return bearing, distance


def _latitude(x: float, y: float, z: float) -> float:
    """Geodetic latitude in deg of an ECEF position near the ground."""
    return math.atan2(z, math.hypot(x, y) * (1.0 - 1.0 / 298.257223563) ** 2) * DEG_PER_RAD


def _outline(grid: F64Array, bearing: F64Array, distance: F64Array) -> tuple[F64Array, F64Array]:
    """Least and largest range at the bearings of the grid, over all curves of the fan: bank, speed or level varies."""
    near, far = np.full(grid.size, np.inf), np.full(grid.size, -np.inf)
    for axis in range(3):
        b, d = np.moveaxis(bearing, axis, -1), np.moveaxis(distance, axis, -1)
        for b0, b1, d0, d1 in zip(b[..., :-1].ravel(), b[..., 1:].ravel(), d[..., :-1].ravel(), d[..., 1:].ravel(),
                                  strict=True):
            if not np.isfinite(b0 + b1):
                continue
            inside = (grid >= min(b0, b1)) & (grid <= max(b0, b1))
            if not inside.any():
                continue
            share = (grid[inside] - b0) / (b1 - b0) if b1 != b0 else 0.5
            at = d0 + share * (d1 - d0)
            near[inside], far[inside] = np.minimum(near[inside], at), np.maximum(far[inside], at)
    return near, far
