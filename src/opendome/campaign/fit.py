"""The process of raids fitted to a log.

Days are ordinary or massed by a stated rule (`log_months`), so each part of the process is seen by itself. Shares,
dispersions and gaps are fitted by moments, the wandering of the level by maximum likelihood (`levels`), in turns until
they agree. Standard errors of moments are those of the jackknife over months; the level's come from its likelihood.
docs/models/raid-process.md has the equations and how well months that were left out are bracketed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from opendome.campaign.levels import NORMAL_TRIANGLE, Counted, Levels, follow, sigma_of
from opendome.campaign.log_months import MASSED, MASSED_FROM, MISSILES, ORDINARY, MonthTable, month_table
from opendome.errors import InputError
from opendome.kernel import F64Array
from opendome.scenario.campaign_specs import RaidProcess
from opendome.scenario.months import name_of
from opendome.scenario.raid_holes import HOLE_DAYS
from opendome.scenario.raid_log import RaidLog

TURNS = 4
"""How often levels and shares are fitted to each other; the last two times with the walk's own standard deviation."""

FIRST_SIGMA = 0.3
"""Standard deviation of the walk before that."""

FEWEST = 3
"""Months that a fit needs at least."""

TAILS = (0.05, 0.5, 0.95)
"""Quantiles of the level at the start that are its low, value and high: wider ones would raise the triangle's mean."""


@dataclass(frozen=True)
class Estimate:
    """A fitted number and its standard error."""

    value: float
    error: float
    low: float
    high: float


@dataclass(frozen=True)
class ClassFit:
    """What was fitted of one class."""

    name: str
    per_day: Estimate
    """Mean launched a day in the month that the process starts."""
    dispersion: Estimate
    massed_share: Estimate
    massed_dispersion: Estimate
    level_sigma: Estimate
    levels: Levels


@dataclass(frozen=True)
class Fit:
    """A process fitted to a log."""

    table: MonthTable
    start: int
    """Month that the process starts in, by number."""
    massed_gap_days: Estimate | None
    """None where the log has no massed raid."""
    massed_crowding: Estimate
    classes: tuple[ClassFit, ...]
    source: str = "raid-log"

    @property
    def start_month(self) -> str:
        """Month that the process starts in, as it is written."""
        return name_of(self.start)

    def process(self) -> RaidProcess:
        """The process for a scenario.

        Ranges reach `NORMAL_TRIANGLE` standard errors, so that their triangles have these; the range of `per_day` is
        what 90 in 100 chances hold.
        """
        return RaidProcess.model_validate(self.data())

    def data(self) -> dict[str, object]:
        """The same as plain data."""
        massed = self.massed_gap_days
        found: dict[str, object] = {}
        if massed is not None:
            found["massed_gap_days"] = self._quantity(massed)
            found["massed_crowding"] = self._quantity(self.massed_crowding)
        found["classes"] = {c.name: {
            "per_day": self._quantity(c.per_day), "dispersion": self._quantity(c.dispersion),
            **({"massed_share": self._quantity(c.massed_share),
                "massed_dispersion": self._quantity(c.massed_dispersion)} if massed is not None else {}),
            "level_sigma": self._quantity(c.level_sigma),
        } for c in self.classes}
        return found

    def _quantity(self, found: Estimate) -> dict[str, object]:
        numbers = {"value": _rounded(found.value), "low": _rounded(found.low), "high": _rounded(found.high)}
        return {**numbers, "grade": "estimated", "source": self.source,
                "why": f"standard error {found.error:.2g}"}


def fit_process(log: RaidLog | MonthTable, *, massed_from: int = MASSED_FROM,
                massed_classes: tuple[str, ...] = MISSILES, hole_days: int = HOLE_DAYS, first: str | None = None,
                last: str | None = None, start: int | None = None, source: str = "raid-log") -> Fit:
    """The process of raids fitted to a log, or to its table of months.

    `massed_from`, `massed_classes`, `hole_days`, `first` and `last` say how a log is read (`log_months.month_table`).
    `start` is the number of the month in which the process starts: its level is known from the months before it
    (default: the month after the last). Raises `InputError` for a log of fewer than three months.
    """
    table = log if isinstance(log, MonthTable) else month_table(
        log, massed_from=massed_from, massed_classes=massed_classes, hole_days=hole_days, first=first, last=last)
    known = int((table.days.sum(axis=1) > 0).sum())
    if known < FEWEST:
        where = f"{log.source}: " if isinstance(log, RaidLog) else ""
        raise InputError(f"{where}{known} month{'s' * (known != 1)} with counted days\n  must be at least {FEWEST} to "
                         "see how a level wanders\nhint: a longer log, or wider --first and --last")
    at = len(table.days) if start is None else table.months.index(start)
    gap, crowding = _massed_days(table)
    classes = tuple(_fit_class(table, c, name, at) for c, name in enumerate(table.classes) if table.totals[:, c].any())
    return Fit(table, table.months[-1] + 1 if start is None else start, gap, crowding, classes, source)


# --- massed days --------------------------------------------------------------------------------------------------


def _massed_days(table: MonthTable) -> tuple[Estimate | None, Estimate]:
    """Mean gap between massed raids, and the variance of a month's chance over the square of its mean."""
    days = table.days
    if not days[:, MASSED].any():
        return None, Estimate(0.0, 0.0, 0.0, 0.0)

    def gap(kept: F64Array) -> float:
        return float((kept @ days).sum() / max((kept @ days)[MASSED], 0.5))

    def crowding(kept: F64Array) -> float:
        p = 1.0 / gap(kept)
        n, massed = days.sum(axis=1), days[:, MASSED]
        beyond = (massed - n * p) ** 2 - n * p * (1.0 - p)
        return float((kept @ beyond) / max((kept @ (n * (n - 1.0))) * p * p, 1e-12))

    found = _jackknife(crowding, table, least=0.0)
    gap_days = _jackknife(gap, table, least=1.0)
    most = max(0.0, 0.9 * (gap_days.low - 1.0))  # a process cannot have more (`process.lower_process`)
    return gap_days, Estimate(min(found.value, most), found.error, min(found.low, most), min(found.high, most))


def _jackknife(statistic: Callable[[F64Array], float], table: MonthTable, *, least: float,
               most: float = np.inf) -> Estimate:
    """A statistic of weighted months (weight 1 or 0), with its error from leaving out each month in turn."""
    known = table.days.sum(axis=1) > 0
    value = statistic(known.astype(float))
    others = []
    for m in np.flatnonzero(known):
        kept = known.astype(float)
        kept[m] = 0.0
        others.append(statistic(kept))
    n = len(others)
    error = float(np.sqrt((n - 1) / n * np.sum((np.array(others) - np.mean(others)) ** 2)))
    low, value, high = np.clip([value - NORMAL_TRIANGLE * error, value, value + NORMAL_TRIANGLE * error], least, most)
    return Estimate(float(value), error, float(low), float(high))


# --- one class ----------------------------------------------------------------------------------------------------


def _fit_class(table: MonthTable, c: int, name: str, at: int) -> ClassFit:
    """Shares and dispersions from the levels, levels from these, in turns."""
    launched, squares, known = table.launched[:, c], table.squares[:, c], table.days.sum(axis=1) > 0
    spreads = [_jackknife(partial(dispersion, days=table.days[:, kind], launched=launched[:, kind],
                                  squares=squares[:, kind]), table, least=0.0) for kind in (ORDINARY, MASSED)]
    total = launched.sum(axis=1)
    levels = np.where(known, np.maximum(total, 0.5) / np.maximum(table.days.sum(axis=1), 1.0), 0.0)
    sigma, low, high = FIRST_SIGMA, 0.0, 0.0
    for turn in range(TURNS):
        ratios = day_ratios(known.astype(float), table.days, launched, levels)
        counted = _counted(table.days, total, ratios, [s.value for s in spreads])
        if turn >= TURNS - 2:
            sigma, low, high = sigma_of(counted)
        found = follow(counted, max(sigma, 1e-2))
        levels = np.where(known, found.mean(), 0.0)
    share = _jackknife(lambda kept: 1.0 - day_ratios(kept, table.days, launched, levels)[ORDINARY], table,
                       least=0.0, most=1.0)
    start = found.quantiles(at, TAILS)
    error = float(np.sqrt(max(0.0, _variance(found, at))))
    return ClassFit(name, Estimate(start[1], error, start[0], start[2]), spreads[ORDINARY], share, spreads[MASSED],
                    Estimate(sigma, (high - low) / (2 * NORMAL_TRIANGLE), low, high), found)


def dispersion(kept: F64Array, days: F64Array, launched: F64Array, squares: F64Array) -> float:
    """Variance of a day's number within its month beyond chance, over the square of its mean: months pooled.

    From months with at least two days: the sum of (variance - mean) over the sum of mean^2, each without bias, weighted
    by the days that are free. (M,) each.
    """
    free = kept * np.maximum(days - 1.0, 0.0)
    n = np.maximum(days, 1.0)
    mean = launched / n
    variance = (squares - launched * mean) / np.maximum(days - 1.0, 1.0)
    square_of_mean = mean * mean - variance / n
    below = float(free @ square_of_mean)
    return float(free @ (variance - mean)) / below if below > 0 else 0.0


def day_ratios(kept: F64Array, days: F64Array, launched: F64Array, levels: F64Array) -> tuple[float, float]:
    """Mean of an ordinary day and of a massed one over the mean of all days.

    `days`, `launched` (M, 2) by kind, `levels` (M,). A class that massed raids do not add to has 1 and 1.
    """
    expected = kept @ (days * levels[:, None])
    seen = kept @ launched
    p = (kept @ days)[MASSED] / max(float((kept @ days).sum()), 1.0)
    if expected[MASSED] <= 0 or expected[ORDINARY] <= 0:
        return 1.0, 1.0
    ordinary, massed = seen[ORDINARY] / expected[ORDINARY], seen[MASSED] / expected[MASSED]
    mean = (1.0 - p) * ordinary + p * massed
    return (1.0, 1.0) if massed <= ordinary else (float(ordinary / mean), float(massed / mean))


def _counted(days: F64Array, total: F64Array, ratios: tuple[float, float], spreads: list[float]) -> Counted:
    """The months' counts given how many of their days were massed."""
    weight = days * np.array(ratios)
    sized = weight.sum(axis=1)
    beyond = (days * np.array(ratios) ** 2 * np.array(spreads)).sum(axis=1)
    return Counted(total, sized, beyond / np.maximum(sized, 1e-12) ** 2)


def _variance(found: Levels, at: int) -> float:
    level = np.exp(found.log_level)
    mean = float(found.ahead[at] @ level)
    return float(found.ahead[at] @ (level - mean) ** 2)


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")
