"""Every pack in turn, and how near they come in one table."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from opendome.reproduce.pack import load, packs
from opendome.reproduce.rebuild import run

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("pack", "title", "within", "compared", "rows", "headline", "unit", "published", "ours", "is_within",
           "time_s")
"""Columns of the table over all packs."""


def run_all(*, progress: Callable[[int, int], None] | None = None) -> dict[str, pd.DataFrame]:
    """The table of every pack, by name; see `reproduce.run`. `progress` is told (done, total)."""
    names, found = packs(), {}
    for done, name in enumerate(names):
        if progress is not None:
            progress(done, len(names))
        start = time.perf_counter()
        found[name] = run(name)
        found[name].attrs["time_s"] = time.perf_counter() - start
    if progress is not None:
        progress(len(names), len(names))
    return found


def overview(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row for each pack: how many of its rows are within, of how many with a published number and in all; its
    headline number as published and ours; and the seconds that it took."""
    import pandas as pd

    rows = []
    for name, table in tables.items():
        pack = load(name)
        head = table.loc[table["output"] == pack.headline].iloc[0]
        rows.append((name, pack.title, sum(flag is True for flag in table["within"]),
                     int(table["published"].notna().sum()), len(table), pack.headline, head["unit"], head["published"],
                     head["ours"], head["within"], table.attrs.get("time_s")))
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))
