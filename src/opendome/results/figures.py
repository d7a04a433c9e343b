"""Estimates of figures of merit with their errors, by any group.

Every figure is a sum over the rows of a run and group (or the least or most of them), some of them divided by another
such sum, of the same table or of another. The quotient is taken run by run; the estimate is its mean over runs, with
the standard error of that mean and the 5 % and 95 % quantiles over runs. A run in which a group has nothing to divide
by is left out for that group, and `runs` says how many were used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import numpy as np

from opendome.cost.breakdown import PHASES
from opendome.errors import InputError, nearest
from opendome.results.campaign_figures import CAMPAIGN_FIGURES, SPAN
from opendome.results.cost_figures import COST_FIGURES, COST_GROUPS
from opendome.results.figure import Count, Divisor, Figure, Kind
from opendome.results.raid_figures import RAID_FIGURES
from opendome.results.tables import ALONE, REASONS, THINNED, Tables
from opendome.scenario.months import name_of, number_of
from opendome.scenario.specs import Scenario
from opendome.scenario.threat_class import ThreatClass

if TYPE_CHECKING:
    import pandas as pd

LOW, HIGH = 0.05, 0.95
"""Quantiles over runs that bound the band: nine runs of ten lie inside."""

RESOLUTION = 1e-6
"""Runs that differ by less than this share of their value are equal: the tables hold seven digits."""

Label = tuple[str, ...]

_OF: dict[Kind, dict[str, Figure]] = {
    "raids": {figure.name: figure for figure in (*RAID_FIGURES, *COST_FIGURES["raids"])},
    "campaigns": {figure.name: figure for figure in (*CAMPAIGN_FIGURES, *COST_FIGURES["campaigns"])}}

FIGURES: dict[str, Figure] = {**_OF["campaigns"], **_OF["raids"]}
"""Every figure by name; those of raids where both kinds have one. Names shared have one unit and one better way."""


def figures(of: Kind | None = None) -> list[Figure]:
    """Every figure of merit, or those of raids or campaigns alone, in the order they are best read."""
    return [figure for kind in _OF if of in (None, kind) for figure in _OF[kind].values()]


def kind_of(scenario: Scenario) -> Kind:
    """What a scenario is run as: one with a stockpile as campaigns, any other as raids."""
    return "raids" if scenario.stockpile is None else "campaigns"


def check(name: str, by: Sequence[str] = (), of: Kind | None = None) -> Figure:
    """The figure of a name, of raids or campaigns (or whichever fits), if it can be grouped by these columns;
    `InputError` otherwise."""
    found = [known[name] for kind, known in _OF.items() if of in (None, kind) and name in known]
    if not found:
        raise _unknown(name, of)
    fits = [figure for figure in found if any(set(by) <= set(columns) for columns in figure.groups.values())]
    if not fits:
        _table_for(found[0], tuple(by))
    return (fits or found)[0]


def check_cost(figure: Figure, *, has_cost: bool) -> Figure:
    """The figure; `InputError` where it needs `[cost]`, and the scenario has none."""
    if figure.needs_cost and not has_cost:
        raise InputError(f"figure {figure.name}: needs a programme, and the scenario has no [cost]\n"
                         "hint: docs/guide/cost.md says how one is written")
    return figure


def _unknown(name: str, of: Kind | None) -> InputError:
    if of is not None and name in FIGURES:
        run_as = {"raids": "raids, since it has no stockpile", "campaigns": "campaigns, since it has a stockpile"}[of]
        return InputError(f"figure {name}: is one of {FIGURES[name].of}, but the scenario is run as {run_as}\n"
                          "hint: opendome list figures")
    hint = nearest(name, FIGURES if of is None else _OF[of])
    return InputError(f"figure {name!r}: there is no such figure" + (f"\nhint: {hint}" if hint else ""))


class ByRun(NamedTuple):
    """A figure run by run. R runs, in the order of their numbers; G groups, in the scenario's order."""

    by: Label
    """Columns that it is split by."""
    labels: list[Label]
    """One label for each column, by group."""
    values: Any
    """(R, G) value of each run and group; NaN where there is nothing to divide by."""
    known: tuple[frozenset[str], ...]
    """Labels that the scenario has, by column."""
    divisors: Mapping[Label, Any]
    """(R,) divisor by label without the column `each`, for a figure that has one; else empty."""
    figure: Figure
    kept: int
    """Runs, from the first, whose rows were kept: campaigns keep every month of the first runs alone where all would be
    too many. The others have no values."""

    def of(self, label: Label) -> Any:
        """(R,) values of a group, whether or not it ever occurred.

        Where it did not, a count is 0 if the scenario has what the label names, and so is a share of what was there;
        anything else is NaN.
        """
        if label in self.labels:
            return self.values[:, self.labels.index(label)]
        never = np.full(len(self.values), np.nan)
        none = np.where(np.arange(len(self.values)) < self.kept, 0.0, np.nan)
        is_sum = self.figure.take == "sum" and not self.figure.is_state
        if not (is_sum and all(part in names for part, names in zip(label, self.known))):
            return never
        if self.figure.each is not None:
            rest = tuple(part for part, column in zip(label, self.by) if column != self.figure.each)
            return np.where(self.divisors.get(rest, never) > 0, 0.0, np.nan)
        return never if self.figure.bottom is not None else none


def by_run(tables: Tables, scenario: Scenario, name: str, by: Sequence[str] | str = ()) -> ByRun:
    """A figure run by run, before any mean is taken; raises as `estimates` does."""
    by = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    figure = check_cost(check(name, by, kind_of(scenario)), has_cost=scenario.cost is not None)
    if figure.each is not None and figure.each not in by:
        by = (*by, figure.each)
    table = _table_for(figure, by)
    rows, runs = _rows(tables, scenario, figure, table, by), tables.runs
    kept = min(kept_runs(tables, name) for name in _read(figure, table))
    labels, values = _gathered(rows, figure.top, runs, by, figure.take)
    divisors: dict[Label, Any] = {}
    if figure.bottom is not None:
        divisors = _divisors(tables, scenario, by, figure, rows)
        values = _divided(values, labels, by, figure, divisors)
    values[kept:] = np.nan
    shown = [g for g in _in_order(labels, by, figure, scenario) if np.isfinite(values[:, g]).any()]
    known = tuple(frozenset(_there(column, figure, tables, scenario)) for column in by)
    return ByRun(by, [labels[g] for g in shown], values[:, shown], known, divisors if figure.each else {}, figure, kept)


def estimates(tables: Tables, scenario: Scenario, name: str, by: Sequence[str] | str = ()) -> pd.DataFrame:
    """One row per group: the group's columns, value, error, runs, low, high (see the module's docstring).

    Groups stand in the scenario's order. The error of a single run is NaN. Raises `InputError` for an unknown figure,
    or for columns that the figure cannot be grouped by.
    """
    import pandas as pd

    found = by_run(tables, scenario, name, by)
    table = pd.DataFrame(found.labels, columns=pd.Index(found.by), dtype="str")
    columns = [estimate(values) for values in found.values.T]
    for i, column in enumerate(("value", "error", "runs", "low", "high")):
        table[column] = np.array([c[i] for c in columns], dtype=np.int64 if column == "runs" else np.float64)
    return table


def _table_for(figure: Figure, by: tuple[str, ...]) -> str:
    """The first table that knows all the columns."""
    for column in by:
        if column not in figure.by:
            hint = nearest(column, figure.by)
            raise InputError(f"figure {figure.name}: cannot be grouped by {column!r}; it knows {', '.join(figure.by)}"
                             + (f"\nhint: {hint}" if hint.startswith("did") else ""))
    for table, columns in figure.groups.items():
        if set(by) <= set(columns):
            return table
    fits = "; or by ".join(", ".join(columns) for columns in figure.groups.values())
    raise InputError(f"figure {figure.name}: cannot be grouped by {', '.join(by)} together; it groups by {fits}")


def _rows(tables: Tables, scenario: Scenario, figure: Figure, table: str, by: tuple[str, ...]) -> pd.DataFrame:
    """The rows of a table that a figure or its divisor counts, with the columns that it counts and groups by."""
    rows: pd.DataFrame = getattr(tables, table)
    if figure.of == "campaigns":
        rows = _campaign_rows(rows, scenario, figure, table, by)
    else:
        rows = _raid_rows(rows, tables, scenario, figure, table, by)
    return rows if figure.join is None else figure.join(rows, tables)


def _raid_rows(rows: pd.DataFrame, tables: Tables, scenario: Scenario, figure: Figure, table: str,
               by: tuple[str, ...]) -> pd.DataFrame:
    """The same of raids: decoys left out, unless they count; of shots with the class of the threat."""
    if table == "threats" and not figure.with_decoys and rows["is_decoy"].any():
        rows = rows[~rows["is_decoy"]]
    if table == "shots":
        pairs = tables.threats.drop_duplicates("type")
        classes = dict(zip(pairs["type"], pairs["threat_class"]))
        rows = rows.assign(threat_class=rows["type"].astype("str").map(classes))
    if figure.is_state and "raid" not in by:
        rows = rows[rows["raid"] == list(scenario.raids)[-1]]
    return rows


def _campaign_rows(rows: pd.DataFrame, scenario: Scenario, figure: Figure, table: str,
                   by: tuple[str, ...]) -> pd.DataFrame:
    """The same of campaigns: months by name; of makers the lines alone, unless each maker is told of."""
    import pandas as pd

    months = _months(scenario)
    if table == "makers" and "maker" not in by:
        rows = rows[rows["is_line"]]
    if figure.is_state and "month" not in by:
        rows = rows[rows["month"] == len(months) - 1]
    if "month" in by:
        rows = rows.assign(month=pd.Categorical.from_codes(rows["month"], pd.Index(months)))
    return rows.assign(**{SPAN: float(len(months))}) if table == "owned" else rows


def _read(figure: Figure, table: str) -> set[str]:
    """Tables that a figure taken from one of them reads."""
    divisor = {figure.bottom.table} if isinstance(figure.bottom, Divisor) else set()
    return {table} | divisor | ({"prices"} if figure.join else set())


def kept_runs(tables: Tables, table: str) -> int:
    """Runs, from the first, that a table has rows of if they have any."""
    runs = len(tables.runs)
    if table in ALONE:
        rows = getattr(tables, table)
        return min(runs, int(rows["run"].max()) + 1) if len(rows) else runs
    return min(runs, int(tables.stocks["run"].max()) + 1) if table in THINNED and len(tables.stocks) else runs


def _gathered(rows: pd.DataFrame, count: Count, runs: Any, by: tuple[str, ...],
              take: str = "sum") -> tuple[list[Label], Any]:
    """Labels of the groups, and (R, G) sums of the counts (or the least or most: NaN where there are none, or never);
    rows without a label belong to no group."""
    run: Any = np.searchsorted(runs, rows["run"].to_numpy())
    group: Any = np.zeros(len(rows), np.int64)
    labels: list[Label] = [()]
    if by:
        group, labels = _grouped(rows, by)
        has_label = group >= 0
        if not has_label.all():
            rows, run, group = rows[has_label], run[has_label], group[has_label]
    cell, n = run * len(labels) + group, len(runs) * len(labels)
    if take == "sum":
        sums = np.bincount(cell, weights=count(rows), minlength=n).astype(np.float64)  # of no rows they are whole
        return labels, sums.reshape(len(runs), len(labels))
    better, start = (np.minimum, np.inf) if take == "least" else (np.maximum, -np.inf)
    found = np.full(n, start)
    better.at(found, cell, count(rows))
    found[~np.isfinite(found)] = np.nan
    return labels, found.reshape(len(runs), len(labels))


def _grouped(rows: pd.DataFrame, by: tuple[str, ...]) -> tuple[Any, list[Label]]:
    """The group of each row by number, -1 where it lacks a label, and the labels, in the order in which they occur."""
    import pandas as pd

    key: Any = np.zeros(len(rows), np.int64)
    has_label, names = np.ones(len(rows), np.bool_), []
    for column in by:
        found = rows[column]
        codes, known = ((found.cat.codes.to_numpy(), found.cat.categories)
                        if isinstance(found.dtype, pd.CategoricalDtype) else pd.factorize(found))
        names.append(known)
        has_label &= codes >= 0
        key = key * max(1, len(known)) + codes
    group, keys = pd.factorize(np.where(has_label, key, -1))
    if not has_label.all():  # their group is that of the key -1
        at = int(np.flatnonzero(keys == -1)[0])
        group, keys = np.where(group == at, -1, group - (group > at)), np.delete(keys, at)
    parts: list[list[str]] = []
    for known in reversed(names):
        keys, code = np.divmod(keys, max(1, len(known)))
        parts.insert(0, [str(known[k]) for k in code])
    return group, list(zip(*parts, strict=True))


def _divisors(tables: Tables, scenario: Scenario, by: tuple[str, ...], figure: Figure,
              rows: pd.DataFrame) -> dict[Label, Any]:
    """(R,) sums to divide by, by label of the columns that the divisor is split by."""
    assert figure.bottom is not None
    split = _split_by(figure, by)
    if isinstance(figure.bottom, Divisor):
        rows = _rows(tables, scenario, replace(figure, join=figure.bottom.join), figure.bottom.table, split)
        names, sums = _gathered(rows, figure.bottom.top, tables.runs, split)
    else:
        names, sums = _gathered(rows, figure.bottom, tables.runs, split)
    return dict(zip(names, sums.T))


def _split_by(figure: Figure, by: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the columns that the divisor of a figure is split by."""
    if isinstance(figure.bottom, Divisor):
        return tuple(column for column in by if column in figure.bottom.by)
    return tuple(column for column in by if column != figure.each)


def _divided(top: Any, labels: list[Label], by: tuple[str, ...], figure: Figure, divisors: Mapping[Label, Any]) -> Any:
    """(R, G) quotients run by run; NaN where there is nothing to divide by."""
    split = _split_by(figure, by)
    kept = [i for i, column in enumerate(by) if column in split]
    nothing = np.zeros(len(top))
    columns = [divisors.get(tuple(label[i] for i in kept), nothing) for label in labels]
    bottom = np.array(columns).reshape(len(labels), len(top)).T
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)


def estimate(values: Any) -> tuple[float, float, int, float, float]:
    """Mean over runs, its standard error, runs used, and the band, of a figure's values run by run (NaN: not used)."""
    used = values[np.isfinite(values)]
    error = float(np.std(used, ddof=1) / np.sqrt(len(used))) if len(used) > 1 else float("nan")
    if len(used) > 1 and np.ptp(used) <= RESOLUTION * np.abs(used).max():
        error = 0.0
    low, high = np.quantile(used, (LOW, HIGH))
    return float(np.mean(used)), error, len(used), float(low), float(high)


def _in_order(labels: list[Label], by: tuple[str, ...], figure: Figure, scenario: Scenario) -> list[int]:
    """Positions of the groups in the scenario's order, column by column."""
    known = [_order(column, figure, scenario) for column in by]
    ranks = [tuple((order.get(part, len(order)), part) for order, part in zip(known, label)) for label in labels]
    return sorted(range(len(labels)), key=ranks.__getitem__)


def _order(column: str, figure: Figure, scenario: Scenario) -> dict[str, int]:
    if figure.groups == COST_GROUPS:
        return {name: i for i, name in enumerate(dict.fromkeys(programme_names(scenario)[column]))}
    names = _campaign_names(scenario) if scenario.stockpile is not None else _raid_names(scenario)
    return {name: i for i, name in enumerate(dict.fromkeys(names[column]))}


def programme_names(scenario: Scenario) -> dict[str, Sequence[str]]:
    """Elements, layers and phases of a scenario's programme; each element that names no layer is one of its own."""
    elements = {} if scenario.cost is None else scenario.cost.elements
    return {"element": list(elements), "layer": [one.layer or name for name, one in elements.items()],
            "phase": PHASES}


def _months(scenario: Scenario) -> list[str]:
    """The months of a study of campaigns by name."""
    assert scenario.stockpile is not None
    first, last = number_of(scenario.stockpile.start), number_of(scenario.stockpile.until)
    return [name_of(number) for number in range(first, last + 1)]


def _campaign_names(scenario: Scenario) -> dict[str, Sequence[str]]:
    pile = scenario.stockpile
    assert pile is not None
    return {"owner": list(pile.owners), "interceptor": list(pile.interceptors), "month": _months(scenario),
            "order": list(pile.orders), "line": list(pile.lines), "maker": [*pile.components, *pile.lines],
            "campaign": list(scenario.campaigns), "threat_class": get_args(ThreatClass)}


def _raid_names(scenario: Scenario) -> dict[str, Sequence[str]]:
    waves = [wave for raid in scenario.raids.values() for wave in raid.waves]
    return {
        "type": [wave.threat for wave in waves],
        "threat_class": get_args(ThreatClass),
        "place": list(scenario.places),
        "area": list(scenario.areas),
        "hit_area": list(scenario.areas),
        "raid": list(scenario.raids),
        "layer": list(scenario.layers),
        "sensor": list(scenario.sensors),
        "site": [site for layer in scenario.layers.values() for site in layer.sites or (str(layer.constellation),)],
        "interceptor": [layer.interceptor for layer in scenario.layers.values()],
        "reason": REASONS,
    }


def _there(column: str, figure: Figure, tables: Tables, scenario: Scenario) -> Iterable[str]:
    """Labels of a column that there can be rows of in this scenario."""
    waves = [wave for raid in scenario.raids.values() for wave in raid.waves]
    match column:
        case "threat_class":
            every = tables.threats if scenario.stockpile is None else tables.attacks
            return map(str, every["threat_class"].unique())
        case "place":
            return [name for wave in waves for name in wave.from_]
        case "area":
            return [name for wave in waves for name in wave.at]
        case _:
            return _order(column, figure, scenario)
