"""Rows of money beside those of raids and campaigns: the same programme, drawn at the same addresses."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from opendome import rng, study
from opendome.catalogue import Catalogue, shipped, with_overrides
from opendome.cost.breakdown import costs_of
from opendome.results import Results
from opendome.sampling import Sampler
from opendome.study import costs
from small_results import PROGRAMME, results
from tiny import DRONE, tiny
from tiny_campaign import by_rates

UNCERTAIN = {**PROGRAMME, "discount_rate": 0.03, "elements": {
    **PROGRAMME["elements"], "star": {"n_units": 3, "unit_musd": {"value": 60, "low": 30, "high": 90}, "life_years": 5},
    "gift": {"n_units": 4, "unit_musd": 0}}}
"""Radars, one battery, three satellites whose price is drawn, and something that costs nothing."""


def catalogue() -> Catalogue:
    """The shipped one with the drone of the small runs."""
    drone = DRONE | {"cost_musd": {"value": 0.03, "low": 0.02, "high": 0.035}}
    return with_overrides(shipped(), {"threats": {"shahed": drone}})[0]


def priced(runs: int) -> costs.Money:
    """What so many of the small runs cost."""
    return costs.money(results(cost=UNCERTAIN).scenario, catalogue(), runs=runs, seed=7)


@pytest.fixture(scope="module")
def small() -> Results:
    """The small runs with what their programme costs."""
    plain = results(cost=UNCERTAIN)
    fixed = plain.tables.assumptions.iloc[[1]].assign(path="threats.srbm.cost_musd")  # as the raids leave it
    known = pd.concat([plain.tables.assumptions, fixed]).astype({"path": "category"})
    return replace(plain, tables=priced(4).beside(replace(plain.tables, assumptions=known)))


def test_rows_are_what_the_programme_costs(small: Results) -> None:
    whole = costs_of(small.scenario, runs=4, seed=7)
    assert small.tables.costs.groupby("run")["cost_musd"].sum().to_numpy() == pytest.approx(whole.totals())
    assert small.table("then_year")["value"].item() == pytest.approx(whole.totals("then-year").mean())
    assert small.table("discounted")["value"].item() == pytest.approx(whole.totals("discounted").mean())
    # two radars at 25 M$, a battery at 100 M$, 3 satellites and 9 that replace them at a price that runs draw
    star = small.tables.costs.query("element == 'star'").groupby("run")["cost_musd"].sum().to_numpy()
    assert np.ptp(star) > 0
    assert whole.totals() == pytest.approx(150.0 + star)
    assert "gift" not in set(small.tables.costs["element"])  # rows that cost nothing are left out


def test_the_rows_of_a_run_do_not_depend_on_how_many_there_are(small: Results) -> None:
    more = priced(9).beside(results().tables)
    assert more.costs[more.costs["run"] < 4].equals(small.tables.costs)


def test_prices_of_threats_are_drawn_at_their_path(small: Results) -> None:
    sampler = Sampler(rng.key(7), 4, True)
    for name in ("srbm", "shahed"):
        drawn = sampler.column(f"threats.{name}.cost_musd", catalogue().threats[name].cost_musd)
        rows = small.tables.prices[small.tables.prices["name"] == name]
        assert rows["cost_musd"].to_numpy() == pytest.approx(drawn)
        assert np.ptp(drawn) > 0


def test_assumptions_hold_what_the_programme_states(small: Results) -> None:
    rows = small.tables.assumptions.set_index("path")
    assert rows.index.is_unique
    assert rows.loc["cost.elements.star.unit_musd", "sampled"]
    assert not rows.loc["cost.elements.radar.unit_musd", "sampled"]
    assert "cost.elements.radar.spares" not in rows.index  # not written: nothing
    assert rows.loc["cost.price_growth", "value"] == 0.02
    assert rows.loc["interceptors.thaad.cost_musd", "sampled"]  # as it was
    assert not rows.loc["layers.upper.decision_s", "sampled"]
    assert rows.loc["threats.srbm.cost_musd", "sampled"]


def test_tables_of_raids_stay_as_they_are(small: Results) -> None:
    plain = results()
    for name in ("threats", "sites", "shots", "warnings", "replay_tracks"):
        assert getattr(small.tables, name).equals(getattr(plain.tables, name))


def test_only_as_many_runs_are_kept_as_fit(monkeypatch) -> None:
    plain = results(cost=UNCERTAIN)
    monkeypatch.setattr(costs, "ROWS_MAX", 4 * 6 * 3 + 1)  # 4 elements in 6 phases, 3 runs
    tables = priced(4).beside(plain.tables)
    assert tables.costs["run"].unique().tolist() == [0, 1, 2]
    assert replace(plain, tables=tables).table("life_cycle")["runs"].item() == 3


def test_a_run_of_raids_is_also_priced() -> None:
    scenario = tiny(cost={**PROGRAMME, "elements": {"battery": {"layer": "only", "counts": ["layers.only.sites"],
                                                                "unit_musd": {"value": 10, "low": 5, "high": 20}}}},
                    assumptions="sampled")
    one, two = (study.run(scenario, runs=6, seed=3, jobs=jobs) for jobs in (1, 2))
    assert one.tables.costs.equals(two.tables.costs)
    assert one.tables.prices["cost_musd"].unique().tolist() == [1.0]
    assert one.table("attack_cost")["value"].item() == 1.0
    assert one.table("cost_exchange")["value"].item() == pytest.approx(one.table("cost")["value"].item())
    without = study.run(scenario.model_copy(update={"cost": None}), runs=6, seed=3, jobs=1)
    assert without.tables.threats.equals(one.tables.threats)
    assert without.tables.costs.empty
    assert "life_cycle" not in without.summary()
    assert without.tables.prices.equals(one.tables.prices)  # every scenario has prices, drawn at the same addresses
    assert without.summary()["exchange"] == one.summary()["exchange"]


def test_prices_are_drawn_without_a_programme() -> None:
    plain = results()
    tables = costs.money(plain.scenario, catalogue(), runs=4, seed=7).beside(plain.tables)
    assert tables.prices.equals(priced(4).beside(plain.tables).prices)
    assert tables.costs.empty
    rows = tables.assumptions.set_index("path")
    assert rows.index[rows["sampled"]].tolist() == [
        "interceptors.thaad.cost_musd", "threats.srbm.cost_musd", "threats.shahed.cost_musd"]


def test_campaigns_are_also_priced() -> None:
    plain = by_rates({"2026-01-05": 20}, [{"interceptor": "arrow", "p_kill": 0.5, "salvo": 1}])
    pile = plain.stockpile
    typed = pile.interceptors["arrow"].model_copy(update={"type": "thaad"})
    programme = small_programme()
    scenario = plain.model_copy(update={
        "cost": programme, "assumptions": "sampled",
        "stockpile": pile.model_copy(update={"interceptors": {"arrow": typed}})})
    found = study.run(scenario, runs=3, seed=2, jobs=1)
    drawn = Sampler(rng.key(2), 3, True).column("interceptors.thaad.cost_musd",
                                                shipped().interceptors["thaad"].cost_musd)
    assert found.tables.prices["cost_musd"].to_numpy() == pytest.approx(drawn)
    assert found.table("bought")["value"].item() == 0.0  # nothing is ordered
    assert found.table("life_cycle")["value"].item() == pytest.approx(50.0)
    assert found.tables.assumptions.set_index("path").loc["interceptors.thaad.cost_musd", "sampled"]
    without = study.run(scenario.model_copy(update={"cost": None}), runs=3, seed=2, jobs=1)
    assert without.tables.prices.equals(found.tables.prices)
    assert without.tables.owned.equals(found.tables.owned)
    assert without.tables.costs.empty


def small_programme():
    """Two radars at 25 M$."""
    return results(cost={**PROGRAMME, "elements": {"radar": PROGRAMME["elements"]["radar"]}}).scenario.cost

