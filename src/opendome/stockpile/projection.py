"""Stocks month by month as a table for people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome import rng
from opendome.errors import InputError, ScenarioError
from opendome.kernel import I64Array, kernel
from opendome.sampling import Sampler
from opendome.scenario import Scenario, reader
from opendome.scenario.months import FORM, name_of, number_of
from opendome.scenario.stock_specs import Stockpile
from opendome.stockpile.flow import (
    begin_month,
    begin_run,
    empty_records,
    empty_state,
    end_month,
    end_run,
    planned,
)
from opendome.stockpile.lower import Lowered, lower
from opendome.stockpile.tables import Records

if TYPE_CHECKING:
    import pandas as pd

MOVES = ("stock", "wanted", "fired", "delivered", "received", "sent", "expired")
"""Columns that the records hold for every month."""


def project(spec: Stockpile | Mapping[str, Any] | Scenario | str | Path, *, until: str | None = None, runs: int = 1,
            seed: int = 1) -> pd.DataFrame:
    """Stocks at the end of every month, and what moved them, one row for each month, owner and interceptor.

    `spec`: a stockpile, its plain data (`{"start": "2026-02", "owners": ...}`), a scenario, or the name or path of one.
    `until`: last month, "2030-12" (that of the stockpile, when left out). With one run the values count, and nothing
    is drawn; with more, each run draws every uncertain value from its range (unless the scenario says fixed), and the
    first column is the run. Campaigns of a scenario are left out: `opendome.run` fights them.

    Columns: month, owner, interceptor, stock, wanted, fired, delivered (from lines), received and sent (from and to
    other owners), expired, on_way (to the owner, from lines and other owners, at the end of the month). Rounds.
    Raises `ScenarioError` with all that is wrong with the stockpile, `InputError` for a month that cannot be.
    """
    if not isinstance(runs, int) or runs < 1:
        raise InputError(f"runs = {runs!r} must be a whole number of at least 1")
    scenario = _scenario(spec)
    assert scenario.stockpile is not None
    pile = _until(scenario.stockpile, until)
    sampler = Sampler(rng.key(seed), runs, runs > 1 and scenario.assumptions == "sampled")
    lowered = lower(pile, sampler)
    records = empty_records(lowered.tables, runs)
    on_way = np.zeros(records.stock.shape, np.int64)
    _follow(lowered.tables, empty_state(lowered.tables), records, on_way)
    return _frame(lowered, records, on_way, runs)


@kernel
def _follow(tables, state, records, on_way):
    """All runs, with what is on its way to each pair at the end of every month in `on_way` (R, M, P)."""
    for run in range(on_way.shape[0]):
        begin_run(tables, run, state)
        for month in range(tables.n_months):
            begin_month(tables, run, month, state, records)
            planned(tables, run, month, state)
            end_month(tables, run, month, state, records)
            for later in range(month + 1, tables.n_months + 1):
                for pair in range(on_way.shape[2]):
                    on_way[run, month, pair] += state.coming_made[later, pair] + state.coming_given[later, pair]
        end_run(tables, run, state, records)


def _scenario(spec: Stockpile | Mapping[str, Any] | Scenario | str | Path) -> Scenario:
    """The scenario that the stockpile is part of, checked; a bare stockpile becomes one of its own."""
    if isinstance(spec, str | Path):
        spec = reader.load(spec)
    if isinstance(spec, Mapping) and "stockpile" in spec:
        spec = reader.from_data(spec)
    if isinstance(spec, Mapping):
        return reader.from_data(_bare(dict(spec)), source="stockpile")
    if isinstance(spec, Stockpile):
        scenario = Scenario(**_bare(spec))
        if problems := reader.cross_references(scenario, known=reader.to_data(scenario)):
            raise ScenarioError("stockpile", problems)
        return scenario
    if not isinstance(spec, Scenario):
        raise InputError(f"spec: found {type(spec).__name__}, must be a stockpile, a scenario, or the name of one")
    if spec.stockpile is None:
        raise InputError(f"{spec.title}: has no stockpile; add [stockpile] to the scenario")
    return spec


def _bare(pile: Any) -> dict[str, Any]:
    return {"title": "stockpile", "price_year": 2026, "stockpile": pile}


def _until(pile: Stockpile, until: str | None) -> Stockpile:
    """The stockpile with another last month."""
    if until is None:
        return pile
    if not FORM.fullmatch(str(until)):
        raise InputError(f"until = {until!r} must be a month, for example 2030-12")
    if not number_of(pile.start) <= number_of(until) <= number_of(pile.start) + 1200:
        raise InputError(f"until = {until} must lie within 100 years after start = {pile.start}")
    return pile.model_copy(update={"until": until})


def _frame(lowered: Lowered, records: Records, on_way: I64Array, runs: int) -> pd.DataFrame:
    """The records as a long table in the order run, month, owner, interceptor."""
    import pandas as pd

    names, months = lowered.names, lowered.tables.n_months
    shape = (runs, months, len(names.pairs))
    run, month, pair = (axis.ravel() for axis in np.indices(shape))
    labels = {
        "month": [name_of(names.start + i) for i in range(months)],
        "owner": [owner for owner, _ in names.pairs],
        "interceptor": [kind for _, kind in names.pairs],
    }
    columns: dict[str, Any] = {"run": run} if runs > 1 else {}
    for name, rows in (("month", month), ("owner", pair), ("interceptor", pair)):
        columns[name] = np.array(labels[name], object)[rows]
    columns |= {name: getattr(records, name).ravel().astype(np.int64) for name in MOVES}
    return pd.DataFrame(columns | {"on_way": on_way.ravel()})
