"""Stocks from month to month as arrays, and dates over runs with what is not there yet: what the pictures are made of.

Reads the tables `stocks` and `owned`. Letters: R runs, M months, P pairs of owner and interceptor. A date that does not
come within the months of the study counts as later than all others and is never dropped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.scenario.months import name_of, number_of

if TYPE_CHECKING:
    from opendome.results import Results

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
"""Quantiles over runs of the pictures and dates of stocks: eight runs of ten lie between the outer two."""

MOVES = ("wanted", "fired", "delivered", "received", "sent", "expired")
"""Columns of the table `stocks` besides the stock itself."""

Pair = tuple[str, str]
"""Owner and interceptor."""


@dataclass(frozen=True)
class Months:
    """The months of a study: 0 is the first."""

    first: int
    """Number of the first month (`scenario.months`)."""
    count: int

    def name(self, month: float, never: str = "later") -> str:
        """A month as it is written; `never` for one that does not come within the months."""
        if not month < self.count:
            return never
        return name_of(self.first + math.floor(month))

    @property
    def last(self) -> str:
        """The last month as it is written."""
        return name_of(self.first + self.count - 1)

    def years(self, low: float, high: float) -> list[tuple[int, str]]:
        """Months from `low` to `high` at whose start a year begins, with the year."""
        first = math.ceil((self.first + low) / 12)
        last = math.floor((self.first + high) / 12)
        return [(12 * year - self.first, str(year)) for year in range(first, last + 1)]


    def marks(self, low: float, high: float) -> list[tuple[int, str]]:
        """Where an axis from `low` to `high` is labelled: every year, or more often where it is short."""
        span = high - low
        step = 1 if span <= 6 else 3 if span <= 18 else 6 if span <= 36 else 12
        if step == 12:
            return self.years(low, high)
        first = -(-(self.first + math.ceil(low)) // step) * step - self.first
        return [(month, name_of(self.first + month)) for month in range(first, math.floor(high) + 1, step)]


def months_of(results: Results) -> Months:
    """The months that results of campaigns span."""
    pile = results.scenario.stockpile
    assert pile is not None
    first = number_of(pile.start)
    return Months(first, number_of(pile.until) - first + 1)


@dataclass(frozen=True)
class Stocks:
    """The table `stocks` as arrays, and the rows of `owned` that go with it."""

    months: Months
    pairs: Sequence[Pair]
    """Those with anything to tell, by interceptor and owner in the scenario's order."""
    runs: int
    """Runs whose months are kept."""
    columns: dict[str, Any]
    """`stock` and MOVES: (R, M, P) each."""
    start: Any
    """(R, P) rounds at the start."""
    level: Any
    """(R, P) level to return to."""
    on_way: Any
    """(R, P) rounds on the way at the end."""

    def of(self, interceptor: str) -> list[int]:
        """Places of an interceptor's pairs."""
        return [p for p, pair in enumerate(self.pairs) if pair[1] == interceptor]

    @property
    def interceptors(self) -> list[str]:
        """Interceptors of the pairs, in the scenario's order."""
        return list(dict.fromkeys(kind for _, kind in self.pairs))


def stocks_of(results: Results) -> Stocks:
    """The arrays of results of campaigns."""
    pile = results.scenario.stockpile
    assert pile is not None
    months, rows = months_of(results), results.tables.stocks
    every = [(owner, kind) for kind in pile.interceptors for owner in pile.owners]
    runs = rows["run"].unique()
    cell = _places(rows, every) + len(every) * (
        rows["month"].to_numpy(np.int64) + months.count * np.searchsorted(runs, rows["run"].to_numpy()))
    columns = {name: _filled(rows[name], cell, (len(runs), months.count, len(every))) for name in ("stock", *MOVES)}
    owned = results.tables.owned[results.tables.owned["run"].isin(runs)]
    place = _places(owned, every) + len(every) * np.searchsorted(runs, owned["run"].to_numpy())
    ends = {name: _filled(owned[name], place, (len(runs), len(every))) for name in ("start", "level", "on_way")}
    told = np.flatnonzero((ends["start"] > 0).any(axis=0) | (ends["level"] > 0).any(axis=0)
                          | (ends["on_way"] > 0).any(axis=0)
                          | np.any([(found > 0).any(axis=(0, 1)) for found in columns.values()], axis=0))
    return Stocks(months, [every[p] for p in told], len(runs), {k: v[..., told] for k, v in columns.items()},
                  *(ends[name][:, told] for name in ("start", "level", "on_way")))


def _places(rows: Any, pairs: Sequence[Pair]) -> Any:
    """Place of each row's owner and interceptor among the pairs."""
    owners, kinds = rows["owner"].cat, rows["interceptor"].cat
    known = {pair: p for p, pair in enumerate(pairs)}
    grid = np.array([[known[str(owner), str(kind)] for kind in kinds.categories] for owner in owners.categories])
    return grid.reshape(len(owners.categories), -1)[owners.codes.to_numpy(), kinds.codes.to_numpy()]


def _filled(column: Any, cell: Any, shape: tuple[int, ...]) -> Any:
    found = np.zeros(math.prod(shape), dtype=np.int64)
    found[cell] = column.to_numpy()
    return found.reshape(shape)


@dataclass(frozen=True)
class When:
    """When something happens, over the runs in which it can: months, infinite where it is later than the last."""

    low: float
    middle: float
    high: float
    share: float
    """Share of those runs in which it happens within the months."""
    runs: int
    """Runs in which it can."""


def when(found: Any) -> When | None:
    """When something happens; `found`: months by run, NaN where it does not within the months; None without runs.

    The quantile at q is the earliest month by which it has happened in at least a share q of the runs.
    """
    dates = np.where(np.isfinite(found), found, np.inf)
    if not len(dates):
        return None
    low, middle, high = map(float, quantiles(dates))
    return When(low, middle, high, float(np.isfinite(dates).mean()), len(dates))


def told(found: When, months: Months, never: str = "later") -> str:
    """`2029-06 (2029-01 to 2030-02)`: the median and the band of eight runs of ten."""
    middle, ends = months.name(found.middle, never), band(found, months, never)
    return f"{middle} ({ends})" if ends else middle


def band(found: When, months: Months, never: str = "later") -> str:
    """`2029-01 to 2030-02`; empty where both ends are the same."""
    low, high = (months.name(month, never) for month in (found.low, found.high))
    return "" if low == high else f"{low} to {high}"


def quantiles(values: Any) -> tuple[Any, Any, Any]:
    """Low, median and high over the first axis (runs): values that occur, those of `results.campaign_summary`."""
    ordered = np.sort(values, axis=0)
    low, middle, high = (ordered[max(math.ceil(q * len(ordered) - 1e-9) - 1, 0)] for q in (LOW, MIDDLE, HIGH))
    return low, middle, high
