"""Constellations of space-based interceptors by simulation: how many it takes, and where the layer saturates.

For people: `in_reach` (how many satellites can meet each flight, over epochs), `saturation_curve`,
`sbi_constellation_flown` (the smallest Walker constellation that does what the formula promises), and
`share_in_reach` (the mean share of a shell that is near a place, in closed form).

An epoch is an instant on the constellation's clock, drawn evenly over a day: satellites and Earth in another phase.
Left out: outages, satellites spent before, several shells (join them and use `in_reach`). See `space_reach` and
docs/models/space-interceptors.md.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from opendome.engagement.sbi import EARTH_RADIUS_KM
from opendome.engagement.space_based import AnyShooter, Paths, Shots, allocate, kinematics, paths_of, space_shots
from opendome.engagement.space_reach import make_sky, space_reach_m
from opendome.errors import InputError
from opendome.fly import Trajectory
from opendome.kernel import F64Array, I64Array
from opendome.orbits import Constellation, walker
from opendome.rng import CONSTELLATION_PHASE, key, uniform
from opendome.threats import BOOST
from opendome.units import M_PER_KM, RAD_PER_DEG
from opendome.world import geodetic

DAY_S = 86400.0
PHASE, PLACE = 0, 1
"""Entities of the stream: the epoch's phase; the place of each launch of a salvo."""
STEP = 1.02
"""Constellations are tried down to this ratio of sizes."""
LARGEST = 200_000
"""The search for a constellation gives up here."""
SHARE_STEPS = 20_000
INCLINATIONS_DEG = np.arange(0.0, 90.5, 1.0)


class Saturation(NamedTuple):
    """Fraction of simultaneous launches that get all their shots. N numbers of launches."""

    n_launches: I64Array
    """(N,)"""
    engaged: F64Array
    """(N,) mean over epochs, satellites allocated as well as can be."""
    engaged_error: F64Array
    """(N,) standard error over epochs."""
    greedy: F64Array
    """(N,) the same when targets are taken as they come."""
    greedy_error: F64Array
    p_all: F64Array
    """(N,) share of epochs in which all are engaged."""
    n_epochs: int


class FlownSizing(NamedTuple):
    """The smallest Walker constellation found, and what it does."""

    n_sbi: int
    n_planes: int
    inclination_deg: float
    orbit_altitude_km: float
    p_engaged: float
    """Share of epochs and flights in which the whole salvo is engaged."""
    p_error: float
    """Standard error of it, epochs taken as independent."""
    mean_in_reach: float
    least_in_reach: int
    absentee_ratio: float
    """Satellites in orbit for each one in reach, mean."""
    needed_in_reach: int
    """Satellites that must be in reach: salvo x shots, over the rounds of each."""


def epochs(n_epochs: int, *, seed: int = 1, span_s: float = DAY_S) -> F64Array:
    """(E,) instants in s, drawn evenly over a span: epoch i is the same whatever their number."""
    if n_epochs < 1:
        raise InputError(f"n_epochs = {n_epochs}\n  must be at least 1")
    words = key(seed)
    return np.array([span_s * uniform(words, i, CONSTELLATION_PHASE, PHASE, 0) for i in range(n_epochs)])


def in_reach(constellation: Constellation, interceptor: AnyShooter, flights: Sequence[Trajectory] | Paths, *,
             t_s: ArrayLike, t_detect_s: ArrayLike = 0.0, decision_s: ArrayLike = 0.0,
             during: Iterable[int] | None = (BOOST,)) -> I64Array:
    """(E, T) satellites that can meet each flight when all are launched at t_s (E,). See `space_shots`."""
    paths = flights if isinstance(flights, Paths) else paths_of(flights, during)
    sky, orbits = make_sky(len(constellation)), constellation.orbits
    return np.array([space_shots(constellation, interceptor, paths, t_launch_s=t, t_detect_s=t_detect_s,
                                 decision_s=decision_s, sky=sky, orbits=orbits).in_reach()
                     for t in np.atleast_1d(t_s)])


def saturation_curve(constellation: Constellation, interceptor: AnyShooter, flights: Sequence[Trajectory], *,
                     n_launches: Sequence[int], n_epochs: int = 50, seed: int = 1, t_detect_s: ArrayLike = 0.0,
                     decision_s: ArrayLike = 0.0, shots_per_target: int = 1, rounds: int = 1,
                     during: Iterable[int] | None = (BOOST,)) -> Saturation:
    """Fraction engaged against the number of missiles launched at one instant.

    Each launch of a salvo is one of `flights`, drawn evenly and again for each epoch; a larger salvo is the smaller one
    with more. Errors are over epochs, and so over what the salvos are made of.
    """
    paths = paths_of(flights, during)
    sizes = np.array(n_launches, dtype=np.int64)
    if sizes.size == 0 or (sizes < 1).any():
        raise InputError(f"n_launches = {list(n_launches)}\n  must be whole numbers of at least 1")
    sky, orbits, words = make_sky(len(constellation)), constellation.orbits, key(seed)
    best, greedy = np.empty((n_epochs, sizes.size)), np.empty((n_epochs, sizes.size))
    for i, t in enumerate(epochs(n_epochs, seed=seed)):
        each = space_shots(constellation, interceptor, paths, t_launch_s=t, t_detect_s=t_detect_s,
                           decision_s=decision_s, sky=sky, orbits=orbits)
        places = [int(len(flights) * uniform(words, i, CONSTELLATION_PHASE, PLACE, j)) for j in range(sizes.max())]
        for column, n in enumerate(sizes):
            salvo = salvo_of(each, places[:n])
            best[i, column] = allocate(salvo, shots_per_target=shots_per_target, rounds=rounds).n_engaged / n
            greedy[i, column] = allocate(salvo, shots_per_target=shots_per_target, rounds=rounds,
                                         method="greedy").n_engaged / n
    return Saturation(sizes, best.mean(axis=0), _error(best), greedy.mean(axis=0), _error(greedy),
                      (best == 1.0).mean(axis=0), n_epochs)


def salvo_of(shots: Shots, places: Sequence[int]) -> Shots:
    """The shots at several missiles, each on one of the flights that `shots` are for."""
    rows = [np.flatnonzero(shots.target == place) for place in range(shots.n_targets)]
    chosen = [rows[place] for place in places]
    at = np.concatenate(chosen)
    target = np.repeat(np.arange(len(places)), [part.size for part in chosen])
    return Shots(shots.satellite[at], target, shots.t_meet_s[at], shots.n_satellites, len(places))


def _error(values: F64Array) -> F64Array:
    """(N,) standard error of the mean over rows."""
    if len(values) < 2:
        return np.full(values.shape[1], math.nan)
    return np.asarray(values.std(axis=0, ddof=1) / math.sqrt(len(values)))


# ---- sizing ---------------------------------------------------------------------------------------------------------


def shell(n_sbi: float, *, inclination_deg: float, altitude_km: float) -> Constellation:
    """The Walker delta constellation of about n_sbi satellites, as far apart in their planes as the planes are.

    Neighbouring planes are shifted by half the distance in a plane, as nearly as whole numbers allow.
    """
    tilt = max(math.sin(inclination_deg * RAD_PER_DEG), 0.05)
    per_plane = max(1, round(math.sqrt(n_sbi / tilt)))
    planes = max(1, round(n_sbi / per_plane))
    return walker(n_satellites=planes * per_plane, n_planes=planes, phasing=planes // 2,
                  inclination_deg=inclination_deg, altitude_km=altitude_km)


def sbi_constellation_flown(*, salvo: int, interceptor: AnyShooter, flights: Sequence[Trajectory],
                            p_engaged: float = 0.9, shots_per_threat: int = 1, rounds: int = 1,
                            orbit_altitude_km: float = 300.0, inclination_deg: float | None = None,
                            t_detect_s: float = 0.0, decision_s: float = 0.0,
                            during: Iterable[int] | None = (BOOST,), n_epochs: int = 200,
                            seed: int = 1) -> FlownSizing:
    """The smallest Walker constellation, to 2 %, that engages a salvo with the probability asked for.

    All missiles of a salvo fly the same of `flights`; each needs `shots_per_threat` rounds. The share of epochs and
    flights in which enough satellites are in reach must be `p_engaged` or more. Epochs are the same for all sizes.
    Inclination, when left out: the one with the largest mean share in reach where the flights may last be met.
    Raises `InputError` when no constellation does it.
    """
    if not 0.0 < p_engaged <= 1.0:
        raise InputError(f"p_engaged = {p_engaged}\n  must be above 0 and at most 1")
    for name, value in (("salvo", salvo), ("shots_per_threat", shots_per_threat), ("rounds", rounds)):
        if value < 1:
            raise InputError(f"{name} = {value}\n  must be at least 1")
    paths, t_s = paths_of(flights, during), epochs(n_epochs, seed=seed)
    needed = math.ceil(salvo * shots_per_threat / rounds)
    if inclination_deg is None:
        inclination_deg = best_inclination(interceptor, flights, paths, orbit_altitude_km,
                                           delay_s=t_detect_s + decision_s)

    def tried(n: float) -> FlownSizing:
        satellites = shell(n, inclination_deg=inclination_deg, altitude_km=orbit_altitude_km)
        counts = in_reach(satellites, interceptor, paths, t_s=t_s, t_detect_s=t_detect_s, decision_s=decision_s)
        enough = (counts >= needed).mean(axis=1)
        mean = float(counts.mean())
        return FlownSizing(len(satellites), int(satellites.plane.max()) + 1, inclination_deg, orbit_altitude_km,
                           float(enough.mean()), float(_error(enough[:, None])[0]), mean, int(counts.min()),
                           len(satellites) / mean if mean > 0.0 else math.inf, needed)

    low, high = 1.0, 64.0
    while (found := tried(high)).p_engaged < p_engaged:
        low, high = high, 2.0 * high
        if high > LARGEST:
            raise InputError(f"no constellation of up to {LARGEST:,} satellites engages the salvo with probability "
                             f"{p_engaged:g}: {found.n_sbi} of them have {found.mean_in_reach:.2f} in reach, of the "
                             f"{needed} needed\nhint: a later burnout, a shorter delay, or a faster interceptor")
    while high / low > STEP:
        middle = math.sqrt(low * high)
        candidate = tried(middle)
        if candidate.p_engaged >= p_engaged:
            high, found = middle, candidate
        else:
            low = middle
    return found


def best_inclination(interceptor: AnyShooter, flights: Sequence[Trajectory], paths: Paths, orbit_altitude_km: float, *,
                     delay_s: float = 0.0) -> float:
    """Inclination in deg, to 1, with the largest mean share of a shell in reach where the flights may last be met."""
    kin = kinematics(interceptor)
    total = np.zeros(INCLINATIONS_DEG.size)
    for i in range(len(flights)):
        k = int(paths.offset[i] + min(round(paths.last_s[i] / paths.dt_s[i]), paths.n[i] - 1))
        lat_deg, _, alt_m = geodetic(*paths.r[k])
        flown_s = min(max(paths.last_s[i] - delay_s, 0.0), kin.flight_max_s)
        reach_km = reach_of_km(kin.accel_m_s2, kin.speed_m_s, flown_s)
        total += [share_in_reach(inclination_deg=float(tilt), latitude_deg=lat_deg, reach_km=reach_km,
                                 orbit_altitude_km=orbit_altitude_km, target_altitude_km=alt_m / M_PER_KM)
                  for tilt in INCLINATIONS_DEG]
    return float(INCLINATIONS_DEG[int(total.argmax())])


def reach_of_km(accel_m_s2: float, speed_m_s: float, time_s: float) -> float:
    """Reach in km after a time of flight in s: `space_reach_m` for people."""
    return float(space_reach_m(time_s, accel_m_s2, speed_m_s)) / M_PER_KM


def share_in_reach(*, inclination_deg: float, latitude_deg: float, orbit_altitude_km: float, target_altitude_km: float,
                   reach_km: float) -> float:
    """Mean share of a shell's satellites that are within a straight distance of a target at rest.

    Circular orbits over a sphere, nodes and phases spread evenly: at argument of latitude u a satellite is at latitude
    asin(sin i sin u) and at any longitude alike; it is within the angle psi of the target, the angle at the Earth's
    centre that belongs to the reach, over a share acos((cos psi - sin lat sin lat_s) / (cos lat cos lat_s)) / pi.
    Its inverse is the absentee ratio at that latitude.
    """
    orbit, target = EARTH_RADIUS_KM + orbit_altitude_km, EARTH_RADIUS_KM + target_altitude_km
    if not reach_km > abs(orbit - target):
        return 0.0
    cos_psi = max((orbit**2 + target**2 - reach_km**2) / (2.0 * orbit * target), -1.0)
    u = (np.arange(SHARE_STEPS) + 0.5) * (math.pi / SHARE_STEPS) - 0.5 * math.pi
    sin_s = math.sin(inclination_deg * RAD_PER_DEG) * np.sin(u)
    sin_t = math.sin(latitude_deg * RAD_PER_DEG)
    scale = np.sqrt((1.0 - sin_s**2) * (1.0 - sin_t**2)) + 1e-300
    return float(np.arccos(np.clip((cos_psi - sin_s * sin_t) / scale, -1.0, 1.0)).mean() / math.pi)
