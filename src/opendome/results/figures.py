"""Figures of merit: what each one is, and its estimate with error by any group.

Every figure is a sum over the rows of a run and group, most of them divided by another such sum. The quotient is
taken run by run; the estimate is its mean over runs, with the standard error of that mean and the 5 % and 95 %
quantiles over runs. A run in which a group has nothing to divide by is left out for that group, and `runs` says how
many were used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np

from opendome.errors import InputError, nearest
from opendome.results.tables import REASONS, Tables
from opendome.scenario.specs import Scenario
from opendome.scenario.threat_class import ThreatClass

if TYPE_CHECKING:
    import pandas as pd

LOW, HIGH = 0.05, 0.95
"""Quantiles over runs that bound the band: nine runs of ten lie inside."""

RESOLUTION = 1e-6
"""Runs that differ by less than this share of their value are equal: the tables hold seven digits."""

Count = Callable[["pd.DataFrame"], Any]
Label = tuple[str, ...]

THREAT_GROUPS = ("type", "threat_class", "place", "area", "raid")
WARNING_GROUPS = ("sensor", "type", "threat_class", "place", "area", "raid")
SITE_GROUPS = ("layer", "site", "interceptor", "raid")
SHOT_GROUPS = ("layer", "type", "threat_class", "raid")


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
    bottom: Count | None = None
    """What the sum is divided by; None for a plain count."""
    each: str | None = None
    """A column it is always split by; the divisor is not."""
    with_decoys: bool = False
    """Whether it looks at the rows of decoys too, which all other figures leave out."""
    is_state: bool = False
    """Whether it is a level at the end of a raid: without `raid` among the groups, that of the last raid."""
    better: Literal["", "less", "more"] = ""
    """Which way is better for the defence, all else equal; "" where that depends."""

    @property
    def by(self) -> tuple[str, ...]:
        """All columns it can be grouped by."""
        return tuple(dict.fromkeys(column for columns in self.groups.values() for column in columns))


def _is(column: str, label: str) -> Count:
    return lambda rows: (rows[column] == label).to_numpy(np.float64)


def _sum(column: str) -> Count:
    return lambda rows: rows[column].fillna(0).to_numpy(np.float64)


def _known(column: str) -> Count:
    return lambda rows: rows[column].notna().to_numpy(np.float64)


def _one(rows: pd.DataFrame) -> Any:
    return np.ones(len(rows))


def _warned_after(rows: pd.DataFrame) -> Any:
    return (rows["t_warned_s"] - rows["t_launch_s"]).fillna(0.0).to_numpy(np.float64)


def _at_decoys(rows: pd.DataFrame) -> Any:
    return (rows["shots"] * rows["is_decoy"]).to_numpy(np.float64)


_THREATS = {"threats": THREAT_GROUPS}
_WARNINGS = {"warnings": WARNING_GROUPS}
_SITES = {"sites": SITE_GROUPS}
_FIRED = {"sites": SITE_GROUPS, "shots": SHOT_GROUPS}
_leaked, _destroyed, _outside = (_is("outcome", name) for name in ("leaked", "destroyed", "outside"))

_ALL = (
    Figure("launched", "threats", "Threats launched.", _THREATS, _one),
    Figure("leak_through", "share", "Share of the threats launched that came down in a defended area.", _THREATS,
           _leaked, _one, better="less"),
    Figure("destroyed", "share", "Share of the threats launched that were destroyed.", _THREATS, _destroyed, _one,
           better="more"),
    Figure("outside", "share", "Share of the threats launched that came down outside every defended area by "
           "themselves.", _THREATS, _outside, _one),
    Figure("leakers", "threats", "Threats that came down in a defended area (`area`: aimed at, `hit_area`: came down "
           "in).", {"threats": (*THREAT_GROUPS, "hit_area", "reason")}, _leaked, better="less"),
    Figure("strays", "threats", "Threats that came down outside every defended area by themselves.", _THREATS,
           _outside),
    Figure("reasons", "share", "Share of the leakers that leaked for each reason.", {"threats": (*THREAT_GROUPS,
           "reason")}, _leaked, _leaked, each="reason"),
    Figure("seen", "share", "Share of the threats launched that were tracked before they came down.", _THREATS,
           _known("t_seen_s"), _one, better="more"),
    Figure("engaged", "share", "Share of the threats launched that were fired at.", _THREATS, _known("t_shot_s"), _one),
    Figure("alerted", "share", "Share of the threats launched that any sensor in orbit warned of.", _THREATS,
           _known("t_warned_s"), _one, better="more"),
    Figure("warning_delay", "s", "Time from launch to the first warning from orbit in the command post, of the threats "
           "that were warned of.", _THREATS, _warned_after, _known("t_warned_s"), better="less"),
    Figure("warned", "share", "Share of the ballistic missiles whose burn a sensor in orbit warned of.", _WARNINGS,
           _known("warned_after_s"), _one, better="more"),
    Figure("warned_after", "s", "Time from launch to a sensor's warning in the command post, of the missiles that it "
           "warned of.", _WARNINGS, _sum("warned_after_s"), _known("warned_after_s"), better="less"),
    Figure("stereo", "share", "Share of the ballistic missiles whose burn two satellites of a sensor saw.", _WARNINGS,
           _known("stereo_after_s"), _one, better="more"),
    Figure("stereo_after", "s", "Time from launch to the second satellite's report, of the missiles that two saw.",
           _WARNINGS, _sum("stereo_after_s"), _known("stereo_after_s"), better="less"),
    Figure("fixes", "positions", "Positions of missiles after burnout that a sensor in orbit gave, by two satellites "
           "at a time; sensors are asked in the scenario's order, and only where no track is fresh.", _WARNINGS,
           _sum("fixes")),
    Figure("custody", "share", "Share of the time after burnout, while sensors in orbit were asked, in which they had "
           "a position.", _THREATS, _sum("held_s"), _sum("watched_s"), better="more"),
    Figure("shots_at_decoys", "rounds", "Rounds fired at decoys.", _THREATS, _at_decoys, with_decoys=True,
           better="less"),
    Figure("fired_at", "threats", "Threats fired at, by who fired.", {"shots": SHOT_GROUPS}, _sum("engaged")),
    Figure("shots", "rounds", "Rounds fired, those at decoys included.", {**_FIRED, "threats": THREAT_GROUPS},
           _sum("shots"), with_decoys=True),
    Figure("kills", "threats", "Threats destroyed, by who destroyed them.", _FIRED, _sum("kills")),
    Figure("shots_per_kill", "rounds", "Rounds fired for each threat destroyed.", _FIRED, _sum("shots"),
           _sum("kills"), better="less"),
    Figure("stock", "rounds", "Rounds at the start of the run.", _SITES, _sum("stock"), is_state=True),
    Figure("left", "rounds", "Rounds left after the last raid, or after each raid.", _SITES, _sum("left"),
           is_state=True, better="more"),
    Figure("left_share", "share", "Share of the rounds left after the last raid, or after each raid.", _SITES,
           _sum("left"), _sum("stock"), is_state=True, better="more"),
    Figure("cost", "M$", "Cost of the rounds fired.", _SITES, _sum("cost_musd"), better="less"),
    Figure("cost_per_kill", "M$", "Cost of the rounds fired for each threat destroyed.", _SITES, _sum("cost_musd"),
           _sum("kills"), better="less"),
)

FIGURES: dict[str, Figure] = {figure.name: figure for figure in _ALL}
"""Every figure by name."""


def figures() -> list[Figure]:
    """Every figure of merit, in the order they are best read."""
    return list(FIGURES.values())


def check(name: str, by: Sequence[str] = ()) -> Figure:
    """The figure of a name, if it can be grouped by these columns; `InputError` otherwise."""
    figure = _figure(name)
    _table_for(figure, tuple(by))
    return figure


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

    def of(self, label: Label) -> Any:
        """(R,) values of a group, whether or not it ever occurred.

        Where it did not, a count is 0 if the scenario has what the label names, and so is a share of what was there;
        anything else is NaN.
        """
        if label in self.labels:
            return self.values[:, self.labels.index(label)]
        never = np.full(len(self.values), np.nan)
        if self.figure.is_state or not all(part in names for part, names in zip(label, self.known)):
            return never
        if self.figure.each is not None:
            rest = tuple(part for part, column in zip(label, self.by) if column != self.figure.each)
            return np.where(self.divisors.get(rest, never) > 0, 0.0, np.nan)
        return never if self.figure.bottom is not None else np.zeros(len(self.values))


def by_run(tables: Tables, scenario: Scenario, name: str, by: Sequence[str] | str = ()) -> ByRun:
    """A figure run by run, before any mean is taken; raises as `estimates` does."""
    figure = _figure(name)
    by = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    if figure.each is not None and figure.each not in by:
        by = (*by, figure.each)
    rows = _rows(tables, figure, _table_for(figure, by))
    if figure.is_state and "raid" not in by:
        rows = rows[rows["raid"] == list(scenario.raids)[-1]]
    runs = tables.runs
    labels, values = _sums(rows, figure.top, runs, by)
    divisors: dict[Label, Any] = {}
    if figure.bottom is not None:
        divisors = _divisors(by, figure, rows, runs)
        values = _divided(values, labels, by, figure, divisors)
    kept = [g for g in _in_order(labels, by, scenario) if np.isfinite(values[:, g]).any()]
    known = tuple(frozenset(_there(column, tables, scenario)) for column in by)
    return ByRun(by, [labels[g] for g in kept], values[:, kept], known, divisors if figure.each else {}, figure)


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


def _figure(name: str) -> Figure:
    if name not in FIGURES:
        hint = nearest(name, FIGURES)
        raise InputError(f"figure {name!r}: there is no such figure" + (f"\nhint: {hint}" if hint else ""))
    return FIGURES[name]


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


def _rows(tables: Tables, figure: Figure, table: str) -> pd.DataFrame:
    rows: pd.DataFrame = getattr(tables, table)
    if table == "threats":
        return rows if figure.with_decoys else rows[~rows["is_decoy"]]
    if table != "shots":
        return rows
    pairs = tables.threats.drop_duplicates("type")
    classes = dict(zip(pairs["type"], pairs["threat_class"]))
    return rows.assign(threat_class=rows["type"].astype("str").map(classes))


def _sums(rows: pd.DataFrame, count: Count, runs: Any, by: tuple[str, ...]) -> tuple[list[Label], Any]:
    """Labels of the groups, and (R, G) sums of the counts; rows without a label belong to no group."""
    run = np.searchsorted(runs, rows["run"].to_numpy())
    if not by:
        return [()], np.bincount(run, weights=count(rows), minlength=len(runs))[:, np.newaxis]
    has_label = rows[list(by)].notna().all(axis=1).to_numpy()
    group = rows.groupby(list(by), observed=True, sort=False).ngroup().fillna(-1).to_numpy(np.int64)
    _, first = np.unique(group[has_label], return_index=True)
    labels = [tuple(map(str, label)) for label in rows.loc[has_label, list(by)].iloc[first].itertuples(index=False)]
    cell = run[has_label] * len(labels) + group[has_label]
    sums = np.bincount(cell, weights=count(rows)[has_label], minlength=len(runs) * len(labels))
    return labels, sums.reshape(len(runs), len(labels))


def _divisors(by: tuple[str, ...], figure: Figure, rows: pd.DataFrame, runs: Any) -> dict[Label, Any]:
    """(R,) sums to divide by, by label without the column `each`."""
    assert figure.bottom is not None
    names, sums = _sums(rows, figure.bottom, runs, tuple(column for column in by if column != figure.each))
    return dict(zip(names, sums.T))


def _divided(top: Any, labels: list[Label], by: tuple[str, ...], figure: Figure, divisors: Mapping[Label, Any]) -> Any:
    """(R, G) quotients run by run; NaN where there is nothing to divide by."""
    kept = [i for i, column in enumerate(by) if column != figure.each]
    columns = [divisors[tuple(label[i] for i in kept)] for label in labels]
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


def _in_order(labels: list[Label], by: tuple[str, ...], scenario: Scenario) -> list[int]:
    """Positions of the groups in the scenario's order, column by column."""
    known = [_order(column, scenario) for column in by]
    ranks = [tuple((order.get(part, len(order)), part) for order, part in zip(known, label)) for label in labels]
    return sorted(range(len(labels)), key=ranks.__getitem__)


def _order(column: str, scenario: Scenario) -> dict[str, int]:
    waves = [wave for raid in scenario.raids.values() for wave in raid.waves]
    names: dict[str, Sequence[str]] = {
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
    return {name: i for i, name in enumerate(dict.fromkeys(names[column]))}


def _there(column: str, tables: Tables, scenario: Scenario) -> Iterable[str]:
    """Labels of a column that there can be rows of in this scenario."""
    waves = [wave for raid in scenario.raids.values() for wave in raid.waves]
    match column:
        case "threat_class":
            return map(str, tables.threats["threat_class"].unique())
        case "place":
            return [name for wave in waves for name in wave.from_]
        case "area":
            return [name for wave in waves for name in wave.at]
        case _:
            return _order(column, scenario)
