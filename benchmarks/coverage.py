"""Coverage of 10,000 cells by 8,000 satellites on one core: OpenDome beside NumPy broadcasting and a k-d tree.

Satellites on a Walker shell of 53 degrees and 550 km, 144 instants 600 s apart, 100 by 100 cells. Two questions:

A. Range: how many satellites within 1,000 km of a target 200 km above the cell. (All of these are in line of sight.)
B. Elevation: how many at least 10 degrees above the horizon of the cell.

A unit of work is one test of one satellite against one cell. NumPy and the k-d tree work on fewer instants. NumPy
makes use of a matrix product. The k-d tree is SciPy's, built at every instant, and counts within a distance
(`query_ball_point`, one worker); it knows no elevation. "Every pair" is OpenDome's own reference, compiled, with the
same predicate. All candidates but one are given the positions; "from elements" is the public call, with propagation
and the statistics.

The limit is what the plainest compiled loop over the same footprints would take: two additions per row that a
footprint touches, at places known beforehand, and the running sums.
"""

import math
import os
import resource
import sys

import numpy as np
from scipy.spatial import cKDTree

from common import interleave, say_where, show
from opendome.kernel import kernel
from opendome.orbits import coverage, walker
from opendome.orbits.footprint import count_grid, scratch
from opendome.orbits.sight import conditions_of, count_points, rows_of
from opendome.orbits.zones import grid_of
from opendome.world import WGS84

SIDE, SATELLITES, TIMES, FEW, FEWER = 100, 8000, 144, 8, 2
GRID = (180.0 / SIDE, 360.0 / SIDE)
REACH_KM, ALT_KM, ELEVATION_DEG = 1000.0, 200.0, 10.0
NUMPY, TREE, PAIRS, OURS, PUBLIC = ("NumPy broadcasting", "SciPy cKDTree, one worker", "every pair, compiled",
                                    "OpenDome footprints", "OpenDome from elements")


class Question:
    """One set of conditions on the grid, with the tables that kernels need."""

    def __init__(self, positions, alt_km, **chosen):
        self.keywords = {"target_alt_km": alt_km} | chosen
        defaults = {"field_of_regard_deg": None, "min_elevation_deg": None, "reach_km": None, "limb_km": None,
                    "grazing_km": 0.0}
        self.conditions = conditions_of(**defaults | self.keywords)
        edges, lon_deg, self.grid = grid_of(GRID, (-90.0, 90.0))
        lat, lon = np.radians(0.5 * (edges[1:] + edges[:-1])), np.radians(lon_deg)
        self.rows = rows_of(np.degrees(lat), self.conditions, alt_km)
        self.tables = np.cos(lon), np.sin(lon)
        la, lo = (x.ravel() for x in np.meshgrid(lat, lon, indexing="ij"))
        self.up = np.stack([np.cos(la) * np.cos(lo), np.cos(la) * np.sin(lo), np.sin(la)], axis=1)
        e2 = WGS84.f * (2.0 - WGS84.f)
        n = WGS84.a_m / np.sqrt(1.0 - e2 * np.sin(la) ** 2)
        self.points = (np.stack([n, n, n * (1.0 - e2)], axis=1) + 1e3 * alt_km) * self.up
        self.positions = positions
        self.counts = np.zeros((TIMES, SIDE, SIDE), np.int16)
        self.reference = np.zeros((FEW, SIDE, SIDE), np.int16)

    def footprints(self):
        count_grid(self.positions, self.rows, *self.tables, self.grid, self.conditions, self.counts, 0, TIMES,
                   *scratch(SIDE, SIDE, np.int16))

    def pairs(self):
        count_points(self.positions, self.rows, *self.tables, SIDE, self.conditions, self.reference, 0, FEW)


def numpy_range(question, n):
    p = question.points
    p2, range2 = (p * p).sum(axis=1)[:, None], (1e3 * REACH_KM) ** 2
    return np.stack([(p2 + (s * s).sum(axis=0) - 2.0 * (p @ s) <= range2).sum(axis=1)
                     for s in question.positions[:n]])


def numpy_elevation(question, n):
    p, up, sin_el = question.points, question.up, math.sin(math.radians(ELEVATION_DEG))
    found = []
    for s in question.positions[:n]:
        distance = np.sqrt((p * p).sum(axis=1)[:, None] + (s * s).sum(axis=0) - 2.0 * (p @ s))
        found.append((up @ s - (p * up).sum(axis=1)[:, None] >= sin_el * distance).sum(axis=1))
    return np.stack(found)


def tree_range(question, n):
    return np.stack([cKDTree(s.T).query_ball_point(question.points, 1e3 * REACH_KM, return_length=True, workers=1)
                     for s in question.positions[:n]])


@kernel
def touch(steps, first, last, j0, j1, counts):
    """The limit: two additions per row of every footprint, at places known beforehand, and the running sums."""
    for t in range(len(counts)):
        for s in range(len(first)):
            for i in range(first[s], last[s]):
                steps[i, j0[s]] += 1
                steps[i, j1[s]] -= 1
        for i in range(counts.shape[1]):
            total = 0
            for j in range(counts.shape[2]):
                total += steps[i, j]
                counts[t, i, j] = total


def limit_of(question, half_width_rad):
    """The kernel above on windows like the question's: latitudes of the first instant, a round footprint."""
    x, y, z = question.positions[0]
    row = np.degrees(np.arctan2(z, np.hypot(x, y))) / GRID[0] + 0.5 * SIDE
    half = math.degrees(half_width_rad) / GRID[0]
    first, last = (np.clip(np.round(row + side * half), 0, SIDE).astype(np.int64) for side in (-1.0, 1.0))
    j0 = ((np.degrees(np.arctan2(y, x)) + 180.0) / GRID[1]).astype(np.int64) % SIDE
    steps, counts = np.zeros((SIDE, SIDE + 1), np.int16), np.zeros((TIMES, SIDE, SIDE), np.int16)
    return lambda: touch(steps, first, last, j0, np.minimum(j0 + 5, SIDE), counts)


def compare(title, question, peers, limit, fleet, t_s):
    pairs = SIDE * SIDE * SATELLITES
    candidates = {name: (lambda work=work, n=n: work(question, n), n * pairs) for name, (work, n) in peers.items()}
    candidates |= {
        PAIRS: (question.pairs, FEW * pairs), OURS: (question.footprints, TIMES * pairs),
        PUBLIC: (lambda: coverage(fleet, **question.keywords, grid_deg=GRID, t_s=t_s, jobs=1).fraction(1),
                 TIMES * pairs),
        "limit: two additions a row": (limit, TIMES * pairs),
    }
    timings = interleave(candidates)
    notes = {PAIRS: f"footprints equal: {(question.counts[:FEW] == question.reference).all()}",
             OURS: f"mean in view {question.counts.mean():.2f}"}
    for name, (work, n) in peers.items():
        notes[name] = f"counts equal: {(work(question, n) == question.counts[:n].reshape(n, -1)).all()}"
    public = coverage(fleet, **question.keywords, grid_deg=GRID, t_s=t_s, jobs=1)
    notes[PUBLIC] = f"counts equal: {(public.counts == question.counts).all()}"
    show(title, timings, notes, (*peers, PAIRS))


def main():
    say_where("numpy", "numba", "scipy")
    fleet = walker(n_satellites=SATELLITES, n_planes=80, phasing=1, inclination_deg=53.0, altitude_km=550.0)
    t_s = 600.0 * np.arange(TIMES)
    coverage(fleet, reach_km=REACH_KM, target_alt_km=ALT_KM, grid_deg=GRID, t_s=t_s, jobs=1).fraction(1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process after the public call of A: {peak:.0f} MiB")
    positions = fleet.positions_ecef(t_s)
    compare("A. Range 1,000 km, targets at 200 km", question := Question(positions, ALT_KM, reach_km=REACH_KM),
            {NUMPY: (numpy_range, FEWER), TREE: (tree_range, FEW)}, limit_of(question, math.radians(8.4)), fleet, t_s)
    compare("B. Elevation 10 degrees, targets on the ground",
            question := Question(positions, 0.0, min_elevation_deg=ELEVATION_DEG), {NUMPY: (numpy_elevation, FEWER)},
            limit_of(question, math.radians(15.0)), fleet, t_s)


def on_one_core():
    """Start again with NumPy's matrix products held to one thread, which must be said before NumPy is loaded."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    if any(os.environ.get(name) != "1" for name in names):
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | dict.fromkeys(names, "1"))


if __name__ == "__main__":
    on_one_core()
    main()
