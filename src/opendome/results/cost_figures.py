"""The figures of merit of money: what a scenario's programme costs, and what an attack costs beside its defence.

A programme costs what it does whether or not anything is launched, and its figures need `[cost]`. What an attack costs,
and the rounds bought, need none: each run has prices, those of the scenario's price year.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.results.figure import Count, Divisor, Figure, Kind, amount, is_known, is_label, one

if TYPE_CHECKING:
    import pandas as pd

    from opendome.results.tables import Tables

COST_GROUPS = {"costs": ("element", "layer", "phase")}

THREAT_GROUPS = ("type", "threat_class", "raid")

PRICE, ROUNDS = "price_musd", "cost_musd"
"""Columns that rows are given when figures are taken: the price of one, and that of the rounds fired."""

_OfProgramme = partial(Figure, needs_cost=True)


# ---- rows with prices -------------------------------------------------------------------------------------------


def with_threat_prices(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Threats with the price of one of their type in their run; NaN where it has none."""
    return _priced(rows, tables, "threat", "type")


def with_stock_prices(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Months of the stocks that have a price, with that of a round in their run."""
    found = _priced(rows, tables, "interceptor", "interceptor")
    return found[found[PRICE].notna()]


def _priced(rows: pd.DataFrame, tables: Tables, kind: str, column: str) -> pd.DataFrame:
    """Rows with the price of what their column names: found by run and name in a matrix of all prices."""
    prices = tables.prices[tables.prices["kind"] == kind]
    known = prices["name"].cat.categories
    n_runs = 1 + max(int(found.max()) if len(found) else 0 for found in (rows["run"], prices["run"]))
    every = np.full((n_runs, len(known) + 1), np.nan)  # the last column is that of names without a price
    every[prices["run"], prices["name"].cat.codes] = prices["cost_musd"]
    place = known.get_indexer(rows[column].cat.categories)  # -1 of those
    return rows.assign(**{PRICE: every[rows["run"], place[rows[column].cat.codes]]})


def with_round_costs(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Rows of sites as they are; those of shots with the price of their rounds: that of the layer's in the run."""
    if ROUNDS in rows:
        return rows
    sums = tables.sites.groupby(["run", "layer"], observed=True)[["cost_musd", "shots"]].sum().reset_index()
    sums = sums.assign(layer=sums["layer"].astype("str"), **{PRICE: sums["cost_musd"] / sums["shots"].clip(lower=1)})
    keyed = rows.assign(layer=rows["layer"].astype("str"))[["run", "layer"]]
    found = keyed.merge(sums[["run", "layer", PRICE]], on=["run", "layer"], how="left")[PRICE].to_numpy()
    return rows.assign(**{ROUNDS: rows["shots"].to_numpy() * found})


def _delivered(rows: pd.DataFrame) -> Any:
    return (rows["delivered"] * rows[PRICE]).to_numpy(np.float64)


# ---- figures ----------------------------------------------------------------------------------------------------


def programme_figures(of: Kind) -> tuple[Figure, ...]:
    """What the programme costs, whole and for each threat that the raids or campaigns see engaged and destroyed."""
    table, engaged, destroyed = _met(of)
    each = "Life-cycle cost for each threat {} in all raids of a run; by groups, their share of it."
    return (
        _OfProgramme("life_cycle", "M$", "What the defence costs over the years of its programme, in constant dollars.",
                COST_GROUPS, amount("cost_musd"), better="less", of=of),
        _OfProgramme("then_year", "M$", "The same in dollars of the years in which it is paid.", COST_GROUPS,
                amount("then_year_musd"), better="less", of=of),
        _OfProgramme("discounted", "M$", "The same in constant dollars, later years discounted.", COST_GROUPS,
                amount("discounted_musd"), better="less", of=of),
        _OfProgramme("life_cycle_per_engaged", "M$", each.format("fired at"), COST_GROUPS, amount("cost_musd"),
                Divisor(table, engaged), better="less", of=of),
        _OfProgramme("life_cycle_per_defeated", "M$", each.format("destroyed"), COST_GROUPS, amount("cost_musd"),
                Divisor(table, destroyed), better="less", of=of),
    )


def _met(of: Kind) -> tuple[str, Count, Count]:
    """The table that threats stand in, and the counts of those fired at and of those destroyed."""
    if of == "campaigns":
        return "attacks", amount("engaged"), amount("destroyed")
    return "threats", is_known("t_shot_s"), is_label("outcome", "destroyed")


EXCHANGE_FIGURES = (
    Figure("attack_cost", "M$", "Price of the threats launched, decoys not counted.", {"threats": THREAT_GROUPS},
            amount(PRICE), join=with_threat_prices),
    Figure("cost_per_threat", "M$", "Mean price of a threat launched.", {"threats": THREAT_GROUPS}, amount(PRICE),
            one, join=with_threat_prices),
    Figure("cost_exchange", "ratio", "Cost of the rounds fired over the price of the threats launched; by layer, of "
            "its rounds over the whole attack.", {"sites": ("layer", "raid"), "shots": ("layer", *THREAT_GROUPS)},
            amount(ROUNDS), Divisor("threats", amount(PRICE), THREAT_GROUPS, with_threat_prices),
            join=with_round_costs, better="less"),
)
"""Of raids alone: campaigns know classes of threats, which have no price."""

BOUGHT = Figure("bought", "M$", "Price of the rounds that came from lines, of interceptors whose price is known.",
                 {"stocks": ("owner", "interceptor", "month")}, _delivered, of="campaigns", join=with_stock_prices)

COST_FIGURES: dict[Kind, tuple[Figure, ...]] = {
    "raids": (*programme_figures("raids"), *EXCHANGE_FIGURES),
    "campaigns": (*programme_figures("campaigns"), BOUGHT),
}
"""In the order they are best read."""
