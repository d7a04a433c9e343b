"""Defended footprints: by hand, against a loop in plain Python, what each input does, and against the raid itself."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest

from opendome import geojson, study, threats
from opendome.catalogue import shipped
from opendome.engagement import defended_radius_km, flyout_tables
from opendome.engagement.flyout import UNREACHABLE_S
from opendome.engagement.intercept import flyout_time, ground_range
from opendome.errors import InputError
from opendome.kernel import pack
from opendome.scenario import reader
from opendome.sensing import RadarSite, look, lower_radars
from opendome.study.footprints import bearing_origin, footprint, middle_of
from opendome.study.lattice import cell_areas_km2, grid_around, lattice
from opendome.threats import fly_route, lower_routes, samples_max, solve_route, state_at
from opendome.world import altitude, ecef_from_geodetic, geodesic_direct, geodesic_inverse
from tiny import DRONE, INTERCEPTOR, RADAR, tiny

SITE = (25.02, 55.0)
NORTH = geodesic_direct(lat_deg=SITE[0], lon_deg=SITE[1], azimuth_deg=0.0, distance_km=300.0)
BULLET = {"burnout_speed_m_s": 50000, "burn_s": 0.001, "beta_kg_m2": 1e9, "alt_max_km": 5, "range_max_km": 10,
          "flight_max_s": 60}
"""Meets at once what comes within 10 km."""
LOOKING = {"doctrine": "shoot-look-shoot", "salvo": 1, "shots_max": 9}
EYE = {"range_max_km": 60, "sector_deg": 360, "scan_s": 2}


def case(interceptor=None, radar=None, layer=None, drone=None, **more):
    """One drone at 100 m/s and 500 m, one radar that sees 60 km far, one site beside it that meets at once."""
    found = tiny(missiles=0, drones=1, interceptor=BULLET | (interceptor or {}), radar=EYE | (radar or {}),
                 layer=LOOKING | (layer or {}), sensor={"lat_deg": SITE[0], "lon_deg": SITE[1]}, **more)
    data = reader.to_data(found)
    data["catalogue"]["threats"]["drone"] = DRONE | (drone or {})
    return reader.from_data(data)


def over(scenario, threat="drone", grid=41, size_km=82.0, origin=NORTH, **more):
    return footprint(scenario, layer="only", threat=threat, origins={"north": origin}, grid=grid, size_km=size_km,
                     **more)


def test_cells_wider_than_the_steps_of_the_flights_have_one_flight_each():
    scenario = reader.load("gulf-2026")
    entry = shipped().threats["mrbm"]
    lat, lon = grid_around((25.0, 55.0), 600.0, 3)  # cells of 200 km
    place = scenario.places["semnan"]
    solved, cells, is_reached = lattice("mrbm", entry, ("semnan", (place.lat_deg, place.lon_deg)), lat, lon)
    assert is_reached.sum() == len(solved) > 4  # the others are beyond its range
    assert abs(cells.east_m).max() < 1.0
    assert abs(cells.north_m).max() < 1.0


# ---- by hand --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("assess_s", "reaction_s", "count"), [(20, 15, 3), (40, 15, 2), (90, 15, 1), (0, 25, 4)])
def test_engagements_of_a_level_flight_by_hand(assess_s, reaction_s, count):
    """It comes within 10 km 99 s before it comes down on the site: one at once, then one each time the cycle ends."""
    found = over(case({"assess_s": assess_s, "reaction_s": reaction_s}), grid=1, size_km=2.0)
    assert found.shots.tolist() == [[count]]


def test_tracked_from_by_hand():
    """Seen 60 km away, usable three scans of 2 s and 4 s of latency later, 600 s before it is over the radar."""
    found = over(case(radar={"latency_s": 4}), grid=1, size_km=2.0)
    # 60 km of straight line at 500 m height; the dive of 30 degrees takes 10 s for the last 866 m: 1.34 s longer.
    assert found.tracked_s[0, 0] == pytest.approx(600.0 + 1.34 - 10.0, abs=0.5)


@pytest.mark.compiled
def test_the_circle_of_reach():
    """An interceptor that is there at once defends what is in reach, and what lies behind on the target's way."""
    found = over(case({"range_max_km": 10}))
    lat, lon = np.meshgrid(found.lat_deg, found.lon_deg, indexing="ij")
    east = np.radians(lon - SITE[1]) * np.cos(np.radians(SITE[0])) * 6371.0
    north = np.radians(lat - SITE[0]) * 6371.0
    is_in_circle = np.hypot(east, north) <= 10.0
    # From 300 km to the north the path to a cell to the south is nearly a line east of the site by east * share.
    share = 300.0 / (300.0 - np.minimum(north, 0.0))
    is_passed = (north < 0.0) & (np.abs(east) * share <= 10.0)
    is_near_edge = (np.abs(np.hypot(east, north) - 10.0) < 1.0) | (np.abs(np.abs(east) * share - 10.0) < 1.0)
    is_near_edge |= (np.abs(north) < 1.5) & (np.abs(east) > 8.5)
    assert ((found.shots > 0) == (is_in_circle | is_passed))[~is_near_edge].all()
    assert is_near_edge.mean() < 0.12


@pytest.mark.compiled
def test_radius_ahead_is_the_closed_form():
    """A level flight at 100 m/s against an interceptor that climbs straight at 200 m/s: the farthest point ahead.

    Its motor brings it to that speed at one gravity, which costs half of the 20.4 s that it takes.
    """
    slow = {"burnout_speed_m_s": 200, "burn_s": 1000, "range_max_km": 80, "flight_max_s": 500, "reaction_s": 100}
    found = over(case(slow, {"latency_s": 10}), grid=61, size_km=122.0)
    ahead = [lat for lat, k in zip(found.lat_deg, found.shots[:, 30], strict=True) if k > 0]
    farthest_km = math.radians(max(ahead) - SITE[0]) * 6371.0
    wanted = defended_radius_km(first_detection_km=60.0, threat_speed_km_s=0.1, alt_km=0.5, interceptor_speed_km_s=0.2,
                                reaction_s=100.0 + 10.0 + 3 * 2.0 + 0.5 * 200.0 / 9.80665)
    assert wanted == pytest.approx(31.6, abs=0.1)
    assert wanted - 2.0 <= farthest_km <= wanted + 0.3  # the middle of the last cell of 2 km


# ---- against plain Python -------------------------------------------------------------------------------------------


def by_steps(scenario, threat, aim, step_s=0.05):
    """Engagements of one flight that is solved for its own aim, by stepping through time; one site, one radar."""
    layer, (site,) = scenario.layers["only"], scenario.layers["only"].sites.values()
    (sensor,), catalogue = scenario.sensors.values(), study.catalogue_for(scenario)
    entry, gun = catalogue.threats[threat], catalogue.interceptors[layer.interceptor]
    radar_entry = catalogue.sensors[sensor.type]
    radars = pack(lower_radars([RadarSite("eye", radar_entry, sensor.lat_deg, sensor.lon_deg, sensor.alt_m,
                                          sensor.azimuth_deg)]))
    tables = flyout_tables([gun])
    flight = threats.fly(entry, launch=NORTH, aim=aim, step_s=1.0)
    t = np.arange(0.0, flight.t_s[-1], step_s)
    r = np.stack([np.interp(t, flight.t_s, flight.r_ecef_m[:, c]) for c in range(3)], axis=1)
    site_r = np.array(ecef_from_geodetic(math.radians(site.lat_deg), math.radians(site.lon_deg), site.alt_m))
    fly_s = np.array([flyout_time(tables, 0, ground_range(site_r, *p), altitude(*p)) for p in r])
    fly_s[fly_s >= UNREACHABLE_S] = math.inf
    sees = np.array([look(radars, 0, *p, entry.rcs_m2.value, entry.swerling, 1.0)[0] >= 0.5 for p in r])
    if not sees.any():
        return 0
    ready = t[np.argmax(sees)] + 3 * radar_entry.scan_s.value + radar_entry.latency_s.value
    delay, count = layer.decision_s.value + gun.reaction_s.value, 0
    while count < layer.shots_max:
        fits = t - ready - delay >= fly_s
        if site.radar:
            decided = t - fly_s - delay
            known = np.isfinite(decided)
            at = np.clip(np.where(known, decided, 0.0) / step_s, 0, len(t) - 1).astype(int)
            fits &= known & sees[at]
        if not fits.any():
            return count
        count += 1
        ready = t[np.argmax(fits)] + gun.assess_s.value
    return count


BALLISTIC = {"assess_s": 8, "reaction_s": 6, "burnout_speed_m_s": 1600, "burn_s": 8, "beta_kg_m2": 8000,
             "range_max_km": 60, "alt_max_km": 30, "alt_min_km": 1, "flight_max_s": 80}
SECTOR = {"range_max_km": 300, "sector_deg": 120, "el_max_deg": 70, "latency_s": 1}


@pytest.mark.compiled
@pytest.mark.parametrize(("threat", "changes"), [
    ("missile", {}), ("missile", {"site": {"radar": "eye"}}),
    ("drone", {"interceptor": {"assess_s": 30, "alt_min_km": 0}})])
def test_counts_are_those_of_a_loop_in_steps(threat, changes):
    given = {"interceptor": BALLISTIC, "radar": SECTOR, "layer": LOOKING}
    changes = {key: given.get(key, {}) | value for key, value in changes.items()}
    scenario = tiny(drones=1, **given | changes)
    found = over(scenario, threat, grid=30, size_km=150.0)
    rng = np.random.default_rng(2)
    cells = [(int(i), int(j)) for i, j in rng.integers(0, 30, (40, 2))]
    ours = [int(found.shots[cell]) for cell in cells]
    plain = [by_steps(scenario, threat, (found.lat_deg[i], found.lon_deg[j]), 0.2) for i, j in cells]
    assert len(set(ours)) >= 3
    # A cell whose count turns within a step of the plain loop, or within what its flight differs, may be off by one.
    differ = [abs(a - b) for a, b in zip(ours, plain, strict=True)]
    assert max(differ) <= 1
    assert sum(differ) <= 1


@pytest.mark.compiled
@pytest.mark.parametrize("threat", ["missile", "drone"])
def test_displaced_flights_come_down_where_they_should(threat):
    found = over(tiny(drones=1), threat, grid=20, size_km=250.0)
    assert found.worst_miss_km <= 0.1 + 1e-6


# ---- what each input does -------------------------------------------------------------------------------------------


@pytest.mark.compiled
@pytest.mark.parametrize(("change", "sign"), [
    ({"interceptor": {"reaction_s": 40}}, -1), ({"interceptor": {"assess_s": 30}}, -1),
    ({"radar": {"range_max_km": 9}}, -1), ({"radar": {"latency_s": 550}}, -1),
    ({"interceptor": {"range_max_km": 20}}, 1), ({"layer": {"decision_s": 60}}, -1)])
def test_more_time_or_range_never_hurts(change, sign):
    before, after = over(case()), over(case(**change))
    assert (sign * (after.shots - before.shots) >= 0).all()
    assert sign * (after.shots.sum() - before.shots.sum()) > 0


@pytest.mark.compiled
def test_two_sites_are_as_good_as_either():
    data = reader.to_data(case())
    second = {"lat_deg": 25.2, "lon_deg": 55.2, "launchers": 1, "stock": 1}
    data["layers"]["only"]["sites"]["second"] = second
    scenario = reader.from_data(data)
    # The same cells for all three: about the middle of both.
    both = over(scenario)
    each = []
    for name in ("battery", "second"):
        one = json.loads(json.dumps(data, default=str))
        one["layers"]["only"]["sites"] = {name: data["layers"]["only"]["sites"][name]}
        each.append(footprint(reader.from_data(one), layer="only", threat="drone", origins={"north": NORTH}, grid=41,
                              size_km=82.0, middle=middle_of(scenario, "only")))
    assert (both.shots >= np.maximum(each[0].shots, each[1].shots)).all()
    assert both.shots.sum() > max(one.shots.sum() for one in each)


@pytest.mark.compiled
def test_of_several_origins_the_worst_counts():
    west = bearing_origin(SITE, 270.0, 250.0)
    scenario = case()
    alone = [over(scenario, origin=origin) for origin in (NORTH, west)]
    both = footprint(scenario, layer="only", threat="drone", origins={"n": NORTH, "w": west}, grid=41, size_km=82.0)
    assert (both.shots == np.minimum(alone[0].shots, alone[1].shots)).all()
    assert list(both.origins) == ["n", "w"]


@pytest.mark.compiled
def test_a_salvo_counts_once_and_shots_are_bounded():
    assert over(case(layer={"doctrine": "salvo", "salvo": 2, "shots_max": 2})).k_max == 1
    assert over(case(), shots=2).k_max == 2
    assert over(case(layer={"shots_max": 4, "salvo": 2})).k_max == 2


@pytest.mark.compiled
def test_own_radar_must_see_the_target():
    """Another radar sees 60 km far; the site's own sees 5 km, so the site fires no farther out than that."""
    data = reader.to_data(case())
    data["layers"]["only"]["sites"]["battery"]["radar"] = "own"
    data["catalogue"]["sensors"]["short"] = RADAR | EYE | {"range_max_km": 5}
    data["sensors"]["own"] = {"type": "short", "lat_deg": SITE[0], "lon_deg": SITE[1]}
    found, free = over(reader.from_data(data)), over(case())
    assert (found.shots <= free.shots).all()
    assert 0.1 < found.area_km2(1) / free.area_km2(1) < 0.8


@pytest.mark.compiled
def test_same_bytes_for_any_number_of_jobs():
    one, two = (over(case(), jobs=jobs) for jobs in (1, 2))
    assert one.shots.tobytes() == two.shots.tobytes()
    assert one.tracked_s.tobytes() == two.tracked_s.tobytes()


def test_a_site_whose_own_radar_sees_too_little_fires_late():
    """Its radar sees it for the last 5 km, 49 s: 15 s to the first meeting, 20 s to assess, and no 15 s are left."""
    data = reader.to_data(case({"assess_s": 20, "reaction_s": 15}))
    data["layers"]["only"]["sites"]["battery"]["radar"] = "own"
    data["catalogue"]["sensors"]["short"] = RADAR | EYE | {"range_max_km": 5}
    data["sensors"]["own"] = {"type": "short", "lat_deg": SITE[0], "lon_deg": SITE[1]}
    assert over(reader.from_data(data), grid=1, size_km=2.0).shots.tolist() == [[1]]


# ---- from orbit -----------------------------------------------------------------------------------------------------


def from_orbit(deployed=1.0, sensor="ir-leo-track", **radar):
    """A missile that a layer in orbit looks at, and a radar that sees hardly beyond its site."""
    data = reader.to_data(tiny(interceptor=BALLISTIC, layer=LOOKING,
                               radar={"range_max_km": 5, "el_min_deg": 80} | radar))
    low = {"n_satellites": 54, "n_planes": 6, "inclination_deg": 81, "altitude_km": 1000}
    high = {"pattern": "geostationary", "longitudes_deg": [20, 80]}
    data["constellations"] = {"above": (low if sensor == "ir-leo-track" else high) | {"deployed": deployed}}
    data["sensors"]["tracker"] = {"type": sensor, "constellation": "above"}
    return reader.from_data(data)


@pytest.mark.compiled
def test_a_track_from_orbit_is_enough():
    seen, blind = (over(from_orbit(deployed), "missile", grid=6, size_km=60.0) for deployed in (1.0, 0.0))
    assert (blind.shots == 0).all()
    assert (seen.shots > 0).any()
    assert seen.orbit["tracker"].startswith("warns at ")
    assert "tracks from" in seen.orbit["tracker"]
    assert not blind.orbit


@pytest.mark.compiled
def test_a_warning_helps_a_radar_to_see_farther():
    """Told where to look, a radar sees as far as the fourth root of what the warning sensor says it gains."""
    faint = {"range_max_km": 5000, "el_min_deg": -10, "range_ref_km": 30, "snr_ref_db": 13}
    told, untold = (over(from_orbit(deployed, "ir-geo-stare", **faint), "missile", grid=4, size_km=40.0)
                    for deployed in (1.0, 0.0))
    assert told.orbit["tracker"].startswith("warns at ")
    assert "tracks" not in told.orbit["tracker"]
    assert (told.tracked_s > untold.tracked_s + 1.0).all()
    gain_db = shipped().sensors["ir-geo-stare"].cue_gain_db.value
    twice = over(from_orbit(0.0, "ir-geo-stare", **faint | {"range_ref_km": 30 * 10 ** (gain_db / 40)}), "missile",
                 grid=4, size_km=40.0)
    assert told.tracked_s == pytest.approx(twice.tracked_s, abs=0.05)


@pytest.mark.compiled
def test_a_glider_is_flown_like_one_solved_for_its_cell():
    """Shifted and stretched: the time of flight within 4 s, the place a minute before impact within 1.5 km."""
    entry, launch = shipped().threats["hgv-regional"], (34.3, 47.1)
    lat, lon = grid_around((24.3, 54.4), 200.0, 21)
    solved, cells, is_reached = lattice("hgv-regional", entry, ("west", launch), lat, lon)
    assert is_reached.all()
    routes = lower_routes(solved)
    r, v = np.empty((2, samples_max(solved), 3))
    for c in (0, 20, 220, 261, 440):
        _, n, end_s = fly_route(routes, cells.route[c], cells.east_m[c], cells.north_m[c], r, v)
        end_s *= cells.longer[c]
        own = solve_route("hgv-regional", entry, launch=launch, aim=(lat[c // 21], lon[c % 21]))
        assert end_s == pytest.approx(own.t_impact_s, abs=4.0)
        flight = threats.fly(entry, launch=launch, aim=(lat[c // 21], lon[c % 21]), step_s=1.0)
        there = [np.interp(own.t_impact_s - 60.0, flight.t_s, flight.r_ecef_m[:, k]) for k in range(3)]
        here = state_at(r, v, 0, n, routes.dt_s[cells.route[c]], (end_s - 60.0) / cells.longer[c])[:3]
        assert math.dist(here, there) < 1500.0


# ---- what is written ------------------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_areas_and_geojson_agree():
    found = over(case())
    whole = found.geojson()
    shapes = [f for f in whole["features"] if f["properties"]["kind"] == "footprint"]
    assert [f["properties"]["shots"] for f in shapes] == list(range(1, found.k_max + 1))
    for shape in shapes:
        inside = 0.0
        for rings in shape["geometry"]["coordinates"]:
            for ring in rings:
                inside += _area_km2(ring)
        assert inside == pytest.approx(shape["properties"]["area_km2"], rel=1e-3)
    areas = [f["properties"]["area_km2"] for f in shapes]
    assert areas == sorted(areas, reverse=True)
    points = {f["properties"]["kind"]: f["geometry"]["coordinates"] for f in whole["features"]
              if f["geometry"]["type"] == "Point"}
    assert points["site"] == [55.0, 25.02]
    assert set(points) == {"site", "sensor", "origin"}
    assert json.loads(found.text()) == whole


def _area_km2(ring):
    """Signed area on a sphere, of a ring of straight sides in latitude and longitude."""
    total = 0.0
    for (lon0, lat0), (lon1, lat1) in pairwise(ring):
        total -= math.radians(lon1 - lon0) * math.sin(math.radians(0.5 * (lat0 + lat1)))
    return total * 6371.0088**2


def test_cells_are_square_and_cover_the_area():
    lat, lon = grid_around((35.0, 139.0), 400.0, 100)
    assert lat[-1] - lat[0] == pytest.approx(math.degrees(396.0 / 6371.0088))
    step_km = geodesic_inverse(lat1_deg=35.0, lon1_deg=lon[0], lat2_deg=35.0, lon2_deg=lon[1]).distance_km
    assert step_km == pytest.approx(4.0, rel=0.01)
    lat_edges = np.append(lat - 0.5 * (lat[1] - lat[0]), lat[-1] + 0.5 * (lat[1] - lat[0]))
    lon_edges = np.append(lon - 0.5 * (lon[1] - lon[0]), lon[-1] + 0.5 * (lon[1] - lon[0]))
    assert 100.0 * cell_areas_km2(lat_edges, lon_edges).sum() == pytest.approx(160000.0, rel=2e-3)


def test_a_footprint_over_the_180th_meridian_is_cut():
    found = geojson.cell_polygons(np.ones((2, 2), bool), np.array([0.0, 1, 2]), np.array([179.0, 180.5, 182.0]))
    assert len(found["coordinates"]) == 2


# ---- the raid -------------------------------------------------------------------------------------------------------


@pytest.mark.compiled
def test_the_raid_fires_where_the_footprint_says_it_can():
    """Aim points well inside and well outside: in the raid the first are shot at, and destroyed; the others leak."""
    changes = {"interceptor": BALLISTIC | {"p_kill": {"ballistic": 1.0, "drone": 1.0}}, "layer": LOOKING,
               "radar": {"range_max_km": 300}}
    scenario = tiny(**changes)
    north = (scenario.places["north"].lat_deg, scenario.places["north"].lon_deg)
    found = footprint(scenario, layer="only", threat="missile", origins={"north": north}, grid=25, size_km=200.0)
    cells = [(12, 12), (14, 12), (12, 15), (3, 3), (12, 24), (23, 12), (2, 20)]
    for i, j in cells:
        around = found.shots[max(0, i - 1):i + 2, max(0, j - 1):j + 2] > 0
        assert around.all() == around.any(), "a cell beside the edge decides nothing"
    assert {bool(found.shots[cell]) for cell in cells} == {True, False}
    for i, j in cells:
        town = {"lat_deg": float(found.lat_deg[i]), "lon_deg": float(found.lon_deg[j]), "radius_km": 10,
                "aim_radius_km": 0}
        ran = study.run(tiny(areas={"town": town}, **changes), runs=2, seed=3)
        threat = ran.tables.threats
        assert set(threat["outcome"].astype(str)) == ({"destroyed"} if found.shots[i, j] else {"leaked"})


# ---- errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "message"), [
    ({"layer": "onyl"}, "layer = 'onyl'\n  is no layer of this scenario\nhint: did you mean only?"),
    ({"site": "batery"}, "site = 'batery'\n  is no site of layer only\nhint: did you mean battery?"),
    ({"threat": "misile"}, "threat = 'misile'\n  must be a threat of the catalogue\nhint: did you mean missile"),
    ({"threat": "cruise-missile"}, "at the class 'cruise' of cruise-missile\n  it fires at: ballistic, drone"),
    ({"origins": ["noth"]}, "from = 'noth'\n  is no place of this scenario\nhint: did you mean north?"),
    ({"origins": {"far": (60.0, 55.0)}}, "drone cannot fly from far to the area about"),
    ({"grid": 2000}, "grid = 2000\n  must be a whole number of cells along a side, from 1 to 1000"),
    ({"size_km": 0.0}, "size_km = 0\n  must be 1 to 5000 km"),
    ({"shots": 0}, "shots = 0\n  must be a whole number from 1 to 64")])
def test_what_cannot_be_asked_for(given, message):
    with pytest.raises(InputError) as error:
        footprint(case(), **{"layer": "only", "threat": "drone", "grid": 4} | given)
    assert message in str(error.value)


def test_out_of_reach_says_the_range():
    with pytest.raises(InputError, match="must be at most 500 km"):
        footprint(case(), layer="only", threat="drone", origins={"far": (35.0, 55.0)}, grid=4)


def test_a_place_must_be_named_when_no_wave_sends_it():
    with pytest.raises(InputError, match=r"from\n  must be given: no wave of this scenario sends missile"):
        footprint(case(), layer="only", threat="missile", grid=4)


def test_the_poles_have_no_grid():
    with pytest.raises(InputError, match="must stay within 85 degrees"):
        grid_around((84.0, 0.0), 400.0, 10)


@pytest.mark.compiled
def test_part_out_of_range_is_left_out():
    found = over(case(), origin=geodesic_direct(lat_deg=SITE[0], lon_deg=SITE[1], azimuth_deg=0.0, distance_km=500.0))
    assert 0.3 < found.is_reached.mean() < 0.7
    far = geodesic_inverse(lat1_deg=found.lat_deg[0], lon1_deg=found.lon_deg[0], lat2_deg=NORTH[0], lon2_deg=NORTH[1])
    assert far.distance_km > 300.0
    assert not found.is_reached[0].any()
    assert found.area_km2(0) < 82.0**2
    assert INTERCEPTOR["range_min_km"] == 0


@pytest.mark.compiled
def test_sites_that_come_later_and_radars_that_are_never_there_are_left_out():
    with pytest.raises(InputError, match="there from 2029-12-31 on"):
        footprint("japan-2028", layer="glide", threat="hgv-regional", grid=4)
    later = footprint("japan-2028:blind", layer="glide", threat="hgv-regional", grid=4)
    assert set(later.sites) == {"gpi-north", "gpi-middle", "gpi-south"}
    assert later.sensors
    assert all(name.startswith("patriot-") for name in later.sensors)
