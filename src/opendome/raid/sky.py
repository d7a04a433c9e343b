"""What is in orbit during a raid: constellations, the infrared sensors and the interceptors that ride on them."""

import math
from typing import NamedTuple

import numpy as np

from opendome import rng
from opendome.kernel import BoolArray, F64Array, I64Array, Packed, U64Array, kernel


class Fleet(NamedTuple):
    """Columns of every constellation. C constellations."""

    id: U64Array  # (C,) address for random draws
    first: I64Array  # (C,) its satellites are rows first .. first + n_satellites of the orbits
    n_satellites: I64Array  # (C,)
    is_random: BoolArray  # (C,) whether each run turns it by a phase of its own


class Weapon(NamedTuple):
    """Columns of the interceptors of the layers in orbit; rows of the other layers are not read. L layers."""

    is_space: BoolArray  # (L,)
    fleet: I64Array  # (L,)
    site: I64Array  # (L,) the row of Sites that stands for the whole constellation
    per_satellite: I64Array  # (L,) rounds
    alt_min_m: F64Array  # (L,)
    alt_max_m: F64Array  # (L,)
    needs_plume: BoolArray  # (L,)


class Sky(NamedTuple):
    """Everything in orbit. C constellations, N satellites, E infrared sensors, K kinds of threat, L layers."""

    fleets: Packed  # (C,) of Fleet
    orbits: Packed  # (N,) of orbits.Orbit, at the start of the first raid
    eyes: Packed  # (E,) of sensing.Eyes
    eye_fleet: I64Array  # (E,)
    plume: F64Array  # (K, E) radiant intensity in the sensor's band over that in 2.69 to 2.95 um
    body_w_sr: F64Array  # (K, E) of the cold body in the sensor's band; of a glider in its reference state
    tracks: BoolArray  # (K, E) whether the sensor can see such a body at all
    weapons: Packed  # (L,) of Weapon


class Places(NamedTuple):
    """Where the satellites of each constellation are at some instant. C constellations, N satellites."""

    t_s: F64Array  # (C,) that instant, after the start of the raid
    r_ecef_m: F64Array  # (N, 3)


def empty_places(sky: Sky) -> Places | None:
    """Room for all satellites, nowhere yet; None where no sensor tracks: kernels are then compiled without it."""
    if not sky.tracks.any():
        return None
    return Places(np.full(len(sky.fleets), -np.inf), np.zeros((len(sky.orbits), 3)))


@kernel
def forget_places(places):
    """Forget where the satellites are: another raid has begun."""
    if places is not None:
        places.t_s[:] = -np.inf


@kernel
def turn_sky(sky, key, run, after_s, orbits):
    """Fill `orbits` (N,) with the satellites' orbits at an instant `after_s` after the start of the first raid.

    A constellation of notional phase is turned about the Earth's axis and along its orbits by two uniform angles of the
    run. Draws: CONSTELLATION_PHASE at (run, constellation).
    """
    for c in range(sky.fleets.shape[0]):
        node, ahead = 0.0, 0.0
        if sky.fleets.is_random[c]:
            node = 2.0 * math.pi * rng.uniform(key, run, rng.CONSTELLATION_PHASE, sky.fleets.id[c], 0)
            ahead = 2.0 * math.pi * rng.uniform(key, run, rng.CONSTELLATION_PHASE, sky.fleets.id[c], 1)
        for s in range(sky.fleets.first[c], sky.fleets.first[c] + sky.fleets.n_satellites[c]):
            orbits.a_m[s], orbits.e[s] = sky.orbits.a_m[s], sky.orbits.e[s]
            orbits.cos_i[s], orbits.sin_i[s] = sky.orbits.cos_i[s], sky.orbits.sin_i[s]
            orbits.raan_rate[s], orbits.argp_rate[s] = sky.orbits.raan_rate[s], sky.orbits.argp_rate[s]
            orbits.anomaly_rate[s] = sky.orbits.anomaly_rate[s]
            orbits.raan[s] = (sky.orbits.raan[s] + node + sky.orbits.raan_rate[s] * after_s) % (2.0 * math.pi)
            orbits.argp[s] = (sky.orbits.argp[s] + sky.orbits.argp_rate[s] * after_s) % (2.0 * math.pi)
            orbits.anomaly[s] = (sky.orbits.anomaly[s] + ahead + sky.orbits.anomaly_rate[s] * after_s) % (2.0 * math.pi)
