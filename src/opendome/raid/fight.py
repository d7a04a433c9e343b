"""What the defence knows and has done about each threat of the raid in progress, and how a threat's story ends."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from opendome.kernel import BoolArray, F64Array, I64Array, kernel


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


class Fight(NamedTuple):
    """The state of one raid. T threats, S radars, L layers; times in s after the start of the raid."""

    outcome: I64Array  # (T,)
    reason: I64Array  # (T,)
    killer: I64Array  # (T,) site that destroyed it; read only where destroyed
    warned_s: F64Array  # (T,) inf when never
    seen_s: F64Array  # (T,) track confirmed; inf when never
    first_shot_s: F64Array  # (T,) inf when never
    hindered: I64Array  # (T,) bits
    speed_max_m_s: F64Array  # (T,) truth, for skipping looks that cannot see
    next_look_s: F64Array  # (T, S)
    last_hit_s: F64Array  # (T, S) last detection by each radar
    held: I64Array  # (S,) targets that each radar holds
    state: F64Array  # (T, 6) track: ECEF position and velocity
    cov: F64Array  # (T, 6, 6)
    track_s: F64Array  # (T,) time of the track's state
    has_track: BoolArray  # (T,)
    looks: I64Array  # (T,) shift register of looks: 1 seen, 0 not
    usable_s: F64Array  # (T,) from when the command post has the track; inf when not confirmed
    think_s: F64Array  # (T,) when the battle manager next looks at it
    pause_s: F64Array  # (T,) between those looks; grows while nothing can be done
    is_engaged: BoolArray  # (T,) a salvo is on its way
    site: I64Array  # (T,) its site; read only where is_engaged
    intercept_s: F64Array  # (T,) when its first round arrives
    rounds: I64Array  # (T,) in that salvo
    shots: I64Array  # (T, L) rounds spent on it by layer


@kernel
def empty_fight(n, n_radars, n_layers):
    """Room for the largest raid."""
    return Fight(
        np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64),
        np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n, np.int64), np.zeros(n),
        np.zeros((n, n_radars)), np.zeros((n, n_radars)), np.zeros(n_radars, np.int64),
        np.zeros((n, 6)), np.zeros((n, 6, 6)), np.zeros(n), np.zeros(n, np.bool_), np.zeros(n, np.int64), np.zeros(n),
        np.zeros(n), np.zeros(n), np.zeros(n, np.bool_), np.zeros(n, np.int64), np.zeros(n), np.zeros(n, np.int64),
        np.zeros((n, n_layers), np.int64),
    )


@kernel
def begin_fight(fight, truth, n, first_pause_s):
    """Forget the last raid: nothing seen, nothing fired, all `n` threats still to come."""
    fight.held[:] = 0
    for i in range(n):
        fight.outcome[i], fight.reason[i], fight.killer[i], fight.hindered[i] = 0, 0, 0, 0
        fight.warned_s[i], fight.seen_s[i], fight.first_shot_s[i] = np.inf, np.inf, np.inf
        fight.next_look_s[i, :] = truth.start_s[i]
        fight.last_hit_s[i, :] = -np.inf
        fight.has_track[i], fight.looks[i], fight.usable_s[i] = False, 0, np.inf
        fight.think_s[i], fight.pause_s[i] = truth.start_s[i], first_pause_s
        fight.is_engaged[i], fight.rounds[i] = False, 0
        fight.shots[i, :] = 0
        fastest2 = 0.0
        for row in range(truth.first_row[i], truth.first_row[i] + truth.n_rows[i]):
            v = truth.v_ecef_m_s[row]
            fastest2 = max(fastest2, v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
        fight.speed_max_m_s[i] = 1.05 * np.sqrt(fastest2)


@kernel
def write_event(events, n_events, t_s, event, threat, site):
    """Write an event into the next row of events (E, 4), if there is room, and count it."""
    n = n_events[0]
    if n < events.shape[0]:
        events[n, 0], events[n, 1], events[n, 2], events[n, 3] = t_s, event, threat, site
    n_events[0] = n + 1
