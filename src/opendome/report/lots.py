"""Lots of orders over runs: when they were due, when they came, and how late, for the Gantt chart and its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.report.stock_data import When, quantiles, when

if TYPE_CHECKING:
    from opendome.results import Results

LATE = 1.0
"""Months above which a lot is overdue: the step of the study is a month."""


@dataclass(frozen=True)
class Lot:
    """One lot. Months count from the first of the study."""

    order: str
    number: int
    """Repeat of the order, from 0."""
    owner: str
    interceptor: str
    contract: int
    due: float
    """Month in which the first round is due, median over runs."""
    over: float
    """Months over which it falls due."""
    rounds: float
    """Mean over runs."""
    built: float
    """Mean over runs."""
    first: When
    """First delivery to the owner."""
    last: When
    """Last delivery, of a lot that is built in full."""

    @property
    def due_end(self) -> float:
        """When all of it is due. The first of n rounds is due a part 1/n of the time after the lot begins to be."""
        return self.due + 1.0 + self.over * (1.0 - 1.0 / max(self.rounds, 1.0))

    @property
    def overdue(self) -> float:
        """Months from when all was due (or from the start, if that is later) to the last delivery, at the median."""
        return self.last.middle + 1.0 - max(self.due_end, 0.0)

    @property
    def is_late(self) -> bool:
        """Whether it is overdue in the median run."""
        return self.overdue > LATE


def lots_of(results: Results) -> list[Lot]:
    """Every lot, by interceptor, owner and order as the scenario has them, then by number."""
    pile = results.scenario.stockpile
    assert pile is not None
    found = []
    groups: Any = results.tables.lots.groupby(["order", "lot"], observed=True, sort=False)
    for (order, number), every in groups:
        rows = every[every["rounds"] > 0]  # a lot of nothing has no dates
        if not len(rows):
            continue
        built, wanted = rows["built"].to_numpy(), rows["rounds"].to_numpy()
        first = when(rows["first_month"].to_numpy())
        last = when(np.where(built >= wanted, rows["last_month"].to_numpy(), np.nan))
        assert first is not None
        assert last is not None
        one, over = rows.iloc[0], pile.orders[str(order)].over_months.value
        due = float(quantiles(rows["due_month"].to_numpy())[1])
        found.append(Lot(str(order), int(number), str(one["owner"]), str(one["interceptor"]),
                         int(one["contract_month"]), due, over, float(every["rounds"].mean()),
                         float(every["built"].mean()), first, last))
    kinds, owners, orders = (list(names) for names in (pile.interceptors, pile.owners, pile.orders))
    return sorted(found, key=lambda lot: (kinds.index(lot.interceptor), owners.index(lot.owner),
                                          orders.index(lot.order), lot.number))
