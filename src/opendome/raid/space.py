"""Shots from orbit inside one raid: which satellites can meet a target, and those that are told to.

A layer in orbit acts on a warning, not on a track: its interceptor finds the plume by itself. Where the target will
be counts as known to it, so that reach is kinematic; what that flatters is in docs/models/space-interceptors.md. A shot
may wait on its satellite, so one question answers for all later ones: no satellite that cannot meet a target when it is
told to now can when it is told to later.
"""

from typing import NamedTuple

import numpy as np

from opendome import engagement
from opendome.battle import fires_at, salvo_size
from opendome.engagement import SpaceKinematics, find_meetings, make_sky
from opendome.kernel import F64Array, I64Array, kernel
from opendome.raid.fight import BEYOND, DRY, REACHED, TARDY, Event, write_event, write_salvo
from opendome.raid.sky import Sky
from opendome.tracking import GLIDER

_SHOT = int(Event.SHOT)


class SpaceDesk(NamedTuple):
    """What the layers in orbit work on. L layers, N satellites."""

    rounds: I64Array  # (L, N) of each layer left on each satellite
    loaded: I64Array  # (L, N) at the start of the run
    room: engagement.space_reach.Sky
    satellite: I64Array  # (N,) those that can meet the target looked at
    meet_s: F64Array  # (N,) and when


def empty_space_desk(sky: Sky) -> SpaceDesk | None:
    """Room for all satellites; None where no layer is in orbit, for which kernels are compiled without that part."""
    n_layers, n_satellites = len(sky.weapons), len(sky.orbits)
    if not sky.weapons.is_space.any():
        return None
    none = np.zeros((n_layers, n_satellites), np.int64)
    return SpaceDesk(none, none.copy(), make_sky(n_satellites),
                     np.zeros(n_satellites, np.int64), np.zeros(n_satellites))


@kernel
def load_satellites(sky, is_working, desk, magazines):
    """Fill the satellites that work in this run with their rounds, and the sites that stand for them.

    `is_working` (N,).
    """
    if desk is not None:
        for layer in range(sky.weapons.shape[0]):
            if sky.weapons.is_space[layer]:
                fleet, total = sky.weapons.fleet[layer], 0
                for s in range(sky.fleets.first[fleet], sky.fleets.first[fleet] + sky.fleets.n_satellites[fleet]):
                    desk.rounds[layer, s] = sky.weapons.per_satellite[layer] if is_working[s] else 0
                    desk.loaded[layer, s] = desk.rounds[layer, s]
                    total += desk.rounds[layer, s]
                magazines.stock[sky.weapons.site[layer]] = total


@kernel
def forget_search(desk):
    """Forget where the satellites were searched: they have moved."""
    if desk is not None:
        desk.room.clock[0] = -np.inf


@kernel
def _last_s(tables, layer, flights, i):
    """Until when an interceptor of a layer can meet threat i, s: a glider turns after its burn, for which there is no
    model here."""
    turns = tables.kinds.motion[flights.kind[i]] == GLIDER
    return flights.burnout_s[i] if tables.sky.weapons.needs_plume[layer] or turns else flights.end_s[i]


@kernel
def _find(tables, run, raid, truth, orbits, desk, rounds, i, layer, t_s):
    """The satellites with `rounds` (N,) of a layer that can meet threat i, and when, into the desk; how many."""
    flights, weapons, draws = truth.flights, tables.sky.weapons, tables.draws.layers
    kin = SpaceKinematics(draws.accel_m_s2[run, layer], draws.speed_m_s[run, layer], draws.flight_max_s[run, layer],
                          weapons.alt_min_m[layer], weapons.alt_max_m[layer])
    leave_s = t_s + draws.reaction_s[run, layer]
    return find_meetings(orbits, rounds, tables.raids.earth_angle[raid], truth.r_ecef_m, truth.v_ecef_m_s,
                         flights.first_row[i], flights.n_rows[i], flights.dt_s[i], flights.start_s[i],
                         leave_s, leave_s, _last_s(tables, layer, flights, i), kin, desk.room, desk.satellite,
                         desk.meet_s)


@kernel
def _take_first(desk, found, wanted):
    """Move the `wanted` earliest of the meetings found to the front, in order of time; how many there are."""
    taken = min(found, wanted)
    for k in range(taken):
        first = k
        for j in range(k + 1, found):
            if desk.meet_s[j] < desk.meet_s[first]:
                first = j
        desk.meet_s[k], desk.meet_s[first] = desk.meet_s[first], desk.meet_s[k]
        desk.satellite[k], desk.satellite[first] = desk.satellite[first], desk.satellite[k]
    return taken


@kernel
def ask_the_sky(tables, run, raid, truth, fight, magazines, orbits, desk, t_s, log):
    """Fire from orbit at every threat for which that is due at t_s, in the order of their starts."""
    if desk is not None:
        stories, active = fight.stories, fight.active
        for row in range(fight.tally[1]):
            i = active[row]
            if stories.space_s[i] <= t_s and stories.outcome[i] == 0 and not stories.is_engaged[i]:
                stories.space_s[i] = _fire(tables, run, raid, truth, fight, magazines, orbits, desk, i, t_s, log)
    else:
        fight.stories.space_s[:] = np.inf


@kernel
def _fire(tables, run, raid, truth, fight, magazines, orbits, desk, i, t_s, log):
    """Let the first layer that can fire at threat i; returns when to ask again, s (inf when nothing can come of it)."""
    layers, stories, weapons = tables.layers, fight.stories, tables.sky.weapons
    class_code, again_s = tables.kinds.class_code[truth.flights.kind[i]], np.inf
    for layer in range(layers.shape[0]):
        if not weapons.is_space[layer] or not fires_at(layers, layer, class_code):
            continue
        wanted = salvo_size(layers, layer, fight.shots[i, layer], True)
        if wanted <= 0:
            continue
        ready_s = stories.warned_s[i] + tables.draws.layers.decision_s[run, layer]
        if ready_s > t_s:
            again_s = min(again_s, ready_s)
            continue
        b = weapons.site[layer]
        found = _find(tables, run, raid, truth, orbits, desk, desk.rounds[layer], i, layer, t_s)
        found = _take_first(desk, found, wanted)
        if found == 0:
            is_late = t_s + tables.draws.layers.reaction_s[run, layer] >= _last_s(tables, layer, truth.flights, i)
            is_spent = _find(tables, run, raid, truth, orbits, desk, desk.loaded[layer], i, layer, t_s) > 0
            stories.hindered[i] |= TARDY if is_late else (DRY if is_spent else BEYOND)
            continue
        for k in range(found):
            desk.rounds[layer, desk.satellite[k]] -= 1
            write_salvo(log, raid, i, b, desk.satellite[k], 1, t_s,
                        t_s + tables.draws.layers.reaction_s[run, layer], desk.meet_s[k])
        magazines.stock[b] -= found
        magazines.ready[b] = magazines.stock[b]
        magazines.busy[b] += 1
        stories.hindered[i] |= REACHED
        stories.is_engaged[i], stories.site[i], stories.rounds[i] = True, b, found
        stories.intercept_s[i] = desk.meet_s[found - 1]
        stories.first_shot_s[i] = min(stories.first_shot_s[i], t_s)
        fight.shots[i, layer] += found
        write_event(log, raid, t_s, _SHOT, i, b)
        return stories.intercept_s[i] + tables.draws.layers.assess_s[run, layer]
    return again_s
