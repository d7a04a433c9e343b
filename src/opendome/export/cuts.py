"""Lines and circles on the ellipsoid as longitudes and latitudes, cut at the 180th meridian where they cross it.

RFC 7946, 3.1.9, asks for the cut. Between two points a line runs straight in longitude and latitude; none of its steps
is half a turn or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from opendome.geojson import DIGITS, Ring, signed_area
from opendome.kernel import F64Array
from opendome.world import geodesic_direct

CORNERS = 72
"""Corners of a circle: inside the true one by 0.1 % of the radius at most."""

Line = list[list[float]]


def circle(lat_deg: float, lon_deg: float, radius_km: float) -> list[tuple[float, float]]:
    """A closed ring of (lat_deg, lon_deg), counter-clockwise, at a distance over the ellipsoid from a point."""
    ring = [geodesic_direct(lat_deg=lat_deg, lon_deg=lon_deg, azimuth_deg=-360.0 * k / CORNERS, distance_km=radius_km)
            for k in range(CORNERS)]
    return [*ring, ring[0]]


def cut_line(rows: F64Array) -> list[Line]:
    """Pieces of a line of rows (lon_deg, lat_deg, anything that goes along linearly), each within -180 .. 180."""
    if len(rows) < 2:
        return [rows.tolist()]
    rows = np.column_stack([np.unwrap(rows[:, 0], period=360.0), rows[:, 1:]])
    pieces: list[Line] = []
    at = _turn(rows[0, 0], rows[1, 0])
    now = [_wrapped(rows[0], at)]
    for a, b in pairwise(rows):
        turn, after = _turn(a[0], b[0]), _turn(b[0], a[0])
        if turn != at:  # the line came to the seam and goes on beyond it
            pieces.append(now)
            now = [_wrapped(a, turn)]
        if turn != after:
            edge = 180.0 + 360.0 * min(turn, after)
            middle = a + (b - a) * (edge - a[0]) / (b[0] - a[0])
            middle[0] = edge
            pieces.append([*now, _wrapped(middle, turn)])
            now = [_wrapped(middle, after)]
        now.append(_wrapped(b, after))
        at = after
    return [*pieces, now]


def _turn(lon_deg: float, towards_deg: float) -> int:
    """Which turn round the Earth a longitude lies on; one at the seam is on the side of the other longitude."""
    at = (lon_deg + 180.0) / 360.0
    return int(np.ceil(at) - 1) if at == np.floor(at) and towards_deg < lon_deg else int(np.floor(at))


def _wrapped(row: F64Array, turn: int) -> list[float]:
    return [float(row[0] - 360.0 * turn), *map(float, row[1:])]


def cut_ring(ring: Sequence[tuple[float, float]]) -> list[Ring]:
    """Outer rings of [lon_deg, lat_deg], counter-clockwise, each within -180 .. 180, of a closed convex ring of
    (lat_deg, lon_deg); one that goes round a pole is closed along it."""
    lat, lon = (np.array(column) for column in zip(*ring))
    lon = np.unwrap(lon, period=360.0)
    points = list(zip(lon.tolist(), lat.tolist()))
    if abs(lon[-1] - lon[0]) > 180.0:
        pole = 90.0 if np.mean(lat) > 0.0 else -90.0
        points += [(float(lon[-1]), pole), (float(lon[0]), pole), points[0]]
    found = []
    for turn in range(int(np.floor((lon.min() + 180.0) / 360.0)), int(np.floor((lon.max() + 180.0) / 360.0)) + 1):
        west = 360.0 * turn - 180.0
        kept = _clipped(_clipped(points, west, 1.0), west + 360.0, -1.0)
        if len(kept) > 3:
            piece = [[round(x - 360.0 * turn, DIGITS), round(y, DIGITS)] for x, y in kept]
            found.append(piece if signed_area(piece) > 0.0 else piece[::-1])
    return [piece for piece in found if signed_area(piece) > 0.0]


def _clipped(points: list[tuple[float, float]], edge: float, side: float) -> list[tuple[float, float]]:
    """A closed ring without what lies beyond a meridian (Sutherland and Hodgman's cut): side 1 keeps the east."""
    kept: list[tuple[float, float]] = []
    for (x0, y0), (x1, y1) in pairwise(points):
        is_in0, is_in1 = side * (x0 - edge) >= 0.0, side * (x1 - edge) >= 0.0
        if is_in0:
            kept.append((x0, y0))
        if is_in0 != is_in1:
            kept.append((edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0)))
    return [*kept, kept[0]] if kept else kept
