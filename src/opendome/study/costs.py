"""What each run's programme costs, and the prices of threats and rounds: rows beside those of raids or campaigns.

Every scenario has prices; a programme costs something where it has `[cost]`.

The programme is drawn at the same addresses as the raids, so what both use (rounds in stock) is the same in both. All
that is kept of its years is their sum; `opendome.cost.life_cycle` has them year by year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from opendome import rng
from opendome.catalogue import Catalogue
from opendome.cost.breakdown import DOLLARS, PHASES, RunCosts, sums_of
from opendome.cost.draws import cost_sampler
from opendome.cost.lower import lower
from opendome.kernel import F64Array
from opendome.results import Tables
from opendome.results.figures import kept_runs
from opendome.sampling import Assumption, Sampler, assumptions
from opendome.scenario import Scenario
from opendome.scenario.cost_specs import FLAT, NONE
from opendome.scenario.quantity import Quantity
from opendome.study.labels import assumption_rows, labels
from opendome.units import unit_of

if TYPE_CHECKING:
    import pandas as pd

ROWS_MAX = 6_000_000
"""Most rows of the table of costs. Where all runs have more, it holds as many of the first runs as fit."""


DUST_MUSD = 1e-6
"""A dollar: what is below it is what rounding leaves of sums that cancel, and has no row."""


@dataclass(frozen=True)
class Money:
    """Prices in the runs of a scenario, and what its programme costs. R runs."""

    costs: pd.DataFrame | None
    """Rows of what the programme costs; None for a scenario without `[cost]`."""
    prices: Mapping[tuple[str, str], F64Array]
    """(R,) price of one, M$, by kind and name as in the table `prices`."""
    assumptions: list[Assumption]
    """Every number of the programme, and every price drawn here."""

    def beside(self, tables: Tables) -> Tables:
        """The tables of the raids or campaigns with those of money."""
        import pandas as pd

        runs = kept_runs(tables, "stocks")
        found = assumption_rows(self.assumptions)
        known = tables.assumptions.set_index("path")
        drawn = found.loc[found["sampled"], "path"]
        is_drawn = tables.assumptions["path"].isin(drawn) | tables.assumptions["sampled"]
        new = found[~found["path"].isin(known.index)]
        parts = [tables.assumptions.assign(sampled=is_drawn).astype({"sampled": "bool"}), new]
        return replace(tables, costs=tables.costs if self.costs is None else self.costs,
                       prices=_price_rows(self.prices, runs),
                       assumptions=pd.concat([part.astype({"path": "str"}) for part in parts if len(part)]))


def money(scenario: Scenario, catalogue: Catalogue, *, runs: int, seed: int) -> Money:
    """Prices in every run of a scenario, and what its programme costs if it has `[cost]`. Raises `ScenarioError` for
    what cannot be priced."""
    sampler = Sampler(rng.key(seed), runs, scenario.assumptions == "sampled")
    quantities = list(_prices(scenario, catalogue))
    prices = {(kind, name): sampler.column(path, found) for kind, name, path, found in quantities}
    own = {path: Assumption(path, found, unit_of(path), path in sampler.sampled) for _, _, path, found in quantities}
    if scenario.cost is None:
        return Money(None, prices, list(own.values()))
    paid = sums_of(scenario, runs=_kept(scenario, runs), seed=seed)
    return Money(_cost_rows(paid), prices, [*_assumptions(scenario, seed), *own.values()])


def _assumptions(scenario: Scenario, seed: int) -> list[Assumption]:
    """Every number that the programme states."""
    assert scenario.cost is not None
    sampler = cost_sampler(scenario.cost, rng.key(seed), 1, is_sampled=scenario.assumptions == "sampled")
    found = assumptions(lower(scenario, sampler).entries, sampler.sampled)
    return [one for one in found if not _is_left_out(one)]


def _is_left_out(one: Assumption) -> bool:
    """Whether a quantity of an element or launcher is one that was not written: nothing, or no change."""
    return one.path.startswith(("cost.elements.", "cost.launchers.")) and one.quantity in (NONE, FLAT)


def _kept(scenario: Scenario, runs: int) -> int:
    """How many runs, from the first, rows are kept of."""
    assert scenario.cost is not None
    return min(runs, max(1, ROWS_MAX // (len(scenario.cost.elements) * len(PHASES))))


def _prices(scenario: Scenario, catalogue: Catalogue) -> Iterator[tuple[str, str, str, Quantity]]:
    """Kind, name, path and price of all that has one: threats of raids, and rounds in stock of a known type."""
    if scenario.stockpile is None:
        for name in dict.fromkeys(wave.threat for raid in scenario.raids.values() for wave in raid.waves):
            yield "threat", name, f"threats.{name}.cost_musd", catalogue.threats[name].cost_musd
        return
    for name, stocked in scenario.stockpile.interceptors.items():
        if stocked.type is not None:
            path = f"interceptors.{stocked.type}.cost_musd"
            yield "interceptor", name, path, catalogue.interceptors[stocked.type].cost_musd


def _cost_rows(paid: RunCosts) -> pd.DataFrame:
    """Rows of run, element and phase that cost anything."""
    import pandas as pd

    sums = {f"{'cost' if dollars == 'constant' else dollars.replace('-', '_')}_musd": paid.sums[dollars]
            for dollars in DOLLARS}
    run, element, phase = np.nonzero(np.any([np.abs(one) > DUST_MUSD for one in sums.values()], axis=0))
    return pd.DataFrame({
        "run": run.astype(np.int32), "element": labels(element, list(paid.elements)),
        "layer": labels(element, list(paid.layers)), "phase": labels(phase, list(PHASES)),
        **{column: one[run, element, phase] for column, one in sums.items()}})


def _price_rows(prices: Mapping[tuple[str, str], F64Array], runs: int) -> pd.DataFrame:
    """Rows of run and name, of so many runs."""
    import pandas as pd

    names = list(prices)
    row = np.tile(np.arange(len(names)), runs)
    return pd.DataFrame({
        "run": np.repeat(np.arange(runs, dtype=np.int32), len(names)),
        "kind": labels(row, [kind for kind, _ in names]), "name": labels(row, [name for _, name in names]),
        "cost_musd": np.array([column[:runs] for column in prices.values()]).T.ravel()})
