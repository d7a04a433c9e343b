"""Campaigns over months: run them all, then make rows of what was recorded of stocks, lots, makers and attacks.

A scenario with a stockpile is run as campaigns. Stocks are those at the end of a month; months are counted from the
first one of the stockpile, from 0. A stock has fallen in the first month that ends below its level; it is back in the
month from which on it ends every month at its level or above; it is exhausted in the first month that ends with
nothing though there was something, or in which less was there than wanted.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from opendome import campaign
from opendome.battle import CLASSES
from opendome.campaign.outcome import Outcome
from opendome.catalogue import Catalogue
from opendome.kernel import BoolArray, I32Array, I64Array, announce_compiling
from opendome.results import Tables
from opendome.scenario import Scenario
from opendome.stockpile.tables import NEVER
from opendome.study.labels import assumption_rows, labels

if TYPE_CHECKING:
    import pandas as pd

ROWS_MAX = 6_000_000
"""Most rows of a table that grows with runs, months and stocks. Where all runs have more, every month is kept of as
many of the first runs as fit; the months of exhaustion and return, and what was made, are kept of all."""

BLOCK = 256
"""Runs whose months are looked through at a time, to bound the memory for it."""


def run(scenario: Scenario, catalogue: Catalogue, *, runs: int, seed: int, jobs: int | None = None,
        progress: Callable[[int, int], None] | None = None) -> Tables:
    """The tables of all campaigns of a scenario with a stockpile, the same for any number of jobs."""
    with announce_compiling():
        found = campaign.run_all(scenario, catalogue, runs=runs, seed=seed, jobs=jobs, progress=progress)
    return tables_from(found)


def tables_from(found: Outcome) -> Tables:
    """The tables of what campaigns left behind."""
    import pandas as pd

    kept = kept_runs(found)
    return Tables(stocks=_stocks(found, kept), owned=_owned(found), lots=_lots(found, kept), makers=_makers(found),
                  attacks=_attacks(found, kept), surfaces=pd.DataFrame(found.surfaces),
                  assumptions=assumption_rows(found.assumptions))


def kept_runs(found: Outcome) -> int:
    """How many runs, from the first, every month is kept of."""
    runs, *stocks = found.records.stock.shape
    attacks = found.attacks.launched.shape[1:]
    rows = max(1, math.prod(stocks), found.records.lot_done.shape[1], math.prod(attacks))
    return min(int(runs), max(1, ROWS_MAX // int(rows)))


class Course(NamedTuple):
    """How stocks went. (R, P) each; months from 0, `NEVER` where it did not come to that."""

    lowest: I32Array
    lowest_month: I64Array
    exhausted: I64Array
    fell: I64Array
    back: I64Array


def course(stock: I32Array, had: BoolArray, lacked: BoolArray, level: I64Array) -> Course:
    """What became of stocks, from (R, M, P) rounds at the ends of months, whether there were ever any up to then, and
    whether fewer were there than wanted, and from (R, P) levels."""
    months = stock.shape[1]
    below = stock < level[:, np.newaxis, :]
    fell = _first(below)
    back = np.where(fell == NEVER, NEVER, months - below[:, ::-1].argmax(axis=1))
    return Course(stock.min(axis=1), stock.argmin(axis=1), _first(((stock == 0) & had) | lacked), fell,
                  np.where(back == months, NEVER, back))


def _first(found: BoolArray) -> I64Array:
    """(R, P) first month in which something holds."""
    return np.where(found.any(axis=1), found.argmax(axis=1), NEVER)


def _or_nan(months: Any) -> Any:
    """Months as numbers, NaN for `NEVER`."""
    return np.where(months >= NEVER, np.nan, months).ravel()


# ---- rows -------------------------------------------------------------------------------------------------------


def _stocks(found: Outcome, kept: int) -> pd.DataFrame:
    import pandas as pd

    moves = ("stock", "wanted", "fired", "delivered", "received", "sent", "expired")
    runs, months, pairs = kept, *found.records.stock.shape[1:]
    return pd.DataFrame({
        "run": np.repeat(np.arange(runs, dtype=np.int32), months * pairs),
        "month": np.tile(np.repeat(np.arange(months, dtype=np.int16), pairs), runs),
        **_owners(found, runs * months),
        **{name: getattr(found.records, name)[:kept].ravel() for name in moves}})


def _owners(found: Outcome, times: int, pair: Any = None) -> dict[str, Any]:
    """Owner and interceptor of every pair (or of the pairs given), over and over."""
    owners, interceptors = ([pair[i] for pair in found.names.pairs] for i in (0, 1))
    rows = np.tile(np.arange(len(owners)) if pair is None else pair, times)
    return {"owner": labels(rows, owners), "interceptor": labels(rows, interceptors)}


def _owned(found: Outcome) -> pd.DataFrame:
    import pandas as pd

    kept, tables = found.records, found.tables
    runs, _, pairs = kept.stock.shape
    parts = [_course(found, slice(first, first + BLOCK)) for first in range(0, runs, BLOCK)]
    whole = Course(*(np.concatenate(column) for column in zip(*parts)))
    return pd.DataFrame({
        "run": np.repeat(np.arange(runs, dtype=np.int32), pairs), **_owners(found, runs),
        "start": tables.start.ravel(), "level": tables.level.ravel(),
        "lowest": whole.lowest.ravel(), "lowest_month": whole.lowest_month.ravel(),
        "exhausted_month": _or_nan(whole.exhausted), "fell_month": _or_nan(whole.fell),
        "back_month": _or_nan(whole.back),
        "on_way": (kept.on_way_made + kept.on_way_given).ravel()})


def _course(found: Outcome, part: slice) -> Course:
    kept = found.records
    came = (kept.delivered[part] > 0) | (kept.received[part] > 0)
    had = np.logical_or.accumulate(came, axis=1) | (found.tables.start[part] > 0)[:, np.newaxis, :]
    return course(kept.stock[part], had, kept.fired[part] < kept.wanted[part], found.tables.level[part])


def _lots(found: Outcome, kept: int) -> pd.DataFrame:
    import pandas as pd

    lots, names, records = found.tables.lots, found.names, found.records
    n = len(names.lots)
    rounds, due, over = (column[:kept] for column in (lots.rounds, lots.due, lots.over))
    line = np.tile(lots.line, kept)
    return pd.DataFrame({
        "run": np.repeat(np.arange(kept, dtype=np.int32), n),
        "order": labels(np.tile(np.arange(n), kept), [order for order, _ in names.lots]),
        "lot": np.tile(np.array([lot for _, lot in names.lots], np.int16), kept),
        **_owners(found, kept, lots.pair),
        "line": labels(line, names.lines, line >= 0),
        "contract_month": np.tile(lots.contract, kept), "rounds": rounds.ravel(),
        "due_month": first_due(rounds, due, over).ravel(), "built": records.lot_done[:kept].ravel(),
        "first_month": _or_nan(records.lot_first[:kept]), "last_month": _or_nan(records.lot_last[:kept])})


def first_due(rounds: Any, due: Any, over: Any) -> Any:
    """The month in which the first whole round of a lot is due, of `rounds` that fall due evenly over so many months
    from `due` on; NaN of a lot of nothing."""
    each = over / np.where(rounds > 0, rounds, 1)
    return np.where(rounds > 0, np.ceil(due + each - 1.0 - 1e-9) + 0.0, np.nan)


def _makers(found: Outcome) -> pd.DataFrame:
    import pandas as pd

    names, records, shares = found.names, found.records, found.tables.shares
    makers, n_components = [*names.components, *names.lines], len(names.components)
    runs, n = records.made.shape
    row = np.tile(np.arange(n), runs)
    line = np.maximum(row - n_components, 0)
    is_line = row >= n_components

    def of_line(codes: Any, every: list[str]) -> Any:
        return labels(codes[line] if len(codes) else row, every, is_line)

    nothing = np.zeros((runs, n_components), np.int32)
    return pd.DataFrame({
        "run": np.repeat(np.arange(runs, dtype=np.int32), n), "maker": labels(row, makers), "is_line": is_line,
        "interceptor": of_line(shares.line_interceptor, names.interceptors),
        "owner": of_line(shares.line_owner, names.owners),
        "made": records.made.ravel(), "capacity": records.capacity.ravel(),
        "short": np.hstack([nothing, records.short]).ravel(), "idle": np.hstack([nothing, records.idle]).ravel()})


def _attacks(found: Outcome, kept: int) -> pd.DataFrame:
    """Rows of the months with a raid."""
    import pandas as pd

    columns = {name: getattr(found.attacks, name)[:kept] for name in found.attacks._fields}
    run, month, row, code = np.nonzero((columns["raids"] > 0) | (columns["launched"] > 0))
    return pd.DataFrame({
        "run": run.astype(np.int32), "month": month.astype(np.int16), "campaign": labels(row, found.campaigns),
        "threat_class": labels(code, list(CLASSES)),
        **{name: column[run, month, row, code] for name, column in columns.items()}})
