"""One run of a study, flown again raid by raid as the kernels do it, with all that they can write down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from opendome.catalogue import Catalogue
from opendome.errors import InputError, nearest
from opendome.kernel import F64Array, I64Array, announce_compiling
from opendome.raid import (
    Problem,
    Records,
    Replay,
    Tables,
    begin_run,
    empty_records,
    empty_replay,
    empty_scratch,
    lower,
    simulate_raid,
)
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
    """Truth and satellites are those of this raid, until the next is flown."""
    records: Records
    """Rows of the runs up to this one; only its own are filled."""
    replay: Replay
    """What was written down of this raid."""
    fired: I64Array
    """(S,) rounds that each satellite fired in the raids before."""


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
    at = raid_number(scenario, raid)
    return next(flown for flown in fly_raids(scenario, runs=runs, seed=seed, run=run) if flown.raid == at)


def fly_raids(scenario: Scenario, *, runs: int, seed: int, run: int) -> Iterator[Flown]:
    """Every raid of run number `run` in their order, in one flight; each can be read until the next is asked for.

    Raises `InputError` at once, as `fly_again` does.
    """
    runs, seed = options(scenario, runs, seed, None)
    raid_number(scenario, None)
    if isinstance(run, bool) or not isinstance(run, int) or not 0 <= run < runs:
        raise InputError(f"run = {run!r}\n  must be a whole number from 0 to {runs - 1}: the study has {runs} runs")
    return _flights(scenario, catalogue_for(scenario), runs, seed, run)


def _flights(scenario: Scenario, catalogue: Catalogue, runs: int, seed: int, run: int) -> Iterator[Flown]:
    with announce_compiling():
        problem = lower(scenario, catalogue, runs=runs, seed=seed)
    tables = problem.tables
    n = int(tables.raids.n_threats.max())
    n_salvos, n_beliefs, done = n * int(tables.layers.shots_max.sum()), BELIEFS_FIRST, 0
    while done < len(tables.raids):
        scratch, records = empty_scratch(tables), empty_records(tables, run + 1)
        found = empty_replay(n * 4 + 2 * n_salvos, 0, n_salvos, n_beliefs)
        begin_run(tables, run, scratch)
        fired = np.zeros(len(tables.draws.is_working[run]), np.int64)
        for raid in range(len(tables.raids)):
            found.log.written[:] = 0
            with announce_compiling():
                simulate_raid(tables, run, raid, scratch, records, found)
            if found.log.written[2] > n_beliefs:
                n_beliefs = int(found.log.written[2])
                break
            if raid == done:
                yield Flown(scenario, catalogue, problem, run, raid, scratch, records, found, fired)
                done += 1
            fired = fired + fired_by_satellites(tables, found.log.salvos[:int(found.log.written[1])])


def fired_by_satellites(tables: Tables, salvos: F64Array) -> I64Array:
    """(S,) rounds that each satellite fired, from rows of the log of salvos."""
    _, _, site, satellite, count = salvos[:, :5].T.astype(np.int64)
    from_orbit = tables.sky.weapons.is_space[tables.sites.layer[site]]
    return np.bincount(satellite[from_orbit], count[from_orbit],
                       minlength=tables.draws.is_working.shape[1]).astype(np.int64)


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
        hint = nearest(raid, names)
        raise InputError(f"raid = {raid!r}\n  is not a raid of this scenario" + (f"\nhint: {hint}" if hint else ""))
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
    """Rows of one of the three tables of the log: 0 events, 1 salvos, 2 beliefs; the column of the raid left out."""
    log = flown.replay.log
    return (log.rows, log.salvos, log.beliefs)[table][:int(log.written[table]), 1:]
