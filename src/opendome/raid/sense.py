"""What the sensors tell the defence inside one raid: looks, detections and the tracks made of them.

All sensors feed one picture and share the work: while a confirmed track is fresh nobody looks at its target again, and
when it is not, the first radar to see it does, or else the first infrared sensor in orbit.
"""

import math

import numpy as np

from opendome import rng
from opendome.kernel import kernel
from opendome.raid.fight import Event, write_belief, write_sighting
from opendome.raid.gaze import gaze
from opendome.raid.truth import threat_state
from opendome.sensing import look, measure, reach
from opendome.tracking import AIR_BREATHER, CONFIRMED, NO_TRACK, TENTATIVE, drop_if_lost, note_look, observe
from opendome.world import altitude

CONFIRM_M, CONFIRM_N = 3, 5
"""A track is confirmed by this many detections in this many looks of one radar."""

DROP_S = 60.0
"""Time without a detection after which a track is given up."""

FRESH_BALLISTIC_S, FRESH_LOW_FLYER_S = 4.0, 30.0
"""A confirmed track that is younger than this needs no look, unless the battle manager asks for one."""

HOLD_S = 20.0
"""Time without a detection after which a radar no longer counts a target as its own."""

UNSEEN_M = 1000.0
"""A target that a radar cannot see now is taken not to come into its view before it has flown this far."""

_TRACK = int(Event.TRACK)


@kernel
def last_beat(period_s, phase_s, t_s):
    """The latest instant of a rhythm at or before t_s."""
    return phase_s + math.floor((t_s - phase_s) / period_s) * period_s


@kernel
def count_held(fight, s, t_s):
    """How many targets radar s holds at t_s, into its watch."""
    held = 0
    for row in range(fight.tally[1]):
        i = fight.active[row]
        if fight.stories.sensor[i] == s and fight.tracks.status[i] != NO_TRACK:
            held += fight.tracks.t_seen_s[i] >= t_s - HOLD_S
    fight.watches.held[s] = held


@kernel(inline=True)
def sense(tables, run, raid, truth, fight, orbits, places, t_s, log):
    """All looks that are due at t_s."""
    active, n_active = fight.active, fight.tally[1]
    wake_s, outcome = fight.stories.wake_s, fight.stories.outcome
    held, track_capacity = fight.watches.held, tables.radars.track_capacity
    for s in range(held.shape[0]):
        if held[s] >= track_capacity[s]:
            count_held(fight, s, t_s)
    for row in range(n_active):
        i = active[row]
        if t_s >= wake_s[i] and outcome[i] == 0:
            _watch(tables, run, raid, truth, fight, orbits, places, i, t_s, log)


@kernel(inline=True)
def _watch(tables, run, raid, truth, fight, orbits, places, i, t_s, log):
    """All looks at threat i that are due at t_s, until one of them freshens a confirmed track."""
    stories, tracks, radars, kind = fight.stories, fight.tracks, tables.radars, truth.flights.kind[i]
    status, next_look_s = tracks.status, fight.sights.next_look_s
    if drop_if_lost(tracks, i, t_s, DROP_S):
        stories.usable_s[i] = np.inf
    x, y, z, _, _, _ = threat_state(truth, i, t_s)
    cue = stories.cue_gain[i] if t_s >= stories.warned_s[i] else 1.0
    is_low_flyer = tables.kinds.motion[kind] == AIR_BREATHER
    fresh_s = FRESH_LOW_FLYER_S if is_low_flyer else FRESH_BALLISTIC_S
    entity, speed_m_s = truth.flights.id[i], stories.speed_max_m_s[i]
    rcs_m2, swerling = tables.draws.kinds.rcs_m2[run, kind], tables.kinds.swerling[kind]
    gains = tables.draws.radar_gain[run]
    wake_s = np.inf
    n_radars = next_look_s.shape[1]
    first = stories.sensor[i] % n_radars if status[i] != NO_TRACK and n_radars > 0 else 0
    for k in range(n_radars):
        s = (first + k) % n_radars  # the radar that saw it last is asked first
        if t_s >= next_look_s[i, s] and _look(tables.key, run, radars, fight, i, s, x, y, z, t_s, tables.step_s, entity,
                                              speed_m_s, rcs_m2, swerling, gains[s] * cue) and status[i] == CONFIRMED:
            wake_s = t_s + fresh_s
            break
        wake_s = min(wake_s, next_look_s[i, s])
    if not is_low_flyer:
        wake_s = _watch_from_orbit(tables, run, raid, truth, fight, orbits, places, i, x, y, z, t_s, wake_s)
    stories.wake_s[i] = wake_s
    if status[i] == CONFIRMED and tracks.t_seen_s[i] == t_s:
        write_belief(log, raid, tracks, i)
    if status[i] == CONFIRMED and stories.usable_s[i] == np.inf:
        s, e = stories.sensor[i], stories.sensor[i] - n_radars
        stories.usable_s[i] = t_s + (radars.latency_s[s] if e < 0 else tables.sky.eyes.latency_s[e])
        if stories.seen_s[i] == np.inf:
            stories.seen_s[i] = t_s
            one, other = 0, 0
            if e >= 0:
                one, other = fight.gazes.first[i, e], fight.gazes.second[i, e]
            write_sighting(log, raid, t_s, _TRACK, i, s, one, other)


@kernel
def _watch_from_orbit(tables, run, raid, truth, fight, orbits, places, i, x, y, z, t_s, wake_s):
    """All looks from orbit at threat i, ballistic or gliding, due at t_s, until one freshens a confirmed track;
    returns when anything next looks at it."""
    if places is not None:
        is_fresh = fight.tracks.status[i] == CONFIRMED and fight.tracks.t_seen_s[i] == t_s
        was_asked, was_seen, next_s = False, False, np.inf
        for e in range(fight.gazes.shape[1]):
            if not tables.sky.tracks[truth.flights.kind[i], e]:
                continue
            if t_s >= fight.gazes.next_look_s[i, e] and not is_fresh:
                is_seen = gaze(tables, run, raid, truth, fight, orbits, places, i, e, x, y, z, t_s, CONFIRM_M,
                               CONFIRM_N)
                was_asked, was_seen = True, was_seen or is_seen
                is_fresh = is_seen and fight.tracks.status[i] == CONFIRMED
            next_s = min(next_s, fight.gazes.next_look_s[i, e])
        next_s = t_s + FRESH_BALLISTIC_S if is_fresh else next_s
        if was_asked:
            next_step_s = math.ceil(next_s / tables.step_s) * tables.step_s  # the battle looks no sooner
            for_s = min(next_step_s, truth.flights.end_s[i]) - t_s
            fight.stories.watched_s[i] += for_s
            fight.stories.held_s[i] += for_s if was_seen else 0.0
        wake_s = next_s if is_fresh else min(wake_s, next_s)
    return wake_s


@kernel
def _look(key, run, radars, fight, i, s, x, y, z, t_s, step_s, entity, speed_m_s, rcs_m2, swerling, gain):
    """One look of radar s at threat i, which really is at x, y, z, if its rhythm has one now; whether it was seen.

    Sets when the next look is due.
    """
    r, scan_s, address, capacity = radars.r_ecef_m[s], radars.scan_s[s], radars.address[s], radars.track_capacity[s]
    sights, tracks, held, sensor = fight.sights, fight.tracks, fight.watches.held, fight.stories.sensor
    next_look_s, reach_m, status = sights.next_look_s, sights.reach_m[i, s], tracks.status[i]
    beat_s = last_beat(scan_s, fight.watches.phase_s[s], t_s)
    far_m = math.sqrt((x - r[0]) ** 2 + (y - r[1]) ** 2 + (z - r[2]) ** 2) - reach_m
    next_look_s[i, s] = beat_s + scan_s
    if far_m > 0.0:
        next_look_s[i, s] = max(beat_s + scan_s, t_s + far_m / speed_m_s)
        return False
    is_own = status != NO_TRACK and sensor[i] == s
    if beat_s <= t_s - step_s or (not is_own and held[s] >= capacity):
        return False
    p, snr = look(radars, s, x, y, z, rcs_m2, swerling, gain)
    if p == 0.0:
        next_look_s[i, s] = max(next_look_s[i, s], t_s + UNSEEN_M / speed_m_s)
        if status != TENTATIVE:
            return False
    address, ordinal = rng.child(entity, address), int(t_s / step_s + 0.5)
    is_seen = p > 0.0 and rng.uniform(key, run, rng.RADAR_LOOK, address, ordinal) < p
    if is_seen:
        n0, n1 = rng.normal_pair(key, run, rng.RADAR_NOISE, address, 2 * ordinal)
        n2, _ = rng.normal_pair(key, run, rng.RADAR_NOISE, address, 2 * ordinal + 1)
        observe(tracks, i, t_s, r, measure(radars, s, x, y, z, snr, n0, n1, n2))
        held[s] += not is_own
        sensor[i] = s
    if tracks.status[i] == TENTATIVE:
        note_look(tracks, s, i, is_seen, CONFIRM_M, CONFIRM_N)
    return is_seen


@kernel
def prepare_looks(tables, run, truth, n, fight):
    """How far each radar can see each threat at best, and the rhythm of its scan in this run."""
    radars, flights = tables.radars, truth.flights
    for s in range(radars.shape[0]):
        u = rng.uniform(tables.key, run, rng.SCAN_PHASE, radars.address[s], 0)
        fight.watches.phase_s[s] = u * radars.scan_s[s]
    for i in range(n):
        highest_m, fastest2 = 0.0, 0.0
        for row in range(flights.first_row[i], flights.first_row[i] + flights.n_rows[i]):
            r, v = truth.r_ecef_m[row], truth.v_ecef_m_s[row]
            highest_m = max(highest_m, altitude(r[0], r[1], r[2]))
            fastest2 = max(fastest2, v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
        fight.stories.speed_max_m_s[i] = 1.05 * math.sqrt(fastest2)
        rcs_m2 = tables.draws.kinds.rcs_m2[run, flights.kind[i]]
        for s in range(radars.shape[0]):
            gain = tables.draws.radar_gain[run, s] * fight.stories.cue_gain[i]
            fight.sights.reach_m[i, s] = reach(radars, s, rcs_m2, highest_m, gain)
