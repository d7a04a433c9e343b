"""Spans of days of which a raid log says nothing.

A log lists raids, so a day without a row is a day without a raid, as long as the silence is short. A long one may be a
gap in the keeping of the log: it is listed, and nothing is filled in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

HOLE_DAYS = 10
"""A span of at least so many days without a row is a hole."""


@dataclass(frozen=True)
class Hole:
    """A span of days inside a log without a row that is used."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How long it is."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{self.first} to {self.last}, {self.days} days without a row"


def holes_of(days: Iterable[date], hole_days: int = HOLE_DAYS) -> tuple[Hole, ...]:
    """Spans of at least `hole_days` days between the first and the last of `days` with none of them inside."""
    one = timedelta(days=1)
    return tuple(Hole(before + one, after - one) for before, after in pairwise(sorted(days))
                 if (after - before).days - 1 >= hole_days)
