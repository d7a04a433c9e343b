"""Breakdowns: tables, spreads, text, what they may be made of, and what is refused."""

import numpy as np
import pytest
from tests.tiny import tiny

from opendome.cost import breakdown, life_cycle
from opendome.cost.breakdown import costs_of, marginal, sums_of
from opendome.cost.lower import programme_of
from opendome.errors import InputError, ScenarioError
from opendome.scenario.cost_specs import Programme

PROGRAMME = {
    "start": "2026-01", "years": 2, "price_year": 2026,
    "elements": {
        "sats": {"layer": "space", "n_units": 10, "unit_musd": {"value": 30, "low": 20, "high": 40}, "life_years": 1},
        "probes": {"layer": "space", "n_units": 2, "unit_musd": 5},
        "guns": {"n_units": 4, "unit_musd": 2, "operations_unit_musd_per_year": 1, "development_musd": 3},
    },
}


def with_element(**changes):
    return {"start": "2026-01", "years": 5, "elements": {"thing": {"n_units": 4, "unit_musd": 2} | changes}}


def test_table_by_layer_and_phase():
    table = life_cycle(PROGRAMME).table(("layer", "phase")).set_index(["layer", "phase"])["value"]
    # Space: 10 x 30 + 2 x 5, and 10 x 30 again after a year. Guns: 3, 4 x 2, 4 x 2 years x 1.
    assert table["space", "procurement"] == 310
    assert table["space", "replenishment"] == 300
    assert table["guns"].to_dict() == {"development": 3, "procurement": 8, "launch": 0, "replenishment": 0,
                                       "operations": 8, "disposal": 0}
    assert list(table.index.get_level_values("layer").unique()) == ["space", "guns"]


def test_table_by_element_carries_its_layer():
    table = life_cycle(PROGRAMME).table(("element", "layer"))
    assert table[["element", "layer", "value"]].to_numpy().tolist() == [
        ["sats", "space", 600], ["probes", "space", 10], ["guns", "guns", 19]]


def test_error_and_band_over_runs():
    found = life_cycle(PROGRAMME, runs=400)
    row = found.table().iloc[0]
    totals = found.totals()
    assert row["value"] == pytest.approx(totals.mean()) == found.total_musd
    assert row["error"] == pytest.approx(totals.std(ddof=1) / 20)
    assert (row["low"], row["high"]) == (found.low_musd, found.high_musd)
    assert np.mean(totals < found.low_musd) == pytest.approx(0.05, abs=0.01)
    # 20 units at a triangle (20, 30, 40) have a deviation of 20 x 4.08.
    assert totals.std() == pytest.approx(81.6, rel=0.1)


def test_a_single_run_has_neither_error_nor_band():
    row = life_cycle(PROGRAMME).table().iloc[0]
    assert row["value"] == 629
    assert row[["error", "low", "high"]].isna().all()


def test_unit_table():
    table = life_cycle(PROGRAMME).unit_table().set_index("element")
    assert table.loc["sats", ["there", "bought", "replaced", "unit_price_musd", "per_unit_musd"]].tolist() == [
        10, 20, 10, 30, 60]
    assert table.loc["guns", "per_unit_musd"] == 19 / 4


def test_text_is_a_table_with_its_total():
    lines = str(life_cycle(PROGRAMME, runs=50)).splitlines()
    assert lines[0] == "programme: life-cycle cost, M$ of 2026, 2 years from 2026-01"
    assert lines[2].split() == ["development", "procurement", "replenishment", "operations", "total"]
    assert lines[4].split() == ["guns", "3", "8", "0", "8", "19"]
    assert lines[5].startswith("total ")
    assert lines[6].startswith("9 runs of 10 between ")
    assert max(map(len, lines)) <= 96


def test_a_programme_a_scenario_and_plain_data_give_the_same():
    plain = life_cycle(PROGRAMME).total_musd
    assert life_cycle({"price_year": 2026, "start": "2026-01"} | PROGRAMME).total_musd == plain
    quantities = {name: element | {key: {"value": float(number)} for key, number in element.items()
                                   if isinstance(number, int)} for name, element in PROGRAMME["elements"].items()}
    programme = Programme.model_validate(PROGRAMME | {"elements": quantities})
    assert life_cycle(programme).total_musd == plain
    assert life_cycle(tiny(missiles=1, cost=PROGRAMME, assumptions="sampled")).total_musd == plain


def test_units_of_a_scenario_are_those_it_has():
    counts = {"rounds": "layers.only", "radar": "sensors.eye", "sites": "layers.only.sites",
              "launchers": "layers.only.launchers"}
    elements = {name: {"counts": [key], "unit_musd": 1} for name, key in counts.items()}
    found = life_cycle(tiny(missiles=1, cost={"start": "2026-01", "elements": elements}))
    assert dict(zip(found.elements, found.units["there"][0], strict=True)) == {
        "rounds": 1000, "radar": 1, "sites": 1, "launchers": 10}


def test_changes_by_key():
    assert life_cycle(PROGRAMME, changes={"elements.sats.life_years": 2}).total_musd == 329
    assert life_cycle(PROGRAMME, changes={"cost.years": 1}).total_musd == 325
    scenario = tiny(missiles=1, cost=PROGRAMME)
    assert life_cycle(scenario, changes={"elements.sats.life_years": 2}).total_musd == 329
    with pytest.raises(ScenarioError, match="sats"):
        life_cycle(PROGRAMME, changes={"elements.sat.life_years": 2})


def test_fixed_assumptions_are_not_drawn():
    scenario = tiny(missiles=1, cost=PROGRAMME, assumptions="fixed")
    assert life_cycle(scenario, runs=3).totals().tolist() == [629, 629, 629]
    assert costs_of(scenario, runs=2, seed=1).totals().tolist() == [629, 629]


def test_a_single_run_of_a_study_is_drawn_as_the_first_of_many():
    scenario = tiny(missiles=1, cost=PROGRAMME, assumptions="sampled")
    assert costs_of(scenario, runs=1, seed=4).totals()[0] == costs_of(scenario, runs=9, seed=4).totals()[0] != 629


def test_sums_in_blocks_are_those_of_all(monkeypatch):
    scenario = tiny(missiles=1, cost=PROGRAMME, assumptions="sampled")
    monkeypatch.setattr(breakdown, "BLOCK_CELLS", 3 * 6 * 3 * 4)
    sums, whole = sums_of(scenario, runs=10, seed=2), costs_of(scenario, runs=10, seed=2)
    assert np.array_equal(sums.sums["then-year"], whole.by_run("then-year"))


def test_dollars_of_a_bare_programme_are_those_of_its_start():
    bare = {"start": "2005-03", "years": 1, "elements": {"thing": {"n_units": 1, "unit_musd": 1}}}
    assert life_cycle(bare).price_year == 2005
    assert life_cycle(bare | {"start": "2050-01"}).price_year == 2026, "the last year of the index"


# ---- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("runs", [0, -1, 1.5, True, "3"])
def test_runs_are_whole_and_above_none(runs):
    with pytest.raises(InputError, match="must be a whole number of at least 1"):
        life_cycle(PROGRAMME, runs=runs)


def test_more_runs_than_can_be_held_are_refused_with_how_many_can():
    with pytest.raises(InputError, match="must be at most 1,851,851 "):
        life_cycle(PROGRAMME, runs=10_000_000)


def test_groups_and_dollars_that_are_not_there():
    found = life_cycle(PROGRAMME)
    with pytest.raises(InputError, match="by = 'leyer' must be of element, layer, phase, year"):
        found.table("leyer")
    with pytest.raises(InputError, match="dollars = 'real' must be one of constant, then-year, discounted"):
        found.table(dollars="real")


def test_what_is_not_a_programme():
    with pytest.raises(InputError, match=r"has no programme; add \[cost\] to the scenario"):
        life_cycle(tiny(missiles=1))
    with pytest.raises(InputError, match="found int, must be a programme"):
        life_cycle(7)
    with pytest.raises(ScenarioError, match="start"):
        life_cycle({"elements": {"thing": {"n_units": 1, "unit_musd": 1}}})
    with pytest.raises(ScenarioError, match="needs either unit_musd, or first_unit_musd"):
        life_cycle({"start": "2026-01", "elements": {"thing": {"n_units": 1}}})


def test_marginal_of_an_unknown_element_or_none_more():
    with pytest.raises(InputError, match="did you mean guns"):
        marginal(PROGRAMME, "gun")
    with pytest.raises(InputError, match="must be a number above 0"):
        marginal(PROGRAMME, "guns", more=0)


@pytest.mark.parametrize(("element", "message"), [
    ({"there_at_start": 5}, r"there_at_start"),
    ({"life_years": 0.01}, r"life_years"),
    ({"price_year": 1900}, r"price_year"),
])
def test_programmes_that_cannot_be(element, message):
    with pytest.raises(ScenarioError, match=message):
        life_cycle(with_element(**element))


def test_a_drawn_delay_before_the_order_is_refused():
    element = {"orders_from": "2026-06", "first_delivery": "2026-08",
               "delay_months": {"value": 0, "low": -30, "high": 1}}
    with pytest.raises(ScenarioError, match=r"delay_months|orders_from"):
        life_cycle(with_element(**element), runs=50)


def test_a_programme_of_its_own_needs_no_raids():
    assert programme_of(PROGRAMME).title == "programme"
