"""Whether a satellite sees a target: the conditions, and the one predicate that decides every case.

A target stands on a parallel of latitude at one altitude. With s the satellite's and p the target's ECEF position, all
that turns with the difference of longitude is w = rho_s cos(difference), the part of s that lies along the target's
meridian outward from the axis:

    s . p = p_rho w + p_z s_z        d2 = s2 + p2 - 2 s . p        d sin(elevation) = (s - p) . up = a + cos(lat) w

so every condition is a statement about w (docs/models/coverage.md). The line of sight is tested in space stretched
along z until the ellipsoid is a sphere: exact, no iteration.

Left out: refraction (lines of sight are straight), terrain, what the sensor can detect. Nadir is the Earth's centre.
"""

import math
from typing import NamedTuple

import numpy as np

from opendome.errors import InputError
from opendome.kernel import F64Array, kernel
from opendome.units import M_PER_KM, RAD_PER_DEG
from opendome.world import WGS84

PAD = 4
"""Windows of rows are worked in whole multiples of this."""


class Rows(NamedTuple):
    """Targets by parallel of latitude (or one by one, for listed points). L rows and `PAD` more; m."""

    sin_lat: F64Array
    cos_lat: F64Array
    inv_cos: F64Array
    p_rho: F64Array  # distance from the axis
    inv_rho: F64Array
    p_z: F64Array
    p2: F64Array  # distance from the centre, squared
    up: F64Array  # p . up
    centre_z: F64Array  # where the normal meets the axis
    normal: F64Array  # distance from there
    sight_z: F64Array  # z in stretched space, times the stretch
    sight_root: F64Array  # length of the tangent to the sphere in stretched space
    limb_z: F64Array  # the same two for the limb
    limb_root: F64Array


class Conditions(NamedTuple):
    """What must hold for a target to be in view, all at once. SI; cosines and sines of angles."""

    sight_stretch2: float
    """(a / b) squared of the ellipsoid that blocks."""
    sight_r2: float
    """Its equatorial radius, squared."""
    has_range: bool
    range2: float
    has_elevation: bool
    sin_el: float
    cos_el: float
    has_cone: bool
    sin_cone: float
    """Of half the field of regard."""
    cos_cone: float
    has_limb: bool
    limb_stretch2: float
    limb_r2: float
    inner_radius: float
    """Polar radius of the ellipsoid that blocks: a sphere inside it."""
    p_min: float
    """Smallest and largest distance of a target from the centre."""
    p_max: float


class Seer(NamedTuple):
    """One satellite, as the predicate needs it. m."""

    z: float
    r2: float
    sight_root: float
    """Length of the tangent to the sphere in stretched space; negative below it, where all is blocked."""
    limb_root: float
    cone: float
    """Distance from the centre times the cosine of half the field of regard."""


# ---- kernels -------------------------------------------------------------------------------------------------------


@kernel(inline=True)
def tangent(rho2, z, stretch2, r2):
    """Length in m of the tangent from a point to a stretched ellipsoid; -1 inside it."""
    left = rho2 + stretch2 * z * z - r2
    root = math.sqrt(left if left > 0.0 else 0.0)
    return root if left >= 0.0 else -1.0


@kernel
def seer(conditions, x, y, z):
    """The `Seer` of a satellite at an ECEF position."""
    rho2 = x * x + y * y
    r2 = rho2 + z * z
    return Seer(z, r2, tangent(rho2, z, conditions.sight_stretch2, conditions.sight_r2),
                tangent(rho2, z, conditions.limb_stretch2, conditions.limb_r2),
                math.sqrt(r2) * conditions.cos_cone)


@kernel
def sees(rows, i, conditions, sat, w):
    """Whether a satellite sees the target on row `i` where its outward part along the meridian is `w`, in m."""
    if sat.sight_root < 0.0:
        return False
    along = rows.p_rho[i] * w
    # The straight line stays clear of the blocking ellipsoid.
    if along + sat.z * rows.sight_z[i] < conditions.sight_r2 - sat.sight_root * rows.sight_root[i]:
        return False
    dot = along + sat.z * rows.p_z[i]
    d2 = sat.r2 + rows.p2[i] - 2.0 * dot
    if conditions.has_range and d2 > conditions.range2:
        return False
    if conditions.has_elevation:
        climb = sat.z * rows.sin_lat[i] - rows.up[i] + rows.cos_lat[i] * w
        if not _at_least(climb, conditions.sin_el, d2):
            return False
    if conditions.has_cone and not _at_least(sat.r2 - dot, sat.cone, d2):
        return False
    # Continued beyond the target, a line that still descends there must pass above the limb.
    return not (conditions.has_limb and sat.limb_root > rows.limb_root[i]
                and along + sat.z * rows.limb_z[i] > conditions.limb_r2 + sat.limb_root * rows.limb_root[i])


@kernel(inline=True)
def _at_least(value, factor, square):
    """Whether value >= factor * sqrt(square), without the root."""
    return ((value >= 0.0 and value * value >= factor * factor * square) if factor > 0.0 else
            (value >= 0.0 or value * value <= factor * factor * square))


@kernel
def count_points(positions, rows, lon_cos, lon_sin, n_lon, conditions, counts, first, last):
    """Fill counts[k, i, j] with the satellites in view, pair by pair, for instants first <= k < last.

    positions (K, 3, S) ECEF in m. Column j of row i has the longitude i * n_lon + j of (cosine, sine) tables of
    listed points, or j of a grid's (whose tables are n_lon long). The reference that `footprint` must equal.
    """
    is_grid = len(lon_cos) == n_lon
    for k in range(first, last):
        counts[k] = 0
        for s in range(positions.shape[2]):
            x, y, z = positions[k, 0, s], positions[k, 1, s], positions[k, 2, s]
            sat = seer(conditions, x, y, z)
            for i in range(counts.shape[1]):
                base = 0 if is_grid else i * n_lon
                for j in range(n_lon):
                    if sees(rows, i, conditions, sat, x * lon_cos[base + j] + y * lon_sin[base + j]):
                        counts[k, i, j] += 1


@kernel
def extremes(positions, stretch2, a2, far2):
    """Smallest and largest square of the distance from the centre of positions (K, 3, S), in m2.

    Before them the flat index k * S + s of the first that is inside the Earth, too far or no number, or -1.
    """
    n, low, high = positions.shape[2], far2, 0.0
    for k in range(positions.shape[0]):
        for s in range(n):
            x, y, z = positions[k, 0, s], positions[k, 1, s], positions[k, 2, s]
            rho2, z2 = x * x + y * y, z * z
            if not (a2 < rho2 + stretch2 * z2 < far2):
                return k * n + s, low, high
            low, high = min(low, rho2 + z2), max(high, rho2 + z2)
    return -1, low, high


# ---- tables --------------------------------------------------------------------------------------------------------


def conditions_of(*, field_of_regard_deg: float | None, min_elevation_deg: float | None, reach_km: float | None,
                  target_alt_km: float, limb_km: float | None, grazing_km: float) -> Conditions:
    """The conditions in SI, checked; shapes of the ellipsoids at the target's, the grazing and the limb's height."""
    _check("target_alt_km", target_alt_km, 0.0, 1e6, "height above the ellipsoid")
    _check("grazing_km", grazing_km, 0.0, 1e6, "lines of sight that pass lower are blocked")
    if grazing_km > target_alt_km:
        raise InputError(f"grazing_km = {grazing_km:g} with target_alt_km = {target_alt_km:g}\n  every line of sight "
                         f"ends lower than grazing_km, so nothing could be seen\n  hint: grazing_km at most "
                         f"{target_alt_km:g}, or min_elevation_deg for targets on the ground")
    if limb_km is not None:
        _check("limb_km", limb_km, 0.0, 1e6, "height that the line of sight beyond the target stays above")
        if limb_km > target_alt_km:
            raise InputError(f"limb_km = {limb_km:g} with target_alt_km = {target_alt_km:g}\n  a target below the "
                             f"limb never has cold space behind it\n  hint: limb_km at most {target_alt_km:g}, or none")
    half, elevation = 180.0 * RAD_PER_DEG, 0.0
    if field_of_regard_deg is not None:
        _check("field_of_regard_deg", field_of_regard_deg, 0.0, 360.0, "full angle of the cone about nadir", open_=True)
        half = 0.5 * field_of_regard_deg * RAD_PER_DEG
    if min_elevation_deg is not None:
        _check("min_elevation_deg", min_elevation_deg, -90.0, 90.0, "of the satellite above the target's horizon")
        elevation = min_elevation_deg * RAD_PER_DEG
    if reach_km is not None:
        _check("reach_km", reach_km, 0.0, 1e9, "slant range", open_=True)
    stretch2, r2 = _ellipsoid(grazing_km)
    limb_stretch2, limb_r2 = _ellipsoid(limb_km or 0.0)
    alt_m = target_alt_km * M_PER_KM
    polar = WGS84.a_m * (1.0 - WGS84.f)
    return Conditions(
        stretch2, r2, reach_km is not None, ((reach_km or 0.0) * M_PER_KM) ** 2, min_elevation_deg is not None,
        math.sin(elevation), math.cos(elevation), field_of_regard_deg is not None, math.sin(half),
        0.0 if field_of_regard_deg == 180.0 else math.cos(half), limb_km is not None, limb_stretch2, limb_r2,
        polar + grazing_km * M_PER_KM, polar + alt_m, WGS84.a_m + alt_m)


def rows_of(lat_deg: F64Array, conditions: Conditions, target_alt_km: float) -> Rows:
    """The table of rows at latitudes (L,), with `PAD` more copies of the last row."""
    lat = np.append(lat_deg, np.full(PAD, lat_deg[-1])) * RAD_PER_DEG
    s, c, alt_m = np.sin(lat), np.cos(lat), target_alt_km * M_PER_KM
    c[np.abs(lat) == 0.5 * np.pi] = 0.0
    e2 = WGS84.f * (2.0 - WGS84.f)
    n = WGS84.a_m / np.sqrt(1.0 - e2 * s * s)
    rho, z = (n + alt_m) * c, (n * (1.0 - e2) + alt_m) * s
    floor = np.maximum(c, 1e-12)

    def root(stretch2: float, r2: float) -> F64Array:
        return np.sqrt(np.maximum(rho * rho + stretch2 * z * z - r2, 0.0)) if alt_m > 0.0 else np.zeros_like(rho)

    return Rows(s, c, 1.0 / floor, rho, 1.0 / ((n + alt_m) * floor), z, rho * rho + z * z, rho * c + z * s,
                -n * e2 * s, n + alt_m, conditions.sight_stretch2 * z,
                root(conditions.sight_stretch2, conditions.sight_r2), conditions.limb_stretch2 * z,
                root(conditions.limb_stretch2, conditions.limb_r2))


def _ellipsoid(height_km: float) -> tuple[float, float]:
    """(a / b) squared and a squared of WGS-84 with both axes longer by a height."""
    a, b = WGS84.a_m + height_km * M_PER_KM, WGS84.a_m * (1.0 - WGS84.f) + height_km * M_PER_KM
    return (a / b) ** 2, a * a


def _check(name: str, value: float, low: float, high: float, what: str, *, open_: bool = False) -> None:
    """Refuse what is not a number between two others; `open_` leaves out the lower one."""
    number = isinstance(value, int | float | np.integer | np.floating) and math.isfinite(value)
    if not (number and (low < value if open_ else low <= value) and value <= high):
        between = f"above {low:g} and at most {high:g}" if open_ else f"between {low:g} and {high:g}"
        raise InputError(f"{name} = {value}\n  must be a number {between}: {what}")
