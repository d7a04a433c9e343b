"""What came and what leaked in campaigns, by month, and how well response surfaces stand in for simulated raids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.report.stock_data import Months, months_of
from opendome.results.figures import estimate

if TYPE_CHECKING:
    from opendome.results import Results

Estimate = tuple[float, float, float, float] | None
"""Mean over runs, its standard error, and the band of nine runs of ten; None where there is nothing to count."""

OUTCOMES = ("launched", "engaged", "destroyed", "leaked", "harmless")


@dataclass(frozen=True)
class Attack:
    """What came of one class in one campaign. R runs, M months."""

    campaign: str
    threat_class: str
    months: Months
    columns: dict[str, Any]
    """OUTCOMES: (R, M) each."""

    @property
    def leaks(self) -> Any:
        """(R, M) share of those launched that leaked; NaN where none were."""
        return _share(self.columns["leaked"], self.columns["launched"])

    def share(self, first: int, last: int) -> Estimate:
        """Share that leaked of those launched from month `first` to before `last`; None where none were."""
        top, bottom = (self.columns[name][:, first:last].sum(axis=1) for name in ("leaked", "launched"))
        return over_runs(_share(top, bottom))

    def count(self, name: str, first: int, last: int) -> Estimate:
        """The number from month `first` to before `last`."""
        return over_runs(self.columns[name][:, first:last].sum(axis=1).astype(np.float64))


def over_runs(values: Any) -> Estimate:
    """A figure's estimate from its values by run (NaN: not used), as `Results.table` gives it."""
    if not np.isfinite(values).any():
        return None
    mean, error, _, low, high = estimate(values)
    return mean, error, low, high


def _share(top: Any, bottom: Any) -> Any:
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)


def attacks_of(results: Results) -> list[Attack]:
    """By campaign in the scenario's order, then by class as the campaign has them."""
    rows, months = results.tables.attacks, months_of(results)
    runs = rows["run"].unique()
    found = []
    for (campaign, kind), inside in rows.groupby(["campaign", "threat_class"], observed=True, sort=False):
        cell = np.searchsorted(runs, inside["run"].to_numpy()) * months.count + inside["month"].to_numpy(np.int64)
        columns = {}
        for name in OUTCOMES:
            column = np.zeros(len(runs) * months.count, dtype=np.int64)
            column[cell] = inside[name].to_numpy()
            columns[name] = column.reshape(len(runs), months.count)
        if columns["launched"].any():
            found.append(Attack(str(campaign), str(kind), months, columns))
    order = list(results.scenario.campaigns)
    return sorted(found, key=lambda one: order.index(one.campaign))


@dataclass(frozen=True)
class Fit:
    """One quantity of one surface against simulated raids."""

    campaign: str
    step: int
    quantity: str
    group: str
    simulated: Sequence[float]
    surface: Sequence[float]
    error: Sequence[float]
    """Standard error of each simulated mean."""
    is_check: Sequence[bool]
    """Of a raid that the surface was not fitted to."""

    @property
    def what(self) -> str:
        """What is counted, in words."""
        return f"{self.quantity} of {self.group}" if self.group else self.quantity

    @property
    def where(self) -> str:
        """Campaign and step of its doctrine, in words."""
        return f"{self.campaign}, doctrine step {self.step}" if self.step else self.campaign

    @property
    def name(self) -> str:
        """What it is of, in words."""
        return f"{self.where}: {self.what}"

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing of it in any raid, by simulation and surface alike."""
        return not any(self.simulated) and not any(self.surface)

    @property
    def off(self) -> float:
        """Root mean square of surface less simulated over the checks; NaN without checks."""
        return _rms([a - b for a, b, c in zip(self.surface, self.simulated, self.is_check) if c])

    @property
    def chance(self) -> float:
        """Root mean square of the standard errors of the checks' means: what chance alone would give."""
        return _rms([e for e, c in zip(self.error, self.is_check) if c])


def _rms(found: Sequence[float]) -> float:
    return float(np.sqrt(np.mean(np.square(found)))) if len(found) else float("nan")


def fits_of(results: Results) -> list[Fit]:
    """Every quantity of every surface."""
    rows = results.tables.surfaces
    rows = rows.assign(group=rows["group"].astype("str").where(rows["group"].notna(), ""))
    groups: Any = rows.groupby(["campaign", "step", "quantity", "group"], observed=True, sort=False)
    return [Fit(str(campaign), int(step), str(quantity), str(group), inside["simulated"].tolist(),
                inside["surface"].tolist(), inside["error"].fillna(0.0).tolist(), inside["is_check"].tolist())
            for (campaign, step, quantity, group), inside in groups]
