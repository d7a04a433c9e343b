"""A tiny scenario with `[cost]`, and stand-ins for its runs and its costs with made-up numbers."""

from typing import Any

import numpy as np

from opendome.cost.breakdown import PHASES, CostBreakdown
from opendome.scenario import Scenario
from tiny import tiny

ROUND_MUSD = 3.0
"""Price of a round; a battery costs ten times as much."""

COST: dict[str, Any] = {
    "start": "2026-07", "years": 2,
    "elements": {
        "rounds": {"layer": "ground", "counts": ["layers.only"], "unit_musd": ROUND_MUSD},
        "batteries": {"layer": "ground", "counts": ["layers.only.sites"], "unit_musd": 10 * ROUND_MUSD},
    },
}


def priced(**given: Any) -> Scenario:
    """The scenario of `tiny` with a programme that buys its rounds and its batteries."""
    return tiny(cost=COST, **given)


def made_up_costs(scenario: Scenario, *, runs: int, seed: int) -> CostBreakdown:
    """What its elements cost, without the engine: their price times their number, spread evenly over 24 months from
    July 2026 on; rounds are dearer in odd runs by a tenth, and cheaper in even ones."""
    assert scenario.cost is not None
    sites = [site for layer in scenario.layers.values() for site in layer.sites.values()]
    number = {"rounds": sum(site.stock.value for site in sites), "batteries": float(len(sites))}
    price = {name: element.unit_musd.value for name, element in scenario.cost.elements.items() if element.unit_musd}
    names = list(scenario.cost.elements)
    musd = np.zeros((runs, len(names), len(PHASES), 3))
    musd[:, :, 1, :] = np.array([number[name] * price[name] for name in names])[:, np.newaxis] * [0.25, 0.5, 0.25]
    musd[:, names.index("rounds")] *= np.where(np.arange(runs) % 2, 1.1, 0.9)[:, np.newaxis, np.newaxis]
    ones = np.ones((runs, 3))
    return CostBreakdown(musd, scenario.price_year, tuple(names), tuple("ground" for _ in names), (2026, 2027, 2028),
                         ones * [1.0, 1.02, 1.04], ones * [1.0, 0.9, 0.8], {})
