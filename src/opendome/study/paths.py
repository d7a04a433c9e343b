"""Where things were in a run that is flown again: threats as they were simulated, interceptors as they are drawn.

No interceptor is guided here: the battle knows when it leaves, and when and where it is to meet its target. Between
the two it is placed, not simulated. From the ground it follows the great circle evenly and climbs as u (2 - u), u the
share of its time that has passed. From a satellite it goes straight ahead as seen from there, as far in each instant as
`engagement.space_reach_m` lets it, scaled so that it arrives on time (docs/models/space-interceptors.md).
"""

import itertools
import math
from typing import NamedTuple

import numpy as np

from opendome.engagement import space_reach_m
from opendome.kernel import BoolArray, F64Array, I64Array, Packed, kernel
from opendome.orbits import orbit_state
from opendome.raid.truth import Truth, threat_state
from opendome.threats import phase_at
from opendome.world import WGS84, ecef_from_eci, eci_from_ecef

THIN_M = 200.0
"""Largest distance between where something is and the straight line between its kept points, at any instant."""

SHARE_OF_STEP = 0.25
"""Trajectories are looked at this often before they are thinned, in steps of their samples."""

LOOKED_AT_M = 150.0
"""Bound at those instants; what is left of `THIN_M` covers what lies between them."""

ARC_POINTS = 33
"""Points of an interceptor's arc before it is thinned."""


class Path(NamedTuple):
    """Kept points of one flight. P points."""

    t_s: F64Array  # (P,) after the start of the raid
    r_ecef_m: F64Array  # (P, 3)
    phase: I64Array  # (P,) code of threats.Phase; for an interceptor BOOST or MIDCOURSE


@kernel
def fill_states(routes, truth, i, t_s, r_ecef_m, phase):
    """ECEF position in m (P, 3) and phase (P,) of threat i at the instants t_s (P,)."""
    start_s, q = truth.flights.start_s[i], truth.flights.route[i]
    for k in range(t_s.shape[0]):
        x, y, z, u, v, w = threat_state(truth, i, t_s[k])
        r_ecef_m[k, 0], r_ecef_m[k, 1], r_ecef_m[k, 2] = x, y, z
        phase[k] = phase_at(routes, q, t_s[k] - start_s, x, y, z, u, v, w)


def states(routes: Packed, truth: Truth, i: int, t_s: F64Array) -> Path:
    """Where threat i is at the instants t_s (P,), and in which phase."""
    r, phase = np.zeros((len(t_s), 3)), np.zeros(len(t_s), np.int64)
    fill_states(routes, truth, i, t_s, r, phase)
    return Path(t_s, r, phase)


def threat_path(routes: Packed, truth: Truth, i: int) -> Path:
    """The trajectory of threat i from where it appears to where it ends, thinned to `THIN_M`."""
    flight = truth.flights[i]
    begin_s, end_s = float(flight.appear_s), float(flight.end_s)
    step_s = SHARE_OF_STEP * float(flight.dt_s)
    count = max(1, math.ceil((end_s - begin_s) / step_s))
    inside = begin_s + step_s * np.arange(count)
    whole = states(routes, truth, i, np.append(inside[inside < end_s], end_s))
    return thinned(whole, LOOKED_AT_M)


def thinned(path: Path, bound_m: float) -> Path:
    """The points of a path without which the straight lines between the others, each instant at its own place, would
    be off by more than `bound_m` somewhere; points at which the phase changes are kept."""
    n = len(path.t_s)
    change = np.flatnonzero(np.diff(path.phase)) + 1
    edges = np.unique(np.concatenate([[0], change, [n - 1]]))
    keep: BoolArray = np.zeros(n, np.bool_)
    keep[edges] = True
    pieces = list(itertools.pairwise(edges))
    while pieces:
        a, b = pieces.pop()
        if b - a < 2:
            continue
        share = ((path.t_s[a + 1:b] - path.t_s[a]) / (path.t_s[b] - path.t_s[a]))[:, np.newaxis]
        off = path.r_ecef_m[a + 1:b] - (path.r_ecef_m[a] + share * (path.r_ecef_m[b] - path.r_ecef_m[a]))
        off2 = np.einsum("ij,ij->i", off, off)
        worst = int(off2.argmax())
        if off2[worst] > bound_m * bound_m:
            keep[a + 1 + worst] = True
            pieces += [(a, a + 1 + worst), (a + 1 + worst, b)]
    return Path(path.t_s[keep], path.r_ecef_m[keep], path.phase[keep])


def ground_arc(site_m: F64Array, meet_m: F64Array, leaves_s: float, meets_s: float, burn_s: float) -> Path:
    """How an interceptor from a site is drawn: along the great circle evenly, climbing as u (2 - u); ECEF, (3,)."""
    u = np.linspace(0.0, 1.0, ARC_POINTS)
    near, far = float(np.linalg.norm(site_m)), float(np.linalg.norm(meet_m))
    a, b = site_m / near, meet_m / far
    angle = math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b))
    if angle < 1e-9:
        lines = np.tile(a, (ARC_POINTS, 1))
    else:
        lines = (np.outer(np.sin((1.0 - u) * angle), a) + np.outer(np.sin(u * angle), b)) / math.sin(angle)
    r = lines * (near + (far - near) * u * (2.0 - u))[:, np.newaxis]
    r[0], r[-1] = site_m, meet_m
    return _arc(leaves_s + u * (meets_s - leaves_s), r, leaves_s + burn_s)


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
    return _arc(t_s, r, leaves_s + speed_m_s / accel_m_s2)


def _arc(t_s: F64Array, r_ecef_m: F64Array, burnout_s: float) -> Path:
    path = Path(t_s, r_ecef_m, np.where(t_s < burnout_s, 0, 1).astype(np.int64))
    return thinned(path, LOOKED_AT_M)


def place_at(path: Path, t_s: F64Array) -> F64Array:
    """(P, 3) ECEF positions in m on the straight lines between the kept points; before and after, at its ends."""
    return np.stack([np.interp(t_s, path.t_s, path.r_ecef_m[:, axis]) for axis in range(3)], axis=1)
