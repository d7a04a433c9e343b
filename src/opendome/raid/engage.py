"""Decisions and their outcomes inside one raid. Decisions use tracks and never the truth."""

import math
from typing import NamedTuple

import numpy as np

from opendome import rng
from opendome.battle import greedy_order, salvo_size, take_rounds
from opendome.engagement import common_mode_split, earliest_intercept, in_envelope, launch_window, path_step_max
from opendome.kernel import F64Array, I64Array, kernel
from opendome.raid.fight import CHANNEL, COARSE, REACHED, STOCK, Event, Outcome, Reason, write_event
from opendome.raid.sense import HOLD_SCANS
from opendome.raid.truth import threat_state
from opendome.tracking import AIR_BREATHER, BALLISTIC, position_sigma, predict_path

PATH_STEP_S = 4.0
"""Step of a predicted path."""

PATH_ROWS = 512
"""Most positions of a predicted path: 34 min."""

LOW_FLYER_ROWS = 150
"""Positions predicted for what flies under power: 10 min straight on; after that it may have turned."""

PAUSE_FIRST_S, PAUSE_MAX_S = 4.0, 20.0
"""How long the battle manager leaves a target alone that it can do nothing about: from first to most."""

SIGMAS = 3.0
"""Standard deviations by which a predicted impact must clear a defended area to be left alone."""

COAST_MAX_S = 60.0
"""Time without a detection after which a track is no basis for a shot."""

_DESTROYED, _LEAKED, _OUTSIDE = int(Outcome.DESTROYED), int(Outcome.LEAKED), int(Outcome.OUTSIDE)
_SHOT, _KILL, _MISS = int(Event.SHOT), int(Event.KILL), int(Event.MISS)
_NEVER_SEEN, _TOO_COARSE, _LATE = int(Reason.NEVER_SEEN), int(Reason.TOO_COARSE), int(Reason.SEEN_TOO_LATE)
_NO_REACH, _NO_STOCK, _NO_CHANNEL = int(Reason.NO_REACH), int(Reason.NO_STOCK), int(Reason.NO_CHANNEL)
_ALL_MISSED = int(Reason.ALL_MISSED)


class Options(NamedTuple):
    """The shots that are possible at one decision. C rows of room."""

    threat: I64Array  # (C,)
    site: I64Array  # (C,)
    rounds: I64Array  # (C,)
    gain: F64Array  # (C,) value saved on average
    intercept_s: F64Array  # (C,)
    path_r: F64Array  # (PATH_ROWS, 3) the predicted path being looked at


@kernel
def empty_options(n_threats, n_sites):
    """Room for every pair of threat and site."""
    n = n_threats * n_sites
    return Options(np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n), np.zeros(n),
                   np.zeros((PATH_ROWS, 3)))


@kernel
def value_at_stake(areas, is_ballistic, x, y, z, margin_m):
    """Value of what a target threatens: the best area within reach of a predicted impact point (ballistic), or the
    area nearest to it (everything else); 0 when a ballistic target will come down outside."""
    best, nearest_m = 0.0, np.inf
    for a in range(areas.value.shape[0]):
        dx, dy, dz = x - areas.r_ecef_m[a, 0], y - areas.r_ecef_m[a, 1], z - areas.r_ecef_m[a, 2]
        d = math.sqrt(dx * dx + dy * dy + dz * dz)
        if is_ballistic:
            if d <= areas.radius_m[a] + margin_m:
                best = max(best, areas.value[a])
        elif d < nearest_m:
            best, nearest_m = areas.value[a], d
    return best


@kernel
def _predict(tables, fight, kind, i, path_r):
    """Predicted path of track i: positions written into path_r from the track's time on; how many, and the value."""
    tracks = fight.tracks
    inv_beta = tracks.inv_beta_m2_kg[i]
    if tables.kinds.is_ballistic[kind]:
        n, to_go_s, x, y, z = predict_path(tracks.state[i], BALLISTIC, inv_beta, PATH_STEP_S, path_r)
        margin_m = 1000.0 + SIGMAS * position_sigma(tracks.cov, i, min(to_go_s, n * PATH_STEP_S))
        return n, value_at_stake(tables.areas, True, x, y, z, margin_m)
    n, _, _, _, _ = predict_path(tracks.state[i], AIR_BREATHER, inv_beta, PATH_STEP_S, path_r[:LOW_FLYER_ROWS])
    return n, value_at_stake(tables.areas, False, path_r[0, 0], path_r[0, 1], path_r[0, 2], 0.0)


@kernel
def _consider(tables, run, fight, magazines, options, n_options, i, kind, n_path, value, t_s):
    """Add the shots that are possible at threat i to the options; note in fight.hindered what stands in the way."""
    draws, sites, layers, radars = tables.draws, tables.sites, tables.layers, tables.radars
    class_code = tables.kinds.class_code[kind]
    step_max_m = path_step_max(options.path_r, n_path)
    sigma_m = position_sigma(fight.tracks.cov, i, 0.0)
    for b in range(sites.layer.shape[0]):
        layer = sites.layer[b]
        if not layers.engages[layer, class_code] or salvo_size(layers, layer, fight.shots[i, layer], False) <= 0:
            continue
        weapon = layers.weapon[layer]
        delay_s = draws.decision_s[run, layer] + draws.reaction_s[run, layer]
        intercept_s, _ = earliest_intercept(tables.flyouts, weapon, sites.r_ecef_m[b], fight.tracks.t_s[i], PATH_STEP_S,
                                            options.path_r, n_path, step_max_m, t_s + delay_s)
        if intercept_s == np.inf:
            continue
        fight.hindered[i] |= REACHED
        is_held = True
        if sites.has_radar[b]:
            radar = sites.radar[b]
            is_held = fight.last_hit_s[i, radar] >= t_s - HOLD_SCANS * radars.scan_s[radar]
        if sigma_m > draws.track_sigma_m[run, layer] or not is_held:
            fight.hindered[i] |= COARSE
        elif magazines.ready[b] == 0:
            fight.hindered[i] |= STOCK
        elif magazines.busy[b] >= sites.channels[b]:
            fight.hindered[i] |= CHANNEL
        else:
            has_time = layers.salvo[layer] == layers.salvo_last[layer]
            if not has_time:
                _, latest_s = launch_window(tables.flyouts, weapon, sites.r_ecef_m[b], fight.tracks.t_s[i], PATH_STEP_S,
                                            options.path_r, n_path, step_max_m, t_s + delay_s)
                has_time = intercept_s + draws.assess_s[run, layer] + delay_s <= latest_s
            rounds = salvo_size(layers, layer, fight.shots[i, layer], has_time)
            p_kill = draws.p_kill[run, layer, class_code]
            options.threat[n_options], options.site[n_options], options.rounds[n_options] = i, b, rounds
            options.gain[n_options] = value * (1.0 - (1.0 - p_kill) ** rounds)
            options.intercept_s[n_options] = intercept_s
            n_options += 1
    return n_options


@kernel
def decide(tables, run, raid, truth, n, fight, magazines, options, t_s, log):
    """Choose and fire: collect every possible shot at t_s, then take them by falling marginal value."""
    n_options = 0
    for i in range(n):
        if fight.outcome[i] != 0 or fight.is_engaged[i] or t_s < fight.think_s[i] or t_s < fight.usable_s[i]:
            continue
        before = n_options
        if t_s - fight.tracks.t_s[i] <= COAST_MAX_S:
            kind = truth.kind[i]
            n_path, value = _predict(tables, fight, kind, i, options.path_r)
            if value > 0.0:
                n_options = _consider(tables, run, fight, magazines, options, n_options, i, kind, n_path, value, t_s)
        if n_options == before:
            fight.think_s[i] = t_s + fight.pause_s[i]
            fight.pause_s[i] = min(1.5 * fight.pause_s[i], PAUSE_MAX_S)
    if n_options == 0:
        return
    order = greedy_order(options.gain, n_options)
    for row in range(n_options):
        k = order[row]
        i, b = options.threat[k], options.site[k]
        if fight.is_engaged[i]:
            continue
        if magazines.busy[b] >= tables.sites.channels[b]:
            fight.hindered[i] |= CHANNEL
            continue
        rounds = take_rounds(magazines, b, options.rounds[k])
        if rounds == 0:
            fight.hindered[i] |= STOCK
            continue
        magazines.busy[b] += 1
        fight.is_engaged[i], fight.site[i], fight.rounds[i] = True, b, rounds
        fight.intercept_s[i] = options.intercept_s[k]
        fight.first_shot_s[i] = min(fight.first_shot_s[i], t_s)
        fight.shots[i, tables.sites.layer[b]] += rounds
        write_event(log, raid, t_s, _SHOT, i, b)


@kernel
def resolve(tables, run, raid, truth, n, fight, magazines, t_s, log):
    """Settle the salvos that have arrived by t_s."""
    for i in range(n):
        if not fight.is_engaged[i] or fight.intercept_s[i] > t_s:
            continue
        b = fight.site[i]
        layer = tables.sites.layer[b]
        fight.is_engaged[i] = False
        magazines.busy[b] -= 1
        if fight.outcome[i] != 0:
            continue
        killed_by = _killing_round(tables, run, truth, fight, i, b)
        spacing_s = tables.draws.spacing_s[run, layer]
        arrival_s = fight.intercept_s[i] + spacing_s * min(killed_by, fight.rounds[i] - 1)
        if killed_by < fight.rounds[i] and arrival_s < truth.end_s[i]:
            fight.outcome[i], fight.killer[i] = _DESTROYED, b
            truth.end_s[i] = arrival_s
            write_event(log, raid, arrival_s, _KILL, i, b)
        else:
            fight.think_s[i] = arrival_s + tables.draws.assess_s[run, layer]
            fight.pause_s[i] = PAUSE_FIRST_S
            write_event(log, raid, arrival_s, _MISS, i, b)


@kernel
def _killing_round(tables, run, truth, fight, i, b):
    """Ordinal of the round of the arriving salvo that kills threat i, or the number of rounds when all miss."""
    layer = tables.sites.layer[b]
    rounds = fight.rounds[i]
    t_s = fight.intercept_s[i]
    x, y, z, _, _, _ = threat_state(truth, i, t_s)
    if t_s >= truth.end_s[i] or not in_envelope(tables.flyouts, tables.layers.weapon[layer], tables.sites.r_ecef_m[b],
                                                x, y, z):
        return rounds
    p_kill = tables.draws.p_kill[run, layer, tables.kinds.class_code[truth.kind[i]]]
    p_common_miss, p_alone = common_mode_split(p_kill, tables.draws.common_mode[run, layer])
    entity = rng.child(truth.id[i], tables.layers.id[layer])
    if rng.uniform(tables.key, run, rng.COMMON_MODE, entity, 0) < p_common_miss:
        return rounds
    first = fight.shots[i, layer] - rounds
    for k in range(rounds):
        if rng.uniform(tables.key, run, rng.KILL, entity, first + k) < p_alone:
            return k
    return rounds


@kernel
def explain(tables, truth, fight, i):
    """Why leaker i leaked, as a code of `Reason`."""
    for layer in range(fight.shots.shape[1]):
        if fight.shots[i, layer] > 0:
            return _ALL_MISSED
    if fight.seen_s[i] == np.inf:
        return _NEVER_SEEN
    bits = fight.hindered[i]
    if bits & CHANNEL:
        return _NO_CHANNEL
    if bits & STOCK:
        return _NO_STOCK
    if bits & COARSE:
        return _TOO_COARSE
    return _LATE if _was_in_reach(tables, truth, i) else _NO_REACH


@kernel
def _was_in_reach(tables, truth, i):
    """Whether threat i flew through the envelope of any site that fires at its class."""
    class_code = tables.kinds.class_code[truth.kind[i]]
    for b in range(tables.sites.layer.shape[0]):
        layer = tables.sites.layer[b]
        if not tables.layers.engages[layer, class_code]:
            continue
        for row in range(truth.first_row[i], truth.first_row[i] + truth.n_rows[i]):
            r = truth.r_ecef_m[row]
            if in_envelope(tables.flyouts, tables.layers.weapon[layer], tables.sites.r_ecef_m[b], r[0], r[1], r[2]):
                return True
    return False
