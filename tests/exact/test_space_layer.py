"""A layer in orbit, warning from orbit and decoys through the whole loop: every answer is known on paper."""

import numpy as np
import pytest
from test_one_site import SHOOT_LOOK_SHOOT, assert_near, leaked, reasons

from opendome import study
from opendome.errors import ScenarioError
from opendome.scenario import reader
from tiny_space import in_orbit

RUNS = 2000


@pytest.mark.parametrize("salvo", [1, 2])
def test_shots_from_orbit_multiply_their_misses(salvo):
    results = study.run(in_orbit(salvo=salvo), runs=RUNS, seed=21)
    assert_near(leaked(results), 0.3**salvo)
    assert (results.tables.threats["shots"] == salvo).all()


def test_orbit_and_ground_multiply():
    results = study.run(in_orbit(ground={"layer": {"salvo": 1, "shots_max": 1}}), runs=RUNS, seed=22)
    assert_near(leaked(results), 0.3 * 0.3)
    assert_near(results.tables.threats["shots"].to_numpy(float), 1.0 + 0.3)


def test_each_satellite_has_its_rounds_and_no_more():
    """Twelve satellites with one sure shot each, twenty missiles: eight leak in every run."""
    scenario = in_orbit(missiles=20, spear={"per_satellite": 1, "p_kill": {"ballistic": 1}})
    results = study.run(scenario, runs=50, seed=23)
    assert set(leaked(results)) == {8.0}
    assert reasons(results) == {"no stock"}
    assert (results.tables.sites.query("layer == 'boost'")["left"] == 0).all()


def test_satellites_that_do_not_work_have_no_rounds():
    """Of twelve satellites each is out with 0.25: the stock is binomial, and so is what it can stop."""
    scenario = in_orbit(missiles=20, low={"outage": 0.25}, spear={"per_satellite": 1, "p_kill": {"ballistic": 1}})
    results = study.run(scenario, runs=RUNS, seed=24)
    assert_near(results.tables.sites["stock"].to_numpy(float), 12 * 0.75)
    assert_near(leaked(results), 20 - 12 * 0.75)
    assert np.var(leaked(results)) == pytest.approx(12 * 0.25 * 0.75, rel=0.15)


def test_planes_that_are_not_deployed_are_not_there():
    results = study.run(in_orbit(low={"deployed": 0.7}), runs=2, seed=25)  # two of three planes
    assert set(results.tables.sites["stock"]) == {800.0}


def test_a_decision_later_than_burnout_is_too_late():
    results = study.run(in_orbit(layer={"decision_s": 101}), runs=20, seed=26)
    assert set(leaked(results)) == {1.0}
    assert (results.tables.threats["shots"] == 0).all()
    assert reasons(results) == {"seen too late"}
    assert set(study.run(in_orbit(layer={"decision_s": 50}), runs=20, seed=26).tables.threats["shots"]) == {1}


def test_the_shot_comes_a_decision_after_the_warning():
    threats = study.run(in_orbit(layer={"decision_s": 20}), runs=50, seed=34).tables.threats
    after_s = (threats["t_shot_s"] - threats["t_warned_s"]).to_numpy(float)
    assert after_s.min() >= 20.0
    assert after_s.max() <= 24.0  # two steps: one to notice, one to fire


def test_the_warning_comes_a_latency_after_the_looks():
    """Three sure looks a second apart; the first comes within a second of launch, at the earlier of two satellites'
    phases, so after a third of a second on average; ten seconds more to the command post."""
    results = study.run(in_orbit(eye={"looks_needed": 3, "latency_s": 10}), runs=RUNS, seed=27)
    after_s = results.tables.warnings["warned_after_s"].to_numpy(float)
    assert after_s.min() >= 12.0
    assert after_s.max() <= 13.01
    assert_near(after_s, 12 + 1 / 3)
    assert_near(results.tables.warnings["stereo_after_s"].to_numpy(float), 12 + 2 / 3)
    assert results.table("warned", by="sensor")["value"].tolist() == [1.0]
    assert results.table("stereo", by="sensor")["value"].tolist() == [1.0]


def test_a_layer_that_tells_decoys_apart_wastes_no_shot_and_one_that_does_not_wastes_its_share():
    """Three decoys each taken for a warhead with 0.4; what is fired at the missile is the same."""
    ground = {"layer": {"salvo": 1, "shots_max": 1, "p_decoy_as_threat": 0.4}, "site": {"channels": 100}}
    spear = {"p_kill": {"ballistic": 0}}
    results = study.run(in_orbit(decoys=3, ground=ground, spear=spear), runs=RUNS, seed=28)
    assert_near(results.tables.threats.query("is_decoy").groupby("run")["shots"].sum().to_numpy(float), 3 * 0.4)
    assert_near(leaked(results), 0.3)
    assert results.table("launched")["value"].tolist() == [1.0]
    assert results.table("shots_at_decoys")["value"].iloc[0] == pytest.approx(1.2, abs=0.1)
    kills = results.table("kills", by="layer").set_index("layer")["value"]
    assert kills["only"] == pytest.approx(results.table("destroyed")["value"].iloc[0])


@pytest.mark.parametrize("step_s", [2, 30])
def test_a_missile_destroyed_in_its_burn_sets_no_decoys_free(step_s):
    """Also when burnout and the release of the decoys fall into one step."""
    ground = {"layer": {"salvo": 1, "shots_max": 1}}
    scenario = in_orbit(decoys=2, ground=ground, spear={"p_kill": {"ballistic": 1}}, layer={"decision_s": 60},
                        low={"n_satellites": 600, "n_planes": 20}, step_s=step_s)
    results = study.run(scenario, runs=20, seed=29)
    assert set(results.tables.threats.query("not is_decoy")["outcome"]) == {"destroyed"}
    decoys = results.tables.threats.query("is_decoy")
    assert set(decoys["outcome"]) == {"void"}
    assert (decoys["shots"] == 0).all()


def test_what_no_satellite_can_meet_is_out_of_reach():
    results = study.run(in_orbit(spear={"speed_km_s": 0.1, "accel_g": 1}), runs=20, seed=30)
    assert reasons(results) == {"no reach"}


def test_shoot_look_shoot_from_orbit():
    results = study.run(in_orbit(layer=SHOOT_LOOK_SHOOT | {"shots_max": 3}), runs=RUNS, seed=31)
    assert_near(leaked(results), 0.3**3)
    assert_near(results.tables.threats["shots"].to_numpy(float), 1 + 0.3 + 0.3**2)


def test_an_interceptor_that_needs_no_plume_may_come_after_burnout():
    late = {"decision_s": 150}
    assert reasons(study.run(in_orbit(layer=late), runs=20, seed=32)) == {"seen too late"}
    spear = {"needs_plume": False, "p_kill": {"ballistic": 1}}
    results = study.run(in_orbit(layer=late, spear=spear), runs=20, seed=32)
    assert set(results.tables.threats["outcome"]) == {"destroyed"}


def test_satellites_carry_their_rounds_over_to_the_next_raid():
    """Twelve rounds: ten for the first raid, two for the second."""
    data = reader.to_data(in_orbit(missiles=10, spear={"per_satellite": 1, "p_kill": {"ballistic": 1}}))
    data["raids"]["later"] = data["raids"]["raid"] | {"start": "2026-01-01T06:00:00Z"}
    results = study.run(reader.from_data(data), runs=20, seed=33)
    left = results.table("left", by=["raid", "layer"]).set_index("raid")["value"]
    assert (left["raid"], left["later"]) == (2.0, 0.0)
    assert results.table("leakers", by="raid").set_index("raid")["value"].to_dict() == {"raid": 0.0, "later": 8.0}


def test_a_layer_in_orbit_has_no_say_about_decoys():
    with pytest.raises(ScenarioError, match="means nothing in orbit"):
        study.run(in_orbit(layer={"p_decoy_as_threat": 0.5}), runs=1)


def test_two_layers_cannot_share_the_satellites_of_one_constellation():
    scenario = in_orbit()
    layers = {**scenario.layers, "again": scenario.layers["boost"]}
    with pytest.raises(ScenarioError, match="carries the interceptors of layer 'boost' already"):
        study.run(scenario.model_copy(update={"layers": layers}), runs=1)
