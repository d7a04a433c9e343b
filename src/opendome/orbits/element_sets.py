"""Real satellites: sets of mean elements and where SGP4 says they are.

SGP4 is the `sgp4` library's, with the constants of WGS-72 that the elements were made with. Frame: TEME, turned to
ECEF by mean sidereal time. Read files with `element_files.read_elements`.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import ArrayLike
from sgp4.api import SGP4_ERRORS, Satrec, SatrecArray, jday
from sgp4.conveniences import sat_epoch_datetime

from opendome.errors import InputError, OpenDomeError
from opendome.kernel import BoolArray, F64Array, I64Array
from opendome.orbits.constellation import Constellation, utc_of
from opendome.orbits.fit import fit_mean_orbits
from opendome.units import M_PER_KM
from opendome.world import SIDEREAL_RATE_RAD_S, WGS84, earth_angle_at, sidereal_angle_at

AGE_DAYS = {"low": 3.0, "high": 15.0}
"""Ages of elements beyond which a warning says what to expect; low orbits are those under 225 minutes."""

GROWTH_KM_PER_DAY = {"low": (1.0, 3.0), "high": (0.1, 1.0)}
"""Growth of the position error, from about 1 km at the elements' own epoch. Assumed; see docs/models/orbits.md."""

MEANINGLESS_DAYS = 365.0
FIT_HALF_S, FIT_STEP_S = 43200.0, 900.0


class ElementAgeWarning(UserWarning):
    """Element sets are used so far from their epoch that positions are off by kilometres or mean nothing."""


@dataclass(frozen=True, eq=False)
class ElementSets:
    """Element sets of real satellites. S satellites."""

    satrecs: tuple[Satrec, ...]
    """What `sgp4` made of each."""
    names: tuple[str, ...]
    """The catalogue number where the file gives no name."""
    epoch: datetime
    """UTC of t_s = 0 where no other is given: the latest of the elements' own epochs unless it was changed (`at`)."""

    @classmethod
    def of(cls, satrecs: Sequence[Satrec], names: Sequence[str]) -> "ElementSets":
        """Element sets with their latest epoch as t_s = 0."""
        return cls(tuple(satrecs), tuple(names), max(_epoch(satrec) for satrec in satrecs))

    @staticmethod
    def sentence(code: int) -> str:
        """What an error code of SGP4 means."""
        return str(SGP4_ERRORS.get(code, f"error {code}"))

    def __len__(self) -> int:
        return len(self.satrecs)

    @property
    def norad(self) -> I64Array:
        """(S,) catalogue numbers."""
        return np.array([satrec.satnum for satrec in self.satrecs], dtype=np.int64)

    @property
    def epochs(self) -> tuple[datetime, ...]:
        """UTC of each set of elements."""
        return tuple(_epoch(satrec) for satrec in self.satrecs)

    @property
    def period_s(self) -> F64Array:
        """(S,) time of a revolution."""
        return np.array([120.0 * np.pi / satrec.no_kozai for satrec in self.satrecs])

    def at(self, epoch: datetime) -> "ElementSets":
        """The same satellites with t_s = 0 at `epoch` (UTC, also where it has no time zone)."""
        return replace(self, epoch=utc_of(epoch))

    def keep(self, is_kept: BoolArray) -> "ElementSets":
        """The satellites that `is_kept` (S,) marks."""
        kept = np.flatnonzero(is_kept)
        return replace(self, satrecs=tuple(self.satrecs[i] for i in kept), names=tuple(self.names[i] for i in kept))

    def states_teme(self, t_s: ArrayLike, *, epoch: datetime | None = None) -> F64Array:
        """Positions in m and velocities in m/s, (T, 6, S), in TEME, at t_s (T,) seconds after `epoch`.

        Warns with `ElementAgeWarning` where an instant is far from the elements' own epoch. Raises OpenDomeError, with
        the satellite and the instant, where SGP4 has no answer (above all: the satellite has come down).
        """
        start, t = utc_of(epoch or self.epoch), np.atleast_1d(np.asarray(t_s, dtype=np.float64))
        if t.ndim != 1 or not np.isfinite(t).all():
            raise InputError(f"t_s, of shape {t.shape}\n  must be finite numbers (T,): seconds after the epoch")
        if not len(self) or not t.size:
            return np.empty((t.size, 6, len(self)))
        self._look_at_age(start, t)
        seconds = start.second + 1e-6 * start.microsecond
        day, fraction = jday(start.year, start.month, start.day, start.hour, start.minute, seconds)
        codes, r, v = SatrecArray(self.satrecs).sgp4(np.full(t.size, day), fraction + t / 86400.0)
        if codes.any():
            self._complain(codes, start, t)
        out = np.empty((t.size, 6, len(self)))
        out[:, :3], out[:, 3:] = M_PER_KM * r.transpose(1, 2, 0), M_PER_KM * v.transpose(1, 2, 0)
        return out

    def states_ecef(self, t_s: ArrayLike, *, epoch: datetime | None = None) -> F64Array:
        """Positions in m and velocities relative to the turning Earth in m/s, (T, 6, S), in ECEF."""
        start, t = utc_of(epoch or self.epoch), np.atleast_1d(np.asarray(t_s, dtype=np.float64))
        teme = self.states_teme(t, epoch=start)
        angle = (sidereal_angle_at(start) + SIDEREAL_RATE_RAD_S * t)[:, None]
        c, s = np.cos(angle), np.sin(angle)
        out = teme.copy()
        for i in (0, 3):
            out[:, i], out[:, i + 1] = c * teme[:, i] + s * teme[:, i + 1], c * teme[:, i + 1] - s * teme[:, i]
        out[:, 3] += WGS84.omega_rad_s * out[:, 1]
        out[:, 4] -= WGS84.omega_rad_s * out[:, 0]
        return out

    def positions_ecef(self, t_s: ArrayLike, *, epoch: datetime | None = None) -> F64Array:
        """ECEF positions in m, (T, 3, S), at t_s (T,) seconds after `epoch`: as `Constellation.positions_ecef`."""
        return np.ascontiguousarray(self.states_ecef(t_s, epoch=epoch)[:, :3])

    def as_constellation(self, at: datetime | None = None) -> Constellation:
        """Mean orbits that stand for these satellites around an instant, fitted to SGP4 over the day about it.

        Each satellite's `fit_rms_m` says how far the two are from each other over that day: 1 to 6 km without
        much drag, the wobble within a revolution that mean orbits leave out. Every satellite gets a plane of
        its own, and shell 0.
        """
        start = utc_of(at or self.epoch)
        t = np.arange(-FIT_HALF_S, FIT_HALF_S + 1.0, FIT_STEP_S)
        truth = self.states_teme(t, epoch=start)
        elements, rms_m = fit_mean_orbits(t, truth)
        # From the mean equinox, where TEME counts from, to where ECI does.
        node = (elements.raan_rad + earth_angle_at(start) - sidereal_angle_at(start)) % (2.0 * np.pi)
        return Constellation(elements._replace(raan_rad=node), np.arange(len(self)), np.zeros(len(self), np.int64),
                             start, fit_rms_m=rms_m)

    def _look_at_age(self, start: datetime, t: F64Array) -> None:
        own = np.array([(epoch - start).total_seconds() for epoch in self.epochs])
        days = np.maximum(abs(t.max() - own), abs(t.min() - own)) / 86400.0
        kinds = np.where(self.period_s < 13500.0, "low", "high")
        old = np.flatnonzero(days > np.array([AGE_DAYS[kind] for kind in kinds]))
        if not len(old):
            return
        worst = old[np.argmax(days[old])]
        low, high = GROWTH_KM_PER_DAY[str(kinds[worst])]
        if days[worst] > MEANINGLESS_DAYS:
            effect = "its position along the orbit means nothing"
        else:
            effect = f"expect an error of {1.0 + low * days[worst]:.3g} to {1.0 + high * days[worst]:.3g} km"
        warnings.warn(f"{len(old)} of {len(self)} element sets are used far from their epoch; {self.names[worst]} by "
                      f"{days[worst]:.0f} days: {effect} (1 km at the epoch, {low:g} to {high:g} km more each day)",
                      ElementAgeWarning, stacklevel=3)

    def _complain(self, codes: np.ndarray, start: datetime, t: F64Array) -> None:
        lines = []
        for s in np.flatnonzero(codes.any(axis=1)):
            k = int(np.flatnonzero(codes[s])[0])
            when = (start + timedelta(seconds=float(t[k]))).strftime("%Y-%m-%d %H:%M:%S")
            lines.append(f"{self.names[s]} ({self.satrecs[s].satnum}) at {when} UTC: {self.sentence(int(codes[s, k]))}")
        shown = "\n  ".join(lines[:10]) + (f"\n  and {len(lines) - 10} more" if len(lines) > 10 else "")
        raise OpenDomeError(f"SGP4 has no position for {len(lines)} of {len(self)} satellites\n  {shown}\n  hint: use "
                            "newer elements, or leave these out with keep()")


def _epoch(satrec: Satrec) -> datetime:
    found: datetime = sat_epoch_datetime(satrec)
    return found.replace(tzinfo=UTC)
