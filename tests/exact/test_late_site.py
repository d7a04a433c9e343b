"""A site that is there from a date on: raids before it meet a defence without it, later ones find all its rounds."""

import pytest

from opendome import study
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
