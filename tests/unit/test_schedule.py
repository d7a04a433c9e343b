"""What is there by a date and when milestones are met, by hand."""

import math
from typing import Any

import numpy as np
import pytest

from opendome.cost.fleet import Fleet
from opendome.cost.schedule import capability, share_month, there_by
from opendome.errors import InputError, ScenarioError
from opendome.scenario import reader
from programme_file import TEXT

STAGED: dict[str, Any] = {"n_units": 24, "unit_musd": 1, "first_delivery": "2027-01", "last_delivery": "2029-01"}
"""One a month for two years, from the 12th month after the start to the 36th."""


def programme(milestones: dict[str, Any] | None = None, **elements: dict[str, Any]) -> dict[str, Any]:
    """Ten years from 2026 on; the elements change what `STAGED` says."""
    every = {name: STAGED | changes for name, changes in elements.items()}
    return {"start": "2026-01", "years": 10, "elements": every, "milestones": milestones or {}}


def row(date: str, runs: int = 1, **changes: Any) -> dict[str, Any]:
    """What is told of one element."""
    return dict(capability(programme(one=changes), date=date, runs=runs).elements.iloc[0])


@pytest.mark.parametrize(("date", "there"), [
    ("2026-12", 0), ("2027-01", 1), ("2027-12", 12), ("2028-06", 18), ("2028-12", 24), ("2029-01", 24),
    ("2035-12", 24)])
def test_staged_deliveries(date: str, there: float) -> None:
    """By the end of 2027-01 a month of the 24 has gone by."""
    found = row(date)
    assert found["value"] == found["planned"] == pytest.approx(there)
    assert found["p_all"] == (there == 24)
    assert math.isnan(found["error"])


def test_a_year_late_halves_what_is_there() -> None:
    """By the end of 2028-12 all 24 are due; twelve months later than dated, 12 are there."""
    found = row("2028-12", delay_months=12)
    assert (found["planned"], found["value"]) == pytest.approx((24, 12))
    assert [found[name] for name in ("planned_first", "first", "planned_done", "done")] == [
        "2027-01", "2028-01", "2029-01", "2030-01"]


def test_twice_as_slow() -> None:
    """Two years become four: half of them after two."""
    found = row("2028-12", stretch=2)
    assert found["value"] == pytest.approx(12)
    assert found["done"] == "2031-01"


@pytest.mark.parametrize(("date", "there"), [("2026-12", 6), ("2027-12", 6 + 18 / 2), ("2029-01", 24)])
def test_those_at_the_start_are_there_before_all_others(date: str, there: float) -> None:
    found = row(date, there_at_start=6)
    assert found["value"] == pytest.approx(there)
    assert found["first"] == "2026-01"


@pytest.mark.parametrize(("date", "there"), [("2027-05", 0), ("2027-06", 24), ("2027-07", 24)])
def test_without_a_last_delivery_all_come_in_one_month(date: str, there: float) -> None:
    found = capability(programme(one=STAGED) | {"elements": {"one": {
        "n_units": 24, "unit_musd": 1, "first_delivery": "2027-06"}}}, date=date, runs=1).elements.iloc[0]
    assert found["value"] == there
    assert found["done"] == "2027-06"


def test_undated_units_are_there_from_the_start() -> None:
    bare = {"start": "2026-01", "elements": {"one": {"n_units": 3, "unit_musd": 1}}}
    found = capability(bare, date="2026-01").elements.iloc[0]
    assert (found["value"], found["error"], found["p_all"]) == (3, 0, 1)
    assert found["layer"] == "one"


def test_spares_come_with_the_others() -> None:
    assert row("2027-12", spares=0.5)["value"] == pytest.approx(18)
    assert row("2027-12", spares=0.5)["units"] == pytest.approx(36)


# ---- over runs ---------------------------------------------------------------------------------------------------

DELAY = {"value": 12, "low": 0, "high": 24}
"""A symmetric triangle: its median is 12; 5 % lie below 24 sqrt(0.05 / 2) = 3.79 months, 5 % above 20.21."""


def test_delays_over_runs() -> None:
    """By the end of 2028-12, 24 units less one for each month late: 12 on average, between 3.8 and 20.2."""
    found = row("2028-12", runs=20_000, delay_months=DELAY)
    assert found["value"] == pytest.approx(12, abs=4 * found["error"])
    assert found["error"] == pytest.approx(24 / math.sqrt(24) / math.sqrt(20_000), rel=0.02)
    assert (found["low"], found["high"]) == pytest.approx((3.79, 20.21), abs=0.2)
    assert [found[name] for name in ("done_low", "done", "done_high")] == ["2029-04", "2030-01", "2030-09"]
    assert [found[name] for name in ("first_low", "first", "first_high")] == ["2027-04", "2028-01", "2028-09"]


def test_chance_that_all_are_there() -> None:
    """All are there by the end of 2029-12 where the delay is below 12 months: half of the runs."""
    found = row("2029-12", runs=20_000, delay_months=DELAY)
    assert found["p_all"] == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(20_000))


def test_runs_that_are_not_there_by_the_end_are_later_than_all_months() -> None:
    """Delays of 0 to 100 months, most likely 96: due by 36, 84 left in ten years. P(delay < 84) = 84^2 / (100 96)."""
    late = {"value": 96, "low": 0, "high": 100}
    met = capability(programme({"all": {"date": "2035-12", "needs": {"one": 1.0}}}, one={"delay_months": late}),
                     date="2035-12", runs=20_000)
    chance = 84**2 / 9600
    assert met.milestones.iloc[0]["p_met"] == pytest.approx(chance, abs=4 * met.milestones.iloc[0]["error"])
    assert 0.5 < chance < 0.95
    assert met.milestones.iloc[0]["month"] is not None
    assert met.milestones.iloc[0]["high"] is None
    assert met.elements.iloc[0]["done_high"] is None
    assert met.last_month == "2035-12"


def test_run_i_is_run_i_whatever_else_there_is() -> None:
    alone = capability(programme(one={"delay_months": DELAY}), date="2028-06", runs=50).elements
    beside = capability(programme(other={"delay_months": DELAY}, one={"delay_months": DELAY}), date="2028-06",
                        runs=50).elements
    assert alone.iloc[0].equals(beside.iloc[1])
    assert beside.iloc[0]["value"] != beside.iloc[1]["value"]


# ---- milestones --------------------------------------------------------------------------------------------------


def test_a_milestone_is_met_when_the_last_share_is_there() -> None:
    """Half of one: 12 + 12 months; a quarter of the other, a year late: 24 + 6 months: in 2028-07."""
    found = capability(programme({
        "both": {"date": "2028-06", "needs": {"one": 0.5, "other": 0.25}},
        "later": {"date": "2028-07", "needs": {"one": 0.5, "other": 0.25}},
        "first": {"date": "2028-01", "needs": {"one": 0.5}},
    }, one={}, other={"delay_months": 12}), date="2028-06", runs=1).milestones
    assert found["month"].tolist() == ["2028-07", "2028-07", "2028-01"]
    assert found["p_met"].tolist() == [0, 1, 1]
    assert found["planned"].tolist() == ["2028-01", "2028-01", "2028-01"]


def test_chance_of_a_milestone() -> None:
    """Two that must both be less than a year late, each in half of the runs, drawn apart: a quarter."""
    found = capability(programme({"all": {"date": "2029-12", "needs": {"one": 1.0, "other": 1.0}}},
                                 one={"delay_months": DELAY}, other={"delay_months": DELAY}),
                       date="2029-12", runs=20_000).milestones.iloc[0]
    assert found["error"] == pytest.approx(math.sqrt(0.25 * 0.75 / 20_000), rel=0.03)
    assert found["p_met"] == pytest.approx(0.25, abs=4 * found["error"])
    assert found["low"] < found["month"] < found["high"]


def test_shares_of_what_is_partly_there() -> None:
    """6 of 24 at the start: a quarter from the start, 0.625 after half of the 24 months."""
    fleet = Fleet(*(np.array([[number]]) for number in (24.0, 6.0, 12.0, 36.0)))
    assert [float(share_month(fleet, share)[0, 0]) for share in (0.25, 0.625, 1.0)] == [0.0, 24.0, 36.0]
    none = Fleet(*(np.array([[number]]) for number in (0.0, 0.0, 12.0, 36.0)))
    assert share_month(none, 1.0)[0, 0] == 0.0
    assert there_by(fleet, 24.0)[0, 0] == 15.0


# ---- what it is given --------------------------------------------------------------------------------------------


def test_scenarios_and_changes() -> None:
    scenario = reader.parse(TEXT)
    found = capability(scenario, date="2028-07", runs=1).elements.set_index("element")
    assert found["units"].to_dict() == {"boosters": 40, "rounds": 8, "centre": 1}
    assert found["layer"].to_dict() == {"boosters": "boost", "rounds": "rounds", "centre": "centre"}
    assert found["planned"]["boosters"] == pytest.approx(40 * 13 / 24)  # from 2027-07 to the end of 2028-07
    assert found["value"]["boosters"] == pytest.approx(40 * 7 / 24)  # six months later, as most likely
    sooner = capability(scenario, date="2028-07", runs=1, changes={"elements.boosters.delay_months": 0}).elements
    assert sooner["value"][0] == pytest.approx(40 * 13 / 24)
    fixed = scenario.model_copy(update={"assumptions": "fixed"})
    assert capability(fixed, date="2028-07", runs=9).elements["error"].tolist() == [0, 0, 0]


@pytest.mark.parametrize("date", ["2025-12", "2036-01", "2028", "2028-13", "mid-2028", None])
def test_dates_that_cannot_be(date: Any) -> None:
    with pytest.raises(InputError, match="must be a month of the programme, 2026-01 to 2035-12"):
        capability(programme(one={}), date=date)


@pytest.mark.parametrize("runs", [0, -1, 1.5, True, 10_000_000])
def test_runs_that_cannot_be(runs: Any) -> None:
    with pytest.raises(InputError, match="must be a whole number from 1 to 1000000"):
        capability(programme(one={}), date="2028-06", runs=runs)


def test_a_bad_programme_is_refused_whole() -> None:
    with pytest.raises(ScenarioError, match="unit_musd") as error:
        capability(programme({"m": {"date": "2040-01", "needs": {"two": 1.0}}}, one={"unit_musd": -1}), date="2028-06")
    assert error.value.problems
