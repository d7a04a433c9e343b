"""Over an area of aim points: how many engagements of a threat one layer has time for.

Each cell's flight is flown (`fly_route`), the first usable track is found, and the layer fires as its doctrine says:

    track       the first instant at which a look of any radar detects half of the time or more (or, for the track, of
                sensors in orbit, as given), then three looks and the sensor's latency
    engagement  decision + reaction, flight, arrival of the last round of the salvo, assessment, and again

A site with a fire-control radar of its own fires only while that would see the target half of the time. Of several
sites the one whose interceptor arrives first has each shot. Sketch of one cell:

    launch --------- seen ... 3 looks, latency ... usable | decide, react | fly | assess | decide, react | fly -- impact

Left out: errors of the track (it is where the target is, and custody is never lost), draws, magazines, channels, other
targets, kill probabilities. Equations and evidence: docs/models/footprints.md.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from opendome.engagement.intercept import earliest_intercept, path_step_max, time_to
from opendome.errors import Status
from opendome.kernel import BoolArray, F64Array, I64Array, Packed, kernel, spread
from opendome.sensing.windows import first_seen, point_at
from opendome.threats import Route, fly_route, lower_routes, samples_max, state_at
from opendome.world import altitude

LOOKS = 3
"""Looks that make a usable track; they take as many scans, since the first falls anywhere within one."""

PATH_STEP_M, PATH_STEP_MIN_S, PATH_STEP_MAX_S = 500.0, 1.0, 10.0
"""Step of a path: this far, within these bounds. A stretch in reach that is shorter than a step can be missed."""

MISS_M, ATTEMPTS = 100.0, 4
"""A flight is aimed anew until it comes down this near to the middle of its cell, or has been flown so often."""

TRIES = 32
"""Shots that are tried before a site whose own radar loses the target again and again is passed over."""

BLOCK = 16
"""Cells that one thread takes at a time."""

OK = int(Status.OK)


class Post(NamedTuple):
    """Columns of the sites that fire. B sites; SI units; ECEF."""

    r_ecef_m: F64Array  # (B, 3)
    radar: I64Array  # (B,) row of its own fire-control radar; read only where has_radar
    has_radar: BoolArray  # (B,)


class Pace(NamedTuple):
    """How fast a layer shoots, in s, and how often."""

    delay_s: float
    """From a usable track to the interceptor leaving: decision and reaction."""
    after_s: float
    """From the first round's arrival to the next decision: the rest of the salvo, and the assessment."""
    engagements_max: int
    """Most engagements of one target; 1 for a layer that does not look and shoot again."""


class Signature(NamedTuple):
    """What the radars see of a threat."""

    rcs_m2: float
    swerling: int


class Cue(NamedTuple):
    """Columns of what sensors in orbit tell of each route. Q routes; times after launch, inf when never."""

    warned_s: F64Array  # (Q,) when radars know where to search
    gain: F64Array  # (Q,) in a radar's signal from then on, linear
    usable_s: F64Array  # (Q,) when a track from orbit is usable


class Cell(NamedTuple):
    """Columns of the aim points. C cells."""

    route: I64Array  # (C,) whose aim point is near
    east_m: F64Array  # (C,) from that aim point, as `threats.fly_route` counts
    north_m: F64Array  # (C,)
    longer: F64Array  # (C,) by what the flight there takes longer than a shifted path has it; 1 where it is flown


class Found(NamedTuple):
    """Columns of what was found. C cells; times in s after launch."""

    engagements: I64Array  # (C,)
    usable_s: F64Array  # (C,) first usable track; inf when never
    impact_s: F64Array  # (C,)
    miss_m: F64Array  # (C,) of the impact from the cell's middle
    status: I64Array  # (C,) of the flight


# ---- kernels --------------------------------------------------------------------------------------------------------


@kernel
def resample(r, v, n, dt_s, end_s, path_r):
    """Straight pieces of equal time through a flight's samples, from launch to `end_s`, into all rows of path_r (K, 3);
    returns their step in s and the highest altitude in m."""
    step_s, highest_m = end_s / (path_r.shape[0] - 1), 0.0
    for k in range(path_r.shape[0]):
        x, y, z, _, _, _ = state_at(r, v, 0, n, dt_s, k * step_s)
        path_r[k, 0], path_r[k, 1], path_r[k, 2] = x, y, z
        highest_m = max(highest_m, altitude(x, y, z))
    return step_s, highest_m


@kernel
def first_usable(radars, path_r, step_s, step_max_m, highest_m, signature, warned_s, gain, from_orbit_s):
    """When a track of a target on a path is usable, in s after launch: the earliest of all radars and of orbit."""
    best_s = from_orbit_s
    for s in range(radars.shape[0]):
        later_s = LOOKS * radars.scan_s[s] + radars.latency_s[s]
        seen_s = first_seen(radars, s, path_r, step_s, step_max_m, highest_m, signature.rcs_m2,
                            signature.swerling, warned_s, gain, 0.0, best_s - later_s)
        best_s = min(best_s, seen_s + later_s)
    return best_s


@kernel
def first_meeting(flyouts, radars, posts, b, path_r, step_s, step_max_m, highest_m, signature, warned_s, gain, ready_s,
                  delay_s):
    """Earliest instant in s at which a round of site b, decided on at `ready_s` or later, meets a path; inf when none.

    A site with a radar of its own decides at an instant at which that sees the target.
    """
    n, site_r = path_r.shape[0], posts.r_ecef_m[b]
    for _ in range(TRIES):
        meet_s, _ = earliest_intercept(flyouts, 0, site_r, 0.0, step_s, path_r, n, step_max_m, ready_s + delay_s)
        if meet_s == math.inf or not posts.has_radar[b]:
            return meet_s
        x, y, z = point_at(path_r, meet_s / step_s)
        decided_s = max(ready_s, meet_s - time_to(flyouts, 0, site_r, x, y, z) - delay_s)
        held_s = first_seen(radars, posts.radar[b], path_r, step_s, step_max_m, highest_m, signature.rcs_m2,
                            signature.swerling, warned_s, gain, decided_s, math.inf)
        if held_s <= decided_s or held_s == math.inf:
            return meet_s if held_s <= decided_s else math.inf
        ready_s = held_s
    return math.inf


@kernel
def count_engagements(flyouts, radars, posts, pace, path_r, step_s, step_max_m, highest_m, signature, warned_s, gain,
                      usable_s):
    """How many engagements of a target on a path there is time for, its track being usable from `usable_s` on."""
    count, ready_s = 0, usable_s
    while count < pace.engagements_max and ready_s < math.inf:
        meet_s = math.inf
        for b in range(posts.shape[0]):
            meet_s = min(meet_s, first_meeting(flyouts, radars, posts, b, path_r, step_s, step_max_m, highest_m,
                                               signature, warned_s, gain, ready_s, pace.delay_s))
        if meet_s < math.inf:
            count += 1
        ready_s = meet_s + pace.after_s
    return count


@kernel
def miss_of(aim, east_m, north_m, r, v, n, dt_s, impact_s):
    """East and north in m of a flight's end from where it should be: `aim` (9,) displaced by east_m, north_m."""
    x, y, z, _, _, _ = state_at(r, v, 0, n, dt_s, impact_s)
    dx, dy, dz = x - aim[0], y - aim[1], z - aim[2]
    east = dx * aim[3] + dy * aim[4] + dz * aim[5]
    north = dx * aim[6] + dy * aim[7] + dz * aim[8]
    level = math.sqrt(east * east + north * north)
    stretch = math.sqrt(dx * dx + dy * dy + dz * dz) / level if level > 0.0 else 1.0
    return east * stretch - east_m, north * stretch - north_m


@kernel(allocates=True)
def fill_cells(first, last, routes, n_samples, path_step_s, cells, cues, signature, radars, posts, flyouts, pace,
               found):
    """Rows first .. last - 1 of `found`: each cell's flight, its first usable track, and its engagements."""
    r, v = np.empty((n_samples, 3)), np.empty((n_samples, 3))
    for i in range(first, last):
        q = cells.route[i]
        east_m, north_m, miss_m, attempts = cells.east_m[i], cells.north_m[i], math.inf, 0
        status, n, impact_s = OK, 0, 0.0
        while status == OK and miss_m > MISS_M and attempts < ATTEMPTS:
            status, n, impact_s = fly_route(routes, q, east_m, north_m, r, v)
            attempts += 1
            if status == OK:
                over_east, over_north = miss_of(routes.aim[q], cells.east_m[i], cells.north_m[i], r, v, n,
                                                routes.dt_s[q], impact_s)
                miss_m = math.sqrt(over_east * over_east + over_north * over_north)
                east_m, north_m = east_m - over_east, north_m - over_north
        found.status[i] = status
        if status != OK:
            continue
        path_r = np.empty((max(2, math.ceil(impact_s / path_step_s[q]) + 1), 3))
        step_s, highest_m = resample(r, v, n, routes.dt_s[q], impact_s, path_r)
        step_s, impact_s = step_s * cells.longer[i], impact_s * cells.longer[i]
        step_max_m = path_step_max(path_r, path_r.shape[0])
        warned_s, gain = cues.warned_s[q], cues.gain[q]
        usable_s = first_usable(radars, path_r, step_s, step_max_m, highest_m, signature, warned_s, gain,
                                cues.usable_s[q])
        found.usable_s[i], found.impact_s[i], found.miss_m[i] = usable_s, impact_s, miss_m
        found.engagements[i] = count_engagements(flyouts, radars, posts, pace, path_r, step_s, step_max_m, highest_m,
                                                 signature, warned_s, gain, usable_s)


# ---- for callers in Python ------------------------------------------------------------------------------------------


def path_steps_s(solved: list[Route]) -> F64Array:
    """(Q,) step in s of the path of each route: `PATH_STEP_M` at its burnout or cruise speed."""
    speeds = np.array([route.burnout_speed_m_s for route in solved])
    return np.asarray(np.clip(PATH_STEP_M / speeds, PATH_STEP_MIN_S, PATH_STEP_MAX_S), dtype=np.float64)


def engagements_over(solved: list[Route], cells: Packed, *, cues: Packed, signature: Signature, radars: Packed,
                     posts: Packed, flyouts: Packed, pace: Pace, jobs: int | None = None,
                     progress: Callable[[int, int], None] | None = None) -> Found:
    """What can be done at each cell. `cells` (C,) of Cell, `cues` (Q,) of Cue, `radars` (S,), `posts` (B,) of Post and
    `flyouts` (1,) packed; `solved` Q routes. `progress` is told the cells done and their total."""
    n, routes = len(cells), lower_routes(solved)
    found = Found(np.zeros(n, np.int64), np.full(n, np.inf), np.full(n, np.inf), np.full(n, np.inf),
                  np.zeros(n, np.int64))
    steps_s, n_samples = path_steps_s(solved), samples_max(solved)

    def work(first: int, last: int) -> None:
        fill_cells(first, last, routes, n_samples, steps_s, cells, cues, signature, radars, posts, flyouts, pace, found)

    spread(work, n, jobs=jobs, block=BLOCK, progress=progress)
    return found
