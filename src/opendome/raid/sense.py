"""What the sensors tell the defence inside one raid: warnings, looks, detections and the tracks made of them."""

import math

import numpy as np

from opendome import rng
from opendome.kernel import kernel
from opendome.raid.fight import Event, write_event
from opendome.raid.truth import threat_state
from opendome.sensing import look, measure, reach, warning_time
from opendome.tracking import CONFIRMED, drop_if_lost, note_look, observe
from opendome.world import altitude

CONFIRM_M, CONFIRM_N = 3, 5
"""A track is confirmed by this many detections in this many looks of one radar."""

DROP_S = 60.0
"""Time without a detection after which a track is given up."""

HOLD_SCANS = 3.0
"""Scans without a detection after which a radar no longer holds a target."""

BURN_STEP_S = 1.0
"""Resolution of the instant at which a burn clears the clouds."""

_WARNING, _TRACK = int(Event.WARNING), int(Event.TRACK)


@kernel
def clears_clouds(truth, i, level_m):
    """When burning threat i first stands at or above `level_m`, s; inf when it never does in its burn."""
    t_s = truth.flights.start_s[i]
    while t_s <= truth.flights.burnout_s[i]:
        x, y, z, _, _, _ = threat_state(truth, i, t_s)
        if altitude(x, y, z) >= level_m:
            return t_s
        t_s += BURN_STEP_S
    return np.inf


@kernel
def warn(tables, run, raid, truth, n, stories, log):
    """When the satellites warn of each burn, into their stories."""
    for i in range(n):
        for c in range(tables.warners.shape[0]):
            above_s = clears_clouds(truth, i, tables.warners.cloud_break_m[c])
            if truth.flights.burnout_s[i] > truth.flights.start_s[i] and above_s < truth.flights.burnout_s[i]:
                entity = rng.child(truth.flights.id[i], tables.warners.address[c])
                t_s = warning_time(tables.warners, c, above_s, truth.flights.burnout_s[i], tables.key, run, entity)
                if t_s < stories.warned_s[i]:
                    stories.warned_s[i], stories.cue_gain[i] = t_s, tables.warners.cue_gain[c]
        if stories.warned_s[i] < truth.flights.end_s[i]:
            write_event(log, raid, stories.warned_s[i], _WARNING, i, 0)


@kernel
def next_look(radars, s, phase_s, t_s, skip_s):
    """The first look of radar s later than t_s and not before t_s + skip_s, on its own rhythm."""
    looks = math.floor((t_s + skip_s - phase_s) / radars.scan_s[s])
    after = phase_s + looks * radars.scan_s[s]
    return after if after > t_s else after + radars.scan_s[s]


@kernel
def let_go(radars, fight, n, s, t_s):
    """Count the targets that radar s still holds at t_s."""
    held = 0
    for i in range(n):
        if fight.stories.outcome[i] == 0 and fight.sights.last_hit_s[i, s] >= t_s - HOLD_SCANS * radars.scan_s[s]:
            held += 1
    fight.watches.held[s] = held


@kernel
def sense(tables, run, raid, truth, n, fight, t_s, log):
    """All looks that are due at t_s. A look later than due (by less than a step) happens at t_s."""
    radars = tables.radars
    for s in range(radars.shape[0]):
        if fight.watches.held[s] >= radars.track_capacity[s]:
            let_go(radars, fight, n, s, t_s)
    for i in range(n):
        if fight.stories.outcome[i] != 0 or t_s < fight.stories.wake_s[i]:
            continue
        x, y, z, _, _, _ = threat_state(truth, i, t_s)
        wake_s = np.inf
        for s in range(radars.shape[0]):
            if t_s >= fight.sights.next_look_s[i, s]:
                _look(tables, run, raid, truth, n, fight, i, s, x, y, z, t_s, log)
            wake_s = min(wake_s, fight.sights.next_look_s[i, s])
        fight.stories.wake_s[i] = wake_s
        if drop_if_lost(fight.tracks, i, t_s, DROP_S):
            fight.stories.usable_s[i] = np.inf


@kernel
def _look(tables, run, raid, truth, n, fight, i, s, x, y, z, t_s, log):
    """One look of radar s at threat i, which really is at x, y, z; sets when the next one is due."""
    radars, kind = tables.radars, truth.flights.kind[i]
    r = radars.r_ecef_m[s]
    far_m = math.sqrt((x - r[0]) ** 2 + (y - r[1]) ** 2 + (z - r[2]) ** 2) - fight.sights.reach_m[i, s]
    skip_s = max(0.0, far_m / fight.stories.speed_max_m_s[i])
    fight.sights.next_look_s[i, s] = next_look(radars, s, fight.watches.phase_s[s], t_s, skip_s)
    if far_m > 0.0:
        return
    gain = tables.draws.radar_gain[run, s] * (fight.stories.cue_gain[i] if t_s >= fight.stories.warned_s[i] else 1.0)
    p, snr = look(radars, s, x, y, z, tables.draws.kinds.rcs_m2[run, kind], tables.kinds.swerling[kind], gain)
    is_held = fight.sights.last_hit_s[i, s] >= t_s - HOLD_SCANS * radars.scan_s[s]
    if not is_held and fight.watches.held[s] >= radars.track_capacity[s]:
        p = 0.0
    is_seen = False
    if p > 0.0:
        entity = rng.child(truth.flights.id[i], radars.address[s])
        ordinal = int(t_s / radars.scan_s[s])
        is_seen = rng.uniform(tables.key, run, rng.RADAR_LOOK, entity, ordinal) < p
        if is_seen:
            _detect(tables, run, fight, i, s, x, y, z, snr, entity, ordinal, t_s)
            fight.watches.held[s] += not is_held
            fight.sights.last_hit_s[i, s] = t_s
    if is_seen or fight.tracks.looks[s, i] != 0:
        status = note_look(fight.tracks, s, i, is_seen, CONFIRM_M, CONFIRM_N)
        if status == CONFIRMED and fight.stories.usable_s[i] == np.inf:
            fight.stories.usable_s[i] = t_s + radars.latency_s[s]
            if fight.stories.seen_s[i] == np.inf:
                fight.stories.seen_s[i] = t_s
                write_event(log, raid, t_s, _TRACK, i, 0)


@kernel
def _detect(tables, run, fight, i, s, x, y, z, snr, entity, ordinal, t_s):
    """A detection of threat i by radar s, with its errors, into the track."""
    n0, n1 = rng.normal_pair(tables.key, run, rng.RADAR_NOISE, entity, 2 * ordinal)
    n2, _ = rng.normal_pair(tables.key, run, rng.RADAR_NOISE, entity, 2 * ordinal + 1)
    measurement = measure(tables.radars, s, x, y, z, snr, n0, n1, n2)
    observe(fight.tracks, i, t_s, tables.radars.r_ecef_m[s], measurement)


@kernel
def prepare_looks(tables, run, truth, n, fight):
    """How far each radar can see each threat at best, and the rhythm of its scan in this run."""
    radars = tables.radars
    for s in range(radars.shape[0]):
        u = rng.uniform(tables.key, run, rng.SCAN_PHASE, radars.address[s], 0)
        fight.watches.phase_s[s] = u * radars.scan_s[s]
    for i in range(n):
        highest_m, fastest2 = 0.0, 0.0
        for row in range(truth.flights.first_row[i], truth.flights.first_row[i] + truth.flights.n_rows[i]):
            r, v = truth.r_ecef_m[row], truth.v_ecef_m_s[row]
            highest_m = max(highest_m, altitude(r[0], r[1], r[2]))
            fastest2 = max(fastest2, v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
        fight.stories.speed_max_m_s[i] = 1.05 * math.sqrt(fastest2)
        rcs_m2 = tables.draws.kinds.rcs_m2[run, truth.flights.kind[i]]
        for s in range(radars.shape[0]):
            gain = tables.draws.radar_gain[run, s] * fight.stories.cue_gain[i]
            fight.sights.reach_m[i, s] = reach(radars, s, rcs_m2, highest_m, gain)
