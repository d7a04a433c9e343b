"""Which satellites can meet which launches: 20,000 satellites against 10 launches, one epoch, one core.

    python benchmarks/sbi.py [--satellites 20000] [--rounds 7]

Against NumPy, which propagates all satellites to every second of the window and compares distances with reach. Both
must find the same pairs (satellite, launch); NumPy's times are late by up to its step. "bound alone" is the part of
OpenDome's search that rejects satellites: propagation by series and a distance, with nothing near.
"""

import argparse
import math

import numpy as np

from common import interleave, say_where, show
from opendome.catalogue import shipped
from opendome.engagement import SpaceKinematics, paths_of, space_shots
from opendome.engagement.space_based import Paths
from opendome.engagement.space_reach import make_sky, place_sky, reach_after_m
from opendome.engagement.space_sizing import shell
from opendome.orbits import Constellation
from opendome.threats import fly, state_at
from opendome.units import G0_M_S2
from opendome.world import WGS84

LEAVE_S, STEP_S = 70.0, 1.0
KIN = SpaceKinematics(15.0 * G0_M_S2, 6000.0, 200.0, 100e3, 1e6)
PLACES = ((40.0, 127.0), (35.0, 52.0), (55.0, 60.0), (45.0, 90.0), (50.0, 110.0))
AIMS = ((47.0, -122.0), (39.0, -77.0))


def by_numpy(constellation: Constellation, paths: Paths, step_s: float = STEP_S) -> dict[tuple[int, int], float]:
    """{(satellite, launch): first step at which it can meet it}; circular orbits."""
    o, found = constellation.orbits, {}
    first = min(float(p) for p in paths.first_s) + LEAVE_S
    for t in np.arange(first, float(paths.last_s.max()) + 1e-9, step_s):
        u, node = o.anomaly + o.argp + (o.anomaly_rate + o.argp_rate) * t, o.raan + o.raan_rate * t
        cu, su, cn, sn = np.cos(u), np.sin(u), np.cos(node), np.sin(node)
        x, y, z = o.a_m * (cn * cu - sn * su * o.cos_i), o.a_m * (sn * cu + cn * su * o.cos_i), o.a_m * su * o.sin_i
        angle = constellation.earth_angle_rad + WGS84.omega_rad_s * t
        reach_m = reach_after_m(KIN, t - LEAVE_S)
        for i in range(paths.n.size):
            px, py, pz, *_ = state_at(paths.r, paths.v, paths.offset[i], paths.n[i], paths.dt_s[i], t)
            if t > paths.last_s[i] or not is_open(px, py, pz):
                continue
            qx, qy = math.cos(angle) * px - math.sin(angle) * py, math.cos(angle) * py + math.sin(angle) * px
            near = (x - qx) ** 2 + (y - qy) ** 2 + (z - pz) ** 2 <= reach_m * reach_m
            for s in np.flatnonzero(near):
                found.setdefault((int(s), i), float(t))
    return found


def is_open(x: float, y: float, z: float) -> bool:
    """Whether a point is between the altitudes of an intercept."""
    from opendome.world import altitude

    return bool(KIN.alt_min_m <= altitude(x, y, z) <= KIN.alt_max_m)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--satellites", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    satellites = shell(options.satellites, inclination_deg=55.0, altitude_km=300.0)
    paths = paths_of([fly(shipped().threats["icbm-solid"], launch=place, aim=aim, step_s=1.0)
                      for place in PLACES for aim in AIMS])
    sky, orbits, never = make_sky(len(satellites)), satellites.orbits, np.zeros(len(satellites), np.int64)

    def epoch() -> object:
        sky.clock[0] = -np.inf  # a new epoch: satellites are placed anew
        return space_shots(satellites, KIN, paths, decision_s=LEAVE_S, sky=sky, orbits=orbits)

    def bound() -> object:
        return space_shots(satellites, KIN, paths, decision_s=LEAVE_S, sky=sky, orbits=orbits, rounds=never)

    ours = epoch()
    mine = {(int(s), int(i)): float(t) for s, i, t in zip(ours.satellite, ours.target, ours.t_meet_s, strict=True)}
    theirs = by_numpy(satellites, paths, 0.1)
    # In reach at a step of NumPy means in reach for us; the other way round it may fall between two steps.
    missed, late = set(theirs) - set(mine), [theirs[pair] - mine[pair] for pair in mine if pair in theirs]
    print(f"pairs: OpenDome {len(mine)}, NumPy at steps of 0.1 s {len(theirs)}, missed by OpenDome {len(missed)}; "
          f"NumPy's times are late by {min(late):.4f} to {max(late):.4f} s")
    assert not missed
    assert len(mine) - len(theirs) <= 0.01 * len(mine)
    assert -1e-3 < min(late) <= max(late) < 0.1 + 1e-3

    pairs = len(satellites) * paths.n.size
    say_where("numpy", "numba")
    timings = interleave({
        "NumPy, steps of 1 s": (lambda: by_numpy(satellites, paths), pairs),
        "OpenDome, a new epoch": (epoch, pairs),
        "OpenDome, bound alone": (bound, pairs),
        "placing the satellites": (lambda: place_sky(orbits, 0.0, sky), len(satellites)),
    }, options.rounds)
    show(f"{len(satellites):,} satellites against {paths.n.size} launches, pairs (placed satellites) a second", timings,
         {name: f"{1e3 * sorted(t.seconds)[len(t.seconds) // 2]:.2f} ms, {1e9 / t.rate:.1f} ns each"
          for name, t in timings.items()}, ("NumPy, steps of 1 s",))


if __name__ == "__main__":
    main()
