"""Figures of money against numbers worked by hand from the small runs with a programme."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import small_campaign
from opendome.errors import InputError
from opendome.results import Results, figures
from small_results import costed, results

RUNS = np.arange(4)
TOTAL = 390.0 + 20.0 * RUNS  # 40 + 10 r of the radars, 350 + 10 r of the batteries
FIRED = np.array([4, 4, 2, 4])  # threats with a first shot: those destroyed, of DDDLD, DLDDD, DOLLD, DDDDL


@pytest.fixture(scope="module")
def small() -> Results:
    return costed()


def test_life_cycle_is_a_sum_with_its_band_over_runs(small: Results) -> None:
    row = small.table("life_cycle").iloc[0]
    assert row["value"] == pytest.approx(420.0)
    assert row["error"] == pytest.approx(TOTAL.std(ddof=1) / 2)
    assert (row["low"], row["high"]) == (pytest.approx(393.0), pytest.approx(447.0))
    assert small.table("then_year")["value"].item() == pytest.approx(630.0)
    assert small.table("discounted")["value"].item() == pytest.approx(210.0)


def test_groups_stand_in_the_order_of_the_programme_and_add_up(small: Results) -> None:
    assert small.table("life_cycle", "layer")["layer"].tolist() == ["radar", "upper"]
    assert small.table("life_cycle", "layer")["value"].tolist() == pytest.approx([55.0, 365.0])
    phases = small.table("life_cycle", "phase")
    assert phases["phase"].tolist() == ["development", "procurement", "launch", "replenishment", "operations"]
    assert phases["value"].tolist() == pytest.approx([100.0, 245.0, 10.0, 15.0, 50.0])  # run 0 has no 10 r
    assert small.table("life_cycle", ["element", "phase"])["value"].sum() == pytest.approx(420.0)


def test_cost_per_threat_is_taken_run_by_run_over_all_threats(small: Results) -> None:
    engaged = small.table("life_cycle_per_engaged")
    assert engaged["value"].item() == pytest.approx((TOTAL / FIRED).mean())
    defeated = small.table("life_cycle_per_defeated", "layer").set_index("layer")["value"]
    assert defeated["radar"] == pytest.approx(((40 + 10 * RUNS) / FIRED).mean())  # over all threats, not its own
    assert defeated.sum() == pytest.approx((TOTAL / FIRED).mean())


def test_a_run_in_which_nothing_is_destroyed_has_no_cost_per_threat(small: Results) -> None:
    threats = small.tables.threats
    spared = threats.assign(outcome=threats["outcome"].astype("str").where(threats["run"] != 1, "leaked")
                            .astype("category"))
    table = replace(small, tables=replace(small.tables, threats=spared)).table("life_cycle_per_defeated")
    assert table["runs"].item() == 3
    assert table["value"].item() == pytest.approx((TOTAL / FIRED)[[0, 2, 3]].mean())


def test_prices_of_an_attack(small: Results) -> None:
    attack = 2 * (1.0 + RUNS) + 3 * 0.1  # two missiles at 1, 2, 3, 4 M$ and three drones
    assert small.table("attack_cost")["value"].item() == pytest.approx(attack.mean())
    assert small.table("attack_cost", "threat_class")["value"].tolist() == pytest.approx([5.0, 0.3])
    assert small.table("cost_per_threat")["value"].item() == pytest.approx((attack / 5).mean())
    assert small.table("attack_cost", "raid")["value"].tolist() == pytest.approx([5.2, 0.1])


def test_cost_exchange_divides_rounds_by_threats(small: Results) -> None:
    attack = 2 * (1.0 + RUNS) + 0.3
    upper, guns = 12.0 * (2 + RUNS), 0.04
    assert small.table("cost_exchange")["value"].item() == pytest.approx(((upper + guns) / attack).mean())
    layers = small.table("cost_exchange", "layer")["value"].tolist()  # over the whole attack, so that they add up
    assert layers == pytest.approx([(upper / attack).mean(), (guns / attack).mean()])
    types = small.table("cost_exchange", "type")  # rounds at a type over that type alone
    assert types["type"].tolist() == ["srbm", "shahed"]
    assert types["value"].tolist() == pytest.approx([(upper / (2 + 2 * RUNS)).mean(), 0.04 / 0.3])


def test_decoys_have_no_price(small: Results) -> None:
    decoys = small.tables.threats.assign(is_decoy=small.tables.threats["type"] == "srbm")
    found = replace(small, tables=replace(small.tables, threats=decoys))
    assert found.table("attack_cost")["value"].item() == pytest.approx(0.3)


def test_what_needs_a_programme_says_so_without_one() -> None:
    for name in ("life_cycle", "life_cycle_per_defeated"):
        with pytest.raises(InputError, match=rf"^figure {name}: needs a programme, and the scenario has no \[cost\]"):
            results().table(name)


def test_an_attack_is_priced_without_a_programme(small: Results) -> None:
    for name in ("attack_cost", "cost_per_threat", "cost_exchange"):
        for by in ((), "threat_class"):
            pd.testing.assert_frame_equal(results().table(name, by), small.table(name, by))


@pytest.mark.parametrize(("name", "by", "message"), [
    ("life_cycle", "type", "figure life_cycle: cannot be grouped by 'type'; it knows element, layer, phase"),
    ("life_cycle", "phases", "hint: did you mean phase"),
    ("cost_exchange", ("raid", "site"), "figure cost_exchange: cannot be grouped by 'site'"),
    ("attack_cost", "layer", "figure attack_cost: cannot be grouped by 'layer'; it knows type, threat_class, raid"),
])
def test_groups_that_make_no_sense_are_refused(small: Results, name: str, by: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        small.table(name, by)
    assert message in str(raised.value)


def test_only_the_first_runs_count_where_not_all_are_kept(small: Results) -> None:
    first = small.tables.costs[small.tables.costs["run"] < 3]
    table = replace(small, tables=replace(small.tables, costs=first)).table("life_cycle")
    assert table["runs"].item() == 3
    assert table["value"].item() == pytest.approx(TOTAL[:3].mean())


def test_results_with_costs_come_back_from_their_folder(small: Results, tmp_path) -> None:
    small.save(tmp_path / "out")
    again = Results.open(tmp_path / "out")
    assert again.tables.costs.equals(small.tables.costs)
    assert again.tables.prices.equals(small.tables.prices)
    assert again.scenario.cost == small.scenario.cost


# ---- campaigns ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def war() -> Results:
    """Four small campaigns with the same programme, and a price of one of the two interceptors."""
    plain, paid = small_campaign.results(owners=2, interceptors=2, runs=4), costed()
    prices = pd.DataFrame({"run": RUNS, "kind": "interceptor", "name": "patriot", "cost_musd": 4.0 + RUNS})
    return Results(replace(plain.tables, costs=paid.tables.costs, prices=prices),
                   plain.scenario.model_copy(update={"cost": paid.scenario.cost}), plain.manifest)


def test_rounds_bought_by_campaigns(war: Results) -> None:
    rows = war.tables.stocks[war.tables.stocks["interceptor"] == "patriot"]
    per_run = rows.groupby("run")["delivered"].sum().to_numpy() * (4.0 + RUNS)
    assert per_run.min() > 0
    assert war.table("bought")["value"].item() == pytest.approx(per_run.mean())
    plain = replace(war, scenario=war.scenario.model_copy(update={"cost": None}))
    assert plain.table("bought").equals(war.table("bought"))  # it needs no programme
    assert war.table("bought", "interceptor")["interceptor"].tolist() == ["patriot"]  # the other has no price
    assert war.table("bought", "month")["value"].sum() == pytest.approx(per_run.mean())


def test_campaigns_know_what_a_programme_costs_for_each_threat(war: Results) -> None:
    met = war.tables.attacks.groupby("run")[["engaged", "destroyed"]].sum()
    for name, column in (("life_cycle_per_engaged", "engaged"), ("life_cycle_per_defeated", "destroyed")):
        assert war.table(name)["value"].item() == pytest.approx((TOTAL / met[column].to_numpy()).mean())


def test_every_figure_of_campaigns_works_by_each_column_it_names(war: Results) -> None:
    names = []
    for figure in figures("campaigns"):
        if figure.needs_cost or figure.join:
            names.append(figure.name)
            assert all(len(war.table(figure.name, column)) for column in figure.by)
    assert names == ["life_cycle", "then_year", "discounted", "life_cycle_per_engaged", "life_cycle_per_defeated",
                     "bought"]
