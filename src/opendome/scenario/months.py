"""Calendar months, the steps of a stockpile: written 2026-02, counted as whole numbers."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator

FORM = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def _month(found: Any) -> Any:
    if not FORM.fullmatch(found):
        raise ValueError("must be a month, for example 2026-02")
    return found


Month = Annotated[str, AfterValidator(_month)]
"""A month as it is written: 2026-02."""


def number_of(month: str) -> int:
    """Months since the start of the year 0: the difference of two is the time between them."""
    year, number = month.split("-")
    return 12 * int(year) + int(number) - 1


def name_of(number: int) -> str:
    """The month of a number, as it is written."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"
