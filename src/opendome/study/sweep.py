"""A grid over keys of a scenario: every combination of values is run under one seed, and told in one tidy table.

All points use the same seed and run numbers, and draws have addresses: run i meets the same attack at every point, with
the same luck wherever the point changes nothing about it (common random numbers). So differences between points are
known better than the errors of the points themselves say. Nothing else passes from one point to another.

Left out: designs that choose points by what was found so far, and sensitivity indices.
"""

from __future__ import annotations

import copy
import itertools
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from opendome import study
from opendome.errors import InputError, OpenDomeError, Problem, ScenarioError, at
from opendome.results import Results
from opendome.results.figure import Figure, Kind
from opendome.results.figures import check as check_figure
from opendome.results.figures import check_cost
from opendome.results.store import json_text
from opendome.scenario import Scenario, keys, reader
from opendome.scenario.toml_out import dumps
from opendome.study.grid import Value, check_size, text_of, values_of
from opendome.study.source import checked, plain_data, problems_at

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of the format of a sweep's folder; docs/formats/sweep.md."""

FEW_RUNS = 32
"""Points of fewer runs than this for each job are run side by side, each on one core; with more runs a point keeps all
cores busy by itself."""

LISTED_MAX = 10
"""Most points that an error lists."""

ALL = "all"
"""Group of a figure that is not split."""

ESTIMATE = ("value", "error", "runs", "low", "high")
"""Columns of an estimate, as in `Results.table`."""

USUAL: Mapping[Kind, str] = {"raids": "leak_through", "campaigns": "return_after"}
"""The figure that is told of when none is asked for."""

USUAL_BY: Mapping[Kind, tuple[str, ...]] = {"raids": (), "campaigns": ("owner", "interceptor")}
"""What it is split by then, when nothing is asked for."""

SAME_EVERYWHERE = ("runs", "seed")
"""Keys that every point shares."""

T = TypeVar("T")

Point = tuple[Value, ...]
"""One value for each key."""

Label = tuple[str, ...]
"""A group: one label for each column that a figure is split by."""

Cells = dict[tuple[str, Label], tuple[float, ...]]
"""Estimates of one point by figure and group."""


@dataclass(frozen=True)
class Sweep:
    """What a sweep found."""

    table: pd.DataFrame
    """One row per point, figure and group: the keys, figure, group, value, error, runs, low, high. A share of nothing
    has no value, and 0 runs."""
    over: Mapping[str, Sequence[Value]]
    """The keys as given, with their values."""
    data: Mapping[str, Any]
    """The scenario that was swept, as plain data, other changes included."""
    manifest: Mapping[str, Any]
    """What it takes to repeat the sweep: the same manifest gives the same bytes."""

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of the figures."""
        return tuple(self.manifest["figures"])

    def groups(self, figure: str) -> list[str]:
        """Groups of a figure, in the scenario's order; `all` when it is not split."""
        return list(dict.fromkeys(self.table.loc[self.table["figure"] == figure, "group"]))

    def moving(self, figure: str) -> list[str]:
        """Those of its groups whose value is not the same at every point; all, where none is."""
        groups = self.groups(figure)
        return [one for one in groups if self.rows(figure, one)["value"].nunique(dropna=False) > 1] or groups

    def rows(self, figure: str, group: str = ALL) -> pd.DataFrame:
        """The rows of a figure and group, one for each point in the order of the grid."""
        return self.table[(self.table["figure"] == figure) & (self.table["group"] == group)].reset_index(drop=True)


def compute(scenario: Scenario | str | Path, *, over: Mapping[str, Any], changes: Mapping[str, Any] | None = None,
            runs: int | None = None, seed: int | None = None, jobs: int | None = None,
            figures: Sequence[str] | str | None = None, by: Sequence[str] | str = (),
            progress: Callable[[int, int], None] | None = None) -> Sweep:
    """Run every point of a grid and estimate figures at each; see `opendome.sweep`, which also writes them down."""
    plan = plan_of(scenario, over=over, changes=changes, runs=runs, seed=seed, jobs=jobs, figures=figures, by=by)
    table = _table(plan, run_points(plan, lambda one, cores: _estimates(plan.run(one, cores), plan.figures, plan.by),
                                    jobs=jobs, progress=progress))
    manifest = {**plan.manifest(), "format": FORMAT, "kind": "sweep", "figures": list(plan.figures),
                "by": list(plan.by)}
    return Sweep(table, plan.over, plan.data, manifest)


class Plan(NamedTuple):
    """What is to be run, and what is to be told of it."""

    source: str
    data: Mapping[str, Any]
    base: Scenario
    """The scenario as it stands, before the values of the grid."""
    over: Mapping[str, Sequence[Value]]
    points: list[Point]
    runs: int
    seed: int
    figures: tuple[str, ...]
    by: tuple[str, ...]
    kind: Kind

    @property
    def names(self) -> list[str]:
        """The keys."""
        return list(self.over)

    def run(self, scenario: Scenario, jobs: int | None) -> Results:
        """The results of one scenario, of the plan's runs under its seed."""
        return study.run(scenario, runs=self.runs, seed=self.seed, jobs=jobs)

    def manifest(self) -> dict[str, Any]:
        """What it takes to repeat it: that of the scenario as it stands, and the grid."""
        facts = study.manifest(self.base, study.catalogue_for(self.base), self.runs, self.seed, "full")
        return {**facts, "over": [{"key": key, "values": found} for key, found in self.over.items()]}

    def at(self, point: Point) -> dict[str, Any]:
        """The plain data of one point."""
        changed = copy.deepcopy(dict(self.data))
        reader.change(changed, dict(zip(self.names, point)))  # `_check_keys` saw that each names something
        return changed

    def label(self, point: Point) -> str:
        """A point in words: `layer.salvo = 2, threats.burn_s = 120`."""
        return ", ".join(f"{name} = {text_of(value)}" for name, value in zip(self.names, point))


def plan_of(scenario: Scenario | str | Path, *, over: Mapping[str, Any], changes: Mapping[str, Any] | None = None,
            runs: int | None = None, seed: int | None = None, jobs: int | None = None,
            figures: Sequence[str] | str | None = None, by: Sequence[str] | str = ()) -> Plan:
    """The points of a grid, each checked before any is run. Raises `InputError` or `ScenarioError` as `compute`."""
    if both := sorted(set(over) & set(changes or {})):
        raise InputError(f"{both[0]}\n  is both changed for all points and swept over\nhint: leave one of the two out")
    source, data = plain_data(scenario, changes or {})
    kind: Kind = "campaigns" if data.get("stockpile") else "raids"
    by = by or (() if figures else USUAL_BY[kind])
    figures, by = (tuple(dict.fromkeys((x,) if isinstance(x, str) else x)) for x in (figures or USUAL[kind], by))
    for figure in figures:
        check_cost(check_figure(figure, by, kind), has_cost=bool(data.get("cost")))
    values = {key: values_of(f"--over {key}", found) for key, found in over.items()}
    _check_keys(data, values)
    check_size([len(found) for found in values.values()])
    base = checked(source, data)
    plan = Plan(source, data, base, values, list(itertools.product(*values.values())),
                *study.options(base, runs, seed, jobs), figures, by, kind)
    _check_points(plan)
    return plan


def files_of(sweep: Sweep) -> dict[str, Any]:
    """The files of a sweep's folder that hold data, by name: texts and tables."""
    return {"sweep.csv": sweep.table.to_csv(index=False, lineterminator="\n"), "sweep.parquet": sweep.table,
            "scenario.toml": dumps(sweep.data), "manifest.json": json_text(sweep.manifest)}


# ---- what is swept --------------------------------------------------------------------------------------------


def _check_keys(data: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Raise `InputError` for keys that name nothing, or share a value of the scenario."""
    if not values:
        raise InputError("--over: names no key\n  must be KEY=VALUES, as layers.upper.salvo=1,2,3")
    taken: dict[keys.Steps, str] = {}
    for key in values:
        found = keys.resolve(data, key)
        if isinstance(found, keys.Miss):
            raise InputError(f"--over {key}\n  {found.expected}" + (f"\nhint: {found.hint}" if found.hint else ""))
        if key in SAME_EVERYWHERE:
            raise InputError(f"--over {key}\n  is the same at every point\nhint: give it by --{key}")
        for path in found:
            for other, owner in taken.items():
                if path[:len(other)] == other or other[:len(path)] == path:
                    raise InputError(f"--over {key}\n  sets {'.'.join(path)}, and so does --over {owner}: a value can "
                                     "be swept over once")
        taken |= dict.fromkeys(found, key)


def _check_points(plan: Plan) -> None:
    """Raise `InputError` naming the points that cannot be run, before any is."""
    flights: dict[str, list[Problem]] = {}
    wrong = [(point, found) for point in plan.points if (found := problems_at(plan.at(point), flights))]
    if not wrong:
        return
    lines = [f"{plan.source}: {len(wrong):,} of {len(plan.points):,} points cannot be run"]
    for point, problems in wrong[:LISTED_MAX]:
        lines += [f"at {plan.label(point)}", *(f"  {line}" for p in problems for line in str(p).splitlines())]
    if len(wrong) > LISTED_MAX:
        lines.append(f"and {len(wrong) - LISTED_MAX:,} more")
    raise InputError("\n".join(lines))


# ---- running it -----------------------------------------------------------------------------------------------


def run_points(plan: Plan, work: Callable[[Scenario, int | None], T], *, jobs: int | None = None,
               progress: Callable[[int, int], None] | None = None) -> list[T]:
    """What `work` makes of the scenario of each point, in order; it is told how many threads it may use, on which its
    answer must not depend.

    Measured on two cores: side by side, six points of 2 runs take 1.6 s instead of 2.3; of 32 runs, 10.7 instead of
    11.4.
    """
    total = jobs or os.cpu_count() or 1
    abreast = min(total, len(plan.points)) if plan.runs <= FEW_RUNS * total else 1

    def one(point: Point) -> T:
        return _at_point(plan, point, work, jobs if abreast == 1 else 1)

    def tell() -> None:
        if progress:
            progress(len(found), len(plan.points))

    found: dict[int, T] = {}
    tell()
    found[0] = one(plan.points[0])  # alone: compiles what the others need, and says so once
    tell()
    with ThreadPoolExecutor(abreast) as pool:
        waiting = {pool.submit(one, point): i for i, point in enumerate(plan.points[1:], 1)}
        try:
            for done in as_completed(waiting):
                found[waiting[done]] = done.result()
                tell()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [found[i] for i in range(len(plan.points))]


def _at_point(plan: Plan, point: Point, work: Callable[[Scenario, int | None], T], jobs: int | None) -> T:
    """What `work` makes of one point; its errors say which."""
    where = f"{plan.source} at {plan.label(point)}"
    try:
        return work(reader.from_data(plan.at(point), source=plan.source), jobs)
    except ScenarioError as error:
        raise ScenarioError(where, error.problems) from None
    except OpenDomeError as error:
        raise at(where, error) from None


def _estimates(results: Results, figures: Sequence[str], by: Sequence[str]) -> Cells:
    found: Cells = {}
    for figure in figures:
        table = results.table(figure, by)
        groups = table.columns[:-len(ESTIMATE)]
        for row in table.to_dict(orient="records"):
            label = tuple(str(row[column]) for column in groups)
            found[figure, label] = tuple(row[column] for column in ESTIMATE)
    return found


def _table(plan: Plan, found: Sequence[Cells]) -> pd.DataFrame:
    """One row per point, figure and group, in this order; groups as they first come."""
    import pandas as pd

    seen = dict.fromkeys(cell for cells in found for cell in cells)
    every = [cell for name in plan.figures for cell in [c for c in seen if c[0] == name] or [(name, ())]]
    rows = [(*point, name, ", ".join(label) or ALL, *(cells.get((name, label)) or _absent(plan, name, label, cells)))
            for point, cells in zip(plan.points, found) for name, label in every]
    table = pd.DataFrame(rows, columns=pd.Index([*plan.names, "figure", "group", *ESTIMATE]))
    for i, name in enumerate(plan.names):
        table[name] = column_of([row[i] for row in rows])
    return table


def _absent(plan: Plan, name: str, label: Label, cells: Cells) -> tuple[float, ...]:
    """The estimate of a group that other points have and this one lacks: none at all were counted in any run, or there
    is nothing to take a share of."""
    figure = check_figure(name, plan.by, plan.kind)
    is_count = figure.bottom is None and figure.take == "sum" and not figure.is_state
    runs = max((int(row[2]) for (other, _), row in cells.items() if other == name), default=plan.runs) * is_count
    if figure.each is not None and label:  # a share of what is there, if any other label of the group has a share
        at = _columns(figure, plan.by).index(figure.each)
        others = (cells.get((name, (*label[:at], other[at], *label[at + 1:]))) for key, other in cells if key == name)
        runs = max((int(estimate[2]) for estimate in others if estimate), default=0)
    if runs == 0:
        return (np.nan, np.nan, 0, np.nan, np.nan)
    return (0.0, 0.0 if runs > 1 else np.nan, runs, 0.0, 0.0)


def _columns(figure: Figure, by: Label) -> Label:
    """The columns that a figure is split by, as `results.figures.estimates` has them."""
    return by if figure.each is None or figure.each in by else (*by, figure.each)


def column_of(values: Sequence[Value]) -> Any:
    """Values of one key as a column of one type: whole numbers, numbers, truth values or text."""
    kinds = {type(value) for value in values}
    if kinds <= {int, float} or kinds == {bool}:
        return np.array(values)
    return [text_of(value) for value in values]
