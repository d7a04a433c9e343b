"""One raid of one run of a study, flown again as the kernels do it, with all that they can write down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from opendome.catalogue import Catalogue
from opendome.errors import InputError, nearest
from opendome.kernel import F64Array, I64Array, announce_compiling
from opendome.raid import Problem, Records, Replay, empty_records, empty_replay, empty_scratch, lower, simulate
from opendome.raid.loop import Scratch
from opendome.scenario import Scenario
from opendome.study import catalogue_for, options

BELIEFS_FIRST = 100_000
"""Rows of beliefs that there is room for at first; the run is flown once more where it needs more."""


@dataclass(frozen=True)
class Flown:
    """What the kernels left behind of one raid of one run."""

    scenario: Scenario
    catalogue: Catalogue
    problem: Problem
    run: int
    raid: int
    """Its place in the scenario."""
    scratch: Scratch
    """Truth and satellites are those of this raid."""
    records: Records
    """Rows of the runs up to this one; only its own are filled."""
    replay: Replay
    """What was written down of this raid and those before it."""


class Threats(NamedTuple):
    """What the run's row says of the raid's threats. N threats, L layers."""

    outcome: I64Array  # (N,) code of Outcome
    reason: I64Array  # (N,) code of Reason
    killer: I64Array  # (N,) site; read only where destroyed
    route: I64Array  # (N,)
    shots: I64Array  # (N, L)


def fly_again(scenario: Scenario, *, runs: int, seed: int, run: int, raid: str | None = None) -> Flown:
    """Run number `run` (from 0) of a study of `runs` runs, up to the raid of that name, or the first.

    Raises `InputError` for a run or raid that the study does not have, and for campaigns over months, whose raids are
    not kept one by one.
    """
    runs, seed = options(scenario, runs, seed, None)
    at = raid_number(scenario, raid)
    if isinstance(run, bool) or not isinstance(run, int) or not 0 <= run < runs:
        raise InputError(f"run = {run!r}\n  must be a whole number from 0 to {runs - 1}: the study has {runs} runs")
    catalogue = catalogue_for(scenario)
    with announce_compiling():
        problem = lower(scenario, catalogue, runs=runs, seed=seed)
        # Only the raids up to the one asked for: the scratch memory then holds its flights and satellites.
        tables = problem.tables._replace(raids=problem.tables.raids[:at + 1])
        n = int(tables.raids.n_threats.sum())
        n_salvos, n_beliefs = n * int(tables.layers.shots_max.sum()), BELIEFS_FIRST
        while True:
            scratch, records = empty_scratch(tables), empty_records(problem.tables, run + 1)
            found = empty_replay(n * 4 + 2 * n_salvos, 0, n_salvos, n_beliefs)
            simulate(tables, run, run + 1, scratch, records, found)
            if found.log.written[2] <= n_beliefs:
                return Flown(scenario, catalogue, problem, run, at, scratch, records, found)
            n_beliefs = int(found.log.written[2])


def raid_number(scenario: Scenario, raid: str | None) -> int:
    """Place of a raid in the scenario, 0 where none is named. Raises `InputError` as `fly_again` does."""
    if scenario.stockpile is not None or not scenario.raids:
        raise InputError(f"{scenario.title}: has no raids that can be replayed\n"
                         "  campaigns over months keep counts of each raid, not its flights\n"
                         "hint: replay a scenario of raids")
    names = list(scenario.raids)
    if raid is None:
        return 0
    if raid not in names:
        raise InputError(f"raid = {raid!r}\n  is not a raid of this scenario\n{nearest(raid, names)}".rstrip())
    return names.index(raid)


def threats_of(flown: Flown) -> Threats:
    """What the run's row says of the raid's threats."""
    raids = flown.problem.tables.raids
    first = int(raids.first_threat[flown.raid])
    here = slice(first, first + int(raids.n_threats[flown.raid]))
    row = flown.records.threats[flown.run, here]
    return Threats(*(column.astype("int64") for column in (row.outcome, row.reason, row.killer, row.route,
                                                            flown.records.shots[flown.run, here])))


def logged(flown: Flown, table: int) -> F64Array:
    """Rows of this raid alone in one of the three tables of the log: 0 events, 1 salvos, 2 beliefs; raid left out."""
    log = flown.replay.log
    rows = (log.rows, log.salvos, log.beliefs)[table][:int(log.written[table])]
    return rows[rows[:, 0] == flown.raid, 1:]
