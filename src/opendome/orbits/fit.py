"""Mean J2 orbits that come nearest to given positions: least squares over a span of time.

Six elements that are smooth at zero eccentricity and inclination (equinoctial), Gauss and Newton's method, derivatives
by differences. Not for orbits within a degree of 180 degrees of inclination.
"""

import numpy as np

from opendome.errors import OpenDomeError
from opendome.kernel import F64Array
from opendome.orbits.bulk import propagate
from opendome.orbits.constellation import Elements
from opendome.orbits.mean import ECCENTRICITY_MAX, orbits_of
from opendome.world import WGS84

STEPS = np.array([10.0, 1e-6, 1e-6, 1e-6, 1e-6, 1e-6])
"""Changes of the elements (a in m, then pure numbers) from which derivatives are taken."""

ROUNDS, BLOCK = 12, 256


def fit_mean_orbits(t_s: F64Array, states: F64Array) -> tuple[Elements, F64Array]:
    """Mean elements at t_s = 0, (S,) each, and their rms distance in m from `states` (T, 6, S), in the same frame.

    Positions alone are fitted; the velocities, and the instant nearest to zero, only start the search.
    """
    columns, rms = [], []
    for first in range(0, states.shape[2], BLOCK):
        found, left = _fit(t_s, states[:, :, first:first + BLOCK])
        columns.append(found)
        rms.append(left)
    elements = _classical(np.concatenate(columns, axis=0))
    return elements, np.concatenate(rms)


def osculating_elements(states: F64Array) -> Elements:
    """Elements, (S,) each, of the two-body orbits through states (6, S) in m and m/s: not mean ones."""
    return _classical(_start(states))


def _fit(t_s: F64Array, states: F64Array) -> tuple[F64Array, F64Array]:
    wanted = states[:, :3]
    p = _start(states[int(np.argmin(abs(t_s)))])
    residual = wanted - _positions(p, t_s)
    cost = _rms(residual)
    damping = np.full(len(p), 1e-3)
    for _ in range(ROUNDS):
        slopes = np.stack([(_positions(p + step, t_s) - _positions(p - step, t_s)) / (2.0 * step[i])
                           for i, step in enumerate(np.diag(STEPS))])
        normal = np.einsum("itxs,jtxs->sij", slopes, slopes)
        normal += damping[:, None, None] * np.einsum("sii->si", normal)[:, :, None] * np.eye(6)
        step = np.linalg.solve(normal, np.einsum("itxs,txs->si", slopes, residual)[..., None])[..., 0]
        trial = p + step
        trial_residual = wanted - _positions(trial, t_s)
        trial_cost = _rms(trial_residual)
        better = trial_cost <= cost
        damping = np.where(better, 0.1 * damping, 10.0 * damping)
        p = np.where(better[:, None], trial, p)
        residual = np.where(better, trial_residual, residual)
        done = cost - np.where(better, trial_cost, cost) < 1e-6 * cost
        cost = np.where(better, trial_cost, cost)
        if (done & better).all():
            break
    if not np.isfinite(cost).all():
        raise OpenDomeError("mean orbits could not be fitted: the states are not numbers")
    return p, cost


def _positions(p: F64Array, t_s: F64Array) -> F64Array:
    out = np.empty((t_s.size, 3, len(p)))
    propagate(orbits_of(*_classical(p)), np.ascontiguousarray(t_s), 0.0, 0.0, out, jobs=1)
    return out


def _rms(residual: F64Array) -> F64Array:
    return np.asarray(np.sqrt((residual**2).sum(axis=1).mean(axis=0)))


def _start(state: F64Array) -> F64Array:
    """Osculating equinoctial elements (S, 6) of states (6, S): a, e towards x and y, tan(i / 2) likewise, longitude."""
    r, v = state[:3].T, state[3:].T
    distance = np.linalg.norm(r, axis=1)
    a = 1.0 / (2.0 / distance - (v**2).sum(axis=1) / WGS84.mu_m3_s2)
    h = np.cross(r, v)
    w = h / np.linalg.norm(h, axis=1, keepdims=True)
    e_vector = np.cross(v, h) / WGS84.mu_m3_s2 - r / distance[:, None]
    e, inclination = np.linalg.norm(e_vector, axis=1), np.arccos(np.clip(w[:, 2], -1.0, 1.0))
    node = np.arctan2(w[:, 0], -w[:, 1])
    along = np.stack([np.cos(node), np.sin(node), np.zeros_like(node)], axis=1)
    across = np.cross(w, along)
    perigee = np.arctan2((e_vector * across).sum(axis=1), (e_vector * along).sum(axis=1))
    true = np.arctan2((r * across).sum(axis=1), (r * along).sum(axis=1)) - perigee
    u = 2.0 * np.arctan2(np.sqrt(1.0 - e) * np.sin(0.5 * true), np.sqrt(1.0 + e) * np.cos(0.5 * true))
    longitude = node + perigee + u - e * np.sin(u)
    tilt = np.tan(0.5 * inclination)
    return np.stack([a, e * np.cos(node + perigee), e * np.sin(node + perigee), tilt * np.cos(node),
                     tilt * np.sin(node), longitude], axis=1)


def _classical(p: F64Array) -> Elements:
    a, ex, ey, hx, hy, longitude = p.T
    node, perigee = np.arctan2(hy, hx), np.arctan2(ey, ex)
    e = np.minimum(np.hypot(ex, ey), ECCENTRICITY_MAX)
    return Elements(np.array(a), e, 2.0 * np.arctan(np.hypot(hx, hy)), node, perigee - node, longitude - perigee)
