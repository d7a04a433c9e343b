"""What infrared sensors in orbit tell the defence: warnings of burns, and positions of bodies after them.

A burn is looked at by every satellite of a constellation from liftoff to burnout; one satellite that has seen it
`looks_needed` times gives the warning, a second one makes it stereo. After burnout the two satellites that see a body
best fix its position together, in the rhythm of their looks, which feeds the same track as the radars.
"""

import math

import numpy as np

from opendome import rng
from opendome.kernel import kernel
from opendome.orbits import orbit_position_ecef
from opendome.raid.fight import Event, write_sighting
from opendome.raid.truth import threat_state
from opendome.sensing import glow_w_sr, look_ir, measure_ir, stereo
from opendome.tracking import GLIDER, TENTATIVE, note_look, observe
from opendome.world import altitude

PROBES = 4
"""Instants of a burn at which a satellite is tried: one that sees it at none of them is taken not to see it at all."""

NEGLIGIBLE = 1e-3
"""A look with a smaller chance than this counts as none."""

UNSEEN_S = 10.0
"""A body that no two satellites see is not looked for again before this time."""

KEEP_P = 0.5
"""A pair of satellites is kept while both see the body with at least this chance in one look."""

_WARNING = int(Event.WARNING)


@kernel
def warn(tables, run, raid, truth, n, fight, orbits, log):
    """When each infrared sensor warns of each burn, into the gazes, and the first warning into the stories."""
    stories, gazes, flights, eyes = fight.stories, fight.gazes, truth.flights, tables.sky.eyes
    for i in range(n):
        if flights.is_decoy[i] or flights.burnout_s[i] <= flights.start_s[i]:
            continue
        sensor, satellite = 0, 0
        for e in range(gazes.shape[1]):
            warned_s, stereo_s, s = _watch_burn(tables, run, raid, truth, orbits, i, e)
            gazes.warned_s[i, e], gazes.stereo_s[i, e] = warned_s, stereo_s
            if warned_s < stories.warned_s[i]:
                stories.warned_s[i], stories.cue_gain[i] = warned_s, eyes.cue_gain[e]
                sensor, satellite = e, s
        if stories.warned_s[i] < flights.end_s[i]:
            write_sighting(log, raid, stories.warned_s[i], _WARNING, i, sensor, satellite, satellite)
        stories.space_s[i] = stories.warned_s[i]


@kernel
def _watch_burn(tables, run, raid, truth, orbits, i, e):
    """When sensor e has warned of threat i by one satellite, and by a second one, s (inf when never); and the one."""
    sky, one, two, satellite = tables.sky, np.inf, np.inf, 0
    fleet = sky.eye_fleet[e]
    for s in range(sky.fleets.first[fleet], sky.fleets.first[fleet] + sky.fleets.n_satellites[fleet]):
        if tables.draws.is_working[run, s]:
            t_s = _seen_by(tables, run, raid, truth, orbits, i, e, s)
            if t_s < one:
                one, two, satellite = t_s, one, s
            else:
                two = min(two, t_s)
    latency_s = sky.eyes.latency_s[e]
    return one + latency_s, two + latency_s, satellite


@kernel
def _glance(tables, run, raid, truth, orbits, i, e, s, t_s):
    """Chance that satellite s sees the plume of threat i in a look of sensor e at t_s."""
    kind = truth.flights.kind[i]
    w_sr = tables.draws.kinds.plume_w_sr[run, kind] * tables.sky.plume[kind, e] * tables.draws.eye_gain[run, e]
    px, py, pz = orbit_position_ecef(orbits, s, t_s, tables.raids.earth_angle[raid])
    x, y, z, _, _, _ = threat_state(truth, i, t_s)
    p, _ = look_ir(tables.sky.eyes, e, px, py, pz, x, y, z, w_sr)
    return p


@kernel
def _seen_by(tables, run, raid, truth, orbits, i, e, s):
    """When satellite s has seen the burn of threat i as often as sensor e needs, s; inf when it never does.

    Draws: WARNING_LOOK at (run, threat and sensor and satellite), 0 the phase, k the k-th look.
    """
    start_s, burnout_s = truth.flights.start_s[i], truth.flights.burnout_s[i]
    is_seen = False
    for probe in range(PROBES):
        at_s = start_s + (probe + 1.0) / PROBES * (burnout_s - start_s)
        is_seen |= _glance(tables, run, raid, truth, orbits, i, e, s, at_s) > NEGLIGIBLE
    if not is_seen:
        return np.inf
    eyes, ordinal = tables.sky.eyes, s - tables.sky.fleets.first[tables.sky.eye_fleet[e]]
    satellite = rng.child(eyes.address[e], ordinal)
    entity = rng.child(truth.flights.id[i], satellite)
    # A scanner comes by at a time of the place's own; the frames of a staring sensor are the same for all.
    phase = rng.uniform(tables.key, run, rng.WARNING_LOOK, entity if eyes.scans[e] else satellite, 0)
    revisit_s, seen, k = eyes.revisit_s[e], 0, 1
    t_s = start_s + phase * revisit_s
    if not eyes.scans[e]:
        t_s = (math.floor(start_s / revisit_s) + phase) * revisit_s
        t_s += revisit_s if t_s < start_s else 0.0
    while t_s <= burnout_s:
        p = _glance(tables, run, raid, truth, orbits, i, e, s, t_s)
        if p > NEGLIGIBLE and rng.uniform(tables.key, run, rng.WARNING_LOOK, entity, k) < p:
            seen += 1
            if seen >= eyes.looks_needed[e]:
                return t_s
        t_s += revisit_s
        k += 1
    return np.inf


# ---- bodies after burnout ------------------------------------------------------------------------------------------


@kernel
def place_fleet(tables, raid, orbits, fleet, t_s, places):
    """Put the satellites of a constellation where they are at t_s, unless they are there: all bodies that are looked at
    in one step share this."""
    if places.t_s[fleet] == t_s:
        return
    places.t_s[fleet] = t_s
    first, angle0_rad = tables.sky.fleets.first[fleet], tables.raids.earth_angle[raid]
    for s in range(first, first + tables.sky.fleets.n_satellites[fleet]):
        x, y, z = orbit_position_ecef(orbits, s, t_s, angle0_rad)
        places.r_ecef_m[s, 0], places.r_ecef_m[s, 1], places.r_ecef_m[s, 2] = x, y, z


@kernel
def _body_w_sr(tables, run, truth, i, e, t_s):
    """Radiant intensity in W/sr in the band of sensor e of threat i after its burn: of a cold body, or of a glider as
    hot as its flight makes it."""
    kind = truth.flights.kind[i]
    if tables.kinds.motion[kind] != GLIDER:
        return tables.sky.body_w_sr[kind, e]
    x, y, z, u, v, w = threat_state(truth, i, t_s)
    draws, eyes = tables.draws.kinds, tables.sky.eyes
    return glow_w_sr(draws.glow_w_sr[run, kind], draws.glow_k[run, kind], altitude(x, y, z),
                     math.sqrt(u * u + v * v + w * w), eyes.low_um[e], eyes.high_um[e])


@kernel
def _look_at_body(tables, run, places, e, s, x, y, z, w_sr):
    """Chance and signal-to-noise ratio of one look of satellite s at a body."""
    if not tables.draws.is_working[run, s]:
        return 0.0, 0.0
    return look_ir(tables.sky.eyes, e, places.r_ecef_m[s, 0], places.r_ecef_m[s, 1], places.r_ecef_m[s, 2], x, y, z,
                   w_sr)


@kernel
def _find_pair(tables, run, places, fight, i, e, x, y, z, w_sr):
    """The two satellites of sensor e that see a body best, into its gaze; whether there are two."""
    fleet, fleets = tables.sky.eye_fleet[e], tables.sky.fleets
    best, next_best = 0.0, 0.0
    for s in range(fleets.first[fleet], fleets.first[fleet] + fleets.n_satellites[fleet]):
        p, snr = _look_at_body(tables, run, places, e, s, x, y, z, w_sr)
        if p < NEGLIGIBLE:
            continue
        if snr > best:
            best, next_best = snr, best
            fight.gazes.first[i, e], fight.gazes.second[i, e] = s, fight.gazes.first[i, e]
        elif snr > next_best:
            next_best = snr
            fight.gazes.second[i, e] = s
    return next_best > 0.0


@kernel
def gaze(tables, run, raid, truth, fight, orbits, places, i, e, x, y, z, t_s, confirm_m, confirm_n):
    """One look of sensor e at the body of threat i, which really is at x, y, z, if one is due; whether it gave a
    position. Sets when the next look is due.

    Draws: ORBIT_LOOK and ORBIT_NOISE at (run, threat and sensor), numbered by the time of the look.
    """
    gazes, eyes, tracks = fight.gazes, tables.sky.eyes, fight.tracks
    gazes.next_look_s[i, e] = t_s + max(eyes.revisit_s[e], UNSEEN_S)
    w_sr = _body_w_sr(tables, run, truth, i, e, t_s) * tables.draws.eye_gain[run, e]
    place_fleet(tables, raid, orbits, tables.sky.eye_fleet[e], t_s, places)
    gazes.looks[i, e] += 1
    p1, snr1, p2, snr2, has_pair = 0.0, 0.0, 0.0, 0.0, gazes.has_pair[i, e]
    for attempt in range(2):  # the pair of the last look, then the best pair there is
        if attempt == 1 and not has_pair:
            has_pair = _find_pair(tables, run, places, fight, i, e, x, y, z, w_sr)
        if has_pair and p1 == 0.0:
            p1, snr1 = _look_at_body(tables, run, places, e, gazes.first[i, e], x, y, z, w_sr)
            p2, snr2 = _look_at_body(tables, run, places, e, gazes.second[i, e], x, y, z, w_sr)
        if attempt == 0 and min(p1, p2) < KEEP_P:
            has_pair, p1 = False, 0.0
    gazes.has_pair[i, e] = has_pair
    if not has_pair:
        return False
    gazes.next_look_s[i, e] = t_s + eyes.revisit_s[e]
    entity, ordinal = rng.child(truth.flights.id[i], eyes.address[e]), int(t_s / tables.step_s + 0.5)
    is_seen = (rng.uniform(tables.key, run, rng.ORBIT_LOOK, entity, 2 * ordinal) < p1
               and rng.uniform(tables.key, run, rng.ORBIT_LOOK, entity, 2 * ordinal + 1) < p2)
    fix = (0.0, 0.0, 0.0, 0.0, np.inf, 0.0)
    if is_seen:
        n0, n1 = rng.normal_pair(tables.key, run, rng.ORBIT_NOISE, entity, 2 * ordinal)
        n2, n3 = rng.normal_pair(tables.key, run, rng.ORBIT_NOISE, entity, 2 * ordinal + 1)
        a, b = places.r_ecef_m[gazes.first[i, e]], places.r_ecef_m[gazes.second[i, e]]
        ax, ay, az, bx, by, bz = a[0], a[1], a[2], b[0], b[1], b[2]
        ux, uy, uz, sigma_a = measure_ir(eyes, e, ax, ay, az, x, y, z, snr1, n0, n1)
        vx, vy, vz, sigma_b = measure_ir(eyes, e, bx, by, bz, x, y, z, snr2, n2, n3)
        fix = stereo(ax, ay, az, ux, uy, uz, sigma_a, bx, by, bz, vx, vy, vz, sigma_b)
        is_seen = fix[4] < np.inf
    if is_seen:
        observe(tracks, i, t_s, places.r_ecef_m[gazes.first[i, e]], fix)
        fight.stories.sensor[i] = tables.radars.shape[0] + e
        gazes.fixes[i, e] += 1
    if tracks.status[i] == TENTATIVE:
        note_look(tracks, tables.radars.shape[0] + e, i, is_seen, confirm_m, confirm_n)
    return is_seen
