"""Scenarios run under one seed and compared run by run: paired differences, with their errors.

Draws have addresses, so run i meets the same attack in every scenario, with the same luck wherever the scenarios agree
(common random numbers). What a run has in common goes out of the difference of that run, so that the mean of those
differences has a smaller error than the difference of two independent means. The figures and their values are those
of `Results.table`; nothing is fitted and nothing is smoothed.

Left out: tests of many differences at once (a level of certainty for all rows together), and effects of the order in
which changes are made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from opendome import __version__, study
from opendome.errors import InputError, OpenDomeError, at
from opendome.results import Results
from opendome.results.figure import Kind
from opendome.results.figures import FIGURES, LOW, RESOLUTION, ByRun, by_run, check_cost, estimate, kind_of
from opendome.results.figures import check as check_figure
from opendome.scenario import Scenario, reader
from opendome.study.attack import Attack, Launches, launches, same_attack
from opendome.study.differences import Change, differences
from opendome.study.source import checked, plain_data

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of the format of a comparison's folder; docs/formats/compare.md."""

LETTERS = "ABCDEFGHIJ"
"""Names of the scenarios in a comparison, and by that the most there can be."""

ALL = "all"
"""Group of a figure that is not split."""

CLEAR = 2.0
"""Differences of more than so many paired errors are marked."""

DEFENCE = (("leak_through", ()), ("leak_through", ("threat_class",)), ("leakers", ()), ("kills", ("layer",)),
           ("shots", ()), ("shots", ("layer",)), ("cost", ()))
"""Figures and columns that are compared unless others are asked for, where there are layers."""

SPACE = (("alerted", ()), ("warning_delay", ("threat_class",)), ("custody", ("threat_class",)))
"""The same, where there are sensors in orbit."""

COST = (("life_cycle", ()), ("life_cycle", ("layer",)))
"""The same, where all have a programme."""

STOCKS = (("return_after", ("owner", "interceptor")), ("returned", ("owner", "interceptor")),
          ("exhausted", ("owner", "interceptor")), ("lowest", ("owner", "interceptor")),
          ("rounds", ("owner", "interceptor")), ("made", ("maker",)))
"""The same, where there is a stockpile."""

CAMPAIGNS = (("leak_through", ("campaign",)), ("leak_through", ("threat_class",)))
"""The same, where campaigns use it up."""

PER_SIDE = ("value", "error", "runs")
"""Columns for each of the two scenarios, with `_a` and `_b` behind the name; as in `Results.table`."""

PAIRED = ("difference", "error", "low", "high", "runs", "better", "equal", "worse", "correlation", "gain")
"""Columns of a paired difference; see `Comparison.table`."""

Side = Scenario | Results | str | Path
"""What can be compared: a scenario, a shipped name or file, or results, or their folder."""

Split = tuple[str, tuple[str, ...]]
"""A figure, and the columns that it is split by."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Comparison:
    """What a comparison found. The first scenario is the base, A; the others are compared with it."""

    table: pd.DataFrame
    """One row per other scenario, figure and group. `a` and `b`: letters of the two; figure, by, group; value_a,
    error_a, runs_a and the same of b as in `Results.table`; then of the differences run by run, b less a: mean and
    standard error, `low` and `high` (5 % and 95 % quantiles over runs), runs in which both have a value, shares of
    those in which b is better, equal and worse (NaN for a figure without a better direction), correlation of the two,
    and gain: the error that two independent studies would leave, over the paired error. NaN where one of the two
    has nothing to count."""
    scenarios: Sequence[Scenario]
    """Each scenario as it was run."""
    changes: Sequence[Sequence[Change]]
    """What differs from the base, for each other scenario."""
    attacks: Sequence[Attack]
    """How far the attack is that of the base, for each other scenario."""
    manifest: Mapping[str, Any]
    """What it takes to repeat the comparison: the same manifest gives the same bytes."""

    @property
    def names(self) -> list[str]:
        """The scenarios by name, in the order of their letters."""
        return [found["name"] for found in self.manifest["scenarios"]]

    def rows(self, b: str = "B") -> pd.DataFrame:
        """The rows of one other scenario, by its letter."""
        return self.table[self.table["b"] == b].reset_index(drop=True)


class _Kept(NamedTuple):
    """What is kept of one scenario's runs."""

    name: str
    scenario: Scenario
    manifest: Mapping[str, Any]
    own: tuple[int, int]
    """Runs and seed of its own file."""
    figures: Mapping[Split, ByRun]
    attack: Launches
    not_back: Mapping[str, float]
    """Share of the runs in which a stock is not back by the end, by group of the figure `return_after`."""


def compute(a: Side, b: Side, *more: Side, changes: Mapping[str, Any] | None = None, runs: int | None = None,
            seed: int | None = None, jobs: int | None = None, figures: Sequence[str] | str | None = None,
            by: Sequence[str] | str = (), progress: Progress | None = None) -> Comparison:
    """Run scenarios under one seed and compare them run by run; see `opendome.compare`, which also writes it down."""
    sides = (a, b, *more)
    if len(sides) > len(LETTERS):
        raise InputError(f"{len(sides)} scenarios\n  must be at most {len(LETTERS)} in one comparison")
    asked = _asked(figures, by)
    ready = [_is_ready(side) for side in sides]
    if all(ready):
        if changes or any(found is not None for found in (runs, seed)):
            raise InputError("results of earlier runs are compared as they are\n  changes, runs and seed cannot be set")
        kept = _opened(sides, asked)
    elif any(ready):
        raise InputError("some are folders of results, others are scenarios\n  must be all of one kind\n"
                         "hint: name the scenarios, and all of them are run")
    else:
        kept = _ran(sides, asked, changes or {}, runs, seed, jobs, progress)
    return _compared(kept, is_usual=asked == ((), ()))


# ---- what is compared -----------------------------------------------------------------------------------------


def _is_ready(side: Side) -> bool:
    """Whether these are results, or a folder that is no shipped scenario's name."""
    if isinstance(side, Scenario | Results):
        return isinstance(side, Results)
    return Path(side).is_dir() and str(side) not in reader.shipped_names()


class _Asked(NamedTuple):
    """The figures and columns asked for."""

    figures: tuple[str, ...]
    by: tuple[str, ...]

    def splits(self, scenarios: Sequence[Scenario]) -> list[Split]:
        """What is compared of these scenarios: what was asked for; or what the first screen has, by the columns asked
        for."""
        kinds = {kind_of(scenario) for scenario in scenarios}
        if len(kinds) > 1:
            raise InputError("some scenarios have a stockpile, others have none\n  must be all of one kind")
        if self.figures:
            for name in self.figures:
                found = check_figure(name, self.by, kind_of(scenarios[0]))
                check_cost(found, has_cost=all(scenario.cost is not None for scenario in scenarios))
            return [(name, self.by) for name in self.figures]
        usual, kind = _usual(scenarios), kind_of(scenarios[0])
        if not self.by:
            return usual
        fit = [(name, self.by) for name in dict.fromkeys(name for name, _ in usual) if _fits(name, self.by, kind)]
        if not fit:
            check_figure(usual[0][0], self.by, kind)
        return fit or [(usual[0][0], self.by)]


def _asked(figures: Sequence[str] | str | None, by: Sequence[str] | str) -> _Asked:
    """The figures and columns, if they fit; `InputError` otherwise."""
    names, columns = (tuple(dict.fromkeys((x,) if isinstance(x, str) else x or ())) for x in (figures, by))
    for name in names:
        check_figure(name, columns)
    if not names and not any(_fits(name, columns) for name, _ in (*DEFENCE, *SPACE, *STOCKS)):
        check_figure("leak_through", columns)
    return _Asked(names, columns)


def _fits(name: str, by: tuple[str, ...], of: Kind | None = None) -> bool:
    try:
        check_figure(name, by, of)
    except InputError:
        return False
    return True


def _usual(scenarios: Sequence[Scenario]) -> list[Split]:
    """The figures of the first screen that these scenarios have."""
    cost = COST if all(scenario.cost is not None for scenario in scenarios) else ()
    if scenarios[0].stockpile is not None:
        return [*STOCKS, *(CAMPAIGNS if any(scenario.campaigns for scenario in scenarios) else ()), *cost]
    has_layers = any(scenario.layers for scenario in scenarios)
    in_orbit = any(sensor.constellation is not None for scenario in scenarios for sensor in scenario.sensors.values())
    return [*(DEFENCE if has_layers or not in_orbit else ()), *(SPACE if in_orbit else ()), *cost]


def _ran(sides: Sequence[Side], asked: _Asked, changes: Mapping[str, Any], runs: int | None,
         seed: int | None, jobs: int | None, progress: Progress | None) -> list[_Kept]:
    """Every scenario run under one seed; all are checked before any is run."""
    scenarios: list[Scenario] = []
    names: list[str] = []
    for side in sides:
        assert not isinstance(side, Results)
        scenario = checked(*plain_data(side, changes))
        scenarios.append(scenario)
        names.append(_another(scenario.title if isinstance(side, Scenario) else str(side), names))
    _check_that_some_differ(scenarios, names)
    n_runs, one_seed = study.options(scenarios[0], runs, seed, jobs)
    splits = asked.splits(scenarios)
    kept = []
    for i, (name, scenario) in enumerate(zip(names, scenarios)):
        try:
            results = study.run(scenario, runs=n_runs, seed=one_seed, jobs=jobs,
                                progress=_part(progress, i, n_runs, len(scenarios)))
        except OpenDomeError as error:
            raise at(name, error) from None
        kept.append(_keep(name, results, splits, (scenario.runs, scenario.seed)))
    return kept


def _part(progress: Progress | None, i: int, runs: int, n: int) -> Progress | None:
    """Progress of the i-th of n scenarios, told as that of all runs."""
    if progress is None:
        return None
    return lambda done, total: progress(i * runs + runs * done // max(total, 1), n * runs)


def _opened(sides: Sequence[Side], asked: _Asked) -> list[_Kept]:
    """Results of earlier runs, if they are of one seed, number of runs and version."""
    found = [side if isinstance(side, Results) else Results.open(str(side)) for side in sides]
    names: list[str] = []
    for side, results in zip(sides, found):
        names.append(_another(results.scenario.title if isinstance(side, Results) else str(side), names))
    first = found[0].manifest
    for key in ("seed", "runs", "fidelity", "version"):
        for name, results in zip(names, found):
            if results.manifest[key] != first[key]:
                raise InputError(f"{name}: {key} {results.manifest[key]}, but {names[0]} has {first[key]}\n"
                                 "  must be the same to be compared run by run\nhint: compare the two scenario.toml, "
                                 "which runs both under one seed")
    scenarios = [results.scenario for results in found]
    _check_that_some_differ(scenarios, names)
    splits = asked.splits(scenarios)
    own = int(first["runs"]), int(first["seed"])
    return [_keep(name, results, splits, own) for name, results in zip(names, found)]


def _another(name: str, taken: Sequence[str]) -> str:
    """The name, with a number behind it if it is taken."""
    return next(found for n in range(1, len(taken) + 2) if (found := name if n == 1 else f"{name} [{n}]") not in taken)


def _check_that_some_differ(scenarios: Sequence[Scenario], names: Sequence[str]) -> None:
    """Raise `InputError` for two scenarios that say the same."""
    for i, one in enumerate(scenarios):
        for j in range(i):
            if not differences(scenarios[j], one):
                raise InputError(f"{names[j]} and {names[i]}: nothing differs, so every difference would be 0\n"
                                 "  must be scenarios, variants or --set that say something else")


def _keep(name: str, results: Results, splits: Sequence[Split], own: tuple[int, int]) -> _Kept:
    figures = {(figure, by): by_run(results.tables, results.scenario, figure, by) for figure, by in splits}
    return _Kept(name, results.scenario, results.manifest, own, figures, launches(results.tables),
                 _not_back(results, [by for figure, by in splits if figure == "return_after"]))


def _not_back(results: Results, splits: Sequence[tuple[str, ...]]) -> dict[str, float]:
    """Share of the runs in which a stock is not back by the end, where there are any, by group."""
    found = [by_run(results.tables, results.scenario, "returned", by) for by in splits]
    shares = {", ".join(label) or ALL: 1.0 - float(values.mean()) for one in found
              for label, values in zip(one.labels, one.values.T)}
    return {group: share for group, share in shares.items() if share > 0.0}


# ---- differences ----------------------------------------------------------------------------------------------


def paired(a: Any, b: Any, better: str = "") -> tuple[float, ...]:
    """The paired difference of two scenarios from a figure's (R,) values run by run, NaN where a run has none.

    difference, error, low, high, runs, better, equal, worse, correlation, gain, as in `Comparison.table`. Runs are
    equal when they differ by less than the tables hold digits for.
    """
    used = np.isfinite(a) & np.isfinite(b)
    a, b, n = a[used], b[used], int(used.sum())
    nan = float("nan")
    if n == 0:
        return (nan, nan, nan, nan, 0, nan, nan, nan, nan, nan)
    each = b - a
    size = np.maximum(np.abs(a), np.abs(b))
    is_equal = np.abs(each) <= RESOLUTION * size
    difference = 0.0 if is_equal.all() else float(np.mean(b) - np.mean(a))
    error, correlation, gain = nan, nan, nan
    if n > 1:
        error = 0.0 if np.ptp(each) <= RESOLUTION * size.max() else float(np.std(each, ddof=1) / np.sqrt(n))
        alone = [0.0 if np.ptp(x) <= RESOLUTION * np.abs(x).max() else float(np.std(x, ddof=1)) for x in (a, b)]
        if min(alone) > 0.0:
            correlation = float(np.corrcoef(a, b)[0, 1])
        if error > 0.0:
            gain = float(np.sqrt((alone[0] ** 2 + alone[1] ** 2) / n) / error)
    low, high = 0.0 + float(np.quantile(each, LOW)), 0.0 - float(np.quantile(-each, LOW))  # never -0
    shares = (nan, nan, nan)
    if better:
        up, down = (float((~is_equal & found).mean()) for found in (each > 0.0, each < 0.0))
        shares = (up, float(is_equal.mean()), down) if better == "more" else (down, float(is_equal.mean()), up)
    return (difference, error, low, high, n, *shares, correlation, gain)


def is_clear(row: Mapping[Any, Any]) -> bool:
    """Whether a row's difference is larger than two paired errors."""
    return bool(row["runs"] > 1 and abs(row["difference"]) > CLEAR * row["error"])


def _compared(kept: Sequence[_Kept], *, is_usual: bool) -> Comparison:
    base, *others = kept
    splits = list(base.figures)
    if is_usual:
        splits = [split for split in splits if not _repeats(split, splits, kept)]
    table = _table(base, others, splits)
    changes = [differences(base.scenario, other.scenario) for other in others]
    attacks = [same_attack((base.scenario, other.scenario), (base.attack, other.attack), found)
               for other, found in zip(others, changes)]
    first = base.manifest
    manifest = {
        "format": FORMAT, "kind": "compare", "version": __version__,
        **{key: first[key] for key in ("seed", "runs", "fidelity", "environment")},
        "scenarios": [_described(letter, one) for letter, one in zip(LETTERS, kept)],
        "figures": [{"figure": name, "by": list(by)} for name, by in splits],
        "is_usual": is_usual,
        "differs": {letter: [change._asdict() for change in found] for letter, found in zip(LETTERS[1:], changes)},
        "attack": {letter: found._asdict() for letter, found in zip(LETTERS[1:], attacks)},
    }
    if base.scenario.stockpile is not None:
        manifest["not_back"] = {letter: dict(one.not_back) for letter, one in zip(LETTERS, kept)}
    return Comparison(table, [one.scenario for one in kept], changes, attacks, manifest)


def _described(letter: str, one: _Kept) -> dict[str, Any]:
    return {"letter": letter, "name": one.name, "title": one.scenario.title, "own_runs": one.own[0],
            "own_seed": one.own[1], "scenario_sha256": reader.digest(one.scenario),
            "catalogue_sha256": one.manifest["catalogue_sha256"]}


def _repeats(split: Split, splits: Sequence[Split], kept: Sequence[_Kept]) -> bool:
    """Whether a split figure has one group alone, and stands there whole too."""
    figure, by = split
    labels = {label for one in kept for label in one.figures[split].labels}
    return bool(by) and len(labels) < 2 and (figure, ()) in splits


def _table(base: _Kept, others: Sequence[_Kept], splits: Sequence[Split]) -> pd.DataFrame:
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for letter, other in zip(LETTERS[1:], others):
        for name, by in splits:
            one, two = base.figures[name, by], other.figures[name, by]
            for label in dict.fromkeys([*one.labels, *two.labels]) or [()]:
                a, b = one.of(label), two.of(label)
                rows.append(("A", letter, name, ", ".join(one.by), ", ".join(label) or ALL, *_alone(a), *_alone(b),
                             *paired(a, b, FIGURES[name].better)))
    sides = [f"{column}_{side}" for side in "ab" for column in PER_SIDE]
    table = pd.DataFrame(rows, columns=pd.Index(["a", "b", "figure", "by", "group", *sides, *PAIRED]))
    whole = {"runs_a", "runs_b", "runs"}
    return table.astype({column: "int64" if column in whole else "float64" for column in (*sides, *PAIRED)})


def _alone(values: Any) -> tuple[float, float, int]:
    """Mean, standard error and runs used of one scenario, as in `Results.table`."""
    if not np.isfinite(values).any():
        return (float("nan"), float("nan"), 0)
    return estimate(values)[:3]
