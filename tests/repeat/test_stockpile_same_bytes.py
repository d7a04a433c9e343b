"""Stocks of the same seed are the same bytes, whatever the workers, the number of runs and the company."""

import numpy as np
import pytest

from opendome import rng
from opendome.kernel import spread
from opendome.sampling import Sampler
from opendome.scenario.stock_specs import Stockpile
from opendome.stockpile import project
from opendome.stockpile.flow import empty_records, empty_state, simulate
from opendome.stockpile.lower import lower

RUNS = 40


def ranged(low, value, high):
    return {"low": low, "value": value, "high": high}


def data(**owners):
    """Two owners, a line of each that share seekers, an order, a loan and a war, all uncertain."""
    line = {"interceptor": "pac", "components": {"seeker": 1}}
    order = {"interceptor": "pac", "contract": "2026-01", "lead_months": ranged(1, 3, 9), "over_months": 12}
    return {
        "start": "2026-01", "until": "2027-12", "owners": {"us": {}, "jp": {}, **owners}, "interceptors": {"pac": {}},
        "stocks": {"us": {"pac": ranged(80, 100, 150)}, "jp": {"pac": ranged(10, 30, 40)}},
        "components": {"seeker": {"per_year": ranged(60, 90, 120), "store": 5}},
        "lines": {"us": line | {"owner": "us", "per_year": ranged(50, 60, 90)},
                  "jp": line | {"owner": "jp", "per_year": ranged(20, 30, 60), "export_share": ranged(0.1, 0.4, 0.9)}},
        "orders": {"us": order | {"owner": "us", "rounds": ranged(60, 150, 200)},
                   "jp": order | {"owner": "jp", "rounds": ranged(20, 30, 90)}},
        "transfers": {"loan": {"from": "jp", "to": "us", "interceptor": "pac", "rounds": ranged(5, 10, 20),
                               "month": "2026-05", "back_after_months": 9, "keep": 8}},
        "uses": {"war": {"owner": "us", "interceptor": "pac", "first": "2026-02", "months": ranged(1, 3, 9),
                         "share": ranged(0.2, 0.6, 0.9)}},
    }


def simulated(runs=RUNS, jobs=1, block=7):
    tables = lower(Stockpile.model_validate(data()), Sampler(rng.key(3), runs, True)).tables
    records = empty_records(tables, runs)
    spread(lambda first, last: simulate(tables, first, last, empty_state(tables), records), runs, jobs=jobs,
           block=block)
    return records


@pytest.fixture(scope="module")
def alone():
    return simulated()


def test_it_is_a_fair_sample_of_chance(alone):
    """Otherwise equal bytes would mean little."""
    for name in ("stock", "fired", "delivered", "sent"):
        assert len(np.unique(getattr(alone, name).sum(axis=(1, 2)))) > 3, name
    assert alone.short.any()


@pytest.mark.parametrize("jobs", [2, 5])
def test_same_bytes_for_any_number_of_workers(alone, jobs):
    for name, found in simulated(jobs=jobs)._asdict().items():
        assert found.tobytes() == getattr(alone, name).tobytes(), name


def test_fewer_runs_are_the_first_of_more(alone):
    for name, found in simulated(runs=3)._asdict().items():
        assert found.tobytes() == getattr(alone, name)[:3].tobytes(), name


def test_an_unrelated_owner_changes_nothing_for_the_others():
    without = project(data(), runs=4, seed=3)
    beside = data(ua={})
    beside["owners"] = {"ua": {}, **data()["owners"]}  # first, so that all rows move
    beside["stocks"]["ua"] = {"pac": ranged(10, 20, 30)}
    beside["lines"]["ua"] = {"owner": "ua", "interceptor": "pac", "per_year": ranged(10, 20, 30), "may_supply": ["ua"]}
    beside["orders"]["ua"] = {"owner": "ua", "interceptor": "pac", "rounds": 100, "line": "ua", "contract": "2026-01",
                              "lead_months": 0}
    found = project(beside, runs=4, seed=3)
    assert found[found.owner == "ua"]["delivered"].sum() > 0
    assert found[found.owner != "ua"].reset_index(drop=True).equals(without)
