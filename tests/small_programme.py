"""A tiny scenario with `[cost]`: prices that can be added up by hand, and stand-ins for its runs."""

import itertools
from typing import Any

import pandas as pd

from opendome.results import Results
from opendome.results.tables import Tables
from opendome.scenario import Scenario
from tiny import tiny

ROUND, BATTERY, YEARLY = 3.0, 20.0, 10.0
"""M$: price of a round and of a battery, paid in July 2026, and operations of a year, over two years from then."""

COST: dict[str, Any] = {
    "start": "2026-07", "years": 2, "discount_rate": 0.1, "price_growth": 0.02,
    "elements": {
        "rounds": {"layer": "ground", "counts": ["layers.only"], "unit_musd": ROUND},
        "batteries": {"layer": "ground", "counts": ["layers.only.sites"], "unit_musd": BATTERY},
        "command": {"n_units": 1, "unit_musd": 0, "operations_musd_per_year": YEARLY},
    },
}


def priced(**given: Any) -> Scenario:
    """The scenario of `tiny` with a programme that buys its rounds and its batteries, and operates a command post:
    40 M$, and 3 M$ for each round."""
    return tiny(**{"cost": COST} | given)


def stand_in(one: Scenario, *, runs: int, seed: int, jobs: int | None = None, progress: object = None) -> Results:
    """Results that are not run: as many missiles leak as there are more of them than rounds, and one more in odd
    runs."""
    stock = int(sum(site.stock.value for layer in one.layers.values() for site in layer.sites.values()))
    n = sum(wave.count for raid in one.raids.values() for wave in raid.waves)
    rows = [{"run": i, "threat": k, "outcome": "leaked" if k < min(max(n - stock, 0) + i % 2, n) else "destroyed"}
            for i, k in itertools.product(range(runs), range(n))]
    same = {"raid": "raid", "type": "missile", "threat_class": "ballistic", "place": "north", "area": "town",
            "layer": None, "reason": None, "hit_area": None, "is_decoy": False, "shots": 0}
    times = dict.fromkeys(("t_launch_s", "t_warned_s", "t_seen_s", "t_shot_s", "t_end_s", "watched_s", "held_s"), 0.0)
    return Results(Tables(threats=pd.DataFrame(rows).assign(**same, **times)), one, {})
