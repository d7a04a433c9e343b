"""What is there by a date, and what would leak then: a programme's schedule, and its raids against what has come."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendome import study
from opendome.cost.schedule import Capability, capability, changes_at, scenario_at, unseen
from opendome.errors import InputError, OpenDomeError, Problem, ScenarioError, at
from opendome.results.figures import ByRun, by_run, estimate
from opendome.scenario import Scenario, reader
from opendome.study.compare import paired
from opendome.study.source import checked, plain_data, problems_at

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of the format of a schedule's folder; docs/formats/schedule.md."""

RUNS = 1000
"""Runs that draw delays, unless others are asked for."""

FIGURE = "leak_through"

QUANTILES = (("early", 0.95), ("middle", 0.5), ("late", 0.05))
"""What is there of each element at these quantiles over its delays."""

LEAKS = ("there", "quantile", "value", "error", "low", "high", "runs", "more", "more_error")
"""Columns of the table of leak-through."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Schedule:
    """What is there by the end of a month, and what would leak."""

    capability: Capability
    leaks: pd.DataFrame | None
    """Where the raids were run: one row for everything, and for what is there early, in the middle and late. there,
    quantile (NaN for everything), value (leak-through, mean over runs), error, low, high, runs; more and more_error:
    what leaks more than with everything, paired run by run."""
    scenario: Scenario
    """The whole scenario."""
    manifest: Mapping[str, Any]
    """What it takes to repeat this: the same manifest gives the same bytes."""


def compute(scenario: Scenario | str | Path, *, date: str, raid: bool = False, runs: int | None = None,
            seed: int | None = None, jobs: int | None = None, changes: Mapping[str, Any] | None = None,
            progress: Progress | None = None) -> Schedule:
    """What is there by the end of a month, and with `raid` what leaks then; see `opendome.schedule`."""
    source, data = plain_data(scenario, changes or {})
    whole = checked(source, data) if raid else reader.from_data(data, source=source)
    if whole.cost is None:
        raise InputError(f"{source}: has no [cost], which says when what is delivered\n"
                         "hint: docs/guide/schedule.md has a first one to copy")
    if raid and whole.stockpile is not None:
        raise InputError(f"{source}: is run as campaigns, whose months are their own\n"
                         "  a raid against what is there by a date needs a scenario without a stockpile")
    n_raids, one_seed = study.options(whole, runs, seed, jobs)
    n_draws = RUNS if runs is None else n_raids
    there = capability(whole, date=date, runs=n_draws, seed=one_seed)
    left = {name: changes_at(whole, date, quantile=q, runs=n_draws, seed=one_seed) for name, q in QUANTILES}
    leaks = _leaks(source, whole, date, n_draws, n_raids, one_seed, jobs, progress) if raid else None
    facts = study.manifest(whole, study.catalogue_for(whole), n_raids if raid else n_draws, one_seed, "full")
    manifest = {**facts, "format": FORMAT, "kind": "schedule", "date": date, "last_month": there.last_month,
                "draws": n_draws, "raid": raid, "price_year": whole.price_year, "unseen": unseen(whole),
                "changes": left}
    return Schedule(there, leaks, whole, manifest)


def _leaks(source: str, whole: Scenario, date: str, draws: int, runs: int, seed: int, jobs: int | None,
           progress: Progress | None) -> pd.DataFrame:
    """Leak-through with everything and with what is there, under one seed. What comes out alike is run once."""
    import pandas as pd

    cases: dict[str, tuple[float, Scenario]] = {"everything": (float("nan"), _without_cost(whole))}
    for name, q in QUANTILES:
        cases[name] = q, scenario_at(whole, date, quantile=q, runs=draws, seed=seed)
    different = {reader.digest(one): one for _, one in cases.values()}
    flights: dict[str, list[Problem]] = {}
    for one in different.values():
        if problems := problems_at(reader.to_data(one), flights):
            raise ScenarioError(f"{source}, as of {date}", problems)

    def ran(i: int, one: Scenario) -> ByRun:
        def tell(done: int, total: int) -> None:
            if progress is not None:
                progress(i * runs + runs * done // max(total, 1), len(different) * runs)

        try:
            found = study.run(one, runs=runs, seed=seed, jobs=jobs, progress=tell)
        except OpenDomeError as error:
            raise at(f"{source}, as of {date}", error) from None
        return by_run(found.tables, one, FIGURE, ())

    found = {key: ran(i, one) for i, (key, one) in enumerate(different.items())}
    rows = _leak_rows({name: (q, found[reader.digest(one)]) for name, (q, one) in cases.items()})
    return pd.DataFrame(rows, columns=pd.Index(LEAKS)).astype({"runs": "int64"})


def _leak_rows(found: Mapping[str, tuple[float, ByRun]]) -> Iterator[tuple[Any, ...]]:
    everything = found["everything"][1].of(())
    for name, (quantile, one) in found.items():
        values = one.of(())
        value, error, runs, low, high = estimate(values)
        more, more_error, *_ = paired(everything, values)
        yield name, quantile, value, error, low, high, runs, more, more_error


def _without_cost(scenario: Scenario) -> Scenario:
    """A scenario that is run without counting money."""
    return scenario.model_copy(update={"cost": None})
