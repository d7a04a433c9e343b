"""A site that is there from a date on: raids before it meet a defence without it, later ones find all its rounds."""

import pytest

from opendome import study
from opendome.errors import ScenarioError
from opendome.scenario import reader
from tiny import tiny

WAVE = {"threat": "missile", "count": 4, "from": {"north": 1}, "at": {"town": 1}}
RAIDS = {name: {"start": f"2026-0{month}-01T00:00:00Z", "waves": [WAVE]}
         for name, month in (("before", 1), ("first", 2), ("after", 3))}
SURE = {"p_kill": {"ballistic": 1.0}}


@pytest.fixture(scope="module")
def results():
    return study.run(tiny(site={"available_from": "2026-02-01T00:00:00Z", "stock": 20}, interceptor=SURE, raids=RAIDS),
                     runs=3, seed=1)


def by_raid(results, column):
    return results.tables.sites.groupby("raid", observed=False)[column].sum().to_dict()


def test_nothing_is_fired_before_and_everything_is_shot_at_from_then_on(results):
    assert by_raid(results, "shots") == {"before": 0, "first": 24, "after": 24}
    leaked = results.tables.threats.groupby("raid", observed=False)["outcome"].apply(lambda x: (x == "leaked").sum())
    assert leaked.to_dict() == {"before": 12, "first": 0, "after": 0}


def test_its_rounds_come_with_it_and_are_counted_once(results):
    assert by_raid(results, "stock") == {"before": 0, "first": 60, "after": 60}
    assert by_raid(results, "left") == {"before": 0, "first": 36, "after": 12}


def test_what_leaked_before_was_out_of_reach_of_all_that_was_there(results):
    leaked = results.tables.threats.query("outcome == 'leaked'")
    assert set(leaked["reason"]) == {"no reach"}


@pytest.mark.parametrize(("available_from", "served"), [
    ("2025-12-01", 3), ("2026-01-01", 3), ("2026-01-15", 2), ("2026-02-15", 1), ("2026-03-01", 1), ("2026-03-02", 0)])
def test_it_serves_the_raids_that_start_from_its_date_on(available_from, served):
    late = study.run(tiny(site={"available_from": f"{available_from}T00:00:00Z", "stock": 30}, interceptor=SURE,
                          raids=RAIDS), runs=1, seed=1)
    assert [by_raid(late, "shots")[name] for name in RAIDS] == [0] * (3 - served) + [8] * served
    assert by_raid(late, "left")["after"] == (30 - 8 * served if served else 0)


def test_rounds_that_are_not_there_yet_are_not_missed():
    """A second site that comes later has no part in why a missile leaks: here the first decides too late."""
    second = {"lat_deg": 25.02, "lon_deg": 55.01, "launchers": 1, "stock": 20, "available_from": "2027-01-01T00:00:00Z"}
    data = reader.to_data(tiny(layer={"decision_s": 1000}))
    data["layers"]["only"]["sites"]["second-battery"] = second
    assert set(study.run(reader.from_data(data), runs=1, seed=1).tables.threats["reason"]) == {"seen too late"}


def test_raids_out_of_order_are_refused():
    """Else a site would be there in raids that are written later and happened earlier."""
    with pytest.raises(ScenarioError, match=r"battery.available_from = .*\n  needs raids in the order of their starts"):
        tiny(site={"available_from": "2026-02-01T00:00:00Z"}, raids={name: RAIDS[name] for name in ("after", "first")})
