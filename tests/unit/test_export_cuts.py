"""Lines and rings at the 180th meridian."""

import numpy as np
import pytest

from opendome.export.cuts import circle, cut_line, cut_ring
from opendome.geojson import signed_area
from opendome.world import geodesic_inverse


def line(*rows: tuple[float, float]) -> list[list[list[float]]]:
    return cut_line(np.array(rows))


def test_a_line_that_stays_on_one_side_is_whole():
    assert line((10.0, 1.0), (20.0, 2.0), (-170.0 + 180.0, 3.0)) == [[[10.0, 1.0], [20.0, 2.0], [10.0, 3.0]]]
    assert line((5.0, 1.0)) == [[[5.0, 1.0]]]


def test_a_line_is_cut_where_it_crosses():
    assert line((170.0, 0.0), (-170.0, 2.0)) == [[[170.0, 0.0], [180.0, 1.0]], [[-180.0, 1.0], [-170.0, 2.0]]]
    assert line((-175.0, 0.0), (175.0, 1.0), (-175.0, 2.0)) == [
        [[-175.0, 0.0], [-180.0, 0.5]], [[180.0, 0.5], [175.0, 1.0], [180.0, 1.5]], [[-180.0, 1.5], [-175.0, 2.0]]]


def test_a_point_at_the_seam_belongs_to_both_sides_when_the_line_goes_on():
    assert line((179.0, 0.0), (180.0, 1.0), (-179.0, 2.0)) == [
        [[179.0, 0.0], [180.0, 1.0]], [[-180.0, 1.0], [-179.0, 2.0]]]
    assert line((179.0, 0.0), (-180.0, 1.0)) == [[[179.0, 0.0], [180.0, 1.0]]]
    assert line((180.0, 0.0), (-179.0, 1.0)) == [[[-180.0, 0.0], [-179.0, 1.0]]]
    assert line((179.0, 0.0), (180.0, 1.0), (179.0, 2.0)) == [[[179.0, 0.0], [180.0, 1.0], [179.0, 2.0]]]


def test_circles_are_round_and_run_counter_clockwise():
    ring = circle(60.0, 20.0, 100.0)
    assert ring[0] == ring[-1]
    far = [geodesic_inverse(lat1_deg=60.0, lon1_deg=20.0, lat2_deg=lat, lon2_deg=lon).distance_km for lat, lon in ring]
    assert far == pytest.approx([100.0] * 73)
    assert signed_area([[lon, lat] for lat, lon in ring]) > 0.0


@pytest.mark.parametrize(("lat", "lon", "pieces"), [(10.0, 0.0, 1), (-10.0, 179.0, 2), (10.0, -180.0, 2),
                                                    (88.0, 30.0, 2), (-89.5, 170.0, 2)])
def test_rings_keep_their_area_and_lie_between_the_meridians(lat, lon, pieces):
    """Area over cos(latitude), summed along the edges, against that of a spherical cap."""
    radius_km = 400.0
    rings = cut_ring(circle(lat, lon, radius_km))
    assert len(rings) == pieces
    area = 0.0
    for ring in rings:
        assert ring[0] == ring[-1]
        assert signed_area(ring) > 0.0
        points = np.array(ring)
        assert np.abs(points[:, 0]).max() <= 180.0
        x, y = np.radians(points).T
        d = np.diff(x)
        s = np.sin(y)
        area += -np.sum(d * 0.5 * (s[:-1] + s[1:]))
    cap = 2.0 * np.pi * (1.0 - np.cos(radius_km / 6371.0))
    assert area == pytest.approx(cap, rel=0.02)  # the ellipsoid and 72 corners
