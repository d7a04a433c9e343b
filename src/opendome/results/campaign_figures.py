"""The figures of merit of campaigns: stocks from month to month, who makes them, and the raids that use them up.

Months are counted from the first one of the stockpile. A stock is back in the month from which on it is at its level
to the end; while that has not come, the whole span stands for it, so that a run that is not back is not left out and
the mean says the least that it can be.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.results.figure import Figure, amount, is_known

if TYPE_CHECKING:
    import pandas as pd

SPAN = "span"
"""A column that the tables `owned` and `lots` are given when figures are taken: how many months the study has."""

_STOCKS = {"stocks": ("owner", "interceptor", "month")}
_OWNED = {"owned": ("owner", "interceptor")}
_LOTS = {"lots": ("order", "owner", "interceptor", "line")}
_MAKERS = {"makers": ("maker", "interceptor", "owner")}
_ATTACKS = {"attacks": ("campaign", "threat_class", "month")}

_Figure = partial(Figure, of="campaigns")


def _unmet(rows: pd.DataFrame) -> Any:
    return (rows["wanted"] - rows["fired"]).to_numpy(np.float64)


def _exhausted_after(rows: pd.DataFrame) -> Any:
    return rows["exhausted_month"].fillna(np.inf).to_numpy(np.float64)


def _returned(rows: pd.DataFrame) -> Any:
    return (rows["fell_month"].isna() | rows["back_month"].notna()).to_numpy(np.float64)


def _return_after(rows: pd.DataFrame) -> Any:
    found = rows["back_month"].fillna(rows[SPAN])
    return found.where(rows["fell_month"].notna(), 0.0).to_numpy(np.float64)


def _late(rows: pd.DataFrame) -> Any:
    return (rows["first_month"] - rows["due_month"].clip(lower=0)).fillna(0.0).to_numpy(np.float64)


def _delivered(rows: pd.DataFrame) -> Any:
    return (rows["first_month"].notna() & rows["due_month"].notna()).to_numpy(np.float64)


CAMPAIGN_FIGURES = (
    _Figure("rounds", "rounds", "Rounds in stock at the end of the last month, or of each month.", _STOCKS,
            amount("stock"), is_state=True, better="more"),
    _Figure("start", "rounds", "Rounds in stock at the start.", _OWNED, amount("start")),
    _Figure("lowest", "rounds", "Rounds in stock at the end of the month in which they were fewest, of each owner and "
            "interceptor by itself.", _OWNED, amount("lowest"), better="more"),
    _Figure("exhausted", "share", "Share of the runs in which nothing was left, or less was there than wanted, in any "
            "month; of several stocks: of any.", _OWNED, is_known("exhausted_month"), take="most", better="less"),
    _Figure("exhausted_after", "months", "Months from the first to the one in which nothing was left, or less was "
            "there than wanted, of the runs in which that happened; of several stocks: of the first.", _OWNED,
            _exhausted_after, take="least", better="more"),
    _Figure("returned", "share", "Share of the runs in which the stock came back to its level by the end and stayed "
            "there, or never fell below it; of several stocks: of all.", _OWNED, _returned, take="least",
            better="more"),
    _Figure("return_after", "months", "Months from the first to the one from which on the stock is at its level: 0 "
            "where it never fell below it, all months of the study where it is not back by the end (so the mean is the "
            "least it can be: see `returned`); of several stocks: of the last.", _OWNED, _return_after, take="most",
            better="less"),
    _Figure("fired", "rounds", "Rounds fired.", _STOCKS, amount("fired")),
    _Figure("wanted", "rounds", "Rounds that were to be fired, whether they were there or not.", _STOCKS,
            amount("wanted")),
    _Figure("unmet", "rounds", "Rounds that were to be fired and were not there.", _STOCKS, _unmet, better="less"),
    _Figure("delivered", "rounds", "Rounds that came from lines.", _STOCKS, amount("delivered"), better="more"),
    _Figure("received", "rounds", "Rounds that came from other owners.", _STOCKS, amount("received")),
    _Figure("sent", "rounds", "Rounds given or lent to other owners.", _STOCKS, amount("sent")),
    _Figure("expired", "rounds", "Rounds that grew too old.", _STOCKS, amount("expired"), better="less"),
    _Figure("on_way", "rounds", "Rounds on the way at the end of the last month.", _OWNED, amount("on_way")),
    _Figure("made", "rounds", "Rounds that lines built; by `maker`, parts that were made too.", _MAKERS,
            amount("made"), better="more"),
    _Figure("capacity", "rounds", "Rounds that lines could have built at their rates; by `maker`, parts too.", _MAKERS,
            amount("capacity")),
    _Figure("used", "share", "Share of what lines could have built that they did; by `maker`, of parts too.", _MAKERS,
            amount("made"), amount("capacity")),
    _Figure("short", "rounds", "Rounds that lines did not build for want of parts.", _MAKERS, amount("short"),
            better="less"),
    _Figure("idle", "rounds", "Rounds that lines did not build because none were due, or none might be exported.",
            _MAKERS, amount("idle")),
    _Figure("ordered", "rounds", "Rounds under contract.", _LOTS, amount("rounds")),
    _Figure("built", "rounds", "Rounds under contract that were built.", _LOTS, amount("built"), better="more"),
    _Figure("late", "months", "Months from when the first round of a lot was due (or from the first month, if that is "
            "later) to its first delivery, mean over the lots with a delivery.", _LOTS, _late, _delivered,
            better="less"),
    _Figure("launched", "threats", "Threats launched.", _ATTACKS, amount("launched")),
    _Figure("leak_through", "share", "Share of the threats launched that came down in a defended area.", _ATTACKS,
            amount("leaked"), amount("launched"), better="less"),
    _Figure("destroyed", "share", "Share of the threats launched that were destroyed.", _ATTACKS,
            amount("destroyed"), amount("launched"), better="more"),
    _Figure("outside", "share", "Share of the threats launched that came down outside every defended area by "
            "themselves.", _ATTACKS, amount("harmless"), amount("launched")),
    _Figure("engaged", "share", "Share of the threats launched that were fired at from stocks.", _ATTACKS,
            amount("engaged"), amount("launched")),
    _Figure("leakers", "threats", "Threats that came down in a defended area.", _ATTACKS, amount("leaked"),
            better="less"),
    _Figure("strays", "threats", "Threats that came down outside every defended area by themselves.", _ATTACKS,
            amount("harmless")),
    _Figure("raid_days", "days", "Days with a raid, of each campaign and class of threat by itself.", _ATTACKS,
            amount("raids")),
)
"""In the order they are best read."""
