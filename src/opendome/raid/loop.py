"""One run: the raids in order, each moved forward once in time, from launch to the last impact."""

import math
from typing import NamedTuple

import numpy as np

from opendome.battle import Magazine, load_launchers, reload_launchers
from opendome.kernel import F32Array, F64Array, I16Array, I32Array, I64Array, Packed, kernel, rows
from opendome.orbits import Orbit
from opendome.raid.engage import Desk, decide, empty_desk
from opendome.raid.fight import (
    ARRIVALS,
    DECISIONS,
    IMPACTS,
    LOOKS,
    RELOADS,
    SPACE,
    Event,
    Fight,
    Log,
    Outcome,
    begin_fight,
    empty_fight,
    empty_log,
    survey,
    take_off_and_land,
    write_event,
)
from opendome.raid.gaze import warn
from opendome.raid.problem import Tables
from opendome.raid.sense import prepare_looks, sense
from opendome.raid.settle import explain, resolve
from opendome.raid.sky import Places, empty_places, forget_places, turn_sky
from opendome.raid.space import SpaceDesk, ask_the_sky, empty_space_desk, forget_search, load_satellites
from opendome.raid.truth import Truth, empty_truth, fly_raid, threat_state

REPLAY_STEP_S = 10.0
"""Shortest step between the kept points of a trajectory."""

MOST_STEPS = 1e6
"""Bound on a jump over idle steps, for when nothing is due any more."""

_LAUNCH, _LEAK, _OUTSIDE_EVENT = int(Event.LAUNCH), int(Event.LEAK), int(Event.OUTSIDE)
_DESTROYED, _LEAKED, _OUTSIDE = int(Outcome.DESTROYED), int(Outcome.LEAKED), int(Outcome.OUTSIDE)
_VOID = int(Outcome.VOID)


class ThreatRecord(NamedTuple):
    """Columns of what is kept of every threat in every run. R runs, N threats of all raids; times inf when never."""

    route: I16Array  # (R, N)
    outcome: I16Array  # (R, N) code of Outcome
    reason: I16Array  # (R, N) code of Reason
    killer: I16Array  # (R, N) site; read only where destroyed
    hit: I16Array  # (R, N) area; read only where leaked
    launch_s: F32Array  # (R, N)
    warned_s: F32Array  # (R, N)
    seen_s: F32Array  # (R, N)
    shot_s: F32Array  # (R, N)
    end_s: F32Array  # (R, N)
    watched_s: F32Array  # (R, N) after burnout, by sensors in orbit
    held_s: F32Array  # (R, N) with a position from orbit


class GazeRecord(NamedTuple):
    """Columns of what each infrared sensor saw of each threat. R runs, N threats, E sensors; times inf when never."""

    warned_s: F32Array  # (R, N, E)
    stereo_s: F32Array  # (R, N, E)
    looks: I16Array  # (R, N, E) at the body after its burn
    fixes: I16Array  # (R, N, E)


class SiteRecord(NamedTuple):
    """Columns of what is kept of every site after every raid. R runs, D raids, B sites."""

    fired: I32Array  # (R, D, B) rounds in the raid
    kills: I32Array  # (R, D, B) in the raid, decoys not counted
    left: I32Array  # (R, D, B) rounds after it


class Records(NamedTuple):
    """What is kept of every run."""

    threats: Packed  # (R, N) of ThreatRecord
    gazes: Packed  # (R, N, E) of GazeRecord
    sites: Packed  # (R, D, B) of SiteRecord
    shots: I16Array  # (R, N, L) rounds spent on each threat by each layer
    failed: I64Array  # (R,) flights that could not be integrated


class Replay(NamedTuple):
    """Where the recorded run is written; with no rows nothing is kept."""

    log: Log
    path: F64Array  # (P, 5) threat (column of Records), t_s, ECEF position in m
    written: I64Array  # (1,) rows of path so far, those that found no room included


class Scratch(NamedTuple):
    """Working memory of one thread."""

    truth: Truth
    fight: Fight
    desk: Desk
    magazines: Packed  # (B,) of Magazine
    orbits: Packed  # (N,) of orbits.Orbit, at the start of the raid
    places: Places | None
    space: SpaceDesk | None


def empty_scratch(tables: Tables) -> Scratch:
    """Working memory for the largest raid of a scenario."""
    n, n_sites, sky = int(tables.raids.n_threats.max()), len(tables.sites), tables.sky
    return Scratch(empty_truth(n, int(tables.raids.n_samples.max())),
                   empty_fight(n, len(tables.radars), len(sky.eyes), len(tables.layers)), empty_desk(n, n_sites),
                   rows(Magazine, n_sites), rows(Orbit, len(sky.orbits)),
                   empty_places(sky), empty_space_desk(sky))


def empty_records(tables: Tables, runs: int) -> Records:
    """Room for `runs` runs."""
    n, n_raids, n_sites, n_layers = (int(tables.raids.n_threats.sum()), len(tables.raids), len(tables.sites),
                                     len(tables.layers))
    return Records(rows(ThreatRecord, runs, n), rows(GazeRecord, runs, n, len(tables.sky.eyes)),
                   rows(SiteRecord, runs, n_raids, n_sites), np.zeros((runs, n, n_layers), np.int16),
                   np.zeros(runs, np.int64))


def empty_replay(n_events: int, n_rows: int, n_salvos: int = 0, n_beliefs: int = 0) -> Replay:
    """Room for the recorded run; zeros to record nothing."""
    return Replay(empty_log(n_events, n_salvos, n_beliefs), np.zeros((n_rows, 5)), np.zeros(1, np.int64))


@kernel
def simulate(tables, first, last, scratch, records, replay):
    """Runs first .. last - 1 into their rows of `records`, and into `replay`, if that has room (for one run)."""
    for run in range(first, last):
        begin_run(tables, run, scratch)
        for raid in range(tables.raids.shape[0]):
            simulate_raid(tables, run, raid, scratch, records, replay)


@kernel
def begin_run(tables, run, scratch):
    """Fill the magazines as they are before the first raid of a run."""
    magazines = scratch.magazines
    for b in range(magazines.shape[0]):
        magazines.stock[b] = tables.draws.stock[run, b] if tables.sites.first_raid[b] == 0 else 0
    load_satellites(tables.sky, tables.draws.is_working[run], scratch.space, magazines)


@kernel
def simulate_raid(tables, run, raid, scratch, records, replay):
    """The next raid of a run that has begun. Its flights and satellites stay in the scratch memory till the next."""
    records.failed[run] += fly_raid(tables, run, raid, scratch.truth)
    load_launchers(tables.sites, raid, tables.draws.stock[run], scratch.magazines)
    turn_sky(tables.sky, tables.key, run, tables.raids.start_s[raid], scratch.orbits)
    forget_places(scratch.places)
    forget_search(scratch.space)
    _fight(tables, run, raid, scratch, replay.log)
    _record(tables, run, raid, scratch, records)
    if replay.path.shape[0] > 0:
        _keep_paths(tables, raid, scratch.truth, replay)


@kernel(inline=True)
def _fight(tables, run, raid, scratch, log):
    """Move one raid forward in time until nothing flies."""
    truth, fight, magazines, flights = scratch.truth, scratch.fight, scratch.magazines, scratch.truth.flights
    n = tables.raids.n_threats[raid]
    begin_fight(fight, tables.kinds, flights, n)
    warn(tables, run, raid, truth, n, fight, scratch.orbits, log)
    prepare_looks(tables, run, truth, n, fight)
    t_s, t_last = np.inf, 0.0
    for i in range(n):
        t_s, t_last = min(t_s, flights.start_s[i]), max(t_last, flights.end_s[i])
        if not flights.is_decoy[i]:
            write_event(log, raid, flights.start_s[i], _LAUNCH, i, 0)
    reload_s = tables.draws.layers.reload_s[run]
    # Whole steps from the start of the raid, so that the clock does not depend on which steps were skipped.
    due, beat = 0, math.ceil(t_s / tables.step_s)
    t_s = beat * tables.step_s
    while t_s <= t_last + tables.step_s:
        is_start = fight.tally[0] < n and flights.appear_s[fight.order[fight.tally[0]]] <= t_s
        if is_start:  # a missile that was destroyed by now sets no decoys free
            resolve(tables, run, raid, truth, fight, magazines, t_s, log)
        if is_start or due & (ARRIVALS | IMPACTS):
            take_off_and_land(fight, flights, n, t_s)
        due, next_s = survey(fight, flights, magazines, n, t_s)
        if due & ARRIVALS:
            resolve(tables, run, raid, truth, fight, magazines, t_s, log)
        if due & IMPACTS:
            _come_down(tables, raid, truth, fight, t_s, log)
        if due & LOOKS:
            sense(tables, run, raid, truth, fight, scratch.orbits, scratch.places, t_s, log)
        if due & SPACE:
            ask_the_sky(tables, run, raid, truth, fight, magazines, scratch.orbits, scratch.space, t_s, log)
        if due & RELOADS:
            reload_launchers(tables.sites, magazines, reload_s, t_s)
        if due & DECISIONS:
            decide(tables, run, raid, flights, fight, magazines, scratch.desk, t_s, log)
            reload_launchers(tables.sites, magazines, reload_s, t_s)
        # Where nothing was due, straight on to the step in which something is.
        steps = 1.0 if due else math.ceil(min((next_s - t_s) / tables.step_s, MOST_STEPS))
        beat += max(1.0, steps)
        t_s = beat * tables.step_s


@kernel
def _come_down(tables, raid, truth, fight, t_s, log):
    """Settle the threats that have reached the ground by t_s."""
    active, n_active, outcome, end_s = fight.active, fight.tally[1], fight.stories.outcome, truth.flights.end_s
    reason, is_hit, is_decoy = fight.stories.reason, truth.flights.is_hit, truth.flights.is_decoy
    for row in range(n_active):
        i = active[row]
        if outcome[i] == 0 and end_s[i] <= t_s and is_decoy[i]:
            outcome[i] = _VOID
        elif outcome[i] == 0 and end_s[i] <= t_s:
            outcome[i] = _LEAKED if is_hit[i] else _OUTSIDE
            if is_hit[i]:
                reason[i] = explain(tables, raid, truth, fight, i)
            write_event(log, raid, end_s[i], _LEAK if is_hit[i] else _OUTSIDE_EVENT, i, 0)


@kernel
def _record(tables, run, raid, scratch, records):
    """One raid of one run into its columns of the records."""
    flights, stories, magazines, kept = scratch.truth.flights, scratch.fight.stories, scratch.magazines, records.threats
    column = tables.raids.first_threat[raid]
    for i in range(tables.raids.n_threats[raid]):
        kept.route[run, column] = flights.route[i]
        kept.outcome[run, column] = stories.outcome[i]
        kept.reason[run, column] = stories.reason[i]
        kept.killer[run, column] = stories.killer[i]
        kept.hit[run, column] = flights.hit[i]
        kept.launch_s[run, column] = flights.start_s[i]
        kept.warned_s[run, column] = stories.warned_s[i] if stories.warned_s[i] < flights.end_s[i] else np.inf
        kept.seen_s[run, column] = stories.seen_s[i]
        kept.shot_s[run, column] = stories.first_shot_s[i]
        kept.end_s[run, column] = flights.end_s[i]
        kept.watched_s[run, column], kept.held_s[run, column] = stories.watched_s[i], stories.held_s[i]
        for layer in range(tables.layers.shape[0]):
            records.shots[run, column, layer] = scratch.fight.shots[i, layer]
        for e in range(records.gazes.shape[2]):
            records.gazes.warned_s[run, column, e] = scratch.fight.gazes.warned_s[i, e]
            records.gazes.stereo_s[run, column, e] = scratch.fight.gazes.stereo_s[i, e]
            records.gazes.looks[run, column, e] = scratch.fight.gazes.looks[i, e]
            records.gazes.fixes[run, column, e] = scratch.fight.gazes.fixes[i, e]
        if stories.outcome[i] == _DESTROYED and not flights.is_decoy[i]:
            records.sites.kills[run, raid, stories.killer[i]] += 1
        column += 1
    for b in range(tables.sites.shape[0]):
        is_new = raid == tables.sites.first_raid[b]
        before = 0 if raid == 0 else records.sites.left[run, raid - 1, b]
        before += tables.draws.stock[run, b] if is_new else 0
        records.sites.left[run, raid, b] = magazines.stock[b]
        records.sites.fired[run, raid, b] = before - magazines.stock[b]


@kernel
def _keep_paths(tables, raid, truth, replay):
    """The trajectories of one raid, up to where each ended, into the replay."""
    for i in range(tables.raids.n_threats[raid]):
        k = 0
        t_s = truth.flights.appear_s[i]
        while True:
            row = replay.written[0]
            at_s = min(t_s, truth.flights.end_s[i])
            x, y, z, _, _, _ = threat_state(truth, i, at_s)
            if row < replay.path.shape[0]:
                replay.path[row, 0], replay.path[row, 1] = tables.raids.first_threat[raid] + i, at_s
                replay.path[row, 2], replay.path[row, 3], replay.path[row, 4] = x, y, z
            replay.written[0] = row + 1
            if t_s >= truth.flights.end_s[i]:
                break
            k += 1
            t_s = truth.flights.appear_s[i] + k * max(truth.flights.dt_s[i], REPLAY_STEP_S)
