"""A constellation: satellites on mean orbits, and where they are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike

from opendome.errors import InputError
from opendome.kernel import BoolArray, F64Array, I64Array, Packed
from opendome.orbits.bulk import propagate
from opendome.orbits.mean import orbits_of, secular_rates
from opendome.rng import ASSUMPTION, address, child, key, uniform
from opendome.world import WGS84, earth_angle_at

EPOCH = datetime(2028, 1, 1, tzinfo=UTC)
"""Epoch of constellations that are given none: their phase is notional anyway."""

Frame = Literal["eci", "ecef"]


class Satellites(Protocol):
    """What coverage and light ask of satellites: a `Constellation`, or `ElementSets`."""

    @property
    def epoch(self) -> datetime:
        """UTC of t_s = 0."""

    def __len__(self) -> int: ...

    def positions_ecef(self, t_s: ArrayLike) -> F64Array:
        """ECEF positions in m, (T, 3, S)."""


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
    ordinal: I64Array = field(default_factory=lambda: np.empty(0, np.int64))
    """(S,) number of each satellite in its shell as designed: with the shell, its address for random draws."""
    fit_rms_m: F64Array | None = None
    """(S,) how far, over a day, the orbits are from the real ones that they stand for; None for designed ones."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "epoch", utc_of(self.epoch))
        if not len(self.ordinal) and len(self.plane):
            object.__setattr__(self, "ordinal", np.arange(len(self.plane)))

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

    @property
    def period_s(self) -> F64Array:
        """(S,) time from node to node, J2 included."""
        rates = secular_rates(*self.elements[:3])
        return np.asarray(2.0 * np.pi / (rates.argp + rates.anomaly))

    def positions_ecef(self, t_s: ArrayLike, *, jobs: int | None = None, out: F64Array | None = None) -> F64Array:
        """ECEF positions in m, (T, 3, S), at t_s (T,) seconds after the epoch, on `jobs` threads (default: all)."""
        return _fill(self, t_s, 3, "ecef", jobs, out)

    def keep(self, is_kept: BoolArray) -> "Constellation":
        """The satellites that `is_kept` (S,) marks; planes and shells keep their numbers."""
        return Constellation(Elements(*(column[is_kept] for column in self.elements)), self.plane[is_kept],
                             self.shell[is_kept], self.epoch, self.ordinal[is_kept],
                             None if self.fit_rms_m is None else self.fit_rms_m[is_kept])

    def without(self, *, planes: Sequence[int] = (), satellites: Sequence[int] = ()) -> "Constellation":
        """What is left when the planes and satellites with these numbers (from 0) are out of service."""
        _known("planes", planes, np.unique(self.plane))
        _known("satellites", satellites, np.arange(len(self)))
        lost = np.isin(self.plane, np.asarray(planes, int)) | np.isin(np.arange(len(self)), np.asarray(satellites, int))
        return self.keep(~lost)


def utc_of(epoch: datetime) -> datetime:
    """An epoch in UTC; without a time zone it is taken as UTC. Raises InputError for what is no datetime."""
    if not isinstance(epoch, datetime):
        raise InputError(f"epoch = {epoch!r}\n  must be a datetime; without a time zone it is taken as UTC\n"
                         "  hint: datetime(2028, 1, 1), from the standard module datetime")
    return epoch.replace(tzinfo=UTC) if epoch.tzinfo is None else epoch.astimezone(UTC)


def states(constellation: Constellation, t_s: ArrayLike, *, frame: Frame = "eci", jobs: int | None = None,
           out: F64Array | None = None) -> F64Array:
    """Positions in m and velocities in m/s, (T, 6, S), at t_s (T,) seconds after the epoch.

    Velocities in ECEF are relative to the turning Earth. `out` is filled and returned where it is given, which saves
    the system the work of finding new memory. `jobs` threads (default: all cores); the same bytes for any number.
    """
    return _fill(constellation, t_s, 6, frame, jobs, out)


def joined(parts: Sequence[Constellation]) -> Constellation:
    """Several shells as one constellation; planes and shells are numbered on. All need the same epoch."""
    if not parts:
        raise InputError("joined()\n  needs at least one constellation")
    epochs = {part.epoch for part in parts}
    if len(epochs) > 1:
        raise InputError(f"epochs {', '.join(sorted(e.isoformat() for e in epochs))}\n  must be one and the same: "
                         "give every shell the same epoch")
    planes, shells, n_planes, n_shells = [], [], 0, 0
    for part in (p for p in parts if len(p)):
        planes.append(part.plane + n_planes)
        shells.append(part.shell + n_shells)
        n_planes, n_shells = n_planes + int(part.plane.max()) + 1, n_shells + int(part.shell.max()) + 1
    if not planes:
        return parts[0]
    columns = zip(*(part.elements for part in parts), strict=True)
    return Constellation(Elements(*(np.concatenate(column) for column in columns)), np.concatenate(planes),
                         np.concatenate(shells), parts[0].epoch, np.concatenate([part.ordinal for part in parts]))


def degraded(constellation: Constellation, p_out: float, *, seed: int, run: int = 0) -> Constellation:
    """What is left when every satellite is out of service with probability `p_out`, each on its own.

    Drawn by address (run, shell, number in the shell as designed): raising p_out only takes more satellites away, and
    another shell changes nothing for this one as long as its number stays.
    """
    if not 0.0 <= p_out <= 1.0:
        raise InputError(f"p_out = {p_out}\n  must be between 0 and 1: the chance that a satellite is out of service")
    words, name = key(seed), address("orbits.outage")
    drawn = [uniform(words, run, ASSUMPTION, child(name, int(shell)), int(ordinal))
             for shell, ordinal in zip(constellation.shell, constellation.ordinal)]
    return constellation.keep(np.asarray(drawn, dtype=float) >= p_out)


def _fill(constellation: Constellation, t_s: ArrayLike, rows: int, frame: Frame, jobs: int | None,
          out: F64Array | None) -> F64Array:
    t = np.ascontiguousarray(np.atleast_1d(np.asarray(t_s, dtype=np.float64)))
    shape = (t.size, rows, len(constellation))
    if t.ndim != 1 or not np.isfinite(t).all():
        raise InputError(f"t_s, of shape {t.shape}\n  must be finite numbers (T,): seconds after the epoch")
    if out is None:
        out = np.empty(shape)
    elif out.shape != shape or out.dtype != np.float64 or not out.flags.c_contiguous:
        raise InputError(f"out, of shape {out.shape} and type {out.dtype}\n  must be a contiguous float64 array "
                         f"of shape {shape}")
    angle, omega = {"eci": (0.0, 0.0), "ecef": (constellation.earth_angle_rad, WGS84.omega_rad_s)}[frame]
    if out.size:
        propagate(constellation.orbits, t, angle, omega, out, jobs)
    return out


def _known(what: str, asked: Sequence[int], there: I64Array) -> None:
    missing = sorted(set(asked) - {int(number) for number in there})
    if missing:
        raise InputError(f"{what} = {missing}\n  must be among {there[0]} to {there[-1]}" if len(there) else
                         f"{what} = {missing}\n  the constellation is empty")
