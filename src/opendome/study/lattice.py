"""The aim points of a footprint, and the flights to them: few are solved, the others are those displaced.

A grid of equal steps in latitude and longitude, square in the middle. How far a displaced flight is from one solved for
its own aim point stands in docs/models/footprints.md.
"""

import itertools
import math
from typing import Any

import numpy as np

from opendome.catalogue.entries import BallisticThreat, GlideThreat, Threat, WaypointThreat
from opendome.engagement.footprint import Cell
from opendome.errors import InputError
from opendome.kernel import BoolArray, F64Array, I64Array
from opendome.threats import Route, solve_route
from opendome.threats.ballistic import impact_miss, place
from opendome.units import M_PER_KM, RAD_PER_DEG
from opendome.world import MEAN_RADIUS_M, ecef_from_geodetic, geodesic_inverse

GRID_MAX = 1000
"""Most cells along a side."""

SIZE_MIN_KM, SIZE_MAX_KM = 1.0, 5000.0

NODE_KM, NODE_SHIFTED_KM = 80.0, 40.0
"""Solved flights are about this far apart; the flight to a cell is the nearest of them, displaced by `fly_route`. The
second holds for gliders, whose path is shifted and not flown anew."""

LAT_MAX_DEG = 85.0
"""Nearer to a pole a grid of latitude and longitude has no even cells."""

LONE_DEG = 0.1
"""Side of the cell of a grid of one."""

Point = tuple[float, float]


def grid_around(middle: Point, size_km: float, grid: int) -> tuple[F64Array, F64Array]:
    """Latitudes (N,) and longitudes (N,) of the middles of the cells of a square about a point."""
    if isinstance(grid, bool) or not isinstance(grid, int) or not 1 <= grid <= GRID_MAX:
        raise InputError(f"grid = {grid!r}\n  must be a whole number of cells along a side, from 1 to {GRID_MAX}")
    if not SIZE_MIN_KM <= size_km <= SIZE_MAX_KM:
        raise InputError(f"size_km = {size_km:g}\n  must be {SIZE_MIN_KM:g} to {SIZE_MAX_KM:g} km")
    half = 0.5 * size_km * M_PER_KM / MEAN_RADIUS_M / RAD_PER_DEG
    if abs(middle[0]) + half > LAT_MAX_DEG:
        raise InputError(f"an area of {size_km:g} km about latitude {middle[0]:g}\n"
                         f"  must stay within {LAT_MAX_DEG:g} degrees of the equator\nhint: a smaller size_km")
    share = (np.arange(grid) + 0.5) / grid * 2.0 - 1.0
    return middle[0] + half * share, middle[1] + half * share / math.cos(middle[0] * RAD_PER_DEG)


def cell_areas_km2(lat_edges_deg: F64Array, lon_edges_deg: F64Array) -> F64Array:
    """(N,) area in km2 of one cell of each row, on a sphere of the mean radius."""
    width = (lon_edges_deg[1] - lon_edges_deg[0]) * RAD_PER_DEG
    return np.asarray((MEAN_RADIUS_M / M_PER_KM) ** 2 * width * np.diff(np.sin(lat_edges_deg * RAD_PER_DEG)))


def edges_of(middles: F64Array) -> F64Array:
    """Sides of cells in degrees, one more than their middles."""
    step = middles[1] - middles[0] if len(middles) > 1 else LONE_DEG
    return np.append(middles - 0.5 * step, middles[-1] + 0.5 * step)


def lattice(threat: str, entry: Threat, start: tuple[str, Point], lat_deg: F64Array, lon_deg: F64Array,
            trajectory: str | float = "minimum-energy") -> tuple[list[Route], Cell, BoolArray]:
    """Solved flights to points about `NODE_KM` apart, the cells within reach with the nearest of them, and which cells
    (N, M) those are. Raises `InputError` where the class reaches none of the points."""
    name, launch = start
    apart_km = NODE_SHIFTED_KM if isinstance(entry, GlideThreat) else NODE_KM
    nodes = list(itertools.product(_nodes(lat_deg, apart_km),
                                   _nodes(lon_deg, apart_km / math.cos(lat_deg.mean() * RAD_PER_DEG))))
    solved, refused = [], []
    for node in nodes:
        try:
            solved.append(solve_route(threat, entry, launch=launch, aim=node, trajectory=trajectory
                                      if not isinstance(entry, WaypointThreat) else "minimum-energy"))
        except InputError as error:
            refused.append(error)
    if not solved:
        raise InputError(f"{threat} cannot fly from {name} to the area about ({lat_deg.mean():.2f}, "
                         f"{lon_deg.mean():.2f}); to one point of it:\n{refused[len(refused) // 2]}")
    mesh = np.stack(np.meshgrid(lat_deg, lon_deg, indexing="ij"), axis=-1)
    aims = np.array([route.aim for route in solved])
    nearest_km = np.full(mesh.shape[:2], np.inf)
    route = np.zeros(mesh.shape[:2], np.int64)
    for q, aim in enumerate(aims):
        away_km = _sphere_km(mesh, aim)
        route[away_km < nearest_km] = q
        nearest_km = np.minimum(nearest_km, away_km)
    away_km, whole_km = _range_km(launch, mesh, solved, route)
    low, high = getattr(entry, "range_min_km", None), getattr(entry, "range_max_km", None)
    is_reached = ((nearest_km <= apart_km) & (away_km >= (low.value if low else 0.0))
                  & (away_km <= (high.value if high else math.inf)))
    if not is_reached.any():
        raise InputError(f"{threat}: no cell is in reach from {name}\nhint: a larger size_km, or another place")
    chosen = route[is_reached]
    east_north = np.array([_displaced(solved[q].aim, *cell) for q, cell in zip(chosen, mesh[is_reached], strict=True)])
    longer = np.ones(len(chosen)) if isinstance(entry, BallisticThreat) else (away_km / whole_km)[is_reached]
    east_m, north_m = np.ascontiguousarray(east_north.T)
    return solved, Cell(chosen, east_m, north_m, longer), is_reached


def _nodes(middles: F64Array, apart_km: float) -> list[float]:
    """Middles of equal parts of the span of the cells, no longer than `apart_km` of latitude; of the cells themselves
    where these are wider."""
    low, high = edges_of(middles)[[0, -1]]
    parts = max(1, math.ceil((high - low) * RAD_PER_DEG * MEAN_RADIUS_M / M_PER_KM / apart_km - 1e-6))
    parts = min(parts, len(middles))
    return [float(low + (i + 0.5) / parts * (high - low)) for i in range(parts)]


def _sphere_km(mesh: F64Array, point: Any) -> F64Array:
    """Distance in km on the sphere of points (N, M, 2) in degrees from a point."""
    lat, lon = np.radians(mesh[..., 0]), np.radians(mesh[..., 1])
    lat0, lon0 = np.radians(point)
    chord = np.sin(0.5 * (lat - lat0)) ** 2 + np.cos(lat) * np.cos(lat0) * np.sin(0.5 * (lon - lon0)) ** 2
    return np.asarray(2.0 * MEAN_RADIUS_M / M_PER_KM * np.arcsin(np.sqrt(chord)))


def _range_km(launch: Point, mesh: F64Array, solved: list[Route], route: I64Array) -> tuple[F64Array, F64Array]:
    """Ground range in km of the cells (N, M), and of the solved flights that stand for them: on the sphere, times what
    the ellipsoid makes of it at the solved flight."""
    exact = np.array([geodesic_inverse(lat1_deg=launch[0], lon1_deg=launch[1], lat2_deg=one.aim[0],
                                       lon2_deg=one.aim[1]).distance_km for one in solved])
    on_sphere = np.array([float(_sphere_km(np.array(one.aim), launch)) for one in solved])
    return _sphere_km(mesh, launch) * (exact / on_sphere)[route], exact[route]


def _displaced(aim: Point, lat_deg: float, lon_deg: float) -> tuple[float, float]:
    """East and north in m of a point from an aim point, as flights count their impacts."""
    x, y, z = ecef_from_geodetic(lat_deg * RAD_PER_DEG, lon_deg * RAD_PER_DEG, 0.0)
    east, north = impact_miss(place(*aim), x, y, z)
    return float(east), float(north)
