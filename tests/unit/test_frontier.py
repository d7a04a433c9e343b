"""Frontiers: who dominates whom, how sure that is, the budget, what is written, and bad input; no raid is flown."""

import json
import math
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import opendome
from opendome import rng, study
from opendome.cli import frontiers as told
from opendome.errors import InputError
from opendome.report import frontier as pages
from opendome.report import frontier_chart
from opendome.results import Results
from opendome.results.figures import FIGURES
from opendome.scenario import Scenario
from opendome.study import frontier as module
from opendome.study.frontier import Terms, programme_musd, shares_spent, table_of
from opendome.study.pareto import best_within, chances, dominated_by, on_front
from small_programme import BATTERY, COST, ROUND, YEARLY, priced, stand_in
from tiny import tiny

NAN = math.nan
STOCK = "layers.only.sites.battery.stock"

# ---- the front --------------------------------------------------------------------------------------------------

#                 0    1    2    3    4    5    6     7
COSTS = np.array([1.0, 2.0, 2.0, 3.0, 4.0, 4.0, NAN, 5.0])
LEAKS = np.array([0.5, 0.3, 0.4, 0.3, 0.1, 0.1, 0.0, NAN])
"""On the front: 0, 1, and 4 and 5 which are alike. 2 costs as much as 1 and leaks more; 3 leaks as much and costs more;
6 and 7 have no number, and so beat nothing."""


def test_front_and_who_dominates():
    assert on_front(COSTS, LEAKS).tolist() == [True, True, False, False, True, True, False, False]
    assert dominated_by(COSTS, LEAKS).tolist() == [-1, -1, 1, 1, -1, -1, -1, -1]


def test_the_best_of_those_that_cost_no_more_is_named():
    """Point 2 is beaten by 0 and by 1; 1 leaks least of what is no dearer. Of two alike the first is named."""
    assert dominated_by(np.array([1.0, 2.0, 3.0, 2.0]), np.array([0.5, 0.2, 0.6, 0.2])).tolist() == [-1, -1, 1, -1]


def test_front_equals_comparing_all_pairs():
    draws = np.random.default_rng(3)
    for n in draws.integers(1, 12, 200):
        cost, leaks = draws.integers(0, 5, (2, n)).astype(float)
        beaten = [any(cost[j] <= cost[i] and leaks[j] <= leaks[i] and (cost[j] < cost[i] or leaks[j] < leaks[i])
                      for j in range(n)) for i in range(n)]
        assert on_front(cost, leaks).tolist() == [not one for one in beaten]
        for i, j in enumerate(dominated_by(cost, leaks)):
            assert (j >= 0) == beaten[i]
            assert j < 0 or (not beaten[j] and cost[j] <= cost[i] and leaks[j] <= leaks[i])


def test_what_differs_by_rounding_is_equal():
    cost, leaks = np.array([0.1 + 0.2, 0.3, 1.0]), np.array([0.2, 0.2, 0.2])
    assert on_front(cost, leaks).tolist() == [True, True, False]


def test_best_within_a_budget():
    assert np.flatnonzero(best_within(COSTS, LEAKS, 3.5)).tolist() == [1]  # as good as 3, and cheaper
    assert np.flatnonzero(best_within(COSTS, LEAKS, 4.0)).tolist() == [4, 5]
    assert not best_within(COSTS, LEAKS, 0.9).any()


def test_chances_are_those_of_drawing_runs_again():
    """Two runs, two combinations of the same cost: one leaks 0 and 1, the other 0.4 in both. Drawn twice each in one
    half of the draws, so means are 0, 0.5 and 1 with chances 1/4, 1/2, 1/4: the first is on the front in 1/4."""
    cost, leaks = np.ones((2, 2)), np.array([[0.0, 0.4], [1.0, 0.4]])
    found = chances(cost, leaks, 2.0, rng.key(1), 4000)
    error = math.sqrt(0.25 * 0.75 / 4000)
    assert abs(found.p_front[0] - 0.25) < 4 * error
    assert found.p_front[1] == pytest.approx(1.0 - found.p_front[0])
    assert found.p_best == pytest.approx(found.p_front)


def test_chances_are_paired():
    """Leaks go up and down by 0.3 from run to run, the same in both: the better one is on the front in every draw."""
    luck = 0.3 * np.sin(np.arange(30.0))
    leaks = np.column_stack([0.5 + luck, 0.49 + luck])
    found = chances(np.ones((30, 2)), leaks, None, rng.key(1), 200)
    assert found.p_front.tolist() == [0.0, 1.0]
    assert np.isnan(found.p_best).all()


def test_chances_do_not_depend_on_other_combinations_or_on_blocks(monkeypatch):
    draws = np.random.default_rng(5)
    cost, leaks = draws.normal(10, 1, (20, 3)), draws.normal(0.5, 0.1, (20, 3))
    whole = chances(cost, leaks, 10.0, rng.key(1), 100)
    dear = chances(np.column_stack([cost, cost[:, 0] + 9.0]), np.column_stack([leaks, leaks[:, 0] + 1.0]), 10.0,
                   rng.key(1), 100)
    assert dear.p_front.tolist() == [*whole.p_front, 0.0]
    monkeypatch.setattr("opendome.study.pareto.CELLS", 60)
    blocks = chances(cost, leaks, 10.0, rng.key(1), 100)
    assert all((a == b).all() for a, b in zip(whole, blocks))


def test_one_run_says_nothing_about_chances():
    found = chances(np.ones((1, 2)), np.ones((1, 2)), 3.0, rng.key(1), 10)
    assert np.isnan(found.p_front).all()
    assert np.isnan(found.p_best).all()


def test_runs_without_a_value_are_left_out_of_the_means():
    leaks = np.array([[NAN, 0.5], [0.4, 0.5]])
    found = chances(np.ones((2, 2)), leaks, None, rng.key(1), 500)
    assert found.p_front[0] == pytest.approx(0.75, abs=0.08)  # in a quarter of the draws it has no value at all
    assert found.p_front[1] == pytest.approx(0.25, abs=0.08)


# ---- the table --------------------------------------------------------------------------------------------------

BY_HAND = (np.array([[10.0, 20.0, 21.0, 40.0], [10.0, 24.0, 23.0, 40.0]]),
           np.array([[0.9, 0.2, 0.5, 0.0], [0.7, 0.4, 0.5, 0.2]]))
"""Cost and leak-through of four combinations in two runs: means 10, 22, 22, 40 and 0.8, 0.3, 0.5, 0.1."""


def by_hand(budget: float | None = 22.0, figure: str = "leak_through") -> pd.DataFrame:
    terms = Terms(FIGURES[figure], "life_cycle", budget, None, False)
    return table_of({"layers.salvo": [1, 2, 3, 4]}, [(1,), (2,), (3,), (4,)], terms, *BY_HAND, seed=1)


def test_table_by_hand():
    rows = by_hand().set_index("point")
    assert list(rows.index) == [1, 2, 3, 4]  # by cost; of those that cost the same, the better one first
    assert rows["layers.salvo"].tolist() == [1, 2, 3, 4]
    assert rows["value"].tolist() == pytest.approx([0.8, 0.3, 0.5, 0.1])
    assert rows["error"].tolist() == pytest.approx([0.1, 0.1, 0.0, 0.1])  # half the difference of two runs
    assert rows["cost_musd"].tolist() == [10, 22, 22, 40]
    assert rows["cost_error"].tolist() == pytest.approx([0, 2, 1, 0])
    assert rows["is_front"].tolist() == [True, True, False, True]
    assert rows["dominated_by"].fillna(0).tolist() == [0, 0, 2, 0]
    assert rows["is_over"].tolist() == [False, False, False, True]
    assert rows["p_over"].tolist() == [0.0, 0.5, 0.5, 1.0]  # 24 and 23 are above 22
    assert rows["is_best"].tolist() == [False, True, False, False]
    # Drawn are runs 1 and 1, 1 and 2, 2 and 2 with chances 1/4, 1/2, 1/4. The second is within 22 but when drawn 2, 2.
    assert rows["p_best"].tolist() == pytest.approx([0.25, 0.75, 0.0, 0.0], abs=0.06)
    assert rows["p_front"].tolist() == pytest.approx([1.0, 1.0, 0.25, 1.0], abs=0.06)  # the third is cheaper in 2, 2


def test_table_where_more_is_better():
    rows = by_hand(None, "destroyed").set_index("point")
    assert rows["is_front"].tolist() == [True, False, False, False]  # the cheapest destroys most
    assert set(rows["dominated_by"].dropna()) == {1}
    assert not rows["is_over"].any()
    assert rows[["p_over", "p_best"]].isna().all(axis=None)
    within = by_hand(22.0, "destroyed").set_index("point")
    assert within["is_best"].tolist() == [True, False, False, False]
    assert within["p_best"].tolist() == [1.0, 0.0, 0.0, 0.0]


def test_shares_of_years_that_are_spent():
    programme = priced().cost
    assert programme is not None  # July 2026 to June 2028: six, twelve and six months
    assert shares_spent((2026, 2027, 2028), programme, "2026-07").tolist() == pytest.approx([1 / 6, 0, 0])
    assert shares_spent((2026, 2027, 2028), programme, "2027-03").tolist() == pytest.approx([1, 0.25, 0])
    assert shares_spent((2026, 2027, 2028), programme, "2028-06").tolist() == [1, 1, 1]


# ---- from runs to files -----------------------------------------------------------------------------------------


@pytest.fixture
def stood_in(monkeypatch: pytest.MonkeyPatch) -> list[Scenario]:
    """Runs that are not run, ten missiles each. The scenarios asked for, in order."""
    asked: list[Scenario] = []

    def run(one: Scenario, **given: Any) -> Results:
        asked.append(one)
        return stand_in(one, **given)

    monkeypatch.setattr(study, "run", run)
    return asked


def found(**more):
    given = {"over": {STOCK: [2, 6], "layers.only.salvo": [1, 2]}, "runs": 4, "seed": 3} | more
    return opendome.frontier(given.pop("scenario", priced(missiles=10)), **given)


def test_every_combination_costs_its_programme(stood_in):
    rows = found(budget_musd=50.0).table
    assert rows["cost_musd"].tolist() == pytest.approx([46, 46, 58, 58])  # 40, and 3 a round
    assert rows["value"].tolist() == pytest.approx([0.85, 0.85, 0.45, 0.45])
    assert rows["point"].tolist() == [1, 2, 3, 4]
    assert rows["is_front"].all()  # the salvo changes nothing here, so both are on it
    assert rows["is_best"].tolist() == [True, True, False, False]
    assert [s.layers["only"].salvo for s in stood_in] == [1, 2, 1, 2]


def test_uncertain_prices_make_it_uncertain_whether_the_budget_holds(stood_in):
    """A round costs from 2 to 4 M$, 3 at the middle: six cost more than 18 M$ in half of the runs."""
    cost = {**COST, "elements": {**COST["elements"], "rounds": COST["elements"]["rounds"] | {
        "unit_musd": {"value": 3, "low": 2, "high": 4}}}}
    rows = found(scenario=priced(missiles=10, cost=cost, assumptions="sampled"), budget_musd=58.0, runs=400).table
    assert rows["p_over"].tolist() == pytest.approx([0, 0, 0.5, 0.5], abs=4 * 0.025)
    spread = 6 * math.sqrt(1 / 6)  # of a triangle from 2 to 4
    assert rows["cost_error"].iloc[-1] == pytest.approx(spread / 20, rel=0.1)


def test_with_a_date_what_is_there_fights_and_all_is_paid_for(stood_in):
    """Rounds come from January to June 2027, half of them by the end of March. A round is paid for over six months
    before it comes: of 3 M$ 1.75 in 2026 and 1.25 in 2027, a quarter of that by March."""
    staged = {"orders_from": "2026-07", "first_delivery": "2027-01", "last_delivery": "2027-06"}
    cost = {**COST, "elements": COST["elements"] | {"rounds": COST["elements"]["rounds"] | staged}}
    late = priced(missiles=10, cost=cost)
    whole = found(scenario=late, date="2027-03", over={STOCK: [4, 8]})
    assert whole.table["value"].tolist() == pytest.approx([0.85, 0.65])  # two and four rounds are there
    assert whole.table["cost_musd"].tolist() == pytest.approx([52, 64])
    assert "but costs its whole life cycle" in " ".join(told.frontier_text(whole).split())
    spent = found(scenario=late, date="2027-03", until_date=True, over={STOCK: [4, 8]})
    rest = BATTERY + 0.75 * YEARLY
    assert spent.table["cost_musd"].tolist() == pytest.approx([n * (1.75 + 1.25 / 4) + rest for n in (4, 8)])
    assert "costs what is spent until the end of 2027-03" in " ".join(told.frontier_text(spent).split())


def test_dollars():
    """Twelve M$ for four rounds and 20 for the battery in 2026; 5, 10 and 5 for operations in 2026, 2027 and 2028."""
    scenario = priced(site={"stock": 4})
    assert programme_musd(scenario, 2, 1).tolist() == pytest.approx([52, 52])
    assert programme_musd(scenario, 2, 1, "discounted").tolist() == pytest.approx(2 * [37 + 10 / 1.1 + 5 / 1.21])
    assert programme_musd(scenario, 2, 1, "discounted", "2027-06")[0] == pytest.approx(37 + 5 / 1.1)
    assert programme_musd(scenario, 1, 1, "then_year", "2028-06") == pytest.approx(
        programme_musd(scenario, 1, 1, "then_year"))


def test_what_is_told_and_written(stood_in, tmp_path, capsys):
    one = found(budget_musd=50.0, out=tmp_path / "front")
    assert {path.name for path in (tmp_path / "front").iterdir()} == set(pages.FILES)
    told_text = told.frontier_text(one)
    assert "best" in told_text.splitlines()[4]
    assert "Best within 50 M$: layers.only.sites.battery.stock = 2, layers.only.salvo = 1, 0.85 ± 0.03" in told_text
    data = json.loads(json.dumps(told.frontier_data(one)))
    assert [row["point"] for row in data["rows"]] == [1, 2, 3, 4]
    assert data["rows"][0]["dominated_by"] is None
    assert data["budget_musd"] == 50.0
    drawing = ElementTree.fromstring((tmp_path / "front" / "frontier.svg").read_text(encoding="utf-8"))
    assert "budget 50" in "".join(drawing.itertext())
    back = pd.read_parquet(tmp_path / "front" / "frontier.parquet")
    assert back["value"].tolist() == one.table["value"].tolist()
    assert "--budget 50 --runs 4 --seed 3" in (tmp_path / "front" / "frontier.html").read_text(encoding="utf-8")
    again = found(budget_musd=50.0, out=tmp_path / "front")
    pd.testing.assert_frame_equal(again.table, one.table)


def test_what_is_dominated_and_over_has_its_own_mark(stood_in):
    one = found()
    rows = by_hand()
    drawn = frontier_chart.draw(replace(one, table=rows, over={"layers.salvo": [1, 2, 3, 4]},
                                        manifest={**one.manifest, "budget_musd": 22.0}))
    assert [name for name in frontier_chart.NAMES.values() if name in drawn] == [
        "best within the budget", "on the front", "on the front, over the budget", "dominated"]
    assert frontier_chart.kind(by_hand(15.0).iloc[2]) == "over"
    assert "None costs 5 M$ or less." in " ".join(pages.answer(replace(one, table=by_hand(5.0), manifest={
        **one.manifest, "budget_musd": 5.0})))


# ---- bad input --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("more", "words"), [
    ({"over": {"waves.count": [1, 2]}}, "--over waves.count\n  changes the attack or what is attacked"),
    ({"over": {"areas.town.value": [1, 2]}}, "one frontier for each, with --set areas.town.value=..."),
    ({"over": {"threats.burn_s": [60, 61]}}, "--over threats.burn_s\n  changes the attack"),
    ({"over": {}}, "--over: names no key"),
    ({"figure": "shots"}, "figure shots: neither more nor less of it is better by itself"),
    ({"figure": "leak_thru"}, "figure 'leak_thru': there is no such figure"),
    ({"cost": "leakers"}, "cost = 'leakers'\n  must be a figure in M$"),
    ({"scenario": tiny()}, "scenario: has no [cost], so its life cycle has no price"),
    ({"budget_musd": 0.0}, "budget = 0.0\n  must be a number of M$ above 0"),
    ({"budget_musd": NAN}, "budget = nan\n  must be"),
    ({"date": "mid-2028"}, "date = 'mid-2028'\n  must be a month, as 2028-07"),
    ({"date": "2028-07"}, "date = 2028-07\n  must be one of the 2 years that are paid for from 2026-07 on"),
    ({"until_date": True}, "--until-date\n  needs a date"),
    ({"date": "2027-01", "until_date": True, "cost": "cost"}, "--until-date\n  is for the cost of the programme"),
    ({"scenario": tiny(), "cost": "cost", "date": "2027-01"}, "has no [cost], so no dates of delivery"),
])
def test_bad_input(monkeypatch, more, words):
    monkeypatch.setattr(study, "run", lambda *_, **__: pytest.fail("a combination was run"))
    with pytest.raises(InputError) as error:
        found(**more)
    assert words in str(error.value)


def test_a_price_of_the_programme_may_be_varied(stood_in):
    rows = found(over={"cost.elements.rounds.unit_musd": [ROUND, 2 * ROUND]}).table
    assert rows["cost_musd"].tolist() == pytest.approx([3040, 6040])  # a thousand rounds
    assert rows["dominated_by"].fillna(0).tolist() == [0, 1]
    assert COST["elements"]["rounds"]["unit_musd"] == ROUND
    assert module.COST == "life_cycle"
