"""What a raid log says month by month: the numbers that the process of raids is fitted to.

For each month, class and kind of day (ordinary, or with a massed raid): how many days, how many launched, and the sum
of the squares of the days' numbers. A log lists raids, so a day without a row is a day without a raid, as long as the
silence is short; a long one is a hole, which is left out and listed. Nothing is filled in. A row counts on the day
that it ends, as logged: so the drones of a night and the missiles of its morning belong together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from opendome.battle import CLASSES
from opendome.campaign.process import days_in
from opendome.errors import InputError
from opendome.kernel import F64Array
from opendome.scenario.months import FORM, name_of, number_of
from opendome.scenario.raid_holes import HOLE_DAYS, Hole, holes_of
from opendome.scenario.raid_log import RaidLog

ORDINARY, MASSED = 0, 1
"""Kinds of days."""

MASSED_FROM = 20
"""Missiles on a day that make it one with a massed raid."""

MISSILES = ("ballistic", "cruise", "glide")
"""Classes that are counted for it."""

COLUMNS = ("month", "threat_class", "kind", "days", "launched", "squares")
KINDS = ("ordinary", "massed")


@dataclass(frozen=True)
class MonthTable:
    """Sums of a log by month. M months, C classes; the last axis is the kind of day."""

    first: int
    """Number of the first month (`scenario.months.number_of`)."""
    classes: tuple[str, ...]
    """Classes of which anything was launched."""
    days: F64Array
    """(M, 2) days that are counted."""
    launched: F64Array
    """(M, C, 2) launched on them."""
    squares: F64Array
    """(M, C, 2) sum of the squares of the days' numbers."""
    holes: tuple[Hole, ...] = ()
    """Spans of days that are not counted."""
    quiet_days: int = 0
    """Days without a row that are counted, as days without a raid."""
    months: tuple[int, ...] = field(default=())
    """Number of each month (the following ones after `first`, when left out)."""

    def __post_init__(self) -> None:
        if not self.months:
            object.__setattr__(self, "months", tuple(range(self.first, self.first + len(self.days))))

    @property
    def totals(self) -> F64Array:
        """(M, C) launched in each month."""
        return np.asarray(self.launched.sum(axis=2))

    @property
    def is_whole(self) -> list[bool]:
        """(M,) whether every day of the month is counted."""
        return [bool(n == days_in(month)) for n, month in zip(self.days.sum(axis=1), self.months, strict=True)]

    def without(self, months: Iterable[int]) -> "MonthTable":
        """The same with nothing known of some months, by index."""
        kept = np.ones(len(self.days))
        kept[list(months)] = 0.0
        return self._with(self.days * kept[:, None], self.launched * kept[:, None, None],
                          self.squares * kept[:, None, None], self.months)

    def backwards(self) -> "MonthTable":
        """The same with the last month first."""
        return self._with(self.days[::-1], self.launched[::-1], self.squares[::-1], self.months[::-1])

    def _with(self, days: F64Array, launched: F64Array, squares: F64Array, months: tuple[int, ...]) -> "MonthTable":
        return MonthTable(self.first, self.classes, days, launched, squares, self.holes, self.quiet_days, months)


def month_table(log: RaidLog, *, massed_from: int = MASSED_FROM, massed_classes: Sequence[str] = MISSILES,
                hole_days: int = HOLE_DAYS, first: str | None = None, last: str | None = None) -> MonthTable:
    """The sums of a log from month `first` to month `last` (all of it, when left out).

    A day on which at least `massed_from` threats of `massed_classes` were launched has a massed raid. Spans of at least
    `hole_days` days without a row are left out. Raises `InputError` where nothing is left.
    """
    _check_choices(massed_from, massed_classes, hole_days)
    counts: dict[date, dict[str, int]] = {}
    days: set[date] = set()
    for row in (row for raid in log.raids for row in raid.rows if _is_inside(row.end_day, first, last)):
        here = counts.setdefault(row.end_day, {})
        here[row.threat_class] = here.get(row.threat_class, 0) + row.launched
        days |= {row.day, row.end_day}
    classes = tuple(name for name in CLASSES if any(here.get(name) for here in counts.values()))
    if not classes:
        span = f" from {first or 'its start'} to {last or 'its end'}" if first or last else ""
        raise InputError(f"{log.source}: holds no threats that fly{span}\n"
                         "hint: opendome raids import says what was read")
    holes = holes_of(days, hole_days)
    return _table(counts, classes, holes, massed_from, massed_classes)


def _check_choices(massed_from: int, massed_classes: Sequence[str], hole_days: int) -> None:
    if massed_from < 1:
        raise InputError(f"massed_from = {massed_from}\n  must be 1 or more")
    if hole_days < 2:
        raise InputError(f"hole_days = {hole_days}\n  must be 2 or more: a single day without a raid is no hole")
    unknown = [name for name in massed_classes if name not in CLASSES]
    if unknown:
        raise InputError(f"massed_classes: {unknown[0]!r}\n  must be one of {', '.join(CLASSES)}")


def _is_inside(day: date, first: str | None, last: str | None) -> bool:
    for name, month in (("first", first), ("last", last)):
        if month is not None and not FORM.fullmatch(month):
            raise InputError(f"{name} = {month!r}\n  must be a month, for example 2026-02")
    here = 12 * day.year + day.month - 1
    return (first is None or here >= number_of(first)) and (last is None or here <= number_of(last))


def _table(counts: Mapping[date, Mapping[str, int]], classes: tuple[str, ...], holes: tuple[Hole, ...],
           massed_from: int, massed_classes: Sequence[str]) -> MonthTable:
    """Sums over every day from the first to the last, but for holes."""
    start, end = min(counts), max(counts)
    first = 12 * start.year + start.month - 1
    shape = (12 * end.year + end.month - first, len(classes), 2)
    days, launched, squares = np.zeros((shape[0], 2)), np.zeros(shape), np.zeros(shape)
    quiet = 0
    for offset in range((end - start).days + 1):
        day = start + timedelta(days=offset)
        if any(hole.first <= day <= hole.last for hole in holes):
            continue
        here = counts.get(day, {})
        quiet += day not in counts
        kind = MASSED if sum(here.get(name, 0) for name in massed_classes) >= massed_from else ORDINARY
        month = 12 * day.year + day.month - 1 - first
        numbers = np.array([here.get(name, 0) for name in classes], float)
        days[month, kind] += 1
        launched[month, :, kind] += numbers
        squares[month, :, kind] += numbers * numbers
    return MonthTable(first, classes, days, launched, squares, holes, quiet)


def to_rows(table: MonthTable) -> list[dict[str, str | int]]:
    """The table as rows with the keys `COLUMNS`: facts about a log that may be kept without it."""
    return [
        {"month": name_of(month), "threat_class": name, "kind": KINDS[kind], "days": int(table.days[m, kind]),
         "launched": int(table.launched[m, c, kind]), "squares": int(table.squares[m, c, kind])}
        for m, month in enumerate(table.months) for c, name in enumerate(table.classes) for kind in (ORDINARY, MASSED)
    ]


def from_rows(rows: Iterable[Mapping[str, str | int]]) -> MonthTable:
    """The table of such rows, in any order; months between that have none are not known."""
    listed = [(number_of(str(row["month"])), str(row["threat_class"]), KINDS.index(str(row["kind"])), row)
              for row in rows]
    if not listed:
        raise InputError(f"no rows\n  must be rows with {', '.join(COLUMNS)}")
    first, last = min(month for month, *_ in listed), max(month for month, *_ in listed)
    classes = tuple(name for name in CLASSES if any(name == found for _, found, _, _ in listed))
    shape = (last - first + 1, len(classes), 2)
    days, launched, squares = np.zeros((shape[0], 2)), np.zeros(shape), np.zeros(shape)
    for month, name, kind, row in listed:
        at = (month - first, classes.index(name), kind)
        days[at[0], kind] = float(row["days"])
        launched[at], squares[at] = float(row["launched"]), float(row["squares"])
    return MonthTable(first, classes, days, launched, squares)
