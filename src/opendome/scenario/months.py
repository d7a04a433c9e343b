"""Calendar months, the steps of a stockpile: written 2026-02, counted as whole numbers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

from opendome.errors import Problem

FORM = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def _month(found: Any) -> Any:
    if not (isinstance(found, str) and FORM.fullmatch(found)):
        raise ValueError('must be a month in quotes, for example "2026-02"')
    return found


def _day(found: Any) -> Any:
    if not (isinstance(found, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", found)):
        raise ValueError('must be a day in quotes, for example "2026-02-28"')
    try:
        date.fromisoformat(found)
    except ValueError:
        raise ValueError("is not a day of the calendar") from None
    return found


Month = Annotated[str, BeforeValidator(_month)]
"""A month as it is written: 2026-02."""

Day = Annotated[str, BeforeValidator(_day)]
"""A day as it is written: 2026-02-28."""


@dataclass(frozen=True)
class Span:
    """Months from a first to a last one, both among them, by number."""

    first: int
    last: int

    def outside(self, where: str, month: str) -> Iterator[Problem]:
        """The problem that a month of the file is not one of these months of the stockpile, if it is not."""
        if number_of(month) < self.first:
            yield Problem(where, repr(month), f"must not be before the stockpile's start = {name_of(self.first)}")
        if number_of(month) > self.last:
            yield Problem(where, repr(month), f"must not be after the stockpile's until = {name_of(self.last)}")


ALL_TIME = Span(0, 12 * 10_000)
"""Stands for months that are not known: nothing lies outside."""


def number_of(month: str) -> int:
    """Months since the start of the year 0: the difference of two is the time between them."""
    year, number = month.split("-")
    return 12 * int(year) + int(number) - 1


def name_of(number: int) -> str:
    """The month of a number, as it is written."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
