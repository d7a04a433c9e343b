"""Many runs of a scenario: lower once, run on every core, estimate afterwards in row order.

A scenario is run as its raids; one with a stockpile as campaigns over months (`campaigns`).
"""

import platform
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from opendome import __version__
from opendome.catalogue import Catalogue, digest, shipped, with_overrides
from opendome.errors import InputError, OpenDomeError, Problem, ScenarioError, nearest
from opendome.kernel import announce_compiling, spread
from opendome.raid import Tables, empty_records, empty_replay, empty_scratch, lower, simulate
from opendome.raid.loop import Records, Replay
from opendome.results import Results, check_target
from opendome.results import Tables as ResultTables
from opendome.scenario import Scenario, reader
from opendome.study import campaigns, costs
from opendome.study.record import tables_from

FIDELITIES = ("full",)
"""Rungs of the fidelity ladder that exist so far; `full` is measurement-level tracking."""

RUNS_MAX = 1_000_000

BLOCK = 4
"""Runs that one thread takes at a time."""


def run(scenario: Scenario, *, runs: int | None = None, seed: int | None = None, jobs: int | None = None,
        fidelity: str | None = None, out: str | Path | None = None,
        progress: Callable[[int, int], None] | None = None) -> Results:
    """Run a scenario and give back its results; with `out`, also write them to that folder.

    `runs` and `seed` default to the scenario's own, `jobs` to all cores; the results do not depend on `jobs`.
    `progress` is told the number of runs done and their total. Raises `ScenarioError` or `InputError` when
    something given cannot be used.
    """
    runs, seed = options(scenario, runs, seed, jobs)
    if scenario.stockpile is None and not scenario.raids:
        raise InputError(f"{scenario.title}: has no raids, so there is nothing to run\n"
                         "hint: opendome cost says what it costs, opendome schedule what is there by a date")
    fidelity = "full" if fidelity is None else fidelity
    if fidelity not in FIDELITIES:
        raise InputError(f"fidelity = {fidelity!r}\n  must be one of: {', '.join(FIDELITIES)}")
    if out is not None:
        check_target(out)
    scenario = scenario.model_copy(update={"variants": {}})  # what is kept with the results is what was run
    catalogue = catalogue_for(scenario)
    facts = manifest(scenario, catalogue, runs, seed, fidelity)
    money = costs.money(scenario, catalogue, runs=runs, seed=seed)
    if scenario.stockpile is not None:
        tables = campaigns.run(scenario, catalogue, runs=runs, seed=seed, jobs=jobs, progress=progress)
    else:
        tables = _raids(scenario, catalogue, runs, seed, jobs, progress)
    results = Results(money.beside(tables), scenario, facts)
    if out is not None:
        results.save(out)
    return results


def _raids(scenario: Scenario, catalogue: Catalogue, runs: int, seed: int, jobs: int | None,
           progress: Callable[[int, int], None] | None) -> ResultTables:
    """The tables of all runs of a scenario's raids."""
    with announce_compiling():
        problem = lower(scenario, catalogue, runs=runs, seed=seed)
        records, replay = _run_all(problem.tables, runs, jobs, progress)
    failed = int((records.failed > 0).sum())
    if failed:
        raise OpenDomeError(f"{runs - failed} of {runs} runs completed; {failed} stopped: a flight could not be "
                            "integrated\nhint: please report this scenario")
    return tables_from(problem, records, replay)


def options(scenario: Scenario, runs: int | None, seed: int | None, jobs: int | None) -> tuple[int, int]:
    """The number of runs and the seed, the scenario's own where none is given. Raises `InputError` for any of the three
    that cannot be used."""
    if jobs is not None:
        _whole("jobs", jobs, 1, 1024)
    return (_whole("runs", scenario.runs if runs is None else runs, 1, RUNS_MAX),
            _whole("seed", scenario.seed if seed is None else seed, 0, 2**63 - 1))


def catalogue_for(scenario: Scenario) -> Catalogue:
    """The shipped catalogue with the scenario's own changes. Raises `ScenarioError` when they do not fit."""
    catalogue, problems = with_overrides(shipped(), scenario.catalogue)
    if problems:
        raise ScenarioError("scenario", problems)
    return catalogue


def only_raids(scenario: Scenario, names: list[str]) -> Scenario:
    """The scenario with some of its raids alone. Raises `ScenarioError` for an unknown name, and `InputError` for a
    scenario that is run as campaigns."""
    if scenario.stockpile is not None:
        raise InputError(f"--raid {names[0]}\n  is for scenarios without a stockpile: campaigns are run whole")
    unknown = [Problem("raids", repr(n), "is not a raid of this scenario", nearest(n, scenario.raids))
               for n in names if n not in scenario.raids]
    if unknown:
        raise ScenarioError("scenario", unknown)
    kept = {name: raid for name, raid in scenario.raids.items() if name in names}
    seen = [o for o in scenario.observations if set(o.raids) <= set(kept)]
    return scenario.model_copy(update={"raids": kept, "observations": seen})


def manifest(scenario: Scenario, catalogue: Catalogue, runs: int, seed: int, fidelity: str) -> dict[str, Any]:
    """What it takes to repeat a run: the same manifest gives the same bytes."""
    from importlib.metadata import version

    return {
        "format": 1,
        "version": __version__,
        "title": scenario.title,
        "scenario_sha256": reader.digest(scenario),
        "catalogue_sha256": digest(catalogue),
        "seed": seed,
        "runs": runs,
        "fidelity": fidelity,
        "environment": {
            "python": platform.python_version(),
            "platform": f"{platform.system()} {platform.machine()}",
            **{name: version(name) for name in ("numpy", "numba")},
        },
    }


def _run_all(tables: Tables, runs: int, jobs: int | None,
             progress: Callable[[int, int], None] | None) -> tuple[Records, Replay]:
    n = int(tables.raids.n_threats.sum())
    records = empty_records(tables, runs)
    # Room for all there can be: launch, warning, track and end, and two events for every salvo.
    replay = empty_replay(n * (4 + 2 * int(tables.layers.shots_max.sum())), n + int(tables.raids.n_samples.sum()))
    nothing = empty_replay(0, 0)
    memory = threading.local()

    def work(first: int, last: int) -> None:
        if not hasattr(memory, "scratch"):
            memory.scratch = empty_scratch(tables)
        if first == 0:
            simulate(tables, 0, 1, memory.scratch, records, replay)
        simulate(tables, max(first, 1), last, memory.scratch, records, nothing)

    spread(work, runs, jobs=jobs, block=BLOCK, progress=progress)
    return records, replay


def _whole(name: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{name} = {value!r}\n  must be a whole number from {low} to {high}")
    return value
