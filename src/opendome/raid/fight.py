"""What the defence knows and has done about each threat of the raid in progress, and how a threat's story ends."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from opendome.battle import stable_order
from opendome.kernel import BoolArray, F64Array, I64Array, Packed, kernel, rows
from opendome.tracking import NO_TRACK, TrackFile, new_track_file


class Outcome(IntEnum):
    """How a threat ended."""

    FLYING = 0
    DESTROYED = 1
    LEAKED = 2
    OUTSIDE = 3
    """Came down outside every defended area."""
    VOID = 4
    """A decoy that the air stopped, or that was never set free."""


class Reason(IntEnum):
    """Why a leaker leaked."""

    NONE = 0
    NEVER_SEEN = 1
    TOO_COARSE = 2
    SEEN_TOO_LATE = 3
    NO_REACH = 4
    NO_STOCK = 5
    NO_CHANNEL = 6
    ALL_MISSED = 7


class Event(IntEnum):
    """What is written down of the recorded run."""

    LAUNCH = 0
    WARNING = 1
    TRACK = 2
    SHOT = 3
    KILL = 4
    MISS = 5
    LEAK = 6
    OUTSIDE = 7


# Bits of Fight.hindered: what stood in the way of a shot at some decision.
COARSE, STOCK, CHANNEL, REACHED, DRY, BEYOND, TARDY = 1, 2, 4, 8, 16, 32, 64

PAUSE_FIRST_S = 4.0
"""How long the battle manager at first leaves a target alone that it can do nothing about."""

_VOID = int(Outcome.VOID)


class Story(NamedTuple):
    """Columns of what the defence knows and has done about each threat. T threats; times from the raid's start."""

    outcome: I64Array  # (T,)
    reason: I64Array  # (T,)
    killer: I64Array  # (T,) site that destroyed it; read only where destroyed
    hindered: I64Array  # (T,) bits
    warned_s: F64Array  # (T,) inf when never
    cue_gain: F64Array  # (T,) gain in a radar's signal once warned of, linear
    seen_s: F64Array  # (T,) track confirmed; inf when never
    first_shot_s: F64Array  # (T,) inf when never
    speed_max_m_s: F64Array  # (T,) of the truth, to skip looks that cannot see it
    wake_s: F64Array  # (T,) earliest next look of any radar
    sensor: I64Array  # (T,) that saw it last, radars first; read only where it has a track
    usable_s: F64Array  # (T,) from when the command post has a confirmed track; inf when not
    think_s: F64Array  # (T,) when the battle manager next looks at it
    space_s: F64Array  # (T,) when it next asks the layers in orbit for a shot; inf when they can have none
    watched_s: F64Array  # (T,) time after burnout in which sensors in orbit were asked for positions
    held_s: F64Array  # (T,) and had one, not older than their next look
    pause_s: F64Array  # (T,) between those looks; grows while nothing can be done
    is_engaged: BoolArray  # (T,) a salvo is on its way
    site: I64Array  # (T,) its site; read only where is_engaged
    intercept_s: F64Array  # (T,) when its first round arrives
    flight_s: F64Array  # (T,) how long that has flown by then
    rounds: I64Array  # (T,) in that salvo


class Sight(NamedTuple):
    """Columns of each radar's view of each threat. T threats, S radars."""

    reach_m: F64Array  # (T, S) beyond this the radar never sees it
    next_look_s: F64Array  # (T, S)


class Gaze(NamedTuple):
    """Columns of each infrared sensor's view of each threat. T threats, E sensors, each on a whole constellation."""

    warned_s: F64Array  # (T, E) its warning of the burn, at the command post; inf when never
    stereo_s: F64Array  # (T, E) when a second satellite has seen as much of the burn; inf when never
    next_look_s: F64Array  # (T, E) at the body after its burn
    looks: I64Array  # (T, E) at that body
    fixes: I64Array  # (T, E) looks that gave a position
    has_pair: BoolArray  # (T, E) whether two satellites were found that see it
    first: I64Array  # (T, E) those two; read only where there are
    second: I64Array  # (T, E)


class Watch(NamedTuple):
    """Columns of what each radar is doing. S radars."""

    phase_s: F64Array  # (S,) of its scan
    held: I64Array  # (S,) targets it holds


ARRIVALS, IMPACTS, LOOKS, RELOADS, DECISIONS, SPACE = 1, 2, 4, 8, 16, 32
"""What can be due at a step, as bits."""


class Fight(NamedTuple):
    """The state of one raid. T threats, S radars, L layers."""

    stories: Packed  # (T,) of Story
    sights: Packed  # (T, S) of Sight
    gazes: Packed  # (T, E) of Gaze
    watches: Packed  # (S,) of Watch
    shots: I64Array  # (T, L) rounds spent on each threat by each layer
    tracks: TrackFile
    order: I64Array  # (T,) threats by start
    active: I64Array  # (T,) threats in flight, the first `tally[1]` rows
    tally: I64Array  # (2,) threats of `order` that have started; threats in `active`


def empty_fight(n_threats: int, n_radars: int, n_eyes: int, n_layers: int) -> Fight:
    """Room for the largest raid."""
    kinds = np.zeros(n_threats, np.int64)
    return Fight(rows(Story, n_threats), rows(Sight, n_threats, n_radars), rows(Gaze, n_threats, n_eyes),
                 rows(Watch, n_radars), np.zeros((n_threats, n_layers), np.int64),
                 new_track_file(kinds, np.zeros(n_threats), n_radars + n_eyes),
                 np.zeros(n_threats, np.int64), np.zeros(n_threats, np.int64), np.zeros(2, np.int64))


@kernel
def begin_fight(fight, kinds, flights, n):
    """Forget the last raid: nothing seen, nothing fired, all `n` threats still to come."""
    stories, tracks = fight.stories, fight.tracks
    fight.watches.held[:] = 0
    tracks.looks[:] = 0
    for i in range(n):
        kind = flights.kind[i]
        stories.outcome[i], stories.reason[i], stories.killer[i], stories.hindered[i] = 0, 0, 0, 0
        stories.warned_s[i], stories.seen_s[i], stories.first_shot_s[i] = np.inf, np.inf, np.inf
        stories.cue_gain[i] = 1.0
        stories.wake_s[i], stories.usable_s[i] = flights.appear_s[i], np.inf
        stories.think_s[i], stories.pause_s[i] = flights.appear_s[i], PAUSE_FIRST_S
        stories.space_s[i], stories.watched_s[i], stories.held_s[i] = np.inf, 0.0, 0.0
        stories.is_engaged[i], stories.rounds[i] = False, 0
        for s in range(fight.watches.shape[0]):
            fight.sights.next_look_s[i, s] = flights.appear_s[i]
        for e in range(fight.gazes.shape[1]):
            fight.gazes.warned_s[i, e], fight.gazes.stereo_s[i, e] = np.inf, np.inf
            fight.gazes.next_look_s[i, e] = max(flights.appear_s[i], flights.burnout_s[i])
            fight.gazes.looks[i, e], fight.gazes.fixes[i, e] = 0, 0
            fight.gazes.has_pair[i, e] = False
        tracks.status[i] = NO_TRACK
        tracks.kind[i] = kinds.motion[kind]
        tracks.inv_beta_m2_kg[i] = kinds.inv_beta_m2_kg[kind]
        for layer in range(fight.shots.shape[1]):
            fight.shots[i, layer] = 0
    stable_order(flights.appear_s, n, fight.order)
    fight.tally[0], fight.tally[1] = 0, 0


@kernel
def take_off_and_land(fight, flights, n, t_s):
    """Put the threats that have started by t_s among the active, and take out those whose story is over."""
    outcome, is_engaged, appear_s = fight.stories.outcome, fight.stories.is_engaged, flights.appear_s
    active, order, tally = fight.active, fight.order, fight.tally
    kept = 0
    for row in range(tally[1]):
        i = active[row]
        if outcome[i] == 0 or is_engaged[i]:
            active[kept] = i
            kept += 1
    begun = tally[0]
    while begun < n and appear_s[order[begun]] <= t_s:
        i = order[begun]
        begun += 1
        if flights.is_decoy[i] and outcome[flights.parent[i]] != 0:
            outcome[i] = _VOID  # its missile came to an end before it could set it free
        else:
            active[kept] = i
            kept += 1
    tally[0], tally[1] = begun, kept


@kernel
def survey(fight, flights, magazines, n, t_s):
    """What is due at t_s, as bits, and the next instant at which anything will be."""
    stories, active, n_active = fight.stories, fight.active, fight.tally[1]
    outcome, is_engaged, end_s, wake_s = stories.outcome, stories.is_engaged, flights.end_s, stories.wake_s
    intercept_s, think_s, usable_s, space_s, reload_at_s = (
        stories.intercept_s, stories.think_s, stories.usable_s, stories.space_s, magazines.reload_at_s)
    due, next_s = 0, np.inf
    if fight.tally[0] < n:
        next_s = flights.appear_s[fight.order[fight.tally[0]]]
    for row in range(n_active):
        i = active[row]
        if is_engaged[i]:
            next_s = min(next_s, intercept_s[i])
            due |= ARRIVALS if intercept_s[i] <= t_s else 0
        if outcome[i] == 0:
            decide_s = max(think_s[i], usable_s[i]) if not is_engaged[i] else np.inf
            ask_s = space_s[i] if not is_engaged[i] else np.inf
            next_s = min(next_s, end_s[i], wake_s[i], decide_s, ask_s)
            due |= ((IMPACTS if end_s[i] <= t_s else 0) | (LOOKS if wake_s[i] <= t_s else 0)
                    | (DECISIONS if decide_s <= t_s else 0) | (SPACE if ask_s <= t_s else 0))
    for b in range(reload_at_s.shape[0]):
        next_s = min(next_s, reload_at_s[b])
        due |= RELOADS if reload_at_s[b] <= t_s else 0
    return due, next_s


class Log(NamedTuple):
    """What is written down of the recorded run; a table with no rows keeps nothing."""

    rows: F64Array  # (E, 7) raid, t_s, event, threat, who (the site of a round; the sensor of a track, radars first, or
    #                        of a warning, of those in orbit), and the first and second satellite by which that sensor
    #                        saw it (of a warning, one and the same); each read where the event has one
    salvos: F64Array  # (F, 8) raid, threat, site, satellite (read for sites in orbit), rounds, and when in s:
    #                          it is decided, the first round leaves, and that is to meet the threat
    beliefs: F64Array  # (B, 12) raid, threat, t_s, ECEF position in m, its covariance in m2: xx, xy, xz, yy, yz, zz
    written: I64Array  # (3,) rows of the three so far, those that found no room included


def empty_log(n_events: int, n_salvos: int, n_beliefs: int) -> Log:
    """Room for so many rows of each."""
    return Log(np.zeros((n_events, 7)), np.zeros((n_salvos, 8)), np.zeros((n_beliefs, 12)), np.zeros(3, np.int64))


@kernel
def write_event(log, raid, t_s, event, threat, who):
    """Add an event to the log, if it keeps any."""
    n = log.written[0]
    if n < log.rows.shape[0]:
        log.rows[n, 0], log.rows[n, 1], log.rows[n, 2] = raid, t_s, event
        log.rows[n, 3], log.rows[n, 4] = threat, who
    log.written[0] = n + 1


@kernel
def write_sighting(log, raid, t_s, event, threat, sensor, first, second):
    """Add what a sensor told to the log, with the satellites by which it saw it, if it keeps any."""
    n = log.written[0]
    write_event(log, raid, t_s, event, threat, sensor)
    if n < log.rows.shape[0]:
        log.rows[n, 5], log.rows[n, 6] = first, second


@kernel
def write_salvo(log, raid, threat, site, satellite, rounds, t_s, leaves_s, meets_s):
    """Add a salvo that is decided at t_s to the log, if it keeps any."""
    n = log.written[1]
    if n < log.salvos.shape[0]:
        log.salvos[n, 0], log.salvos[n, 1], log.salvos[n, 2], log.salvos[n, 3] = raid, threat, site, satellite
        log.salvos[n, 4], log.salvos[n, 5], log.salvos[n, 6], log.salvos[n, 7] = rounds, t_s, leaves_s, meets_s
    log.written[1] = n + 1


@kernel
def write_belief(log, raid, tracks, i):
    """Add what the track file holds of threat i to the log, if it keeps any."""
    n = log.written[2]
    if n < log.beliefs.shape[0]:
        log.beliefs[n, 0], log.beliefs[n, 1], log.beliefs[n, 2] = raid, i, tracks.t_s[i]
        column = 6
        for a in range(3):
            log.beliefs[n, 3 + a] = tracks.state[i, a]
            for b in range(a, 3):
                log.beliefs[n, column] = tracks.cov[i, a, b]
                column += 1
    log.written[2] = n + 1
