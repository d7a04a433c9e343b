"""Where whole constellations are at many instants: mean orbits in lanes.

Satellites stand side by side in tiles of `TILE`, one flat array per tile, so that the compiler knows that columns do
not overlap and turns the loops into vector instructions. Angles go through the branch-free `sin_cos`. The result is
that of `mean.orbit_state` to rounding; on circular orbits the perigee and Kepler's equation are left out, on nearly
circular ones the Newton steps that would change nothing.
"""

from typing import NamedTuple

import numpy as np

from opendome.kernel import F64Array, I64Array, Packed, kernel, spread
from opendome.orbits.mean import kepler_start
from opendome.world import sin_cos

TILE = 128
"""Satellites in a tile."""

BLOCK = 64
"""Instants that a thread takes at a time."""

NEWTON_STEPS = ((0.0, -1), (0.001, 0), (0.05, 1), (0.2, 2), (0.5, 3), (0.8, 4), (1.0, 6))
"""Largest eccentricity for each number of Newton steps (-1: circular). Error: rounding, or 0.4 micrometres at 7,000 km
for no step at e = 0.001 (see `kepler_start`)."""

# Columns of a tile of orbits, and of the result, which first holds the mean and the eccentric anomaly.
_A, _E, _ETA, _CI, _SI = 0, TILE, 2 * TILE, 3 * TILE, 4 * TILE
_N0, _G0, _M0, _N1, _G1, _M1 = 5 * TILE, 6 * TILE, 7 * TILE, 8 * TILE, 9 * TILE, 10 * TILE
_X, _Y, _Z, _VX, _VY, _VZ = 0, TILE, 2 * TILE, 3 * TILE, 4 * TILE, 5 * TILE


class Tiles(NamedTuple):
    """Orbits as lanes. B tiles."""

    orbits: F64Array
    """(B, 11 TILE) columns: a, e, sqrt(1 - e2), cos i, sin i; node, perigee, anomaly; their rates."""
    first: I64Array
    """(B,) number of the first satellite."""
    last: I64Array
    """(B,) number after the last one; its lanes beyond are copies."""
    steps: I64Array
    """(B,) Newton steps, see `NEWTON_STEPS`."""


def tiles_of(orbits: Packed) -> Tiles:
    """The packed table of mean orbits as tiles."""
    bounds, need = newton_steps(orbits.e)
    first = np.concatenate([np.arange(a, b, TILE) for a, b in bounds])
    ends = np.repeat(bounds[:, 1], [-(-(b - a) // TILE) for a, b in bounds])
    last = np.minimum(first + TILE, ends)
    of = np.minimum(first[:, None] + np.arange(TILE), last[:, None] - 1)
    o = orbits[of]
    columns = (o.a_m, o.e, np.sqrt(1.0 - o.e**2), o.cos_i, o.sin_i, o.raan, o.argp, o.anomaly, o.raan_rate,
               o.argp_rate, o.anomaly_rate)
    return Tiles(np.concatenate(columns, axis=1), first, last, need[np.searchsorted(bounds[:, 1], last)])


def newton_steps(e: F64Array) -> tuple[I64Array, I64Array]:
    """Runs of neighbours with a like need of Newton steps: bounds (B, 2) and steps (B,), from eccentricities (S,)."""
    limits, steps = np.array(NEWTON_STEPS).T
    need = steps[np.searchsorted(limits, e)].astype(np.int64)
    edges = np.flatnonzero(np.diff(need)) + 1
    if len(edges) * TILE > len(e):  # a mixed lot: tiles would stay half empty
        return np.array([[0, len(e)]]), need.max(keepdims=True)
    first = np.concatenate([[0], edges])
    return np.stack([first, np.concatenate([edges, [len(e)]])], axis=1), need[first]


@kernel(lanes=True)
def circular(orbits, lanes, t_s, angle, omega):
    """Positions and velocities of a tile of circular orbits in a frame turned by `angle` and turning at `omega`."""
    for i in range(TILE):
        sn, cn = sin_cos(orbits[_N0 + i] + orbits[_N1 + i] * t_s - angle)
        su, cu = sin_cos(orbits[_G0 + i] + orbits[_M0 + i] + (orbits[_G1 + i] + orbits[_M1 + i]) * t_s)
        a, ci, si = orbits[_A + i], orbits[_CI + i], orbits[_SI + i]
        v, turn = a * (orbits[_G1 + i] + orbits[_M1 + i]), omega - orbits[_N1 + i]
        x, y = a * (cn * cu - sn * ci * su), a * (sn * cu + cn * ci * su)
        lanes[_X + i], lanes[_Y + i], lanes[_Z + i] = x, y, a * si * su
        lanes[_VX + i] = turn * y - v * (cn * su + sn * ci * cu)
        lanes[_VY + i] = v * (cn * ci * cu - sn * su) - turn * x
        lanes[_VZ + i] = v * si * cu


@kernel(lanes=True)
def kepler(orbits, lanes, t_s, steps):
    """Mean and eccentric anomalies of a tile into its rows x and y."""
    for i in range(TILE):
        m = orbits[_M0 + i] + orbits[_M1 + i] * t_s
        s, c = sin_cos(m)
        lanes[_X + i] = m
        lanes[_Y + i] = kepler_start(m, orbits[_E + i], s, c)
    for _ in range(steps):
        for i in range(TILE):
            u, e = lanes[_Y + i], orbits[_E + i]
            s, c = sin_cos(u)
            lanes[_Y + i] = u - (u - e * s - lanes[_X + i]) / (1.0 - e * c)


@kernel(lanes=True)
def elliptic(orbits, lanes, t_s, angle, omega):
    """Positions and velocities of a tile whose eccentric anomalies stand in row y; frame as in `circular`."""
    for i in range(TILE):
        sn, cn = sin_cos(orbits[_N0 + i] + orbits[_N1 + i] * t_s - angle)
        so, co = sin_cos(orbits[_G0 + i] + orbits[_G1 + i] * t_s)
        su, cu = sin_cos(lanes[_Y + i])
        a, e, eta, ci, si = orbits[_A + i], orbits[_E + i], orbits[_ETA + i], orbits[_CI + i], orbits[_SI + i]
        # In the plane of the orbit, from the node: p along it, q across.
        along, across = a * (cu - e), a * eta * su
        speed, swing, turn = a * orbits[_M1 + i] / (1.0 - e * cu), orbits[_G1 + i], omega - orbits[_N1 + i]
        v_along, v_across = -speed * su, speed * eta * cu
        p, q = co * along - so * across, so * along + co * across
        vp, vq = co * v_along - so * v_across - swing * q, so * v_along + co * v_across + swing * p
        x, y = cn * p - sn * ci * q, sn * p + cn * ci * q
        lanes[_X + i], lanes[_Y + i], lanes[_Z + i] = x, y, si * q
        lanes[_VX + i] = cn * vp - sn * ci * vq + turn * y
        lanes[_VY + i] = sn * vp + cn * ci * vq - turn * x
        lanes[_VZ + i] = si * vq


@kernel(inline=True)
def copy_row(source, target):
    """Copy `source` into `target`, of equal lengths."""
    for i in range(target.shape[0]):
        target[i] = source[i]


@kernel(lanes=True)
def store(lanes, out, k, first, last):
    """The results of a tile to where they belong: row k, satellites first .. last."""
    for j in range(out.shape[1]):
        copy_row(lanes[j * TILE:j * TILE + last - first], out[k, j, first:last])


@kernel
def fill(tiles, t_s, angle0_rad, omega, lanes, out, k_first, k_last):
    """Rows k_first .. k_last of out (K, 3 or 6, S): positions in m, and velocities in m/s, of all satellites.

    The frame stands at angle0_rad at t_s = 0 and turns at `omega`: both zero for ECI. `lanes` (6 TILE,) is for work.
    """
    for k in range(k_first, k_last):
        t, angle = t_s[k], angle0_rad + omega * t_s[k]
        for b in range(tiles.first.shape[0]):
            orbits = tiles.orbits[b]
            if tiles.steps[b] < 0:
                circular(orbits, lanes, t, angle, omega)
            else:
                kepler(orbits, lanes, t, tiles.steps[b])
                elliptic(orbits, lanes, t, angle, omega)
            store(lanes, out, k, tiles.first[b], tiles.last[b])


def propagate(orbits: Packed, t_s: F64Array, angle0_rad: float, omega_rad_s: float, out: F64Array,
              jobs: int | None = None) -> None:
    """Fill out (K, 3 or 6, S) on `jobs` threads: see `fill`."""
    tiles = tiles_of(orbits)

    def work(first: int, last: int) -> None:
        fill(tiles, t_s, angle0_rad, omega_rad_s, np.empty(6 * TILE), out, first, last)

    spread(work, len(t_s), jobs=jobs, block=BLOCK)
