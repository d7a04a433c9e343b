"""What each line, component and lead time is worth: every one in turn made a little faster, under the same seed.

Every change is made alone, and its runs are compared with those of the scenario as it stands run by run, as in
`study.compare`: the difference is the effect of that step, not a slope, and effects of several steps do not add up
where one line waits for another. Left out: what a step costs.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from opendome import study
from opendome.errors import InputError, OpenDomeError, at
from opendome.results.figures import ByRun, by_run, estimate
from opendome.results.figures import check as check_figure
from opendome.scenario import Scenario, reader
from opendome.study.compare import ALL, PAIRED, paired
from opendome.study.source import checked, plain_data

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of the format of the folder; docs/formats/marginal.md."""

USUAL = "return_after"
USUAL_BY = ("owner", "interceptor")
"""Figure and columns unless others are asked for."""

SOONER = 1.0
"""Months by which lead times and export delays are made shorter."""

Progress = Callable[[int, int], None]


class Step(NamedTuple):
    """How much faster lines and components are made: by a share of their rates, or by so many a year."""

    share: float
    per_year: float

    def __str__(self) -> str:
        return f"{100 * self.share:g} % faster" if self.share else f"{self.per_year:g} a year more"


class Nudge(NamedTuple):
    """One change that is tried."""

    change: str
    """What is changed, as its key in the file."""
    step: str
    """By how much, in words."""
    data: dict[str, Any]
    """The scenario after it, as plain data."""


@dataclass(frozen=True)
class Marginal:
    """What each change is worth."""

    table: pd.DataFrame
    """One row per change and group, the largest effect first: rank, change, step, figure, by, group; value, value_error
    and value_runs of the scenario as it stands; then of the differences run by run, changed less as it stands, the
    columns of a comparison (`study.compare.PAIRED`)."""
    scenario: Scenario
    """The scenario as it stands."""
    manifest: Mapping[str, Any]
    """What it takes to repeat this: the same manifest gives the same bytes."""

    def effects(self) -> pd.DataFrame:
        """The rows in which any run changed."""
        moved = (self.table["difference"] != 0.0) | (self.table["low"] != 0.0) | (self.table["high"] != 0.0)
        return self.table[moved & (self.table["runs"] > 0)].reset_index(drop=True)

    def idle(self) -> list[str]:
        """The changes that moved nothing in any run."""
        moved = set(self.effects()["change"])
        return [change for change in dict.fromkeys(self.manifest["changes"]) if change not in moved]


def compute(scenario: Scenario | str | Path, *, figure: str = USUAL, by: Sequence[str] | str = USUAL_BY,
            step: float | str = 0.1, changes: Mapping[str, Any] | None = None, runs: int | None = None,
            seed: int | None = None, jobs: int | None = None, progress: Progress | None = None) -> Marginal:
    """Make every line, component, lead time and export delay a little better in turn; see `opendome.marginal`."""
    columns = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    size = step_of(step)
    source, data = plain_data(scenario, changes or {})
    base = checked(source, data)
    if base.stockpile is None:
        raise InputError(f"{source}: has no stockpile, so no lines that could be faster")
    check_figure(figure, columns, "campaigns")
    nudges = list(nudges_of(reader.to_data(base), size))
    if not nudges:
        raise InputError(f"{source}: has neither lines nor components\n  must have one or more to make faster")
    n_runs, one_seed = study.options(base, runs, seed, jobs)

    def ran(i: int, one: Scenario) -> tuple[ByRun, ByRun]:
        def tell(done: int, total: int) -> None:
            if progress is not None:
                progress(i * n_runs + n_runs * done // max(total, 1), (len(nudges) + 1) * n_runs)

        found = study.run(one, runs=n_runs, seed=one_seed, jobs=jobs, progress=tell)
        returned = by_run(found.tables, one, "returned", columns if figure == USUAL else ())
        return by_run(found.tables, one, figure, columns), returned

    before, returned = ran(0, base)
    rows: list[tuple[Any, ...]] = []
    for i, nudge in enumerate(nudges, 1):
        try:
            after, _ = ran(i, reader.from_data(nudge.data, source=source))
        except OpenDomeError as error:
            raise at(f"{source}, {nudge.change} {nudge.step}", error) from None
        rows += [(nudge.change, nudge.step, figure, ", ".join(before.by), *row) for row in _rows(before, after)]
    facts = study.manifest(base, study.catalogue_for(base), n_runs, one_seed, "full")
    not_back = {", ".join(label) or ALL: 1.0 - float(values.mean())
                for label, values in zip(returned.labels, returned.values.T) if figure == USUAL}
    manifest = {**facts, "format": FORMAT, "kind": "marginal", "figure": figure, "by": list(columns),
                "step": size._asdict(), "changes": [nudge.change for nudge in nudges],
                "not_back": {group: share for group, share in not_back.items() if share > 0.0}}
    return Marginal(_ranked(rows), base, manifest)


# ---- what is changed ------------------------------------------------------------------------------------------


def step_of(given: float | str) -> Step:
    """The step that a number (a share) or a text ("10%": faster; "+12": a year more) stands for; `InputError` else."""
    found = re.fullmatch(r"\s*(?:\+?(\d+(?:\.\d+)?)\s*%|\+(\d+(?:\.\d+)?))\s*", str(given))
    share = float(given) if isinstance(given, float | int) else float(found[1] or 0.0) / 100.0 if found else 0.0
    step = Step(share, float(found[2] or 0.0) if found and not isinstance(given, float | int) else 0.0)
    if not (0.0 < step.share <= 10.0 or 0.0 < step.per_year <= 1e6):
        raise InputError(f"step = {given!r}\n  must be a share by which lines are faster, as 10%, or rounds a year "
                         "more, as +12")
    return step


def nudges_of(data: Mapping[str, Any], step: Step) -> Iterator[Nudge]:
    """Every change that is tried, in the order of the file: lines, components, lead times, export delays."""
    pile = data["stockpile"]
    for section in ("lines", "components"):
        for name, maker in pile.get(section, {}).items():
            rates = [field for field in ("per_year", "ceiling_per_year") if field in maker]
            new = {field: _moved(maker[field], 1.0 + step.share, step.per_year) for field in rates}
            yield Nudge(f"{section}.{name}", str(step), _with(data, section, name, new))
    for section, field in (("orders", "lead_months"), ("lines", "export_delay_months")):
        for name, entry in pile.get(section, {}).items():
            if field in entry and _value(entry[field]) > 0.0:
                new = {field: _moved(entry[field], 1.0, -SOONER)}
                yield Nudge(f"{section}.{name}.{field}", "1 month less", _with(data, section, name, new))


def _with(data: Mapping[str, Any], section: str, name: str, new: Mapping[str, Any]) -> dict[str, Any]:
    changed = copy.deepcopy(dict(data))
    changed["stockpile"][section][name] |= new
    return changed


def _value(quantity: Any) -> float:
    return float(quantity["value"] if isinstance(quantity, Mapping) else quantity)


def _moved(quantity: Any, factor: float, more: float) -> Any:
    """A quantity as plain data with its value and range changed alike; never below 0."""
    if isinstance(quantity, Mapping):
        ends = ("value", "low", "high")
        return {**quantity, **{end: _moved(quantity[end], factor, more) for end in ends if end in quantity}}
    return max(0.0, quantity * factor + more)


# ---- what it is worth -----------------------------------------------------------------------------------------


def _rows(before: ByRun, after: ByRun) -> Iterator[tuple[Any, ...]]:
    """Group, value, error and runs as it stands, and the paired difference, of every group."""
    for label in dict.fromkeys([*before.labels, *after.labels]) or [()]:
        a, b = before.of(label), after.of(label)
        value = estimate(a)[:3] if np.isfinite(a).any() else (np.nan, np.nan, 0)
        yield (", ".join(label) or ALL, *value, *paired(a, b, before.figure.better))


def _ranked(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    import pandas as pd

    head = ["change", "step", "figure", "by", "group", "value", "value_error", "value_runs", *PAIRED]
    table = pd.DataFrame(rows, columns=pd.Index(head))
    order = np.argsort(-table["difference"].abs().fillna(-1.0).to_numpy(), kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    kinds = dict.fromkeys(["value", "value_error", *PAIRED], "float64")
    return table.astype({**kinds, "value_runs": "int64", "runs": "int64"})
