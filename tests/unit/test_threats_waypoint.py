"""Drones and cruise missiles: constant speed and height along the way, a straight dive onto the aim point."""

import math
from itertools import pairwise

import numpy as np
import pytest

from opendome import threats
from opendome.catalogue import shipped
from opendome.threats import Phase, waypoint
from opendome.world import altitude, ecef_from_geodetic, geodesic_direct, geodesic_inverse

LAUNCH, AIM, VIA = (32.0, 50.0), (24.4, 54.4), [(28.5, 51.0), (25.5, 53.0)]


@pytest.fixture(scope="module", params=["one-way-drone", "cruise-missile"])
def name(request):
    return request.param


def way(points):
    return sum(geodesic_inverse(lat1_deg=a[0], lon1_deg=a[1], lat2_deg=b[0], lon2_deg=b[1]).distance_km
               for a, b in pairwise(points))


def test_time_is_distance_over_speed_and_the_dive(name):
    entry = shipped().threats[name]
    route = threats.solve_route(name, entry, launch=LAUNCH, aim=AIM, via=VIA)
    speed, height, dive = entry.speed_m_s.value, entry.altitude_m.value, math.radians(entry.dive_deg.value)
    length_m = 1e3 * way([LAUNCH, *VIA, AIM])
    assert route.range_km == pytest.approx(length_m / 1e3, rel=1e-9)
    by_hand = (length_m - height / math.tan(dive)) / speed + height / math.sin(dive) / speed
    assert route.t_impact_s == pytest.approx(by_hand, rel=1e-9)


def test_flies_level_at_constant_speed_over_the_waypoints_then_dives_on_the_aim(name):
    entry = shipped().threats[name]
    path = threats.fly(name, launch=LAUNCH, aim=AIM, via=VIA, step_s=1.0)
    assert path.phase is not None
    cruise = path.phase == Phase.CRUISE
    assert path.alt_m[cruise] == pytest.approx(entry.altitude_m.value, abs=1e-3)
    # Speed is over ground: at height it is more by height over Earth radius, 1e-4; between nodes it is good to 2e-4.
    assert np.linalg.norm(path.v_ecef_m_s, axis=1) == pytest.approx(entry.speed_m_s.value, rel=3e-4)
    assert (path.lat_deg[-1], path.lon_deg[-1]) == pytest.approx(AIM, abs=1e-7)
    assert path.alt_m[-1] == pytest.approx(0.0, abs=1e-3)
    for stop in VIA:
        near = min(geodesic_inverse(lat1_deg=a, lon1_deg=o, lat2_deg=stop[0], lon2_deg=stop[1]).distance_km
                   for a, o in zip(path.lat_deg, path.lon_deg, strict=True)
                   if abs(a - stop[0]) < 0.02 and abs(o - stop[1]) < 0.02)
        assert 1e3 * near <= 0.5 * entry.speed_m_s.value + 1.0
    # Each sample is the way flown by then, along the geodesic of the first leg.
    at = geodesic_direct(lat_deg=LAUNCH[0], lon_deg=LAUNCH[1], distance_km=entry.speed_m_s.value,
                         azimuth_deg=geodesic_inverse(lat1_deg=LAUNCH[0], lon1_deg=LAUNCH[1], lat2_deg=VIA[0][0],
                                                      lon2_deg=VIA[0][1]).azimuth_deg)
    i = 1000
    assert path.r_ecef_m[i] == pytest.approx(
        ecef_from_geodetic(math.radians(at[0]), math.radians(at[1]), path.alt_m[i]), abs=10.0)


def test_velocity_is_the_slope_of_position():
    path = waypoint.plan([LAUNCH, *VIA, AIM], speed_m_s=200.0, alt_m=3000.0, dive_rad=0.5)
    for t_s in (1000.0, path.t_dive_s + 5.0):
        r, v = waypoint.fly_path(path, np.array([t_s - 0.5, t_s, t_s + 0.5]))
        assert r[2] - r[0] == pytest.approx(v[1], abs=1e-3)


@pytest.mark.parametrize("shift", [(0.0, 0.0), (20e3, 5e3), (-60e3, 60e3)])
def test_route_samples_shift_to_the_displaced_impact_at_the_same_height(name, shift):
    entry = shipped().threats[name]
    route = threats.solve_route(name, entry, launch=LAUNCH, aim=AIM)
    table, r, v = threats.lower_routes([route]), np.empty((route.n_samples, 3)), np.empty((route.n_samples, 3))
    status, n, t_s = threats.fly_route(table, 0, *shift, r, v)
    assert status == 0
    assert (n - 1) * table.dt_s[0] == pytest.approx(t_s)
    assert table.dt_s[0] <= 20.0
    seen = np.array([threats.state_at(r, v, 0, n, table.dt_s[0], t) for t in np.linspace(0.0, t_s, 4 * n)])
    heights = np.array([altitude(*s[:3]) for s in seen])
    assert heights.max() < entry.altitude_m.value + 1.0
    assert heights.min() > -1.0
    assert heights[0] == pytest.approx(entry.altitude_m.value, abs=0.01)
    aim = table.aim[0]
    d = seen[-1, :3] - aim[:3]
    assert (d @ aim[3:6], d @ aim[6:9]) == pytest.approx(shift, abs=10.0)  # the chord's share of the curvature
    assert r[0] == pytest.approx(table.path_r[0])


def test_phase_codes_of_the_route(name):
    route = threats.solve_route(name, shipped().threats[name], launch=LAUNCH, aim=AIM)
    table = threats.lower_routes([route])
    assert threats.phase_at(table, 0, 0.0, 7e6, 0.0, 0.0, 0.0, 1.0, 0.0) == Phase.CRUISE
    assert threats.phase_at(table, 0, route.t_impact_s, 7e6, 0.0, 0.0, 0.0, 1.0, 0.0) == Phase.DIVE
    assert table.burn_s[0] == 0.0
