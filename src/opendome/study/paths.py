"""Where things were in a run that is flown again: threats as they were simulated, interceptors as they are drawn.

No interceptor is guided here: the battle knows when it leaves, and when and where it is to meet its target. Between
the two it is placed, not simulated. From the ground it follows the great circle evenly and climbs as u (2 - u), u the
share of its time that has passed. From a satellite it goes straight ahead as seen from there, as far in each instant as
`engagement.space_reach_m` lets it, scaled so that it arrives on time (docs/models/space-interceptors.md).
"""

from typing import NamedTuple

import numpy as np

from opendome.engagement import space_reach_m
from opendome.kernel import F64Array, I64Array, Packed, kernel
from opendome.orbits import orbit_state
from opendome.raid.truth import Truth, threat_state
from opendome.study.thinning import kept_points
from opendome.threats import phase_at
from opendome.world import WGS84, ecef_from_eci, eci_from_ecef

THIN_M = 200.0
"""Largest distance between where something is and the straight line between its kept points, at any instant."""

SHARE_OF_STEP = 0.25
"""Trajectories are looked at this often before they are thinned, in steps of their samples."""

LOOKED_AT_M = 150.0
"""Bound at those instants; what is left of `THIN_M` covers what lies between them."""

BATCH = 300_000
"""Points of trajectories that are held at once before they are thinned."""

ARC_POINTS = 33
"""Points of an interceptor's arc before it is thinned."""


class Path(NamedTuple):
    """Kept points of one flight. P points."""

    t_s: F64Array  # (P,) after the start of the raid
    r_ecef_m: F64Array  # (P, 3)
    phase: I64Array  # (P,) code of threats.Phase; for an interceptor BOOST or MIDCOURSE


@kernel
def fill_states(routes, truth, threat, t_s, r_ecef_m, phase):
    """ECEF position in m (P, 3) and phase (P,) of the threats (P,) at the instants t_s (P,)."""
    for k in range(t_s.shape[0]):
        i = threat[k]
        start_s, q = truth.flights.start_s[i], truth.flights.route[i]
        x, y, z, u, v, w = threat_state(truth, i, t_s[k])
        r_ecef_m[k, 0], r_ecef_m[k, 1], r_ecef_m[k, 2] = x, y, z
        phase[k] = phase_at(routes, q, t_s[k] - start_s, x, y, z, u, v, w)


def states(routes: Packed, truth: Truth, threat: I64Array, t_s: F64Array) -> Path:
    """Where the threats (P,) are at the instants t_s (P,), and in which phase."""
    r, phase = np.zeros((len(t_s), 3)), np.zeros(len(t_s), np.int64)
    fill_states(routes, truth, threat, t_s, r, phase)
    return Path(t_s, r, phase)


def threat_paths(routes: Packed, truth: Truth, threats: I64Array) -> list[Path]:
    """The trajectories of threats (F,) from where each appears to where it ends, thinned to `THIN_M`."""
    flights = truth.flights[threats]
    step_s = SHARE_OF_STEP * flights.dt_s
    count = np.maximum(1, np.ceil((flights.end_s - flights.appear_s) / step_s)).astype(np.int64)
    found: list[Path] = []
    for rows in batches(count + 1):
        of = np.repeat(rows, count[rows] + 1)
        last = np.cumsum(count[rows] + 1) - 1
        step = np.arange(len(of)) - np.repeat(last - count[rows], count[rows] + 1)
        t_s = flights.appear_s[of] + step_s[of] * step
        is_inside = t_s < flights.end_s[of]
        is_inside[last], t_s[last] = True, flights.end_s[rows]
        of, t_s = of[is_inside], t_s[is_inside]
        found += thinned(states(routes, truth, threats[of], t_s), LOOKED_AT_M, of)
    return found


def batches(count: I64Array) -> list[I64Array]:
    """Rows of `count` (F,), in order, in pieces whose counts sum to at most `BATCH`, or of one row."""
    whole = np.cumsum(count)
    return [rows for rows in np.split(np.arange(len(count)), np.flatnonzero(np.diff(whole // BATCH)) + 1) if len(rows)]


def thinned(paths: Path, bound_m: float, of: I64Array | None = None) -> list[Path]:
    """The points of paths without which the straight lines between the others, each instant at its own place, would be
    off by more than `bound_m` somewhere; points at which the phase changes are kept.

    `of` (P,) numbers the paths, whose points stand one after the other; without it, all are of one.
    """
    n = len(paths.t_s)
    of = np.zeros(n, np.int64) if of is None else of
    first = np.concatenate([[0], np.flatnonzero(np.diff(of)) + 1, [n]])
    change = np.flatnonzero(np.diff(paths.phase)) + 1
    edges = np.unique(np.concatenate([first[:-1], change, first[1:] - 1]))
    keep = kept_points(paths.t_s, paths.r_ecef_m, edges, bound_m)
    cut = np.cumsum(keep)[first[1:-1] - 1]
    return [Path(*columns) for columns in zip(*(np.split(column[keep], cut) for column in paths))]


def ground_arcs(site_m: F64Array, meet_m: F64Array, leaves_s: F64Array, meets_s: F64Array,
                burn_s: F64Array) -> list[Path]:
    """How interceptors from sites are drawn: along the great circle evenly, climbing as u (2 - u); W rounds, ECEF,
    (W, 3) and (W,)."""
    u = np.linspace(0.0, 1.0, ARC_POINTS)
    near, far = np.linalg.norm(site_m, axis=1), np.linalg.norm(meet_m, axis=1)
    a, b = site_m / near[:, np.newaxis], meet_m / far[:, np.newaxis]
    angle = np.arctan2(np.linalg.norm(np.cross(a, b), axis=1), np.einsum("ij,ij->i", a, b))[:, np.newaxis]
    is_over = angle < 1e-9  # straight up
    sine = np.where(is_over, 1.0, np.sin(angle))
    from_a, from_b = (np.where(is_over, only, np.sin(share * angle) / sine)[:, :, np.newaxis]
                      for share, only in ((1.0 - u, 1.0), (u, 0.0)))
    high = near[:, np.newaxis] + (far - near)[:, np.newaxis] * u * (2.0 - u)
    r = (from_a * a[:, np.newaxis] + from_b * b[:, np.newaxis]) * high[:, :, np.newaxis]
    r[:, 0], r[:, -1] = site_m, meet_m
    t_s = leaves_s[:, np.newaxis] + u * (meets_s - leaves_s)[:, np.newaxis]
    phase = (t_s >= (leaves_s + burn_s)[:, np.newaxis]).astype(np.int64)
    every = Path(t_s.ravel(), r.reshape(-1, 3), phase.ravel())
    return thinned(every, LOOKED_AT_M, np.repeat(np.arange(len(t_s)), ARC_POINTS)) if len(t_s) else []


def space_arc(orbits: Packed, satellite: int, angle0_rad: float, meet_m: F64Array, leaves_s: float, meets_s: float,
              accel_m_s2: float, speed_m_s: float) -> Path:
    """How an interceptor from orbit is drawn: straight ahead as seen from its satellite, ECEF.

    `angle0_rad`: the Earth's angle at the start of the raid; `meet_m` (3,) ECEF at meets_s.
    """
    t_s = np.linspace(leaves_s, meets_s, ARC_POINTS)
    at = np.array([orbit_state(orbits, satellite, t)[:3] for t in t_s])
    angle = [angle0_rad + WGS84.omega_rad_s * t for t in t_s]
    ahead = np.array(eci_from_ecef(*meet_m, angle[-1])) - at[-1]
    whole_m = space_reach_m(meets_s - leaves_s, accel_m_s2, speed_m_s)
    share = np.array([space_reach_m(t - leaves_s, accel_m_s2, speed_m_s) / whole_m for t in t_s])
    eci = at + share[:, np.newaxis] * ahead
    r = np.array([ecef_from_eci(*row, turn) for row, turn in zip(eci, angle, strict=True)])
    phase = (t_s >= leaves_s + speed_m_s / accel_m_s2).astype(np.int64)
    return thinned(Path(t_s, r, phase), LOOKED_AT_M)[0]


def place_at(path: Path, t_s: F64Array | float) -> F64Array:
    """(P, 3) ECEF positions in m at (P,) instants, or (3,) at one, on the straight lines between the kept points;
    before and after, at its ends."""
    return np.stack([np.interp(t_s, path.t_s, path.r_ecef_m[:, axis]) for axis in range(3)], axis=-1)
