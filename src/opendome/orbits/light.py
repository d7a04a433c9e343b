"""What lies under a satellite, and when the Sun shines on it.

Ground track; the angle between Sun and orbital plane; eclipses by the ellipsoid with a Sun that has a disc. Left out:
refraction, the Moon.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from opendome.errors import InputError
from opendome.kernel import F64Array, I64Array, kernel
from opendome.orbits.constellation import Constellation, Satellites
from opendome.units import DEG_PER_RAD
from opendome.world import geodetic_from_ecef, sun_direction, sun_position, sun_share

FINENESS_S = 0.01
"""Edges of eclipses are found to this."""


class GroundTrack(NamedTuple):
    """The points that satellites stand over. T instants, S satellites."""

    lat_deg: F64Array
    """(T, S) geodetic."""
    lon_deg: F64Array
    """(T, S) -180 .. 180."""
    alt_m: F64Array
    """(T, S) above the ellipsoid."""


class Eclipses(NamedTuple):
    """Times in the Earth's shadow. N eclipses, by satellite and time."""

    satellite: I64Array
    """(N,)"""
    begin_s: F64Array
    """(N,) t_s at which the Sun is covered as far as asked; the first instant if it was already."""
    end_s: F64Array
    """(N,) t_s at which it is no longer; the last instant if it still is."""


@kernel
def track_rows(r_ecef_m, lat_deg, lon_deg, alt_m):
    """Fill latitude, longitude (deg) and altitude (m), (T, S) each, from ECEF positions (T, 3, S)."""
    for k in range(r_ecef_m.shape[0]):
        for s in range(r_ecef_m.shape[2]):
            lat, lon, alt_m[k, s] = geodetic_from_ecef(r_ecef_m[k, 0, s], r_ecef_m[k, 1, s], r_ecef_m[k, 2, s])
            lat_deg[k, s], lon_deg[k, s] = lat * DEG_PER_RAD, lon * DEG_PER_RAD


@kernel
def share_rows(r_m, sun_m, share):
    """Fill the share of the Sun's disc in view, (T, S), from positions (T, 3, S) and the Sun's (T, 3) in one frame."""
    for k in range(r_m.shape[0]):
        for s in range(r_m.shape[2]):
            share[k, s] = sun_share(r_m[k, 0, s], r_m[k, 1, s], r_m[k, 2, s], sun_m[k, 0], sun_m[k, 1], sun_m[k, 2])


def ground_track(satellites: Satellites, t_s: ArrayLike) -> GroundTrack:
    """The points on the ellipsoid below satellites at t_s (T,) seconds after their epoch."""
    r = satellites.positions_ecef(t_s)
    track = GroundTrack(*(np.empty((r.shape[0], r.shape[2])) for _ in range(3)))
    track_rows(r, *track)
    return track


def sun_shares(satellites: Satellites, t_s: ArrayLike) -> F64Array:
    """Share of the Sun's disc that each satellite sees, (T, S): 1 in light, 0 in the umbra, between in the penumbra."""
    t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
    r = satellites.positions_ecef(t)
    share = np.empty((r.shape[0], r.shape[2]))
    share_rows(r, sun_position(satellites.epoch, t, frame="ecef"), share)
    return share


def beta_angle_deg(constellation: Constellation, t_s: ArrayLike = 0.0) -> F64Array:
    """Angle in degrees between the Sun and each orbital plane, (T, S): 90 over the plane's pole, 0 in the plane."""
    t = np.atleast_1d(np.asarray(t_s, dtype=np.float64))
    orbits, sun = constellation.orbits, sun_direction(constellation.epoch, t, frame="eci")
    node = orbits.raan + orbits.raan_rate * t[:, None]
    up = (orbits.sin_i * (np.sin(node) * sun[:, :1] - np.cos(node) * sun[:, 1:2]) + orbits.cos_i * sun[:, 2:])
    return np.asarray(np.degrees(np.arcsin(np.clip(up, -1.0, 1.0))))


def eclipse_share(constellation: Constellation, t_s: float = 0.0, *, samples: int = 1440) -> F64Array:
    """Share of the revolution that begins at t_s without sunlight, (S,); half a Sun counts half.

    A revolution is a full turn among the stars, not from node to node. Mean over `samples` instants spread evenly in
    time over it, so good to about 0.5 / samples. The largest share is that at beta 0: see `beta_angle_deg`.
    """
    shares = np.empty(len(constellation))
    orbits = constellation.orbits
    periods = 2.0 * np.pi / (orbits.argp_rate + orbits.anomaly_rate + orbits.cos_i * orbits.raan_rate)
    for period in np.unique(periods):
        same = periods == period
        times = t_s + period * (np.arange(samples) + 0.5) / samples
        shares[same] = 1.0 - sun_shares(constellation.keep(same), times).mean(axis=0)
    return shares


def eclipses(satellites: Satellites, *, duration_s: float, below: float = 0.5, step_s: float = 60.0) -> Eclipses:
    """When less than the share `below` of the Sun's disc is in view, from t_s = 0 to duration_s.

    0.5 is the middle of the penumbra; 1e-9 the umbra; 1 umbra and penumbra. Edges to 0.01 s; an eclipse shorter than
    `step_s` can be missed.
    """
    if not (duration_s > 0.0 and 0.0 < step_s <= duration_s and 0.0 < below <= 1.0):
        raise InputError(f"duration_s = {duration_s}, step_s = {step_s}, below = {below}\n  must be above zero, step_s "
                         "at most duration_s, below at most 1")
    t = np.append(np.arange(0.0, duration_s, step_s), duration_s)
    dark = sun_shares(satellites, t) < below
    found = []
    for s in range(dark.shape[1]):
        changes = np.flatnonzero(dark[1:, s] != dark[:-1, s])
        edges = [_edge(satellites, s, t[k], t[k + 1], below) for k in changes]
        edges = [t[0]] * bool(dark[0, s]) + edges + [t[-1]] * bool(dark[-1, s])
        found += [(s, begin, end) for begin, end in zip(edges[::2], edges[1::2], strict=True)]
    columns = np.array(found).reshape(-1, 3).T
    return Eclipses(columns[0].astype(np.int64), columns[1], columns[2])


def _edge(satellites: Satellites, s: int, low: float, high: float, below: float) -> float:
    """The instant between two at which one satellite crosses the edge of the shadow, by halving."""
    was_dark = sun_shares(satellites, low)[0, s] < below
    while high - low > FINENESS_S:
        middle = 0.5 * (low + high)
        if (sun_shares(satellites, middle)[0, s] < below) == was_dark:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
