"""What the sensors tell the defence inside one raid: warnings, looks, detections and the tracks made of them."""

import math

import numpy as np

from opendome import rng
from opendome.kernel import kernel
from opendome.raid.fight import Event, write_event
from opendome.raid.truth import threat_state
from opendome.sensing import look, measure, reach, time_above, warning_time
from opendome.tracking import AIR_BREATHER, BALLISTIC, confirm, initiate, predict, update

DROP_S = 120.0
"""Time without a detection after which a track is given up."""

_WARNING, _TRACK = int(Event.WARNING), int(Event.TRACK)


@kernel
def warn(tables, run, truth, n, fight, altitude_m, events, n_events):
    """When the satellites warn of each burn, into fight.warned_s. `altitude_m`: scratch for a burn's altitudes."""
    for i in range(n):
        if not tables.kinds.is_ballistic[truth.kind[i]]:
            continue
        for c in range(tables.warners.revisit_s.shape[0]):
            t_above = truth.start_s[i] + time_above_in_burn(tables, truth, i, tables.warners.cloud_break_m[c], altitude_m)
            if t_above < truth.burnout_s[i]:
                entity = rng.child(truth.id[i], tables.warners.address[c])
                t_s = warning_time(tables.warners, c, t_above, truth.burnout_s[i], tables.key, run, entity)
                fight.warned_s[i] = min(fight.warned_s[i], t_s)
        if fight.warned_s[i] < truth.end_s[i]:
            write_event(events, n_events, fight.warned_s[i], _WARNING, i, -1)


@kernel
def cue_gain(tables, fight, i, t_s):
    """Gain in a radar's signal, linear, from knowing where to search: 1 before any warning."""
    best = 1.0
    if fight.warned_s[i] <= t_s:
        for c in range(tables.warners.cue_gain.shape[0]):
            best = max(best, tables.warners.cue_gain[c])
    return best
