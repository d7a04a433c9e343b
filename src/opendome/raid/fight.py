"""What the defence knows and has done about each threat of the raid in progress, and how a threat's story ends."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from opendome.kernel import BoolArray, F64Array, I64Array, kernel, rows
from opendome.tracking import AIR_BREATHER, BALLISTIC, NO_TRACK, TrackFile, new_track_file


class Outcome(IntEnum):
    """How a threat ended."""

    FLYING = 0
    DESTROYED = 1
    LEAKED = 2
    OUTSIDE = 3
    """Came down outside every defended area."""


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
COARSE, STOCK, CHANNEL, REACHED = 1, 2, 4, 8


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
    usable_s: F64Array  # (T,) from when the command post has a confirmed track; inf when not
    think_s: F64Array  # (T,) when the battle manager next looks at it
    pause_s: F64Array  # (T,) between those looks; grows while nothing can be done
    is_engaged: BoolArray  # (T,) a salvo is on its way
    site: I64Array  # (T,) its site; read only where is_engaged
    intercept_s: F64Array  # (T,) when its first round arrives
    rounds: I64Array  # (T,) in that salvo


class Sight(NamedTuple):
    """Columns of each radar's view of each threat. T threats, S radars."""

    reach_m: F64Array  # (T, S) beyond this the radar never sees it
    next_look_s: F64Array  # (T, S)
    last_hit_s: F64Array  # (T, S) last detection; -inf when none


class Watch(NamedTuple):
    """Columns of what each radar is doing. S radars."""

    phase_s: F64Array  # (S,) of its scan
    held: I64Array  # (S,) targets it holds


class Fight(NamedTuple):
    """The state of one raid. T threats, S radars, L layers."""

    stories: Story  # packed (T,)
    sights: Sight  # packed (T, S)
    watches: Watch  # packed (S,)
    shots: I64Array  # (T, L) rounds spent on each threat by each layer
    tracks: TrackFile


def empty_fight(n_threats: int, n_radars: int, n_layers: int) -> Fight:
    """Room for the largest raid."""
    kinds = np.zeros(n_threats, np.int64)
    return Fight(rows(Story, n_threats), rows(Sight, n_threats, n_radars), rows(Watch, n_radars),
                 np.zeros((n_threats, n_layers), np.int64), new_track_file(kinds, np.zeros(n_threats), n_radars))


@kernel
def begin_fight(fight, kinds, flights, n, first_pause_s):
    """Forget the last raid: nothing seen, nothing fired, all `n` threats still to come."""
    fight.watches.held[:] = 0
    fight.tracks.looks[:] = 0
    for i in range(n):
        kind = flights.kind[i]
        fight.stories.outcome[i], fight.stories.reason[i], fight.stories.killer[i], fight.stories.hindered[i] = 0, 0, 0, 0
        fight.stories.warned_s[i], fight.stories.seen_s[i], fight.stories.first_shot_s[i] = np.inf, np.inf, np.inf
        fight.stories.cue_gain[i] = 1.0
        fight.sights.next_look_s[i, :] = flights.start_s[i]
        fight.sights.last_hit_s[i, :] = -np.inf
        fight.stories.wake_s[i] = flights.start_s[i]
        fight.tracks.status[i] = NO_TRACK
        fight.tracks.kind[i] = BALLISTIC if kinds.is_ballistic[kind] else AIR_BREATHER
        fight.tracks.inv_beta_m2_kg[i] = kinds.inv_beta_m2_kg[kind]
        fight.stories.usable_s[i] = np.inf
        fight.stories.think_s[i], fight.stories.pause_s[i] = flights.start_s[i], first_pause_s
        fight.stories.is_engaged[i], fight.stories.rounds[i] = False, 0
        fight.shots[i, :] = 0


class Log(NamedTuple):
    """Events of the recorded run; with no rows nothing is kept."""

    rows: F64Array  # (E, 5) raid, t_s, event, threat, site (read where the event has one)
    count: I64Array  # (1,) events so far, those that found no room included


@kernel
def write_event(log, raid, t_s, event, threat, site):
    """Add an event to the log, if it keeps any."""
    n = log.count[0]
    if n < log.rows.shape[0]:
        log.rows[n, 0], log.rows[n, 1], log.rows[n, 2] = raid, t_s, event
        log.rows[n, 3], log.rows[n, 4] = threat, site
    log.count[0] = n + 1
