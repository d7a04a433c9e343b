"""Reachable ground: symmetric along the equator, smaller with less bank, holds what is flown; its GeoJSON."""

import math

import numpy as np
import pytest

from opendome import threats
from opendome.catalogue import shipped
from opendome.errors import InputError
from opendome.world import geodesic_direct, geodesic_inverse

pytestmark = pytest.mark.compiled
EQUATOR = (0.0, 0.0)


@pytest.fixture(scope="module")
def east():
    return threats.reachable("hgv-regional", launch=EQUATOR, toward_deg=90.0)


def offset(reach, launch, point):
    """How far inside the outline a point lies in km: least distance to its corners, negative outside."""
    x, y = np.radians(reach.lon_deg - launch[1]), np.radians(reach.lat_deg)
    px, py = math.radians(point[1] - launch[1]), math.radians(point[0])
    crossings = sum((y0 > py) != (y1 > py) and px < x0 + (py - y0) / (y1 - y0) * (x1 - x0)
                    for x0, y0, x1, y1 in zip(x, y, np.roll(x, -1), np.roll(y, -1), strict=True))
    edge = min(geodesic_inverse(lat1_deg=a, lon1_deg=o, lat2_deg=point[0], lon2_deg=point[1]).distance_km
               for a, o in zip(reach.lat_deg, reach.lon_deg, strict=True))
    return edge if crossings % 2 else -edge


def test_is_symmetric_along_the_equator(east):
    """Flown east along the equator, north and south are mirror images, on the turning Earth too."""
    n = east.lat_deg.size // 2
    assert east.lat_deg[:n] == pytest.approx(-east.lat_deg[:n][::-1], abs=1e-3)
    assert east.lon_deg[:n] == pytest.approx(east.lon_deg[:n][::-1], abs=1e-3)
    assert east.side_deg[0] == pytest.approx(-east.side_deg[1], abs=1e-3)


def test_turns_to_one_side_off_the_equator():
    """North of it the turning Earth pulls to the right."""
    north = threats.reachable("hgv-regional", launch=(40.0, 127.0), toward_deg=90.0)
    assert north.side_deg[1] > -north.side_deg[0] + 0.5


def test_shrinks_with_the_bank(east):
    areas = [threats.reachable("hgv-regional", launch=EQUATOR, toward_deg=90.0, bank_max_deg=bank).area_km2
             for bank in (10.0, 30.0, 45.0)]
    assert areas[0] < areas[1] < areas[2] < east.area_km2
    none = threats.reachable("hgv-regional", launch=EQUATOR, toward_deg=90.0, bank_max_deg=0.01)
    assert none.area_km2 < 0.002 * east.area_km2
    assert (none.nearest_km, none.farthest_km) == pytest.approx((east.nearest_km, east.farthest_km), rel=2e-3)


def test_ranges_are_those_of_flights_straight_on(east):
    ahead = geodesic_direct(lat_deg=0.0, lon_deg=0.0, azimuth_deg=90.0, distance_km=east.farthest_km + 50.0)
    with pytest.raises(InputError) as caught:
        threats.solve_route("hgv-regional", shipped().threats["hgv-regional"], launch=EQUATOR, aim=ahead)
    assert f"must be {east.nearest_km:.0f} to {east.farthest_km:.0f} km" in str(caught.value)


@pytest.mark.parametrize("bend_deg", [-14.0, -7.0, 0.0, 7.0, 14.0])
@pytest.mark.parametrize("range_km", [800.0, 1300.0, 1800.0, 2200.0])
def test_holds_every_flight_that_can_be_solved(east, range_km, bend_deg):
    """Launched east, over a waypoint on the equator, then to a place aside: solved means inside."""
    aim = geodesic_direct(lat_deg=0.0, lon_deg=0.0, azimuth_deg=90.0 + bend_deg, distance_km=range_km)
    via = [(0.0, 4.5)] if bend_deg else []
    try:
        route = threats.solve_route("hgv-regional", shipped().threats["hgv-regional"], launch=EQUATOR, aim=aim, via=via)
    except InputError:
        return
    assert offset(east, EQUATOR, route.aim) > -5.0


def test_some_of_those_can_be_solved(east):
    aim = geodesic_direct(lat_deg=0.0, lon_deg=0.0, azimuth_deg=97.0, distance_km=1400.0)
    route = threats.solve_route("hgv-regional", shipped().threats["hgv-regional"], launch=EQUATOR, aim=aim,
                                via=[(0.0, 4.5)])
    assert offset(east, EQUATOR, route.aim) > 100.0
    assert offset(east, EQUATOR, (0.0, 1.0)) < 0.0


def test_geojson_is_a_closed_ring_counter_clockwise_longitude_first(east):
    shape = east.geojson()
    ring = np.array(shape["geometry"]["coordinates"][0])
    assert ring[0].tolist() == ring[-1].tolist()
    signed = 0.5 * np.sum(ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1])
    assert signed > 0.0
    assert ring[:, 0].max() > 20.0 > ring[:, 1].max()  # flown east
    # Degrees at the equator are 111.3 by 110.6 km: the plane area is close.
    assert shape["properties"]["area_km2"] == pytest.approx(signed * 111.32 * 110.57, rel=0.01)


def test_refusals():
    for call, words in (({"threat": "srbm"}, "must be a glider"), ({"bank_max_deg": 70.0}, "the class's own, 60"),
                        ({"bank_max_deg": 0.0}, "above 0"), ({"threat": "hgv"}, "catalogue")):
        with pytest.raises(InputError) as caught:
            threats.reachable(**{"threat": "hgv-regional", "launch": EQUATOR, "toward_deg": 90.0, **call})
        assert words in str(caught.value)
