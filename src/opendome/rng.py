"""Random numbers by address: the same address gives the same number, for ever.

A draw is a pure function of a key (two words from the seed) and an address of four 32-bit words
(run, stream, entity, draw): ten rounds of Philox 4x32 (Salmon et al. 2011, doi 10.1145/2063384.2063405).
There is no state, so draws may be made in any order, on any thread, or left out, and no other draw changes.
An address says what the draw means ("look 3 of radar r at threat t in run 7"), not when it happens.

Left out: nothing here is meant for cryptography.
"""

import hashlib
import math

import numpy as np
from numpy.typing import NDArray

from opendome.kernel import kernel

# Streams: what a draw is for. Numbers are added at the end, never reused.
LAUNCH_TIME = 1
ROUTE = 2
IMPACT_SCATTER = 3
GROSS_ERROR = 4
RADAR_LOOK = 5
RADAR_NOISE = 6
WARNING_LOOK = 7
KILL = 8
COMMON_MODE = 9
ASSUMPTION = 10
SCAN_PHASE = 11
CONSTELLATION_PHASE = 12
OUTAGE = 13
ORBIT_LOOK = 14
ORBIT_NOISE = 15
DECOY_SCATTER = 16
DECOY_TAKEN = 17
ON_STATION = 18
RAID_LEVEL = 19
RAID_MASSED = 20
RAID_SIZE = 21
TIER_COVERED = 22
TIER_KILL = 23
OTHERS = 24
HARMLESS = 25
SURFACE_NOISE = 26
FRONTIER = 27

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_MASK, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)
_C0, _C1, _C2, _C3 = np.uint64(0x9E3779B1), np.uint64(0x85EBCA77), np.uint64(0x85EBCA6B), np.uint64(0xC2B2AE35)
_THIRTEEN, _SIXTEEN = np.uint64(13), np.uint64(16)
_FIVE, _SIX = np.uint64(5), np.uint64(6)


def key(seed: int) -> NDArray[np.uint64]:
    """The two key words of a seed, (2,) uint64 below 2**32."""
    return np.random.SeedSequence(seed).generate_state(2, np.uint32).astype(np.uint64)


def address(name: str) -> int:
    """The 32-bit address of a named entity: a hash of its name in the scenario."""
    return int.from_bytes(hashlib.blake2s(name.encode(), digest_size=4).digest(), "little")


@kernel
def philox(key0, key1, c0, c1, c2, c3):
    """Four 32-bit words (as uint64) of ten-round Philox 4x32 at counter (c0, c1, c2, c3)."""
    k0, k1 = np.uint64(key0), np.uint64(key1)
    x0, x1, x2, x3 = np.uint64(c0) & _MASK, np.uint64(c1) & _MASK, np.uint64(c2) & _MASK, np.uint64(c3) & _MASK
    for _ in range(10):
        p0, p1 = _M0 * x0, _M1 * x2
        x0, x1, x2, x3 = (p1 >> _HALF) ^ x1 ^ k0, p1 & _MASK, (p0 >> _HALF) ^ x3 ^ k1, p0 & _MASK
        k0, k1 = (k0 + _W0) & _MASK, (k1 + _W1) & _MASK
    return x0, x1, x2, x3


@kernel
def _unit(high, low):
    """A number strictly inside (0, 1) from 53 bits of two words."""
    return (float(high >> _FIVE) * 67108864.0 + float(low >> _SIX) + 0.5) / 9007199254740992.0


@kernel
def uniform(key, run, stream, entity, draw):
    """A uniform number strictly inside (0, 1) at the address (run, stream, entity, draw)."""
    x0, x1, _, _ = philox(key[0], key[1], run, stream, entity, draw)
    return _unit(x0, x1)


@kernel
def uniform_pair(key, run, stream, entity, draw):
    """Two independent uniform numbers strictly inside (0, 1) at one address; the first is that of `uniform`."""
    x0, x1, x2, x3 = philox(key[0], key[1], run, stream, entity, draw)
    return _unit(x0, x1), _unit(x2, x3)


@kernel
def normal_pair(key, run, stream, entity, draw):
    """Two independent standard normal numbers at one address (Box and Muller 1958)."""
    x0, x1, x2, x3 = philox(key[0], key[1], run, stream, entity, draw)
    radius = math.sqrt(-2.0 * math.log(_unit(x0, x1)))
    angle = 2.0 * math.pi * _unit(x2, x3)
    return radius * math.cos(angle), radius * math.sin(angle)


@kernel
def uniform_column(key, first_run, stream, entity, draw, out):
    """Fill out (R,) with the uniform numbers of the runs from `first_run` on at one address."""
    for i in range(out.shape[0]):
        out[i] = uniform(key, first_run + i, stream, entity, draw)


@kernel
def child(parent, ordinal):
    """The 32-bit address of an entity's child: parent and ordinal mixed (murmur3's finaliser), as uint64."""
    h = ((np.uint64(parent) & _MASK) * _C0) & _MASK
    h = (h + (((np.uint64(ordinal) & _MASK) * _C1) & _MASK)) & _MASK
    h = ((h ^ (h >> _SIXTEEN)) * _C2) & _MASK
    h = ((h ^ (h >> _THIRTEEN)) * _C3) & _MASK
    return h ^ (h >> _SIXTEEN)
