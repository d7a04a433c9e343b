"""Campaigns: the same bytes for any number of workers and of runs, and whatever other campaigns there are."""

import numpy as np
import pytest

from opendome.scenario import reader
from tiny_campaign import busy, by_rates, on_template, run

pytestmark = pytest.mark.compiled

DAYS = {"2026-01-05": {"ballistic": 6, "drone": 3}, "2026-01-09": {"ballistic": 9}}
PROCESS = {"classes": {"ballistic": {"per_day": {"value": 3.0, "low": 2.0, "high": 5.0}, "dispersion": 0.5,
                                     "level_sigma": 0.2}}}
TIER = {"interceptor": "arrow", "salvo": 2, "p_kill": {"value": 0.6, "low": 0.3, "high": 0.9}}
SMALL = {"points": 8, "checks": 4, "runs": 4}


def scenarios():
    rates = by_rates({}, [TIER], until="2026-03", process=PROCESS, stocks={"arrow": 300})
    return {
        "rates": rates.model_copy(update={"assumptions": "sampled"}),
        "surface": busy("surface", DAYS, stock=25, **SMALL),
        "raid": busy("raid", DAYS, stock=25),
        "drawn raid": on_template("raid", process={"classes": {"ballistic": {"per_day": 0.3}}}, stock=30),
    }


def arrays(outcome):
    """Every array of an outcome, and the rows about its surfaces."""
    found = {f"records.{k}": v for k, v in outcome.records._asdict().items() if k != "works"}
    return found | {f"attacks.{k}": v for k, v in outcome.attacks._asdict().items()}


def same(one, other, rows=slice(None)):
    first, second = arrays(one), arrays(other)
    return all(np.array_equal(first[name][rows], second[name][rows]) for name in first)


@pytest.mark.parametrize("name", scenarios())
def test_same_bytes_for_any_number_of_workers(name):
    alone = run(scenarios()[name], 21, jobs=1)
    assert alone.attacks.leaked.any(), "equal bytes of nothing would mean little"
    assert len(np.unique(alone.attacks.leaked.sum(axis=(1, 2, 3)))) > 1
    for jobs in (2, 5):
        many = run(scenarios()[name], 21, jobs=jobs)
        assert same(alone, many)
        assert alone.surfaces == many.surfaces


@pytest.mark.parametrize("name", scenarios())
def test_fewer_runs_are_the_first_of_more(name):
    few, many = run(scenarios()[name], 3), run(scenarios()[name], 21)
    first = arrays(many)
    assert all(np.array_equal(found, first[key][:3]) for key, found in arrays(few).items())
    assert few.surfaces == many.surfaces


def test_another_seed_changes_the_draws():
    one = scenarios()["rates"]
    assert not same(run(one, 21, seed=1), run(one, 21, seed=2))


def test_a_campaign_elsewhere_changes_nothing_here():
    """A second state with a stock and a campaign of its own."""
    one = scenarios()["rates"]
    data = reader.to_data(one)
    data["stockpile"]["owners"]["other"] = {}
    data["stockpile"]["stocks"]["other"] = {"arrow": 50}
    data["campaigns"]["elsewhere"] = data["campaigns"]["siege"] | {"owner": "other"}
    alone, beside = run(one, 21), run(reader.from_data(data), 21)
    here = beside.names.pairs.index(("home", "arrow"))
    assert np.array_equal(alone.records.stock[:, :, 0], beside.records.stock[:, :, here])
    for mine, both in zip(alone.attacks, beside.attacks, strict=True):
        assert np.array_equal(mine[:, :, 0], both[:, :, 0])
    assert not np.array_equal(beside.attacks.launched[:, :, 0], beside.attacks.launched[:, :, 1])


def test_every_round_and_every_threat_is_accounted_for():
    for name, scenario in scenarios().items():
        outcome = run(scenario, 21)
        kept, came = outcome.records, outcome.attacks
        into = outcome.tables.start[:, np.newaxis] + (kept.delivered + kept.received).cumsum(axis=1)
        out = kept.stock + (kept.fired + kept.sent + kept.expired).cumsum(axis=1)
        assert np.array_equal(into, out), name
        assert np.array_equal(came.launched, came.destroyed + came.leaked + came.harmless), name
        assert (came.engaged <= came.launched).all(), name
        assert (kept.fired <= kept.wanted).all(), name
        assert (kept.stock >= 0).all(), name


def test_no_two_raids_share_their_random_numbers():
    """Ten equal raids in one run, plenty of rounds: outcomes differ from day to day."""
    days = {f"2026-{month:02d}-05": {"ballistic": 8} for month in range(1, 11)}
    outcome = run(on_template("raid", days, until="2026-10"), 4)
    leaked = outcome.attacks.leaked[:, :, 0, 0]
    assert all(len(np.unique(row)) > 1 for row in leaked)
    assert len(np.unique(leaked, axis=0)) == 4


def test_progress_ends_at_its_total():
    for scenario in scenarios().values():
        told = []
        run(scenario, 3, progress=lambda done, total, told=told: told.append((done, total)))
        assert told[0][0] == 0
        assert told[-1][0] == told[-1][1] > 0
        assert [done for done, _ in told] == sorted(done for done, _ in told)
