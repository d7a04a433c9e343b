"""GeoJSON by RFC 7946: longitude before latitude, rings closed, outer rings counter-clockwise, holes clockwise.

`polygon` writes one outline; `cell_polygons` outlines cells of a latitude-longitude grid, exactly, and cuts them at the
180th meridian. Plain dictionaries come back, ready for `json.dumps`.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

BoolArray = NDArray[np.bool_]
F64Array = NDArray[np.float64]

Ring = list[list[float]]
"""Closed ring of [lon_deg, lat_deg]."""

Corner = tuple[int, int]
"""Row and column of a corner of the grid."""

DIGITS = 6
"""Decimals of a degree that are written: 0.1 m."""


def polygon(lat_lon: Sequence[tuple[float, float]], **properties: Any) -> dict[str, Any]:
    """A Feature with one outline of (lat_deg, lon_deg), closed and turned counter-clockwise where it is not."""
    ring = [[round(float(lon), DIGITS), round(float(lat), DIGITS)] for lat, lon in lat_lon]
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    return feature({"type": "Polygon", "coordinates": [ring if signed_area(ring) >= 0.0 else ring[::-1]]}, **properties)


def point(lat_deg: float, lon_deg: float, **properties: Any) -> dict[str, Any]:
    """A Feature with one point."""
    return feature({"type": "Point", "coordinates": [round(lon_deg, DIGITS), round(lat_deg, DIGITS)]}, **properties)


def feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """A Feature of a geometry and its properties."""
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def feature_collection(features: Iterable[dict[str, Any]], **members: Any) -> dict[str, Any]:
    """A FeatureCollection; `members` stand beside its features."""
    return {"type": "FeatureCollection", **members, "features": list(features)}


def cell_polygons(mask: BoolArray, lat_edges_deg: F64Array, lon_edges_deg: F64Array) -> dict[str, Any]:
    """A MultiPolygon of the cells (N, M) that are true, between edges (N + 1,) and (M + 1,), both rising.

    Cells that share a side make one polygon; cells that only touch at a corner make two. Longitudes may run beyond
    180: what lies there is cut off and written from -180 on.
    """
    polygons: list[list[Ring]] = []
    for part, lon_deg in _halves(np.asarray(mask, np.bool_), np.asarray(lon_edges_deg, np.float64)):
        labels = _labels(part)
        for label in range(1, int(labels.max(initial=0)) + 1):
            rings = [_ring(loop, lat_edges_deg, lon_deg) for loop in _loops(labels == label)]
            rings.sort(key=signed_area, reverse=True)  # the outline first, then the holes, which run clockwise
            polygons.append(rings)
    return {"type": "MultiPolygon", "coordinates": polygons}


def signed_area(ring: Sequence[Sequence[float]]) -> float:
    """Area of a closed ring in square degrees, positive when it runs counter-clockwise."""
    return 0.5 * sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))


def _ring(loop: list[Corner], lat_deg: F64Array, lon_deg: F64Array) -> Ring:
    """A loop of corners in degrees, without those that lie on a straight side."""
    kept = [here for before, here, after in zip([loop[-1], *loop[:-1]], loop, [*loop[1:], loop[0]], strict=True)
            if (here[0] - before[0]) * (after[1] - here[1]) != (here[1] - before[1]) * (after[0] - here[0])]
    return [[round(float(lon_deg[j]), DIGITS), round(float(lat_deg[i]), DIGITS)] for i, j in [*kept, kept[0]]]


def _halves(mask: BoolArray, lon_deg: F64Array) -> list[tuple[BoolArray, F64Array]]:
    """Mask and edges on each side of the 180th meridian; edges between -180 and 180."""
    if lon_deg[0] < -180.0:
        lon_deg = lon_deg + 360.0
    if lon_deg[-1] <= 180.0:
        return [(mask, lon_deg)]
    if lon_deg[0] >= 180.0:
        return [(mask, lon_deg - 360.0)]
    k = int(np.searchsorted(lon_deg, 180.0))  # the cell before edge k is cut, unless the edge is at 180 itself
    west, east = mask[:, :k], mask[:, k if lon_deg[k] == 180.0 else k - 1:]
    west_deg = np.append(lon_deg[:k], 180.0)
    east_deg = np.concatenate([[-180.0], lon_deg[k + 1 if lon_deg[k] == 180.0 else k:] - 360.0])
    return [(west, west_deg), (east, east_deg)]


def _labels(mask: BoolArray) -> Any:
    """Number from 1 on of the connected part (by sides) that each cell belongs to; 0 for cells that are false."""
    labels, found = np.zeros(mask.shape, np.int64), 0
    for start in zip(*np.nonzero(mask), strict=True):
        if labels[start]:
            continue
        found += 1
        labels[start], todo = found, [start]
        while todo:
            i, j = todo.pop()
            for near in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
                if (0 <= near[0] < mask.shape[0] and 0 <= near[1] < mask.shape[1] and mask[near]
                        and not labels[near]):
                    labels[near] = found
                    todo.append(near)
    return labels


def _loops(mask: BoolArray) -> list[list[Corner]]:
    """Boundary of one connected part as loops of corners, the part on the left hand; no loop meets a corner twice."""
    inside: Any = np.pad(mask, 1)
    onward: dict[Corner, list[Corner]] = {}
    for i, j in zip(*np.nonzero(mask), strict=True):
        i, j = int(i), int(j)
        sides = (((0, 1), (i, j), (i, j + 1)), ((1, 2), (i, j + 1), (i + 1, j + 1)),
                 ((2, 1), (i + 1, j + 1), (i + 1, j)), ((1, 0), (i + 1, j), (i, j)))
        for (di, dj), begin, end in sides:
            if not inside[i + di, j + dj]:
                onward.setdefault(begin, []).append(end)
    loops = []
    while onward:
        walk = [next(iter(onward))]
        places = {walk[0]: 0}
        while walk[-1] in onward:  # as many sides lead to a corner as away from it: only the start can be a dead end
            at = onward[walk[-1]].pop()
            if not onward[walk[-1]]:
                del onward[walk[-1]]
            if at in places:  # a loop is closed: it comes off the walk, which goes on from here
                loops.append(walk[places[at]:])
                for corner in walk[places[at] + 1:]:
                    del places[corner]
                del walk[places[at] + 1:]
            else:
                places[at] = len(walk)
                walk.append(at)
    return loops
