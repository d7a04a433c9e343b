"""Designed constellations: Walker patterns, shells, geostationary slots and listed elements.

Every orbit is looked at before it is used: one inside the Earth or in its air is refused, a short-lived one is
announced with its lifetime.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime
from numbers import Real
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from opendome.errors import InputError
from opendome.kernel import F64Array
from opendome.orbits.constellation import EPOCH, Constellation, Elements, joined, utc_of
from opendome.orbits.lifetime import lifetime_years
from opendome.orbits.mean import ECCENTRICITY_MAX, secular_rates
from opendome.units import M_PER_KM, RAD_PER_DEG
from opendome.world import WGS84, earth_angle_at

Pattern = Literal["delta", "star"]

AIR_KM = 120.0
"""Below this altitude there is no orbit: a satellite comes down within hours."""

LOW_KM = 200.0
"""Below this altitude an orbit lasts days."""

HIGHEST_KM = 380000.0
"""Above this altitude the Moon, which is not modelled, decides."""

ROUNDING_KM = 1e-6

ELEMENT_NAMES = ("semi-major axis in km", "eccentricity", "inclination_deg", "raan_deg", "argp_deg", "mean_anomaly_deg")

MOST_SATELLITES = 200_000
MOST_NAMED = 10
"""Problems of a list are told of at most this many satellites."""


class LowOrbitWarning(UserWarning):
    """An orbit is so low that the air brings the satellite down within days."""


def walker(*, n_satellites: int, n_planes: int | None = None, phasing: float, inclination_deg: float,
           altitude_km: float, pattern: Pattern = "delta", epoch: datetime = EPOCH) -> Constellation:
    """A Walker constellation: circular orbits of one altitude and inclination, evenly spread.

    Planes stand 360 degrees / n_planes apart in right ascension ("delta") or 180 / n_planes ("star"); satellites
    stand evenly in a plane, and each next plane is ahead by `phasing` x 360 / n_satellites degrees. Altitude above the
    equatorial radius. Without n_planes, `planes_for` chooses. Source: walker1984; docs/models/orbits.md.
    """
    epoch = utc_of(epoch)
    problems = _whole("n_satellites", n_satellites)
    if n_planes is None and not problems:
        n_planes = planes_for(n_satellites)
    problems += _whole("n_planes", n_planes)
    if not problems and n_satellites % int(n_planes or 1):
        problems.append(f"n_planes = {n_planes}\n  must divide n_satellites = {n_satellites}: "
                        f"{_divisors_near(n_satellites, int(n_planes or 1))} do")
    if not _is_finite(phasing):
        problems.append(f"phasing = {_said(phasing)}\n  must be a finite number, usually whole, from 0 to n_planes - 1")
    if pattern not in ("delta", "star"):
        problems.append(f'pattern = "{pattern}"\n  must be "delta" (planes over 360 degrees) or "star" (over 180)')
    problems += _inclination(inclination_deg)
    problems += _finite(altitude_km=altitude_km) or _altitudes(altitude_km, altitude_km)
    if problems:
        raise InputError("\n".join(problems))
    _warn_if_low(altitude_km)
    planes = int(n_planes or 1)
    per_plane = n_satellites // planes
    plane, slot = np.divmod(np.arange(n_satellites), per_plane)
    around = 2.0 * np.pi if pattern == "delta" else np.pi
    ones = np.ones(n_satellites)
    return Constellation(
        Elements((WGS84.a_m + altitude_km * M_PER_KM) * ones, 0.0 * ones, inclination_deg * RAD_PER_DEG * ones,
                 around * plane / planes, 0.0 * ones,
                 (2.0 * np.pi * (slot / per_plane + phasing * plane / n_satellites)) % (2.0 * np.pi)),
        plane.astype(np.int64), np.zeros(n_satellites, np.int64), epoch)


def shells(*parts: Mapping[str, Any], epoch: datetime = EPOCH) -> Constellation:
    """Several Walker shells as one constellation: each part holds the arguments of `walker`."""
    made, problems = [], []
    for number, part in enumerate(parts):
        try:
            made.append(walker(epoch=epoch, **part))
        except (InputError, TypeError) as error:
            problems.append(f"shell {number}: {error}")
    if problems:
        raise InputError("\n".join(problems))
    return joined(made)


def geostationary(*, longitudes_deg: Sequence[float], inclination_deg: float = 0.0, raan_deg: float = 0.0,
                  epoch: datetime = EPOCH) -> Constellation:
    """Satellites that stand over these longitudes; with an inclination they draw a figure of eight about them.

    The radius is the one at which, J2 included, node, perigee and anomaly together turn as the Earth does. Kept there
    for good: the pull of the Earth's uneven equator, of Sun and Moon is not modelled.
    """
    epoch = utc_of(epoch)
    problems = _inclination(inclination_deg) + _finite(raan_deg=raan_deg)
    slots = _column("longitudes_deg", longitudes_deg)
    if slots.ndim != 1 or not slots.size or not np.isfinite(slots).all():
        problems.append(f"longitudes_deg = {longitudes_deg}\n  must be a list of finite numbers, at least one")
    elif (abs(slots) > 360.0).any():
        beyond = slots[abs(slots) > 360.0][:MOST_NAMED].tolist()
        problems.append(f"longitudes_deg = {beyond}\n  must be between -360 and 360: degrees east, west negative")
    longitude = slots * RAD_PER_DEG
    if problems:
        raise InputError("\n".join(problems))
    tilt, node = inclination_deg * RAD_PER_DEG, raan_deg * RAD_PER_DEG
    ones = np.ones(longitude.size)
    return Constellation(
        Elements(_synchronous_radius(tilt) * ones, 0.0 * ones, tilt * ones, node * ones, 0.0 * ones,
                 (longitude + earth_angle_at(epoch) - node) % (2.0 * np.pi)),
        np.zeros(longitude.size, np.int64), np.zeros(longitude.size, np.int64), epoch)


def _synchronous_radius(inclination: float) -> float:
    """Semi-major axis in m at which node, perigee and anomaly together turn as the Earth does."""
    a = np.array([(WGS84.mu_m3_s2 / WGS84.omega_rad_s**2) ** (1.0 / 3.0)])
    for _ in range(8):  # Kepler's third law on what is left: each round gains three digits or more
        turn = sum(secular_rates(a, np.zeros(1), np.array([inclination])))
        a = a * (turn / WGS84.omega_rad_s) ** (2.0 / 3.0)
    return float(a[0])


def listed(*, inclination_deg: ArrayLike, raan_deg: ArrayLike = 0.0, argp_deg: ArrayLike = 0.0,
           mean_anomaly_deg: ArrayLike = 0.0, eccentricity: ArrayLike | None = None,
           semi_major_axis_km: ArrayLike | None = None, altitude_km: ArrayLike | None = None,
           apogee_km: ArrayLike | None = None, perigee_km: ArrayLike | None = None,
           epoch: datetime = EPOCH) -> Constellation:
    """Satellites with these mean elements, lists of one length or single numbers for all.

    The size is given in one of three ways: semi_major_axis_km (with eccentricity), altitude_km (circular), or apogee_km
    and perigee_km; altitudes are above the equatorial radius. Satellites whose inclination and node agree share a
    plane.
    """
    epoch = utc_of(epoch)
    a_km, e = _size(eccentricity, semi_major_axis_km, altitude_km, apogee_km, perigee_km)
    angles = [_column(name, angle) for name, angle in zip(ELEMENT_NAMES[2:], (inclination_deg, raan_deg, argp_deg,
                                                                             mean_anomaly_deg))]
    try:
        columns = [np.array(column).ravel() for column in np.broadcast_arrays(a_km, e, *angles)]
    except ValueError as error:
        lengths = ", ".join(str(np.size(column)) for column in (a_km, e, *angles))
        raise InputError(f"elements of lengths {lengths}\n  must be lists of one length, or single numbers") from error
    if not columns[0].size:
        raise InputError("elements of no satellite\n  must be of at least one")
    wrong = [(number, found) for number, values in enumerate(zip(*columns))
             if (found := _problems_of(tuple(map(float, values))))]
    if wrong:
        rest = [f"and {len(wrong) - MOST_NAMED} more satellites"] if len(wrong) > MOST_NAMED else []
        raise InputError("\n".join([f"satellite {number}: {text}" for number, found in wrong[:MOST_NAMED]
                                    for text in found] + rest))
    a_km, e = columns[0], columns[1]
    perigee_km = a_km * (1.0 - e) - WGS84.a_m / M_PER_KM
    _warn_if_low(float(perigee_km.min()), is_circular=e[np.argmin(perigee_km)] == 0.0)
    inclination, node, argp, anomaly = (column * RAD_PER_DEG for column in columns[2:])
    _, index = np.unique(np.round(np.stack([inclination, node % (2.0 * np.pi)]), 9), axis=1, return_inverse=True)
    plane = np.asarray(index, dtype=np.int64).ravel()
    return Constellation(Elements(a_km * M_PER_KM, e, inclination, node, argp, anomaly), plane, np.zeros_like(plane),
                         epoch)


def _problems_of(values: tuple[float, ...]) -> list[str]:
    """What is wrong with the elements of one satellite, in the order of ELEMENT_NAMES."""
    found = _finite(**dict(zip(ELEMENT_NAMES, values)))
    if found:
        return found
    a, ecc, tilt = values[:3]
    if not 0.0 <= ecc <= ECCENTRICITY_MAX:
        found.append(f"eccentricity = {ecc}\n  must be between 0 and {ECCENTRICITY_MAX}")
    low_km, high_km = (a * (1.0 + side * ecc) - WGS84.a_m / M_PER_KM for side in (-1.0, 1.0))
    return found + _inclination(tilt) + _altitudes(low_km, high_km)


def planes_for(n_satellites: int) -> int:
    """A sensible number of planes where none is asked for: the largest divisor up to the square root.

    That makes a plane hold at least as many satellites as there are planes: 91 = 7 x 13, 28 = 4 x 7, 54 = 6 x 9. Where
    it leaves more than eight times as many in a plane (primes, above all), planes and places change roles, because a
    few full planes leave gaps that many thin ones do not.
    """
    problems = _whole("n_satellites", n_satellites)
    if problems:
        raise InputError(problems[0])
    planes = max(p for p in range(1, math.isqrt(n_satellites) + 1) if n_satellites % p == 0)
    return planes if n_satellites <= 8 * planes**2 else n_satellites // planes


def _size(eccentricity: ArrayLike | None, semi_major_axis_km: ArrayLike | None, altitude_km: ArrayLike | None,
          apogee_km: ArrayLike | None, perigee_km: ArrayLike | None) -> tuple[F64Array, F64Array]:
    radius_km = WGS84.a_m / M_PER_KM
    given = (semi_major_axis_km is not None, altitude_km is not None, apogee_km is not None, perigee_km is not None)
    if given == (True, False, False, False):
        a = _column("semi_major_axis_km", semi_major_axis_km)
        return a, _column("eccentricity", 0.0 if eccentricity is None else eccentricity)
    if given == (False, True, False, False) and eccentricity is None:
        a = radius_km + _column("altitude_km", altitude_km)
        return a, np.zeros(())
    if given == (False, False, True, True) and eccentricity is None:
        high, low = _column("apogee_km", apogee_km), _column("perigee_km", perigee_km)
        if high.size > 1 < low.size and high.shape != low.shape:
            raise InputError(f"perigee_km, apogee_km of lengths {low.size} and {high.size}\n  must be lists of one "
                             "length, or single numbers")
        if (low > high).any():
            raise InputError(f"perigee_km = {low}\n  must not be above apogee_km = {high}")
        a = radius_km + 0.5 * (high + low)
        return a, 0.5 * (high - low) / a
    raise InputError("the size of the orbits\n  must be given in one way: semi_major_axis_km (with eccentricity), "
                     "altitude_km (circular), or apogee_km and perigee_km")


def _whole(name: str, value: object) -> list[str]:
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < 1:
        return [f"{name} = {_said(value)}\n  must be a whole number, at least 1"]
    if value > MOST_SATELLITES:
        return [f"{name} = {value}\n  must be at most {MOST_SATELLITES:,}"]
    return []


def _is_finite(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)


def _finite(**values: object) -> list[str]:
    return [f"{name} = {_said(value)}\n  must be a finite number" for name, value in values.items()
            if not _is_finite(value)]


def _said(value: object) -> str:
    """A value for a message: text in quotes, so that "1000" is not taken for the number."""
    return repr(value) if isinstance(value, str) else str(value)


def _column(name: str, value: object) -> F64Array:
    """A number or list of numbers as an array; text is not taken for a number."""
    try:
        found = np.asarray(value)
    except ValueError:  # lists of different lengths in a list
        found = np.empty(0, object)
    if found.dtype.kind not in "iuf":
        raise InputError(f"{name} = {str(value)[:60]}\n  must be a number or a list of numbers")
    return found.astype(np.float64)


def _inclination(inclination_deg: float) -> list[str]:
    if _is_finite(inclination_deg) and 0.0 <= inclination_deg <= 180.0:
        return []
    return [f"inclination_deg = {_said(inclination_deg)}\n  must be between 0 and 180 (above 90: westward)"]


def _altitudes(lowest_km: float, highest_km: float) -> list[str]:
    name = "altitude_km" if lowest_km == highest_km else "perigee altitude in km"
    if lowest_km < 0.0:
        return [f"{name} = {lowest_km:.6g}\n  lies inside the Earth: must be at least {AIR_KM:g}"]
    if lowest_km < AIR_KM - ROUNDING_KM:
        return [f"{name} = {lowest_km:.6g}\n  lies in the atmosphere, where an orbit decays within hours: must be at "
                f"least {AIR_KM:g}"]
    if not highest_km <= HIGHEST_KM:
        return [f"apogee altitude in km = {highest_km:.6g}\n  must be at most {HIGHEST_KM:g}: beyond, the Moon decides"]
    return []


def _divisors_near(n: int, wanted: int) -> str:
    divisors = sorted((p for p in range(1, n + 1) if n % p == 0), key=lambda p: abs(math.log(p / wanted)))
    return " and ".join(str(p) for p in sorted(divisors[:2]))


def _warn_if_low(perigee_km: float, *, is_circular: bool = True) -> None:
    if perigee_km >= LOW_KM - ROUNDING_KM:
        return
    days = 365.25 * lifetime_years(altitude_km=max(perigee_km, AIR_KM), beta_kg_m2=100.0)
    shape = "there" if is_circular else "on a circular orbit at its perigee"
    warnings.warn(f"an orbit with its lowest point at {perigee_km:.4g} km is short-lived: about {days:.2g} days "
                  f"{shape}, for 100 kg/m2 and mean solar activity", LowOrbitWarning, stacklevel=3)
