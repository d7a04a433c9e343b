"""What a figure of merit is, and the counts of rows that figures are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from opendome.results.tables import Tables

Count = Callable[["pd.DataFrame"], Any]

Join = Callable[["pd.DataFrame", "Tables"], "pd.DataFrame"]
"""Rows of a table with what other tables say of them."""

Kind = Literal["raids", "campaigns"]
"""What a scenario is run as: its raids, or campaigns over months against its stocks."""


@dataclass(frozen=True)
class Divisor:
    """A sum over another table of the same run that a figure is divided by."""

    table: str
    top: Count
    """What is summed over its rows."""
    by: tuple[str, ...] = ()
    """Columns of the figure that it is split by too; otherwise the whole of a run counts, whatever the group."""
    join: Join | None = None
    """What its rows are given of other tables first."""


@dataclass(frozen=True)
class Figure:
    """One figure of merit."""

    name: str
    unit: str
    meaning: str
    """One sentence."""
    groups: Mapping[str, tuple[str, ...]]
    """The tables it can be taken from and the columns that each can group by; the first table that fits is used."""
    top: Count
    """What is summed over the rows of a run and group."""
    bottom: Count | Divisor | None = None
    """What the sum is divided by, of the same rows or of another table; None for a plain count."""
    each: str | None = None
    """A column it is always split by; the divisor is not."""
    with_decoys: bool = False
    """Whether it looks at the rows of decoys too, which all other figures leave out."""
    is_state: bool = False
    """Whether it is a level at the end of a raid or month: without that among the groups, at the end of the last."""
    better: Literal["", "less", "more"] = ""
    """Which way is better for the defence, all else equal; "" where that depends."""
    of: Kind = "raids"
    """What it can be taken of; a figure of the same name may exist for the other kind."""
    take: Literal["sum", "least", "most"] = "sum"
    """What is made of the rows of a run and group: their sum, or the least or most of them (infinite: never)."""
    join: Join | None = None
    """What the rows are given of other tables first."""
    needs_cost: bool = False
    """Whether there is nothing to take it of in a scenario without `[cost]`."""

    @property
    def by(self) -> tuple[str, ...]:
        """All columns it can be grouped by."""
        return tuple(dict.fromkeys(column for columns in self.groups.values() for column in columns))


def is_label(column: str, label: str) -> Count:
    """1 for rows with a label, else 0."""
    return lambda rows: (rows[column] == label).to_numpy(np.float64)


def amount(column: str) -> Count:
    """The numbers of a column; 0 where there is none."""
    return lambda rows: rows[column].fillna(0).to_numpy(np.float64)


def is_known(column: str) -> Count:
    """1 for rows that have a number in a column, else 0."""
    return lambda rows: rows[column].notna().to_numpy(np.float64)


def one(rows: pd.DataFrame) -> Any:
    """1 for every row."""
    return np.ones(len(rows))
