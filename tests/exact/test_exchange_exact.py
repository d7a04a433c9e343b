"""One site with too few rounds: what makes up for one more missile is known on paper.

Six missiles meet eight rounds, two to each: four are fired at and leak with 0.3^2 = 0.09, two are not. One missile more
is one leaker more. Two rounds more are one missile more fired at: 0.91 leakers less. A second battery beside the first,
with its eight rounds, fires at both that are left: 1.82 leakers less. Estimates must lie within four standard errors.
"""

import pytest

import opendome
from small_programme import BATTERY, ROUND, priced

MISS = 0.3**2
RUNS = 300


@pytest.mark.compiled
def test_compensating_cost_of_one_layer():
    scenario = priced(missiles=6, site={"stock": 8}, missile={"cost_musd": {"value": 4, "low": 2, "high": 8}})
    found = opendome.exchange(scenario, share=0.25, more=2, runs=RUNS, seed=5)
    missile = found.manifest["missile"]
    assert missile["more"] == 2
    assert abs(missile["leakers"] - (2 + 4 * MISS)) < 4 * 0.6 / RUNS**0.5
    assert abs(missile["brought"] - 1.0) <= 4 * missile["brought_error"] + 1e-12
    rows = found.table.set_index("element")
    assert found.manifest["not_tried"] == {"command": "counts nothing of the scenario"}
    for name, units, averted, cost in (("rounds", 2, 1 - MISS, 2 * ROUND),
                                       ("batteries", 1, 2 * (1 - MISS), 8 * ROUND + BATTERY)):
        row = rows.loc[name]
        assert row["units"] == units
        assert abs(row["averted"] - averted) < 4 * row["averted_error"]
        assert row["cost_musd"] == pytest.approx(cost)
        exact = cost / averted
        assert abs(row["per_missile_musd"] - exact) < 4 * row["per_missile_error"]
        assert 0.0 < row["per_missile_error"] < 0.1 * exact
        assert row["ratio"] == pytest.approx(row["per_missile_musd"] / 4)
        assert row["ratio_low"] < row["ratio"] / 1.9  # the price may be twice as high
    assert rows.loc["rounds", "closed_form_musd"] == pytest.approx(2 * ROUND)  # two shots, as if both could not miss
    assert found.cheapest()["element"] == "rounds"  # type: ignore[index]


@pytest.mark.compiled
def test_rounds_that_are_not_needed_are_beaten_by_fewer():
    """Eight, twelve and sixteen rounds, two to each of six missiles: the last four stay, and cost 12 M$."""
    found = opendome.frontier(priced(missiles=6), over={"layers.only.sites.battery.stock": [8, 12, 16]}, runs=100,
                              seed=5, budget_musd=80.0)
    rows = found.table
    exact = [(2 + 4 * MISS) / 6, MISS, MISS]
    assert rows["cost_musd"].tolist() == pytest.approx([40 + 3 * n for n in (8, 12, 16)])
    for value, error, paper in zip(rows["value"], rows["error"], exact):
        assert abs(value - paper) < 4 * error
    assert rows["value"].iloc[1] == rows["value"].iloc[2]  # the same luck, run by run
    assert rows["is_front"].tolist() == [True, True, False]
    assert rows["dominated_by"].fillna(0).tolist() == [0, 0, 2]
    assert rows["p_front"].tolist() == [1.0, 1.0, 0.0]
    best = found.best()
    assert best is not None
    assert (best["layers.only.sites.battery.stock"], best["p_best"]) == (12, 1.0)
