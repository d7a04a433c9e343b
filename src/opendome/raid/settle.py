"""How salvos end inside one raid, and why a leaker leaked. Here the truth decides."""

import math

import numpy as np

from opendome import rng
from opendome.battle import fires_at
from opendome.engagement import common_mode_split, in_envelope, manoeuvre_factor
from opendome.kernel import kernel
from opendome.raid.fight import (
    BEYOND,
    CHANNEL,
    COARSE,
    DRY,
    PAUSE_FIRST_S,
    STOCK,
    TARDY,
    Event,
    Outcome,
    Reason,
    write_event,
)
from opendome.raid.truth import threat_state
from opendome.tracking import NO_TRACK, position_sigma

MEET_BEFORE_S, MEET_AFTER_S, MEET_STEP_S = 5.0, 10.0, 0.5
"""An interceptor meets its target if that really comes through its reach this long before to this long after the
predicted instant: the track goes on being updated while it flies, the launch cannot be taken back."""

_DESTROYED = int(Outcome.DESTROYED)
_KILL, _MISS = int(Event.KILL), int(Event.MISS)
_NEVER_SEEN, _TOO_COARSE, _LATE = int(Reason.NEVER_SEEN), int(Reason.TOO_COARSE), int(Reason.SEEN_TOO_LATE)
_NO_REACH, _NO_STOCK, _NO_CHANNEL = int(Reason.NO_REACH), int(Reason.NO_STOCK), int(Reason.NO_CHANNEL)
_ALL_MISSED = int(Reason.ALL_MISSED)


@kernel
def follows(tables, run, layer, kind, flight_s, sigma_m, blind_s):
    """Share of its kill probability that a layer's interceptor keeps against a target that may turn; 1 for others."""
    manoeuvre_m_s2 = tables.draws.kinds.manoeuvre_m_s2[run, kind]
    if manoeuvre_m_s2 == 0.0:
        return 1.0
    draws = tables.draws.layers
    return manoeuvre_factor(draws.divert_m_s[run, layer], draws.basket_m[run, layer], flight_s,
                            sigma_m / math.sqrt(3.0), blind_s, manoeuvre_m_s2)


@kernel
def resolve(tables, run, raid, truth, fight, magazines, t_s, log):
    """Settle the salvos that have arrived by t_s."""
    stories, active, n_active, busy = fight.stories, fight.active, fight.tally[1], magazines.busy
    is_engaged, intercept_s, site, outcome = stories.is_engaged, stories.intercept_s, stories.site, stories.outcome
    for row in range(n_active):
        i = active[row]
        if is_engaged[i] and intercept_s[i] <= t_s:
            is_engaged[i] = False
            busy[site[i]] -= 1
            if outcome[i] == 0:
                _settle(tables, run, raid, truth, fight, i, site[i], log)


@kernel(inline=True)
def _settle(tables, run, raid, truth, fight, i, b, log):
    """One salvo of site b has reached threat i: it is destroyed, or the site looks and is free to fire again."""
    stories, layer = fight.stories, tables.sites.layer[b]
    killed_by, rounds = _killing_round(tables, run, truth, fight, i, b), stories.rounds[i]
    arrival_s = stories.intercept_s[i] + tables.draws.layers.spacing_s[run, layer] * min(killed_by, rounds - 1)
    if killed_by < rounds and arrival_s < truth.flights.end_s[i]:
        stories.outcome[i], stories.killer[i] = _DESTROYED, b
        truth.flights.end_s[i] = arrival_s
        write_event(log, raid, arrival_s, _KILL, i, b)
    else:
        stories.think_s[i] = arrival_s + tables.draws.layers.assess_s[run, layer]
        if stories.space_s[i] < np.inf:
            stories.space_s[i] = stories.think_s[i]
        stories.pause_s[i] = PAUSE_FIRST_S
        write_event(log, raid, arrival_s, _MISS, i, b)


@kernel
def _follows_now(tables, run, layer, kind, fight, i):
    """`follows` for the salvo that is arriving at threat i, with the track as it is; 0 without one. The interceptor
    knows of no detection younger than what its sensor takes to tell of one."""
    if tables.draws.kinds.manoeuvre_m_s2[run, kind] == 0.0:
        return 1.0
    tracks, stories = fight.tracks, fight.stories
    if tracks.status[i] == NO_TRACK:
        return 0.0
    sigma_m = position_sigma(tracks.cov, i, max(0.0, stories.intercept_s[i] - tracks.t_s[i]))
    s, n_radars = stories.sensor[i], tables.radars.shape[0]
    latency_s = tables.radars.latency_s[s] if s < n_radars else tables.sky.eyes.latency_s[s - n_radars]
    blind_s = max(latency_s, stories.intercept_s[i] - tracks.t_seen_s[i])
    return follows(tables, run, layer, kind, stories.flight_s[i], sigma_m, blind_s)


@kernel
def _is_met(tables, truth, i, b, t_s):
    """Whether threat i really comes through site b's reach about t_s."""
    weapon, flyouts, site_r = tables.layers.weapon[tables.sites.layer[b]], tables.flyouts, tables.sites.r_ecef_m[b]
    for k in range(round((MEET_BEFORE_S + MEET_AFTER_S) / MEET_STEP_S)):
        at_s = t_s - MEET_BEFORE_S + k * MEET_STEP_S
        if at_s >= truth.flights.end_s[i]:
            return False
        x, y, z, _, _, _ = threat_state(truth, i, at_s)
        if in_envelope(flyouts, weapon, site_r, x, y, z):
            return True
    return False


@kernel(inline=True)
def _killing_round(tables, run, truth, fight, i, b):
    """Ordinal of the round of the arriving salvo that kills threat i, or the number of rounds when all miss."""
    layer, rounds = tables.sites.layer[b], fight.stories.rounds[i]
    if not tables.sky.weapons.is_space[layer] and not _is_met(tables, truth, i, b, fight.stories.intercept_s[i]):
        return rounds
    draws, kind = tables.draws.layers, truth.flights.kind[i]
    p_kill = draws.p_kill[run, layer, tables.kinds.class_code[kind]]
    if not tables.sky.weapons.is_space[layer]:
        p_kill *= _follows_now(tables, run, layer, kind, fight, i)
    p_common_miss, p_alone = common_mode_split(p_kill, draws.common_mode[run, layer])
    entity = rng.child(truth.flights.id[i], tables.layers.id[layer])
    if rng.uniform(tables.key, run, rng.COMMON_MODE, entity, 0) < p_common_miss:
        return rounds
    first = fight.shots[i, layer] - rounds
    for k in range(rounds):
        if rng.uniform(tables.key, run, rng.KILL, entity, first + k) < p_alone:
            return k
    return rounds


@kernel
def explain(tables, raid, truth, fight, i):
    """Why leaker i leaked, as a code of `Reason`."""
    for layer in range(fight.shots.shape[1]):
        if fight.shots[i, layer] > 0:
            return _ALL_MISSED
    bits = fight.stories.hindered[i]
    if fight.stories.seen_s[i] == np.inf:  # but perhaps warned of, and out of what the layers in orbit can do
        if bits & (DRY | BEYOND):
            return _NO_STOCK if bits & DRY else _NO_REACH
        return _LATE if bits & TARDY else _NEVER_SEEN
    if bits & CHANNEL:
        return _NO_CHANNEL
    if bits & STOCK:
        return _NO_STOCK
    if bits & COARSE:
        return _TOO_COARSE
    if not _was_in_reach(tables, raid, truth, i):
        return _NO_REACH
    return _NO_STOCK if bits & DRY else _LATE


@kernel
def _was_in_reach(tables, raid, truth, i):
    """Whether threat i flew through the envelope of any site that is there and fires at its class."""
    class_code = tables.kinds.class_code[truth.flights.kind[i]]
    for b in range(tables.sites.layer.shape[0]):
        layer = tables.sites.layer[b]
        if (tables.sky.weapons.is_space[layer] or not fires_at(tables.layers, layer, class_code)
                or raid < tables.sites.first_raid[b]):
            continue
        for row in range(truth.flights.first_row[i], truth.flights.first_row[i] + truth.flights.n_rows[i]):
            r = truth.r_ecef_m[row]
            if in_envelope(tables.flyouts, tables.layers.weapon[layer], tables.sites.r_ecef_m[b], r[0], r[1], r[2]):
                return True
    return False
