"""Decisions inside one raid: which shots are possible, and which are fired. They use tracks and never the truth."""

import math
from typing import NamedTuple

import numpy as np

from opendome import rng
from opendome.battle import fires_at, salvo_size, stable_order, take_rounds
from opendome.engagement import earliest_intercept, launch_window, path_step_max, time_to
from opendome.kernel import F64Array, I64Array, Packed, kernel, rows
from opendome.raid.fight import CHANNEL, COARSE, DRY, REACHED, STOCK, Event, write_event, write_salvo
from opendome.raid.settle import follows
from opendome.sensing import look
from opendome.tracking import AIR_BREATHER, BALLISTIC, position_sigma, predict_path

PATH_ROWS = 1024
"""Most positions of a predicted path: 34 min of a ballistic flight."""

BALLISTIC_STEP_S = 2.0
"""Step of a ballistic target's predicted path. A stretch in reach that is shorter than a step can be missed."""

LOW_FLYER_STEP_M, LOW_FLYER_STEP_MAX_S = 500.0, 10.0
"""Step of what flies under power: this far, but not longer than this."""

LOW_FLYER_AHEAD_S = 600.0
"""How far ahead its path is predicted, straight on; after that it may have turned."""

PAUSE_MAX_S = 20.0
"""Longest time that the battle manager leaves a target alone that it can do nothing about."""

SIGMAS = 3.0
"""Standard deviations by which a predicted impact must clear a defended area to be left alone."""

WAIT_SHARE = 0.8
"""Share of the time to a shot that is not due yet after which it is worked out anew."""

HELD_P = 0.5
"""Detection probability of one look from which on a fire-control radar is taken to hold a target."""

UNREACHED_S = 60.0
"""How long what flies under power is left alone when no site can reach it for the next 10 minutes."""

COAST_MAX_S = 60.0
"""Time without a detection after which a track is no basis for a shot."""

_SHOT = int(Event.SHOT)


class Option(NamedTuple):
    """Columns of the shots that are possible at one decision. C rows of room."""

    threat: I64Array  # (C,)
    site: I64Array  # (C,)
    rounds: I64Array  # (C,)
    loss: F64Array  # (C,) value saved on average, negative
    intercept_s: F64Array  # (C,)
    flight_s: F64Array  # (C,)


class Desk(NamedTuple):
    """What the battle manager works on."""

    options: Packed  # (C,) of Option
    path_r: F64Array  # (PATH_ROWS, 3) the predicted path being looked at
    order: I64Array  # (C,) options by falling value


def empty_desk(n_threats: int, n_sites: int) -> Desk:
    """Room for every pair of threat and site."""
    n = n_threats * n_sites
    return Desk(rows(Option, n), np.zeros((PATH_ROWS, 3)), np.zeros(n, np.int64))


@kernel
def value_at_stake(areas, is_ballistic, x, y, z, margin_m):
    """Value of what a target threatens: the best area within reach of a predicted impact point (ballistic), or the
    area nearest to it (everything else); 0 when a ballistic target will come down outside."""
    r, radius_m, value = areas.r_ecef_m, areas.radius_m, areas.value
    best, nearest_m = 0.0, np.inf
    for a in range(value.shape[0]):
        d = math.sqrt((x - r[a, 0]) ** 2 + (y - r[a, 1]) ** 2 + (z - r[a, 2]) ** 2)
        if is_ballistic:
            if d <= radius_m[a] + margin_m:
                best = max(best, value[a])
        elif d < nearest_m:
            best, nearest_m = value[a], d
    return best


@kernel
def _predict(areas, tracks, i, motion, path_r):
    """Predicted path of track i, from the track's time on, into path_r; returns its step in s, rows, and the value at
    stake."""
    if motion == BALLISTIC:
        n, to_go_s, x, y, z = predict_path(tracks.state[i], tracks.kind[i], tracks.inv_beta_m2_kg[i], BALLISTIC_STEP_S,
                                           path_r)
        margin_m = 1000.0 + SIGMAS * position_sigma(tracks.cov, i, min(to_go_s, n * BALLISTIC_STEP_S))
        return BALLISTIC_STEP_S, n, value_at_stake(areas, True, x, y, z, margin_m)
    step_s = BALLISTIC_STEP_S  # of a glider too
    if motion == AIR_BREATHER:
        v = tracks.state[i]
        speed_m_s = math.sqrt(v[3] * v[3] + v[4] * v[4] + v[5] * v[5])
        step_s = min(LOW_FLYER_STEP_MAX_S, LOW_FLYER_STEP_M / max(speed_m_s, 1.0))
    ahead = min(int(LOW_FLYER_AHEAD_S / step_s) + 1, PATH_ROWS)
    n, _, _, _, _ = predict_path(tracks.state[i], tracks.kind[i], tracks.inv_beta_m2_kg[i], step_s, path_r[:ahead])
    return step_s, n, value_at_stake(areas, False, path_r[0, 0], path_r[0, 1], path_r[0, 2], 0.0)


@kernel(inline=True)
def _is_held(tables, run, stories, i, b, kind, path_r, t_s):
    """Whether site b's own fire-control radar, if it has one, would see target i where its track says it is."""
    if not tables.sites.has_radar[b]:
        return True
    s = tables.sites.radar[b]
    gain = tables.draws.radar_gain[run, s] * (stories.cue_gain[i] if t_s >= stories.warned_s[i] else 1.0)
    p, _ = look(tables.radars, s, path_r[0, 0], path_r[0, 1], path_r[0, 2], tables.draws.kinds.rcs_m2[run, kind],
                tables.kinds.swerling[kind], gain)
    return p >= HELD_P


@kernel
def _flight_time(tables, b, weapon, path_r, path_s, step_s, n, t_s):
    """Time of flight in s from site b to where a predicted path is at t_s."""
    at = min(max((t_s - path_s) / step_s, 0.0), n - 1.0)
    k = min(int(at), n - 2)
    x, y, z = point_between(path_r, k, at - k)
    return time_to(tables.flyouts, weapon, tables.sites.r_ecef_m[b], x, y, z)


@kernel
def point_between(path_r, k, share):
    """The point at `share` (0 .. 1) of the way from row k of a path to the next."""
    rest = 1.0 - share
    return (rest * path_r[k, 0] + share * path_r[k + 1, 0], rest * path_r[k, 1] + share * path_r[k + 1, 1],
            rest * path_r[k, 2] + share * path_r[k + 1, 2])


@kernel
def _takes_decoy(key, run, entity, p_decoy_as_threat):
    """Whether a layer takes a decoy for a warhead in this run. Draws: DECOY_TAKEN at (run, decoy and layer)."""
    return rng.uniform(key, run, rng.DECOY_TAKEN, entity, 0) < p_decoy_as_threat


@kernel
def _consider(tables, run, fight, magazines, desk, n_options, i, kind, is_decoy, entity, step_s, n, value, t_s):
    """Add the shots that are possible at threat i now to the options.

    Returns the number of options and the instant from which a shot that is too early now is due (inf when there is
    none). What stands in the way of a shot is noted in the story's `hindered`.
    """
    draws, sites, layers, stories = tables.draws.layers, tables.sites, tables.layers, fight.stories
    options, path_r, path_s, class_code = desk.options, desk.path_r, fight.tracks.t_s[i], tables.kinds.class_code[kind]
    step_max_m = path_step_max(path_r, n)
    x0, y0, z0, length_m = path_r[0, 0], path_r[0, 1], path_r[0, 2], step_max_m * n
    r_ecef_m, slant_max_m, stock = sites.r_ecef_m, tables.flyouts.slant_max_m, magazines.stock
    sigma_m = position_sigma(fight.tracks.cov, i, t_s - path_s)
    due_s = np.inf
    for b in range(sites.shape[0]):
        layer = sites.layer[b]
        if tables.sky.weapons.is_space[layer] or not fires_at(layers, layer, class_code) or not magazines.is_there[b]:
            continue
        if salvo_size(layers, layer, fight.shots[i, layer], False) <= 0 or (
                is_decoy and not _takes_decoy(tables.key, run, rng.child(entity, layers.id[layer]),
                                              draws.p_decoy_as_threat[run, layer])):
            continue
        weapon = layers.weapon[layer]
        far_m = math.sqrt((x0 - r_ecef_m[b, 0]) ** 2 + (y0 - r_ecef_m[b, 1]) ** 2 + (z0 - r_ecef_m[b, 2]) ** 2)
        if far_m > length_m + slant_max_m[weapon]:
            continue
        if stock[b] == 0:
            stories.hindered[i] |= DRY
            continue
        delay_s = draws.decision_s[run, layer] + draws.reaction_s[run, layer]
        intercept_s, _ = earliest_intercept(tables.flyouts, weapon, sites.r_ecef_m[b], path_s, step_s, path_r, n,
                                            step_max_m, t_s + delay_s)
        if intercept_s == np.inf:
            continue
        stories.hindered[i] |= REACHED
        launch_s = intercept_s - _flight_time(tables, b, weapon, path_r, path_s, step_s, n, intercept_s)
        if launch_s - delay_s > t_s + tables.step_s:
            due_s = min(due_s, launch_s - delay_s)
        elif sigma_m > draws.track_sigma_m[run, layer] or not _is_held(tables, run, stories, i, b, kind, path_r, t_s):
            stories.hindered[i] |= COARSE
            stories.wake_s[i] = t_s  # asks the radars for a fresh look
            due_s = t_s + tables.step_s
        elif magazines.ready[b] == 0:
            stories.hindered[i] |= STOCK
        elif magazines.busy[b] >= sites.channels[b]:
            stories.hindered[i] |= CHANNEL
        else:
            has_time = layers.salvo[layer] == layers.salvo_last[layer]
            if not has_time:
                _, latest_s = launch_window(tables.flyouts, weapon, sites.r_ecef_m[b], path_s, step_s, path_r, n,
                                            step_max_m, t_s + delay_s)
                has_time = intercept_s + draws.assess_s[run, layer] + delay_s <= latest_s
            rounds = salvo_size(layers, layer, fight.shots[i, layer], has_time)
            options.threat[n_options], options.site[n_options], options.rounds[n_options] = i, b, rounds
            flight_s = intercept_s - max(launch_s, t_s + delay_s)
            p_kill = draws.p_kill[run, layer, class_code] * follows(tables, run, layer, kind, flight_s, sigma_m, 0.0)
            options.loss[n_options] = value * ((1.0 - p_kill) ** rounds - 1.0)
            options.intercept_s[n_options], options.flight_s[n_options] = intercept_s, flight_s
            n_options += 1
    return n_options, due_s


@kernel(inline=True)
def _collect(tables, run, flights, fight, magazines, desk, t_s):
    """All shots that are possible at t_s, into the options; how many. Sets when to think again about the rest."""
    stories, active, n_active = fight.stories, fight.active, fight.tally[1]
    think_s, usable_s, outcome, is_engaged = stories.think_s, stories.usable_s, stories.outcome, stories.is_engaged
    n_options = np.int64(0)  # not a literal, which would be compiled for by itself
    for row in range(n_active):
        i = active[row]
        if t_s >= think_s[i] and t_s >= usable_s[i] and outcome[i] == 0 and not is_engaged[i]:
            n_options = _think(tables, run, flights.kind[i], flights.is_decoy[i], flights.id[i], fight, magazines, desk,
                               n_options, i, t_s)
    return n_options


@kernel(inline=True)
def _think(tables, run, kind, is_decoy, entity, fight, magazines, desk, n_options, i, t_s):
    """Add the shots that are possible at threat i to the options, or set when to think again; how many options."""
    stories, tracks, motion = fight.stories, fight.tracks, tables.kinds.motion[kind]
    before, due_s = n_options, np.inf
    if t_s - tracks.t_s[i] <= COAST_MAX_S:
        step_s, n, value = _predict(tables.areas, tracks, i, motion, desk.path_r)
        if value > 0.0 and n > 1:
            n_options, due_s = _consider(tables, run, fight, magazines, desk, n_options, i, kind, is_decoy, entity,
                                         step_s, n, value, t_s)
    if n_options == before:
        pause_s = stories.pause_s[i]
        stories.pause_s[i] = min(1.5 * pause_s, PAUSE_MAX_S)
        if due_s < np.inf:
            stories.think_s[i] = min(due_s, t_s + max(pause_s, WAIT_SHARE * (due_s - t_s)))
        elif motion == AIR_BREATHER and stories.hindered[i] & REACHED == 0:
            stories.think_s[i] = t_s + UNREACHED_S
        else:
            stories.think_s[i] = t_s + pause_s
    return n_options


@kernel(inline=True)
def decide(tables, run, raid, flights, fight, magazines, desk, t_s, log):
    """Choose and fire: collect every possible shot at t_s, then take them by falling marginal value."""
    n_options = _collect(tables, run, flights, fight, magazines, desk, t_s)
    if n_options == 0:
        return
    options, stories = desk.options, fight.stories
    stable_order(options.loss, n_options, desk.order)
    for row in range(n_options):
        k = desk.order[row]
        i, b = options.threat[k], options.site[k]
        if stories.is_engaged[i]:
            continue
        if magazines.busy[b] >= tables.sites.channels[b]:
            stories.hindered[i] |= CHANNEL
            continue
        rounds = take_rounds(magazines, b, options.rounds[k])
        if rounds == 0:
            stories.hindered[i] |= STOCK
            continue
        magazines.busy[b] += 1
        stories.is_engaged[i], stories.site[i], stories.rounds[i] = True, b, rounds
        stories.intercept_s[i], stories.flight_s[i] = options.intercept_s[k], options.flight_s[k]
        stories.first_shot_s[i] = min(stories.first_shot_s[i], t_s)
        fight.shots[i, tables.sites.layer[b]] += rounds
        write_event(log, raid, t_s, _SHOT, i, b)
        write_salvo(log, raid, i, b, 0, rounds, t_s, stories.intercept_s[i] - stories.flight_s[i],
                    stories.intercept_s[i])
