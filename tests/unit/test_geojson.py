"""Outlines of cells as GeoJSON: areas, orientation, holes, corners that only touch, and the 180th meridian."""

import itertools

import numpy as np
import pytest

from opendome.geojson import cell_polygons, feature_collection, point, polygon, signed_area


def area(geometry):
    return sum(signed_area(ring) for rings in geometry["coordinates"] for ring in rings)


def check(geometry):
    """The rules of RFC 7946, ring by ring."""
    for outer, *holes in geometry["coordinates"]:
        assert signed_area(outer) > 0.0
        assert all(signed_area(hole) < 0.0 for hole in holes)
        for ring in (outer, *holes):
            assert ring[0] == ring[-1]
            assert len(ring) >= 4
            assert len({tuple(p) for p in ring}) == len(ring) - 1  # no corner twice
            assert all(-180.0 <= lon <= 180.0 and -90.0 <= lat <= 90.0 for lon, lat in ring)


def inside(geometry, lon, lat):
    """Whether a point lies inside, by counting crossings of all rings."""
    crossings = 0
    for rings in geometry["coordinates"]:
        for ring in rings:
            for (x0, y0), (x1, y1) in itertools.pairwise(ring):
                if (y0 > lat) != (y1 > lat) and lon < x0 + (lat - y0) / (y1 - y0) * (x1 - x0):
                    crossings += 1
    return crossings % 2 == 1


def outline(rows, lat0=10.0, lon0=20.0):
    mask = np.array([[c == "#" for c in row] for row in rows])
    return mask, cell_polygons(mask, lat0 + np.arange(mask.shape[0] + 1.0), lon0 + np.arange(mask.shape[1] + 1.0))


def test_one_cell():
    _, found = outline(["#"])
    (ring,) = found["coordinates"][0]
    assert sorted(ring[:-1]) == [[20, 10], [20, 11], [21, 10], [21, 11]]
    check(found)


@pytest.mark.parametrize(("rows", "n_polygons", "n_holes"), [
    (["###", "#.#", "###"], 1, 1), (["#.", ".#"], 2, 0), (["##.", "#.#", "###"], 1, 1), (["...", "..."], 0, 0),
    (["####", "#.##", "##.#", "####"], 1, 2), (["#.#", "###"], 1, 0),
    (["#####", "#...#", "#.#.#", "#...#", "#####"], 2, 1)])
def test_holes_and_corners(rows, n_polygons, n_holes):
    mask, found = outline(rows)
    check(found)
    assert len(found["coordinates"]) == n_polygons
    assert sum(len(rings) - 1 for rings in found["coordinates"]) == n_holes
    assert area(found) == mask.sum()


def test_any_cells_are_inside_and_no_others():
    rng = np.random.default_rng(3)
    for _ in range(40):
        mask = rng.random((6, 7)) < 0.6
        found = cell_polygons(mask, np.arange(7.0), np.arange(8.0))
        check(found)
        assert area(found) == mask.sum()
        assert all(inside(found, j + 0.5, i + 0.5) == mask[i, j] for i, j in np.ndindex(mask.shape))


@pytest.mark.parametrize("lon0", [178.5, 178.0, -181.5])
def test_cut_at_the_180th_meridian(lon0):
    mask = np.ones((2, 4), bool)
    found = cell_polygons(mask, np.arange(3.0), lon0 + np.arange(5.0))
    check(found)
    assert area(found) == pytest.approx(8.0)
    assert len(found["coordinates"]) == 2
    assert inside(found, 179.9, 1.2)
    assert inside(found, -179.9, 1.2)
    assert not inside(found, 0.0, 1.2)


def test_beyond_the_meridian_altogether():
    found = cell_polygons(np.ones((1, 1), bool), np.arange(2.0), np.array([190.0, 191.0]))
    assert min(lon for lon, _ in found["coordinates"][0][0]) == -170.0


def test_polygon_turns_and_closes():
    found = polygon([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)], name="clockwise as given")
    ring = found["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert signed_area(ring) == 1.0
    assert ring[1] == [1.0, 0.0]  # longitude first
    assert found["properties"] == {"name": "clockwise as given"}


def test_collection_and_point():
    found = feature_collection([point(35.0, 139.0, kind="site")], title="t")
    assert (found["type"], found["title"]) == ("FeatureCollection", "t")
    assert found["features"][0]["geometry"]["coordinates"] == [139.0, 35.0]
