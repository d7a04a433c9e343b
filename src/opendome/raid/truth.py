"""What really flies in one raid of one run: starts, routes, scatter, trajectories and where they come down."""

import math
from typing import NamedTuple

import numpy as np

from opendome import rng
from opendome.kernel import BoolArray, F64Array, I64Array, Packed, U64Array, kernel, rows
from opendome.threats import fly_route, state_at
from opendome.world import altitude

CEP_PER_SIGMA = 1.1774100225154747
"""Circular error probable over the standard deviation per axis of a round normal scatter: sqrt(2 ln 2)."""

MEAN_PER_SIGMA = 1.2533141373155003
"""Mean distance over the standard deviation per axis of a round normal scatter: sqrt(pi / 2)."""


class Flight(NamedTuple):
    """Columns of what is true of each threat. T threats; times in s after the start of the raid."""

    id: U64Array  # (T,) address for random draws
    kind: I64Array  # (T,) row in Kinds
    route: I64Array  # (T,)
    is_decoy: BoolArray  # (T,)
    parent: I64Array  # (T,) the missile that carries a decoy; itself for all others
    start_s: F64Array  # (T,) of the flight; a decoy's samples begin with its missile's
    appear_s: F64Array  # (T,) when it is there: the start, or when a decoy is set free
    burnout_s: F64Array  # (T,) end of the burn; the start for what does not burn
    end_s: F64Array  # (T,) when it comes down, or is destroyed
    is_hit: BoolArray  # (T,) whether it comes down in a defended area
    hit: I64Array  # (T,) that area; read only where is_hit
    first_row: I64Array  # (T,) its samples are rows first_row .. first_row + n_rows
    n_rows: I64Array  # (T,)
    dt_s: F64Array  # (T,) between samples


class Truth(NamedTuple):
    """What really flies in one raid. T threats, N samples of all trajectories."""

    flights: Packed  # (T,) of Flight
    r_ecef_m: F64Array  # (N, 3)
    v_ecef_m_s: F64Array  # (N, 3)


def empty_truth(n_threats: int, n_samples: int) -> Truth:
    """Room for the largest raid."""
    return Truth(rows(Flight, n_threats), np.zeros((n_samples, 3)), np.zeros((n_samples, 3)))


FREE_AFTER_S = 10.0
"""Decoys are set free this long after burnout."""

DECOY_END_M = 100e3
"""Falling below this altitude the air stops a light decoy."""

DECOY_SIGMA_M = 3000.0
"""Standard deviation, each way, of a decoy's impact point from its missile's, if there were no air: some m/s."""


@kernel
def choose_route(tables, wave, u):
    """Row of the route that a threat of a wave takes, given a uniform number."""
    q = tables.waves.first_route[wave]
    last = q + tables.waves.n_routes[wave] - 1
    while q < last and tables.choices.share[q] <= u:
        q += 1
    return q


@kernel
def scatter(tables, run, threat_id, kind, area):
    """Where the impact lies east and north of the area's centre, m: aim point, dispersion, and now and then a stray."""
    key = tables.key
    u0 = rng.uniform(key, run, rng.IMPACT_SCATTER, threat_id, 0)
    u1 = rng.uniform(key, run, rng.IMPACT_SCATTER, threat_id, 1)
    aim = tables.areas.aim_radius_m[area] * math.sqrt(u0)
    miss_e, miss_n = rng.normal_pair(key, run, rng.IMPACT_SCATTER, threat_id, 2)
    sigma = tables.draws.kinds.cep_m[run, kind] / CEP_PER_SIGMA
    if rng.uniform(key, run, rng.GROSS_ERROR, threat_id, 0) < tables.draws.kinds.p_stray[run, kind]:
        sigma = tables.draws.kinds.stray_m[run, kind] / MEAN_PER_SIGMA
    angle = 2.0 * math.pi * u1
    return aim * math.cos(angle) + sigma * miss_e, aim * math.sin(angle) + sigma * miss_n


@kernel
def area_hit(areas, x, y, z):
    """Whether a point on the ground lies in a defended area, and in which (the one whose centre is nearest)."""
    best, found = np.inf, 0
    for a in range(areas.radius_m.shape[0]):
        dx, dy, dz = x - areas.r_ecef_m[a, 0], y - areas.r_ecef_m[a, 1], z - areas.r_ecef_m[a, 2]
        d = math.sqrt(dx * dx + dy * dy + dz * dz)
        if d <= areas.radius_m[a] and d < best:
            best, found = d, a
    return best < np.inf, found


@kernel(allocates=True)
def fly_raid(tables, run, raid, truth):
    """Fly every threat of a raid in one run into `truth`. Returns the number of flights that failed."""
    i, row, failed = 0, 0, 0
    first = tables.raids.first_wave[raid]
    for wave in range(first, first + tables.raids.n_waves[raid]):
        kind = tables.waves.kind[wave]
        for ordinal in range(tables.waves.n_threats[wave]):
            entity = rng.child(tables.waves.id[wave], ordinal)
            u = rng.uniform(tables.key, run, rng.LAUNCH_TIME, entity, 0)
            q = choose_route(tables, wave, rng.uniform(tables.key, run, rng.ROUTE, entity, 0))
            east, north = scatter(tables, run, entity, kind, tables.choices.area[q])
            start_s = tables.waves.start_s[wave] + tables.waves.spread_s[wave] * u
            parent = i
            for k in range(1 + tables.waves.n_decoys[wave]):
                own, off_east, off_north = entity, 0.0, 0.0
                if k > 0:
                    own = rng.child(entity, k)
                    off_east, off_north = rng.normal_pair(tables.key, run, rng.DECOY_SCATTER, own, 0)
                status, n, flight_s = fly_route(tables.routes, q, east + DECOY_SIGMA_M * off_east,
                                                north + DECOY_SIGMA_M * off_north, truth.r_ecef_m[row:],
                                                truth.v_ecef_m_s[row:])
                failed += status != 0
                truth.flights.id[i], truth.flights.kind[i], truth.flights.route[i] = own, kind, q
                truth.flights.is_decoy[i], truth.flights.parent[i] = k > 0, parent
                truth.flights.start_s[i], truth.flights.end_s[i] = start_s, start_s + flight_s
                truth.flights.burnout_s[i] = start_s + tables.routes.burn_s[q]
                truth.flights.appear_s[i] = start_s
                truth.flights.first_row[i], truth.flights.n_rows[i] = row, n
                truth.flights.dt_s[i] = tables.routes.dt_s[q]
                _finish(tables.areas, truth, i)
                row += n
                i += 1
    return failed


@kernel
def _finish(areas, truth, i):
    """Where threat i comes down; and for a decoy, when it is set free and when the air stops it."""
    flights = truth.flights
    if flights.is_decoy[i]:
        flights.appear_s[i] = flights.burnout_s[i] + FREE_AFTER_S
        t_s = flights.end_s[i]
        while t_s > flights.appear_s[i]:
            x, y, z, _, _, _ = threat_state(truth, i, t_s - flights.dt_s[i])
            t_s -= flights.dt_s[i]
            if altitude(x, y, z) >= DECOY_END_M:
                break
        flights.end_s[i], flights.is_hit[i], flights.hit[i] = max(t_s, flights.appear_s[i]), False, 0
        return
    x, y, z, _, _, _ = threat_state(truth, i, flights.end_s[i])
    flights.is_hit[i], flights.hit[i] = area_hit(areas, x, y, z)


@kernel
def threat_state(truth, i, t_s):
    """ECEF position and velocity x, y, z, u, v, w of threat i at t_s (SI)."""
    flights = truth.flights
    return state_at(truth.r_ecef_m, truth.v_ecef_m_s, flights.first_row[i], flights.n_rows[i], flights.dt_s[i],
                    t_s - flights.start_s[i])
