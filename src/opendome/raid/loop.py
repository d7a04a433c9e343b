"""One run: the raids in order, each moved forward once in time, from launch to the last impact."""

from typing import NamedTuple

import numpy as np

from opendome.battle import Magazines, load_launchers, reload_launchers
from opendome.kernel import F64Array, I64Array, kernel
from opendome.raid.engage import PAUSE_FIRST_S, decide, empty_options, explain, resolve
from opendome.raid.fight import Event, Log, Outcome, begin_fight, empty_fight, write_event
from opendome.raid.sense import prepare_looks, sense, warn
from opendome.raid.truth import empty_truth, fly_raid, threat_state

REPLAY_STEP_S = 10.0
"""Shortest step between the kept points of a trajectory."""

_LAUNCH, _LEAK, _OUTSIDE_EVENT = int(Event.LAUNCH), int(Event.LEAK), int(Event.OUTSIDE)
_DESTROYED, _LEAKED, _OUTSIDE = int(Outcome.DESTROYED), int(Outcome.LEAKED), int(Outcome.OUTSIDE)


class Records(NamedTuple):
    """What is kept of every run. R runs, N threats of all raids, D raids, B sites, L layers, K kinds."""

    route: I64Array  # (R, N)
    outcome: I64Array  # (R, N) code of Outcome
    reason: I64Array  # (R, N) code of Reason
    killer: I64Array  # (R, N) site; read only where destroyed
    hit: I64Array  # (R, N) area; read only where leaked
    times_s: F64Array  # (R, N, 5) launch, warned, seen, first shot, end; inf when never
    shots: I64Array  # (R, N, L)
    fired: I64Array  # (R, D, B) rounds
    kills: I64Array  # (R, D, B)
    left: I64Array  # (R, D, B) rounds after the raid
    failed: I64Array  # (R,) flights whose integration failed


class Replay(NamedTuple):
    """Where the recorded run is written; with no rows nothing is kept."""

    log: Log
    path: F64Array  # (P, 5) threat (column of Records), t_s, ECEF position in m
    count: I64Array  # (1,) rows of path so far, those that found no room included


def empty_records(runs: int, n_threats: int, n_raids: int, n_sites: int, n_layers: int) -> Records:
    """Room for `runs` runs."""

    def room(*shape: int, kind: type = np.int16) -> I64Array:
        return np.zeros(shape, kind)

    return Records(
        route=room(runs, n_threats), outcome=room(runs, n_threats), reason=room(runs, n_threats),
        killer=room(runs, n_threats), hit=room(runs, n_threats),
        times_s=np.full((runs, n_threats, 5), np.inf, np.float32),
        shots=room(runs, n_threats, n_layers),
        fired=room(runs, n_raids, n_sites, kind=np.int32), kills=room(runs, n_raids, n_sites, kind=np.int32),
        left=room(runs, n_raids, n_sites, kind=np.int32), failed=room(runs, kind=np.int32),
    )


def empty_replay(n_events: int, n_rows: int) -> Replay:
    """Room for the recorded run; zeros to record nothing."""
    return Replay(Log(np.zeros((n_events, 5)), np.zeros(1, np.int64)), np.zeros((n_rows, 5)), np.zeros(1, np.int64))


@kernel
def simulate(tables, first, last, records, replay):
    """Runs first .. last - 1 into their rows of `records`; run 0 into `replay` as well, if it has room."""
    n_max, rows_max = tables.raids.n_threats.max(), tables.raids.n_samples.max()
    n_layers, n_sites = tables.layers.weapon.shape[0], tables.sites.layer.shape[0]
    truth = empty_truth(n_max, rows_max)
    fight = empty_fight(n_max, tables.radars.scan_s.shape[0], n_layers)
    options = empty_options(n_max, n_sites)
    magazines = Magazines(np.zeros(n_sites, np.int64), np.zeros(n_sites, np.int64), np.zeros(n_sites),
                          np.zeros(n_sites, np.int64))
    for run in range(first, last):
        magazines.stock[:] = tables.draws.stock[run]
        for raid in range(tables.raids.n_threats.shape[0]):
            records.failed[run] += fly_raid(tables, run, raid, truth)
            load_launchers(tables.sites, magazines)
            _fight(tables, run, raid, truth, fight, magazines, options, replay.log)
            _record(tables, run, raid, truth, fight, magazines, records)
            if run == 0 and replay.path.shape[0] > 0:
                _keep_paths(tables, raid, truth, replay)


@kernel
def _fight(tables, run, raid, truth, fight, magazines, options, log):
    """Move one raid forward in time until nothing flies."""
    n = tables.raids.n_threats[raid]
    begin_fight(fight, tables.kinds, truth, n, PAUSE_FIRST_S)
    warn(tables, run, raid, truth, n, fight, log)
    prepare_looks(tables, run, truth, n, fight)
    t_s, t_last = np.inf, 0.0
    for i in range(n):
        t_s, t_last = min(t_s, truth.start_s[i]), max(t_last, truth.end_s[i])
        write_event(log, raid, truth.start_s[i], _LAUNCH, i, 0)
    reload_s = tables.draws.reload_s[run]
    while t_s <= t_last + tables.step_s:
        resolve(tables, run, raid, truth, n, fight, magazines, t_s, log)
        _come_down(tables, raid, truth, n, fight, t_s, log)
        sense(tables, run, raid, truth, n, fight, t_s, log)
        reload_launchers(tables.sites, magazines, reload_s, t_s)
        decide(tables, run, raid, truth, n, fight, magazines, options, t_s, log)
        t_s += tables.step_s


@kernel
def _come_down(tables, raid, truth, n, fight, t_s, log):
    """Settle the threats that have reached the ground by t_s."""
    for i in range(n):
        if fight.outcome[i] == 0 and truth.end_s[i] <= t_s:
            if truth.is_hit[i]:
                fight.outcome[i] = _LEAKED
                fight.reason[i] = explain(tables, truth, fight, i)
                write_event(log, raid, truth.end_s[i], _LEAK, i, 0)
            else:
                fight.outcome[i] = _OUTSIDE
                write_event(log, raid, truth.end_s[i], _OUTSIDE_EVENT, i, 0)


@kernel
def _record(tables, run, raid, truth, fight, magazines, records):
    """One raid of one run into its columns of the records."""
    column = tables.raids.first_threat[raid]
    for i in range(tables.raids.n_threats[raid]):
        records.route[run, column] = truth.route[i]
        records.outcome[run, column] = fight.outcome[i]
        records.reason[run, column] = fight.reason[i]
        records.killer[run, column] = fight.killer[i]
        records.hit[run, column] = truth.hit[i]
        records.times_s[run, column, 0] = truth.start_s[i]
        records.times_s[run, column, 1] = fight.warned_s[i] if fight.warned_s[i] < truth.end_s[i] else np.inf
        records.times_s[run, column, 2] = fight.seen_s[i]
        records.times_s[run, column, 3] = fight.first_shot_s[i]
        records.times_s[run, column, 4] = truth.end_s[i]
        for layer in range(fight.shots.shape[1]):
            records.shots[run, column, layer] = fight.shots[i, layer]
        if fight.outcome[i] == _DESTROYED:
            records.kills[run, raid, fight.killer[i]] += 1
        column += 1
    for b in range(tables.sites.layer.shape[0]):
        before = tables.draws.stock[run, b] if raid == 0 else records.left[run, raid - 1, b]
        records.left[run, raid, b] = magazines.stock[b]
        records.fired[run, raid, b] = before - magazines.stock[b]


@kernel
def _keep_paths(tables, raid, truth, replay):
    """The trajectories of one raid, up to where each ended, into the replay."""
    for i in range(tables.raids.n_threats[raid]):
        k = 0
        t_s = truth.start_s[i]
        while True:
            row = replay.count[0]
            x, y, z, _, _, _ = threat_state(truth, i, min(t_s, truth.end_s[i]))
            if row < replay.path.shape[0]:
                replay.path[row, 0], replay.path[row, 1] = tables.raids.first_threat[raid] + i, min(t_s, truth.end_s[i])
                replay.path[row, 2], replay.path[row, 3], replay.path[row, 4] = x, y, z
            replay.count[0] = row + 1
            if t_s >= truth.end_s[i]:
                break
            k += 1
            t_s = truth.start_s[i] + k * max(truth.dt_s[i], REPLAY_STEP_S)
