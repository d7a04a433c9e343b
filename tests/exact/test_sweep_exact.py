"""A sweep over a value with a known answer, through the whole loop: one missile, one shot, leak-through 1 - p_kill."""

import numpy as np
import pytest

import opendome
from tiny import tiny

RUNS = 2000
GLOW = {"plume_kw_sr": 100, "plume_k": 2000, "body_m2": 1, "nose_radius_m": 0.05}
"""What an infrared sensor would see; there is none here."""

ONE_SHOT = tiny(missile=GLOW, layer={"salvo": 1, "shots_max": 1})


def test_one_shot_leaks_what_it_misses():
    found = opendome.sweep(ONE_SHOT, over={"interceptors.p_kill.ballistic": "0.1:0.9:0.2"}, runs=RUNS, seed=31)
    rows = found.rows("leak_through")
    p = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    assert rows["interceptors.p_kill.ballistic"].tolist() == p.tolist()
    assert (np.abs(rows["value"] - (1.0 - p)) <= 4.0 * rows["error"]).all()
    assert rows["error"].to_numpy() == pytest.approx(np.sqrt(p * (1.0 - p) / RUNS), rel=0.1)


def test_shots_multiply_their_misses_over_two_keys():
    found = opendome.sweep(tiny(missile=GLOW, layer={"shots_max": 4}), runs=RUNS, seed=32,
                           over={"layer.salvo": [1, 2, 4], "interceptors.p_kill.ballistic": [0.4, 0.7]})
    rows = found.rows("leak_through")
    exact = (1.0 - rows["interceptors.p_kill.ballistic"]) ** rows["layer.salvo"]
    assert (np.abs(rows["value"] - exact) <= 4.0 * rows["error"]).all()


def test_with_common_random_numbers_a_better_shot_never_leaks_more():
    """Steps of 0.001: the errors of 0.025 are 25 times larger, so independent draws would go up and down."""
    found = opendome.sweep(ONE_SHOT, over={"interceptors.p_kill.ballistic": "0.5:0.52:0.001"}, runs=400, seed=33)
    values = found.rows("leak_through")["value"].to_numpy()
    assert len(values) == 21
    assert (np.diff(values) <= 0.0).all()
    assert values[-1] < values[0]


def test_more_threats_than_rounds():
    """Certain shots, six rounds, one each: of n missiles max(0, n - 6) leak, at every point, without any spread."""
    scenario = tiny(missile=GLOW, site={"stock": 6}, layer={"salvo": 1, "shots_max": 1},
                    interceptor={"p_kill": {"ballistic": 1}})
    rows = opendome.sweep(scenario, over={"waves.count": "4:10:2"}, figures="leakers", runs=4, seed=34).rows("leakers")
    assert rows["value"].tolist() == [0, 0, 2, 4]
    assert (rows["error"] == 0).all()
