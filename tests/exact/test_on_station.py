"""Radars that are there in a share of the runs, and radars in the sky against what flies low: solved on paper.

A perfect radar and an interceptor that always hits: a missile leaks where the radar is not there.
"""

import numpy as np
import pandas as pd
import pytest

from opendome import rng, study
from opendome.errors import ScenarioError
from opendome.raid import lower
from opendome.scenario import reader
from opendome.world import geodesic_direct, geodesic_inverse
from tiny import small_raid, tiny

RUNS, SEED = 1000, 17
SURE = {"p_kill": {"ballistic": 1.0, "drone": 1.0}}


def is_seen(results):
    """(R,) whether the missile was seen."""
    return np.isfinite(results.tables.threats["t_seen_s"].to_numpy(float))


@pytest.mark.parametrize("p_there", [0.0, 0.3, 0.95])
def test_share_of_runs_with_the_radar(p_there):
    results = study.run(tiny(sensor={"on_station": p_there}, interceptor=SURE), runs=RUNS, seed=SEED)
    u = np.empty(RUNS)
    rng.uniform_column(rng.key(SEED), 0, rng.ON_STATION, rng.address("eye"), 0, u)
    assert np.array_equal(is_seen(results), u < p_there)
    assert np.array_equal(results.tables.threats["outcome"] == "destroyed", u < p_there)
    assert abs(np.mean(u < p_there) - p_there) <= 4.0 * np.sqrt(p_there * (1.0 - p_there) / RUNS)


def test_two_radars_come_and_go_on_their_own():
    """Each there in half of the runs: nobody looks in a quarter of them."""
    data = reader.to_data(tiny(sensor={"on_station": 0.5}, interceptor=SURE))
    data["sensors"]["other"] = data["sensors"]["eye"]
    share = 1.0 - np.mean(is_seen(study.run(reader.from_data(data), runs=RUNS, seed=SEED)))
    assert abs(share - 0.25) <= 4.0 * np.sqrt(0.25 * 0.75 / RUNS)


def test_an_uncertain_chance_is_drawn_before_the_radar():
    """From the triangle 0, 0, 1, whose mean is a third; among the numbers that the result rests on."""
    scenario = tiny(sensor={"on_station": {"value": 0.0, "low": 0.0, "high": 1.0}}, interceptor=SURE)
    results = study.run(scenario.model_copy(update={"assumptions": "sampled"}), runs=RUNS, seed=SEED)
    assert abs(np.mean(is_seen(results)) - 1.0 / 3.0) <= 4.0 * np.sqrt(2.0 / 9.0 / RUNS)
    problem = lower(scenario, study.catalogue_for(scenario), runs=1, seed=1)
    assert "sensors.eye.on_station" in [a.path for a in problem.assumptions]


def test_one_that_is_never_there_changes_no_draw():
    """A radar beside the others that is never there leaves the raid as it is, to the last bit."""
    absent = {"type": "eye-type", "lat_deg": 25.0, "lon_deg": 55.1, "on_station": 0.0}
    alone, beside = (study.run(s, runs=8, seed=3) for s in (small_raid(), small_raid(stranger=absent)))
    for name in ("threats", "sites", "shots", "replay_tracks", "replay_events"):
        pd.testing.assert_frame_equal(getattr(beside.tables, name), getattr(alone.tables, name))


# ---- low flyers ------------------------------------------------------------------------------------------------------

LOW = {"altitude_m": 50.0, "speed_m_s": 250.0, "dive_deg": 20.0, "range_max_km": 1000.0}


def low_raid(antenna_m, *, roughness_m=0.0, via=()):
    """A cruise missile at 50 m from 500 km in the south (or over `via`), and one radar in the town it flies to."""
    data = reader.to_data(tiny(missiles=0, drones=1, radar={"antenna_m": antenna_m},
                               interceptor={"p_kill": {"ballistic": 0.0, "drone": 0.0}},
                               sensor={"roughness_m": roughness_m, "lat_deg": 25.0, "lon_deg": 55.0}))
    data["places"]["coast"] = {"lat_deg": 20.5, "lon_deg": 55.0}
    data["catalogue"]["threats"]["drone"] |= LOW
    data["raids"]["raid"]["waves"][0]["via"] = [list(point) for point in via]
    return reader.from_data(data)


def first_seen_km(scenario):
    """Distance to go along the way when it is first tracked; nobody shoots it down."""
    threats = study.run(scenario, runs=1, seed=5).tables.threats
    return (threats["t_end_s"] - threats["t_seen_s"]).item() * LOW["speed_m_s"] / 1e3


@pytest.mark.parametrize(("antenna_m", "roughness_m", "horizon_km"), [
    # 4.1217 (sqrt h1 + sqrt h2) km over the roughness
    (10.0, 0.0, 42.2), (60.0, 30.0, 41.0), (3000.0, 0.0, 254.9), (3000.0, 30.0, 243.1),
])
def test_a_cruise_missile_is_seen_at_the_horizon_of_the_radar(antenna_m, roughness_m, horizon_km):
    """Up to 1 km of flight between looks before the first that sees it, 1 km over the two more that make a track."""
    seen_km = first_seen_km(low_raid(antenna_m, roughness_m=roughness_m))
    assert horizon_km - 2.5 < seen_km < horizon_km + 0.5


def test_a_way_over_a_waypoint_is_seen_where_it_crosses_the_horizon():
    """From the south to a point 120 km east of the town, then to it: a radar with 42 km of horizon sees it on the last
    leg, one with 255 km on the first, where geodesics say."""
    turn = geodesic_direct(lat_deg=25.0, lon_deg=55.0, azimuth_deg=90.0, distance_km=120.0)
    assert 42.2 - 2.5 < first_seen_km(low_raid(10.0, via=[turn])) < 42.2 + 0.5
    leg = geodesic_inverse(lat1_deg=20.5, lon1_deg=55.0, lat2_deg=turn[0], lon2_deg=turn[1])
    back_km = np.arange(0.0, leg.distance_km, 0.1)
    points = [geodesic_direct(lat_deg=20.5, lon_deg=55.0, azimuth_deg=leg.azimuth_deg,
                              distance_km=leg.distance_km - float(b)) for b in back_km]
    away_km = [geodesic_inverse(lat1_deg=25.0, lon1_deg=55.0, lat2_deg=lat, lon2_deg=lon).distance_km
               for lat, lon in points]
    expected_km = 120.0 + back_km[np.searchsorted(away_km, 254.9)]
    assert expected_km - 2.5 < first_seen_km(low_raid(3000.0, via=[turn])) < expected_km + 0.5


# ---- what is refused -------------------------------------------------------------------------------------------------


def test_a_radar_in_the_roughness_and_sensors_that_have_none():
    with pytest.raises(ScenarioError, match=r"sensors.eye.roughness_m = 60\n  must be below the antenna") as found:
        study.run(tiny(sensor={"roughness_m": 60.0}), runs=1, seed=1)
    assert "which is at 50 m" in str(found.value)
    data = reader.to_data(tiny())
    data["constellations"] = {"high": {"pattern": "geostationary", "longitudes_deg": [50.0]}}
    data["sensors"]["warner"] = {"type": "ir-geo-scan", "constellation": "high", "roughness_m": 5.0, "on_station": 0.5}
    with pytest.raises(ScenarioError, match=r"sensors.warner.roughness_m = 5\n  is for radars alone") as found:
        study.run(reader.from_data(data), runs=1, seed=1)
    assert "sensors.warner.on_station = 0.5\n  is for radars alone" in str(found.value)
