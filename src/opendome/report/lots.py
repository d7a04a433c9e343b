"""Lots of orders over runs: when they were due, when they came, and how late, for the Gantt chart and its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.report.stock_data import MIDDLE, When, when

if TYPE_CHECKING:
    from opendome.results import Results

LATE = 1.0
"""Months from due to delivery above which a lot is late: the step of the study is a month."""


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
    """When the first round is due, median over runs."""
    rounds: float
    """Mean over runs."""
    built: float
    """Mean over runs."""
    first: When
    """First delivery to the owner."""
    last: When
    """Last delivery, of a lot that is built in full."""

    @property
    def late(self) -> float:
        """Months from due (or from the first month, if that is later) to the first delivery, at the median."""
        return self.first.middle - max(self.due, 0.0)

    @property
    def is_late(self) -> bool:
        """Whether it is late in the median run."""
        return self.late > LATE


def lots_of(results: Results) -> list[Lot]:
    """Every lot, by interceptor, owner and order as the scenario has them, then by number."""
    pile = results.scenario.stockpile
    assert pile is not None
    found = []
    rows = results.tables.lots
    groups: Any = rows.groupby(["order", "lot"], observed=True, sort=False)
    for (order, number), inside in groups:
        built, wanted = inside["built"].to_numpy(), inside["rounds"].to_numpy()
        first, last = when(inside["first_month"].to_numpy()), when(
            np.where(built >= wanted, inside["last_month"].to_numpy(), np.nan))
        if wanted.max() > 0 and first is not None and last is not None:
            one = inside.iloc[0]
            found.append(Lot(str(order), int(number), str(one["owner"]), str(one["interceptor"]),
                             int(one["contract_month"]), float(np.quantile(inside["due_month"], MIDDLE)),
                             float(wanted.mean()), float(built.mean()), first, last))
    kinds, owners, orders = (list(names) for names in (pile.interceptors, pile.owners, pile.orders))
    return sorted(found, key=lambda lot: (kinds.index(lot.interceptor), owners.index(lot.owner),
                                          orders.index(lot.order), lot.number))
