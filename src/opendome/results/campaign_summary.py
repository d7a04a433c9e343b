"""The first screen of campaigns as data: which stock runs out and when it is back, what leaks, what lines make.

Quantiles over runs put "not yet" after every month and never leave a run out: the quantile at p is the smallest value
that at least a share p of the runs do not exceed, and None where that is later than the last month.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.results.figures import estimates, kept_runs
from opendome.results.summary import records, sampling
from opendome.results.tables import Tables
from opendome.scenario.months import name_of, number_of
from opendome.scenario.specs import Scenario

if TYPE_CHECKING:
    import pandas as pd

BAND = (0.1, 0.9)
"""Quantiles over runs that bound the band of stocks and months: eight runs of ten lie inside."""

def campaign_summary(tables: Tables, scenario: Scenario, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The first screen as plain data; unknown numbers are None."""
    pile = scenario.stockpile
    assert pile is not None
    return {
        "kind": "campaign",
        "title": scenario.title,
        "runs": len(tables.runs),
        "seed": manifest["seed"],
        "fidelity": manifest["fidelity"],
        "assumptions": scenario.assumptions,
        "price_year": scenario.price_year,
        "start": pile.start,
        "until": pile.until,
        "months": number_of(pile.until) - number_of(pile.start) + 1,
        "stocks": stocks(tables, scenario),
        "campaigns": _attacks(tables, scenario),
        "surfaces": surfaces(tables),
        "lines": _makers(tables, scenario, is_line=True),
        "components": _makers(tables, scenario, is_line=False),
        "notes": _notes(tables, scenario),
    }


# ---- stocks -----------------------------------------------------------------------------------------------------


def stocks(tables: Tables, scenario: Scenario) -> list[dict[str, Any]]:
    """A row for every owner and interceptor, in the scenario's order; months as 2026-02, None for later than the last.

    `start`, `level`, `lowest`, `lowest_month`, `exhausted`, `back` hold median, low and high over runs: `exhausted` of
    all runs, `back` of those in which the stock fell below its level. `share_exhausted` and `share_fell` are shares of
    all runs, `share_not_back` is that of the runs in which it fell.
    """
    pile = scenario.stockpile
    assert pile is not None
    first = number_of(pile.start)
    groups = dict(iter(tables.owned.groupby(["owner", "interceptor"], observed=True, sort=False)))
    names = [(owner, what) for owner in pile.owners for what in pile.interceptors]
    return [{"owner": owner, "interceptor": what, **_stock(groups[owner, what], first)}
            for owner, what in names if (owner, what) in groups]


def _stock(rows: pd.DataFrame, first: int) -> dict[str, Any]:
    fell = rows["fell_month"].notna()
    n_fell = int(fell.sum())
    back = rows.loc[fell, "back_month"]

    def months(column: pd.Series) -> dict[str, str | None]:
        return {key: None if found is None else name_of(first + int(found)) for key, found in band(column).items()}

    return {
        "runs": len(rows),
        **{name: band(rows[name]) for name in ("start", "level", "lowest")},
        "lowest_month": months(rows["lowest_month"]),
        "exhausted": months(rows["exhausted_month"]),
        "share_exhausted": float(rows["exhausted_month"].notna().mean()),
        "share_fell": n_fell / len(rows),
        "back": months(back) if n_fell else None,
        "share_not_back": float(back.isna().mean()) if n_fell else 0.0,
    }


def band(values: Any) -> dict[str, float | None]:
    """Median, low and high over runs, each a value that occurs; missing values are later than all others."""
    ordered = np.sort(np.where(np.isnan(found := np.asarray(values, np.float64)), np.inf, found))
    keys = (("median", 0.5), ("low", BAND[0]), ("high", BAND[1]))
    picked = {key: float(ordered[max(0, math.ceil(p * len(ordered) - 1e-9) - 1)]) for key, p in keys}
    return {key: None if math.isinf(value) else value for key, value in picked.items()}


# ---- what comes, and what is made -------------------------------------------------------------------------------


def _attacks(tables: Tables, scenario: Scenario) -> list[dict[str, Any]]:
    """Threats launched, share engaged, and leak-through by campaign and class."""
    if not len(tables.attacks):
        return []
    by = ("campaign", "threat_class")
    found = {figure: {(row["campaign"], row["threat_class"]): row
                      for row in records(estimates(tables, scenario, figure, by))}
             for figure in ("launched", "engaged", "leak_through")}
    return [{**row, "launched": found["launched"][key]["value"], "engaged": found["engaged"][key]["value"]}
            for key, row in found["leak_through"].items()]


def surfaces(tables: Tables) -> list[dict[str, Any]]:
    """How far response surfaces lie from simulated raids that they were not fitted to, a row for each campaign,
    doctrine step, quantity and group: root mean square of the difference and of the simulations' own standard errors,
    both in the quantity's unit."""
    checks = tables.surfaces[tables.surfaces["is_check"].astype(bool)]
    keys = ["campaign", "step", "quantity", "group"]
    found = []
    for key, rows in checks.groupby(keys, observed=True, sort=False, dropna=False):
        off = (rows["surface"] - rows["simulated"]).to_numpy(np.float64)
        found.append({**dict(zip(keys, map(_plain, key))), "checks": len(rows),
                      "simulated": float(rows["simulated"].mean()), "rms": _root_mean_square(off),
                      "error": _root_mean_square(rows["error"].to_numpy(np.float64))})
    return found


def _plain(found: Any) -> Any:
    """A label as plain data."""
    return int(found) if isinstance(found, int | np.integer) else None if found != found else str(found)


def _root_mean_square(values: Any) -> float | None:
    found = float(np.sqrt(np.mean(np.square(values)))) if len(values) else math.nan
    return found if math.isfinite(found) else None


MAKER_FIGURES = {True: ("made", "used", "short", "idle"), False: ("made", "used")}
"""Figures of lines, and of components."""


def _makers(tables: Tables, scenario: Scenario, *, is_line: bool) -> list[dict[str, Any]]:
    pile = scenario.stockpile
    assert pile is not None
    names = [*pile.lines] if is_line else [*pile.components]
    found: dict[str, dict[str, Any]] = {name: {} for name in names}
    for figure in MAKER_FIGURES[is_line]:
        for row in records(estimates(tables, scenario, figure, "maker")):
            if (name := row.pop("maker")) in found:
                found[name][figure] = row
    return [{"maker": name, **rows} for name, rows in found.items() if rows]


# ---- notes ------------------------------------------------------------------------------------------------------


def _notes(tables: Tables, scenario: Scenario) -> list[str]:
    """What must be known to read the figures, in plain sentences."""
    pile = scenario.stockpile
    assert pile is not None
    notes = ["A stock is back in the month from which on it is at its level to the end; it is exhausted when nothing "
             f"is left, or less is there than wanted. `never` and `later` are after {pile.until}; in medians and bands "
             "they count as later than every month."]
    kept, runs = kept_runs(tables, "stocks"), len(tables.runs)
    if kept < runs:
        notes.append(f"Every month was kept of the first {kept:,} of {runs:,} runs: what is told of rounds, lots and "
                     "threats is of those; months of exhaustion and return, and what was made, are of all.")
    return [*notes, sampling(tables, scenario)]
