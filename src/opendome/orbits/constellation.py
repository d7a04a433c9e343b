"""Designed constellations: Walker patterns, shells, slots and listed elements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NamedTuple

import numpy as np

from opendome.errors import InputError
from opendome.kernel import BoolArray, F64Array, I64Array, Packed, kernel
from opendome.orbits.mean import orbit_position_ecef, orbits_of
from opendome.units import M_PER_KM, RAD_PER_DEG
from opendome.world import WGS84, earth_angle_at

EPOCH = datetime(2028, 1, 1, tzinfo=UTC)
"""Epoch of constellations that are given none: their phase is notional anyway."""

Pattern = Literal["delta", "star"]


class Elements(NamedTuple):
    """Mean elements at the epoch. S satellites; m and rad; ECI of the equator of date."""

    a_m: F64Array
    e: F64Array
    inclination_rad: F64Array
    raan_rad: F64Array
    argp_rad: F64Array
    anomaly_rad: F64Array


@dataclass(frozen=True, eq=False)
class Constellation:
    """Satellites on mean orbits. S satellites."""

    elements: Elements
    plane: I64Array
    """(S,) number of each satellite's plane, counted through all shells."""
    shell: I64Array
    """(S,) number of each satellite's shell."""
    epoch: datetime = EPOCH
    """UTC of the elements, which is t_s = 0."""

    def __len__(self) -> int:
        return len(self.plane)

    @property
    def orbits(self) -> Packed:
        """The packed table of `mean.Orbit` for kernels."""
        return orbits_of(*self.elements)

    @property
    def earth_angle_rad(self) -> float:
        """The Earth's angle at the epoch."""
        return earth_angle_at(self.epoch)

    def positions_ecef(self, t_s: F64Array) -> F64Array:
        """(T, 3, S) ECEF positions in m at instants t_s (T,)."""
        out = np.empty((len(t_s), 3, len(self)))
        _positions(self.orbits, self.earth_angle_rad, np.asarray(t_s, float), out)
        return out

    def keep(self, is_kept: BoolArray) -> "Constellation":
        """The satellites that `is_kept` (S,) marks."""
        return Constellation(Elements(*(column[is_kept] for column in self.elements)), self.plane[is_kept],
                             self.shell[is_kept], self.epoch)


@kernel
def _positions(orbits, angle0_rad, t_s, out):
    """Fill out (T, 3, S)."""
    for k in range(len(t_s)):
        for s in range(len(orbits)):
            out[k, 0, s], out[k, 1, s], out[k, 2, s] = orbit_position_ecef(orbits, s, t_s[k], angle0_rad)


def walker(*, n_satellites: int, n_planes: int, phasing: float, inclination_deg: float, altitude_km: float,
           pattern: Pattern = "delta", epoch: datetime = EPOCH) -> Constellation:
    """A Walker constellation: circular orbits of one altitude and inclination, evenly spread.

    Planes stand 360 degrees / n_planes apart in right ascension ("delta") or 180 / n_planes ("star"); satellites
    stand evenly in a plane, and each next plane is ahead by `phasing` x 360 / n_satellites degrees. Altitude above the
    equatorial radius. Source: walker1984; docs/models/orbits.md.
    """
    if n_planes < 1 or n_satellites < 1 or n_satellites % n_planes:
        raise InputError(f"n_planes = {n_planes}\n  must divide n_satellites = {n_satellites}")
    per_plane = n_satellites // n_planes
    plane, slot = np.divmod(np.arange(n_satellites), per_plane)
    around = 2.0 * np.pi if pattern == "delta" else np.pi
    ones = np.ones(n_satellites)
    return Constellation(
        Elements((WGS84.a_m + altitude_km * M_PER_KM) * ones, 0.0 * ones, inclination_deg * RAD_PER_DEG * ones,
                 around * plane / n_planes, 0.0 * ones,
                 (2.0 * np.pi * (slot / per_plane + phasing * plane / n_satellites)) % (2.0 * np.pi)),
        plane.astype(np.int64), np.zeros(n_satellites, np.int64), epoch)


def joined(parts: Sequence[Constellation]) -> Constellation:
    """Several shells as one constellation; planes and shells are numbered on. All need the same epoch."""
    planes, shells, n_planes, n_shells = [], [], 0, 0
    for part in parts:
        planes.append(part.plane + n_planes)
        shells.append(part.shell + n_shells)
        n_planes, n_shells = n_planes + int(part.plane.max()) + 1, n_shells + int(part.shell.max()) + 1
    columns = zip(*(part.elements for part in parts), strict=True)
    return Constellation(Elements(*(np.concatenate(column) for column in columns)), np.concatenate(planes),
                         np.concatenate(shells), parts[0].epoch)
