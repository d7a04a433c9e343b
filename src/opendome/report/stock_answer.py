"""When stocks are exhausted and when they are back, by owner and interceptor, for pictures and tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendome.report.stock_data import Pair, When, quantiles, when

if TYPE_CHECKING:
    from opendome.results import Results

Dates = dict[Pair, dict[str, When | None]]


@dataclass(frozen=True)
class Answer:
    """One owner's stock of one interceptor. Medians and 80 % bands over runs."""

    owner: str
    interceptor: str
    start: float
    level: float
    lowest: When
    """Fewest rounds."""
    lowest_month: When
    exhausted: When | None
    """Over all runs."""
    back: When | None
    """Over the runs that fell below the level; None: none did."""


def answers(results: Results) -> list[Answer]:
    """Every stock that has rounds or a level, by interceptor and owner in the scenario's order."""
    pile = results.scenario.stockpile
    assert pile is not None
    found = []
    for (owner, kind), rows in results.tables.owned.groupby(["owner", "interceptor"], observed=True, sort=False):
        lowest, month = when(rows["lowest"].to_numpy(float)), when(rows["lowest_month"].to_numpy(float))
        if lowest is None or month is None or not (rows["start"].any() or rows["level"].any()):
            continue
        start, level = (float(quantiles(rows[name].to_numpy())[1]) for name in ("start", "level"))
        gone = when(rows["exhausted_month"].to_numpy())
        back = when(rows.loc[rows["fell_month"].notna(), "back_month"].to_numpy())
        found.append(Answer(str(owner), str(kind), start, level, lowest, month, gone, back))
    kinds, owners = list(pile.interceptors), list(pile.owners)
    return sorted(found, key=lambda one: (kinds.index(one.interceptor), owners.index(one.owner)))


def dates(results: Results) -> Dates:
    """By pair: `exhausted` (over all runs) and `back` (over the runs that fell below the level; None: none did)."""
    found: Dates = {}
    for (owner, kind), rows in results.tables.owned.groupby(["owner", "interceptor"], observed=True, sort=False):
        found[str(owner), str(kind)] = {
            "exhausted": when(rows["exhausted_month"].to_numpy()),
            "back": when(rows.loc[rows["fell_month"].notna(), "back_month"].to_numpy())}
    return found
