"""One site against one or two missiles, through the whole loop: every answer is known on paper.

A perfect radar sees everything and the interceptor outruns everything, so the outcome is decided by kill probability,
doctrine, stock and channels alone. Estimates must lie within four standard errors of the exact figure, which chance
exceeds once in 16,000 times; the seed is fixed, so each test passes for ever or never.
"""

import numpy as np
import pytest

from opendome import study
from tiny import tiny

RUNS = 2000
SHOOT_LOOK_SHOOT = {"doctrine": "shoot-look-shoot", "salvo": 1}


def leaked(results):
    """(R,) leakers of each run."""
    threats = results.tables.threats
    return (threats["outcome"] == "leaked").groupby(threats["run"]).sum().to_numpy(float)


def reasons(results):
    """The reasons for all leakers, each once."""
    threats = results.tables.threats
    return set(threats.loc[threats["outcome"] == "leaked", "reason"])


def assert_near(values, exact):
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    assert abs(np.mean(values) - exact) <= 4.0 * error, f"{np.mean(values):.4f} ± {error:.4f}, exact {exact:.4f}"


@pytest.mark.parametrize(("p_kill", "salvo"), [(0.7, 1), (0.7, 2), (0.4, 3), (0.9, 1)])
def test_independent_shots_multiply_their_misses(p_kill, salvo):
    scenario = tiny(interceptor={"p_kill": {"ballistic": p_kill}}, layer={"salvo": salvo, "shots_max": salvo})
    results = study.run(scenario, runs=RUNS, seed=11)
    assert_near(leaked(results), (1.0 - p_kill) ** salvo)
    assert (results.tables.threats["shots"] == salvo).all()


@pytest.mark.parametrize("shots_max", [2, 3])
def test_shoot_look_shoot_leaks_as_little_and_spends_less(shots_max):
    results = study.run(tiny(layer=SHOOT_LOOK_SHOOT | {"shots_max": shots_max}), runs=RUNS, seed=12)
    assert_near(leaked(results), 0.3**shots_max)
    assert_near(results.tables.threats["shots"].to_numpy(float), sum(0.3**k for k in range(shots_max)))


@pytest.mark.parametrize("layer", [{"salvo": 3, "shots_max": 3}, SHOOT_LOOK_SHOOT | {"shots_max": 3}])
def test_with_everything_in_common_more_shots_do_not_help(layer):
    results = study.run(tiny(layer=layer, interceptor={"common_mode": 1}), runs=RUNS, seed=13)
    assert_near(leaked(results), 0.3)


def test_common_mode_between_none_and_all():
    """A share c of the misses in common: all miss with q = c (1 - p), else each kills with p' = p / (1 - q)."""
    q = 0.5 * 0.3
    miss = 1.0 - 0.7 / (1.0 - q)
    results = study.run(tiny(interceptor={"common_mode": 0.5}), runs=RUNS, seed=14)
    assert_near(leaked(results), q + (1.0 - q) * miss**2)


def test_common_mode_ties_the_shots_at_one_target_and_not_two_targets():
    """Two missiles: each leaks with 0.3, both with 0.09, as what they share is none of each other's."""
    results = study.run(tiny(missiles=2, interceptor={"common_mode": 1}), runs=RUNS, seed=15)
    assert_near(leaked(results) == 2, 0.09)


def test_two_layers_multiply():
    second = {"interceptor": "arrow", "doctrine": "salvo", "salvo": 1, "shots_max": 1, "decision_s": 0,
              "sites": {"other": {"lat_deg": 25.02, "lon_deg": 55.01, "launchers": 1, "stock": 100}}}
    scenario = tiny(layer={"salvo": 1, "shots_max": 1})
    data = scenario.model_copy(update={"layers": scenario.layers | {"second": type(
        scenario.layers["only"]).model_validate(second)}})
    results = study.run(data, runs=RUNS, seed=16)
    assert_near(leaked(results), 0.09)


def test_certain_kill_lets_nothing_through():
    results = study.run(tiny(missiles=5, drones=5, interceptor={"p_kill": {"ballistic": 1, "drone": 1}}), runs=200,
                        seed=17)
    assert (results.tables.threats["outcome"] == "destroyed").all()


def test_no_defence_at_all():
    results = study.run(tiny(missiles=3, interceptor={"p_kill": {"ballistic": 0}}), runs=100, seed=18)
    assert (results.tables.threats["outcome"] == "leaked").all()
    assert reasons(results) == {"all shots missed"}


@pytest.mark.parametrize(("reason", "changes"), [
    ("no stock", {"site": {"stock": 0}}),
    ("never seen", {"radar": {"sector_deg": 90}, "sensor": {"azimuth_deg": 180}}),
    ("no reach", {"site": {"lat_deg": 20.0}}),
    ("no reach", {"interceptor": {"p_kill": {"drone": 0.7}}}),
    ("track too coarse", {"interceptor": {"track_sigma_m": 1e-6}}),
    ("seen too late", {"interceptor": {"reaction_s": 2000}}),
    ("seen too late", {"radar": {"latency_s": 3600}}),
])
def test_each_reason_for_a_leak(reason, changes):
    results = study.run(tiny(**changes), runs=50, seed=19)
    assert (results.tables.threats["outcome"] == "leaked").all()
    assert results.tables.threats["shots"].sum() == 0
    assert reasons(results) == {reason}


def test_one_channel_and_two_at_once():
    """A slow interceptor that can meet them at one place only: the site is still busy with the first."""
    scenario = tiny(missiles=2, site={"channels": 1}, interceptor={"p_kill": {"ballistic": 1}, "alt_min_km": 20,
                                                                   "alt_max_km": 26, "assess_s": 60})
    results = study.run(scenario, runs=50, seed=20)
    assert (leaked(results) == 1).all()
    assert reasons(results) == {"no channel"}


def test_last_rounds_go_to_the_first_targets():
    """Three missiles, one certain round each, two rounds: one leaks for want of stock."""
    results = study.run(tiny(missiles=3, layer={"salvo": 1, "shots_max": 1}, site={"stock": 2},
                             interceptor={"p_kill": {"ballistic": 1}}), runs=50, seed=21)
    assert (leaked(results) == 1).all()
    assert reasons(results) == {"no stock"}
    assert (results.tables.sites["left"] == 0).all()
    assert (results.tables.sites["cost_musd"] == 4.0).all()


def test_strays_come_down_outside():
    """Strays of 60 km on average scatter with 60 / sqrt(pi / 2) km per axis; the town is 10 km in radius."""
    sigma_km = 60 / np.sqrt(np.pi / 2)
    results = study.run(tiny(missile={"p_stray": 1, "stray_km": 60}, interceptor={"p_kill": {"ballistic": 0}}),
                        runs=RUNS, seed=22)
    assert_near(leaked(results), 1.0 - np.exp(-0.5 * (10 / sigma_km) ** 2))
    assert set(results.tables.threats["outcome"]) == {"leaked", "outside"}
