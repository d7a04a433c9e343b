"""What four runs of a small study of campaigns leave behind, six months from 2026-02, worked by hand."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from opendome.battle import CLASSES
from opendome.campaign.outcome import Attacks, Outcome
from opendome.results import Results
from opendome.sampling import Assumption
from opendome.scenario import Scenario
from opendome.scenario.quantity import Quantity
from opendome.stockpile.names import Names
from opendome.stockpile.tables import NEVER, Lots, Records
from opendome.study import campaigns

STOCKS = {
    ("us", "patriot"): ((100, 100), ("80 60 70 90 100 110", "80 50 60 80 90 100", "80 40 50 60 70 80",
                                     "90 100 90 100 100 120")),
    ("us", "thaad"): ((20, 20), ("20 20 20 20 20 20",) * 4),
    ("gulf", "patriot"): ((10, 10), ("0 0 0 5 10 10", "5 5 10 10 10 10", "0 0 0 0 0 0", "10 10 10 10 10 10")),
}
"""Rounds at the start and level to return to, then rounds at the ends of the months, run by run. Falls are fired, rises
delivered; in the first month of run 2 the Gulf wants two rounds more than it has."""

BACK = {("us", "patriot"): (4, 5, None, 3), ("us", "thaad"): (None,) * 4, ("gulf", "patriot"): (4, 2, None, None)}
"""Month from which on the stock is back; None where it is not, or never fell."""

LEAKED = (0, 1, 2, 3)
"""Of ten ballistic missiles a month in the first two months, run by run."""


def scenario(**changes: Any) -> Scenario:
    """The scenario that the outcome belongs to."""
    data: dict[str, Any] = {
        "title": "Two small stocks", "price_year": 2026, "runs": 4, "seed": 7,
        "stockpile": {
            "start": "2026-02", "until": "2026-07", "owners": {"us": {}, "gulf": {}},
            "interceptors": {"patriot": {}, "thaad": {}},
            "stocks": {"us": {"patriot": 100, "thaad": 20}, "gulf": {"patriot": 10}},
            "components": {"seekers": {"per_year": 240}},
            "lines": {"camden": {"owner": "us", "interceptor": "patriot", "per_year": 240,
                                 "components": {"seekers": 1}}},
            "orders": {"lot": {"owner": "us", "interceptor": "patriot", "line": "camden", "rounds": 24,
                               "contract": "2025-02", "lead_months": 12, "over_months": 12},
                       "gift": {"owner": "gulf", "interceptor": "patriot", "rounds": 10, "contract": "2026-02",
                                "lead_months": 0, "over_months": 5}},
            "uses": {"war": {"owner": "us", "interceptor": "patriot", "first": "2026-02", "months": 2, "rounds": 40}}},
        "campaigns": {"siege": {"owner": "gulf", "until": "2026-03",
                                "process": {"classes": {"ballistic": {"per_day": 0.3}}},
                                "against": {"ballistic": {"tiers": [{"interceptor": "patriot", "p_kill": 0.8}]}}}},
    }
    return Scenario.model_validate({**data, **changes})


def outcome(**changes: Any) -> Outcome:
    """The outcome; `changes` are other fields of it."""
    n_runs, n_months, pairs = 4, 6, list(STOCKS)
    stock = np.array([[[int(x) for x in text.split()] for text in texts] for _, texts in STOCKS.values()])
    stock = stock.transpose(1, 2, 0).astype(np.int32)  # runs, months, pairs
    start = np.array([[first for (first, _), _ in STOCKS.values()]] * n_runs)
    level = np.array([[level for (_, level), _ in STOCKS.values()]] * n_runs)
    moved = np.diff(stock, axis=1, prepend=start[:, np.newaxis, :]).astype(np.int32)
    wanted = np.maximum(-moved, 0)
    wanted[2, 0, 2] += 2
    nothing = np.zeros((n_runs, n_months, len(pairs)), np.int32)
    none = np.zeros((n_runs, len(pairs)), np.int32)
    records = Records(
        stock=stock, wanted=wanted, fired=np.maximum(-moved, 0), delivered=np.maximum(moved, 0), received=nothing,
        sent=nothing, expired=nothing, lot_done=np.tile(np.array([24, 5], np.int32), (n_runs, 1)),
        lot_first=np.array([[0, 3], [1, 2], [2, NEVER], [0, NEVER]], np.int32),
        lot_last=np.array([[5, 4], [5, 2], [5, NEVER], [5, NEVER]], np.int32),
        made=np.tile(np.array([120, 90], np.int32), (n_runs, 1)), capacity=np.full((n_runs, 2), 120.0),
        short=np.array([[r] for r in range(n_runs)], np.int32), idle=np.full((n_runs, 1), 20, np.int32),
        on_way_made=none, on_way_given=none)
    lots = Lots(pair=np.array([0, 2]), line=np.array([0, -1]), contract=np.array([-12, 0]),
                rounds=np.tile(np.array([24, 10]), (n_runs, 1)), due=np.zeros((n_runs, 2)),
                over=np.tile(np.array([12.0, 5.0]), (n_runs, 1)))
    shares = SimpleNamespace(line_interceptor=np.array([0]), line_owner=np.array([0]))
    tables: Any = SimpleNamespace(start=start, level=level, lots=lots, shares=shares)  # what is read of them
    names = Names(start=12 * 2026 + 1, owners=["us", "gulf"], interceptors=["patriot", "thaad"], pairs=pairs,
                  components=["seekers"], lines=["camden"], lots=[("lot", 0), ("gift", 0)])
    surface = {"campaign": "siege", "step": 0, "quantity": "leaked", "group": "ballistic", "launched": 10.0}
    found: dict[str, Any] = {
        "names": names, "tables": tables, "records": records, "campaigns": ["siege"], "attacks": attacks(),
        "surfaces": [{**surface, "point": i, "is_check": i > 0, "simulated": 0.5, "error": 0.03,
                      "surface": 0.5 + off} for i, off in enumerate((0.4, 0.03, -0.04))],
        "assumptions": [Assumption("stockpile.stocks.us.patriot", Quantity(value=100.0, low=80.0, high=120.0,
                                   grade="assumed", source="assumption"), "", True)]}
    return Outcome(**{**found, **changes})


def attacks() -> Attacks:
    """Ten ballistic missiles a month in the first two months, all fired at; as many leak as `LEAKED` says."""
    empty = np.zeros((4, 6, 1, len(CLASSES)), np.int32)
    code = CLASSES.index("ballistic")

    def each(count: Any) -> Any:
        found = empty.copy()
        found[:, :2, 0, code] = np.reshape(count, (-1, 1))
        return found

    leaked = np.array(LEAKED)
    return Attacks(raids=each([3] * 4), launched=each([10] * 4), engaged=each([10] * 4), destroyed=each(9 - leaked),
                   leaked=each(leaked), harmless=each([1] * 4))


MANIFEST: dict[str, Any] = {
    "format": 4, "version": "0.1.0", "title": "Two small stocks", "scenario_sha256": "5c" * 32,
    "catalogue_sha256": "ca" * 32, "seed": 7, "runs": 4, "fidelity": "full",
    "environment": {"python": "3.11.2", "numpy": "2.1.0", "numba": "0.61.0", "platform": "Linux x86_64"},
}


def results(**changes: Any) -> Results:
    """The results; `changes` go to the scenario."""
    return Results(campaigns.tables_from(outcome()), scenario(**changes), MANIFEST)
