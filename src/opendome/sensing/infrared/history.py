"""When one flight is seen and warned of, by each satellite and by all of them, with its chances worked out exactly.

All satellites of a constellation look at the same instants, a revisit apart; the first look falls at a random part of
a revisit. A look counts when any satellite detects; the warning goes out `latency_s` after the `looks_needed`-th.
Where chance and revisit are constant this is the simple model of warning satellites, with its closed forms.

Left out: satellites that look in turn. Evidence: docs/models/infrared.md.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from opendome.catalogue.entries import BallisticThreat, GlideThreat, InfraredSensor
from opendome.errors import InputError
from opendome.fly import Trajectory
from opendome.kernel import F64Array, kernel
from opendome.orbits import Constellation, orbit_position_ecef
from opendome.sensing.infrared.emission import glow_w_sr, heated_intensity
from opendome.sensing.infrared.eyes import Eyes, lower_eyes
from opendome.sensing.infrared.look import look_ir
from opendome.sensing.infrared.radiance import plume_in_band
from opendome.sensing.sites import InfraredSite
from opendome.threats import BOOST

PHASES = 50
"""The random part of the first revisit is taken at the middles of this many equal parts."""


@dataclass(frozen=True, eq=False)
class Detections:
    """How a flight is seen. K instants, S satellites; times in s on the flight's own clock, inf for never."""

    t_s: F64Array
    """(K,)"""
    p: F64Array
    """(K, S) chance that a look at that instant detects."""
    snr: F64Array
    """(K, S) signal-to-noise ratio of such a look; 0 where there is none."""
    first_s: F64Array
    """(S,) first instant at which a look of the satellite detects half of the time or more."""
    last_s: F64Array
    """(S,) last such instant; -inf for never."""
    p_seen: F64Array
    """(S,) chance that the satellite ever detects the flight."""
    seen_from_s: float
    """First instant at which a look of all satellites together detects half of the time or more."""
    seen_to_s: float
    """Last such instant; -inf for never."""
    p_seen_by_any: float
    """Chance that any satellite ever detects the flight."""
    p_warned: float
    """Chance of a warning."""
    warned_s: float
    """Mean time of the warning, where there is one."""
    warned_half_s: float
    """Time by which half of all such flights are warned of; inf when fewer ever are."""
    warned_most_s: float
    """Time by which nine of ten are."""


# ---- kernels -------------------------------------------------------------------------------------------------------


@kernel
def _look_rows(eyes, c, satellites_m, r_ecef_m, intensity_w_sr, p, snr):
    """Fill p and snr (K, S) from positions (K, S, 3) and (K, 3) and the intensity (K,)."""
    for k in range(p.shape[0]):
        x, y, z = r_ecef_m[k, 0], r_ecef_m[k, 1], r_ecef_m[k, 2]
        for s in range(p.shape[1]):
            at = satellites_m[k, s]
            p[k, s], snr[k, s] = look_ir(eyes, c, at[0], at[1], at[2], x, y, z, intensity_w_sr[k])


@kernel
def _orbit_rows(orbits, angle0_rad, t_s, satellites_m):
    """Fill ECEF positions (K, S, 3) of satellites at times (K,) after their elements' epoch."""
    for k in range(t_s.shape[0]):
        for s in range(satellites_m.shape[1]):
            x, y, z = orbit_position_ecef(orbits, s, t_s[k], angle0_rad)
            satellites_m[k, s, 0], satellites_m[k, s, 1], satellites_m[k, s, 2] = x, y, z


@kernel
def _count_looks(t_s, p, revisit_s, phase_s, count, counts, when_s, chance):
    """Follow the looks of one phase through the chances p (K,) at t_s (K,), linear in between.

    counts (N,) is scratch: the chance of 0 .. N - 1 detections so far. Writes from row `count` on the instants and
    chances of the N-th detection; returns the next free row and the chance that nothing was ever detected.
    """
    counts[:] = 0.0
    counts[0], missed, row, at = 1.0, 1.0, 0, t_s[0] + phase_s
    while at <= t_s[-1]:
        while t_s[row + 1] < at:
            row += 1
        q = p[row] + (p[row + 1] - p[row]) * (at - t_s[row]) / (t_s[row + 1] - t_s[row])
        missed *= 1.0 - q
        when_s[count], chance[count] = at, q * counts[-1]
        count += 1
        for n in range(counts.shape[0] - 1, 0, -1):
            counts[n] += q * (counts[n - 1] - counts[n])
        counts[0] *= 1.0 - q
        at += revisit_s
    return count, missed


# ---- for users -----------------------------------------------------------------------------------------------------


def intensity_along(sensor: InfraredSensor, threat: BallisticThreat | GlideThreat, flight: Trajectory) -> F64Array:
    """Radiant intensity in W/sr, (K,), in a sensor's band along a flight: plume, then the cold, heated or hot body."""
    if flight.phase is None:
        raise InputError("flight\n  must have phases, as those of opendome.threats.fly")
    low, high = sensor.band_min_um.value, sensor.band_max_um.value
    plume = plume_in_band(threat.plume_kw_sr.value, threat.plume_k.value, low, high)
    speed = np.linalg.norm(flight.v_ecef_m_s, axis=1)

    def body(alt_m: float, speed_m_s: float) -> float:
        if isinstance(threat, GlideThreat):
            return float(glow_w_sr(1000.0 * threat.glow_kw_sr.value, threat.glow_k.value, alt_m, speed_m_s, low, high))
        return float(heated_intensity(low, high, threat.body_m2.value, threat.nose_radius_m.value, alt_m, speed_m_s))

    return np.array([plume if phase == BOOST else body(alt_m, v)
                     for phase, alt_m, v in zip(flight.phase, flight.alt_m, speed, strict=True)])


def detection_times(sensor: InfraredSensor, flight: Trajectory, satellites: Constellation | ArrayLike, *,
                    intensity_w_sr: ArrayLike, start_s: float = 0.0,
                    values: Mapping[str, float] | None = None) -> Detections:
    """How satellites that carry a sensor see one flight, from the first of its samples to the last.

    `satellites` is a constellation, on whose clock the flight starts at `start_s`, or ECEF positions in m that stay
    (S, 3) or go with the flight's samples (K, S, 3). `intensity_w_sr` is one number or (K,), in the sensor's band (see
    `intensity_along`). `values` replace those of the entry. Chances between two samples are linear: take steps of a
    second or so where the flight passes the clouds.
    """
    eyes = lower_eyes([InfraredSite("sensor", sensor, values or {})])
    p, snr = _looks(eyes, flight, satellites, intensity_w_sr, start_s)
    return _detections(eyes, flight.t_s, p, snr)


def chances(sensor: InfraredSensor, flight: Trajectory, satellites: Constellation | ArrayLike,
            intensity_w_sr: ArrayLike, *, start_s: float = 0.0) -> F64Array:
    """(K, S) chance that a look of each satellite detects a flight at its samples; arguments of `detection_times`."""
    return _looks(lower_eyes([InfraredSite("sensor", sensor)]), flight, satellites, intensity_w_sr, start_s)[0]


def _looks(eyes: Eyes, flight: Trajectory, satellites: Constellation | ArrayLike, intensity_w_sr: ArrayLike,
           start_s: float) -> tuple[F64Array, F64Array]:
    """Chance and signal-to-noise ratio, (K, S) each, of a look of each satellite at the flight's samples."""
    places = _places(satellites, flight.t_s, start_s)
    try:
        intensity = np.ascontiguousarray(np.broadcast_to(np.asarray(intensity_w_sr, np.float64), flight.t_s.shape))
    except ValueError:
        raise InputError(f"intensity_w_sr, of shape {np.shape(intensity_w_sr)}\n"
                         f"  must be one number or one for each of the {flight.t_s.size} samples") from None
    if not (intensity >= 0.0).all():
        raise InputError("intensity_w_sr\n  must be numbers of at least 0 (W/sr, in the sensor's band)")
    p, snr = np.zeros(places.shape[:2]), np.zeros(places.shape[:2])
    _look_rows(eyes, 0, places, np.ascontiguousarray(flight.r_ecef_m), intensity, p, snr)
    return p, snr


def _places(satellites: Constellation | ArrayLike, t_s: F64Array, start_s: float) -> F64Array:
    """ECEF positions (K, S, 3)."""
    if t_s.size < 2:
        raise InputError(f"flight\n  must have two samples or more; found {t_s.size}")
    if isinstance(satellites, Constellation):
        places = np.empty((t_s.size, len(satellites), 3))
        _orbit_rows(satellites.orbits, satellites.earth_angle_rad, start_s + t_s, places)
        return places
    given = np.asarray(satellites, dtype=np.float64)
    if given.ndim not in (2, 3) or given.shape[-1] != 3 or (given.ndim == 3 and len(given) != t_s.size):
        raise InputError(f"satellites, of shape {given.shape}\n  must be a Constellation, or ECEF positions in m: "
                         f"(S, 3) or ({t_s.size}, S, 3)")
    return np.ascontiguousarray(np.broadcast_to(given, (t_s.size, *given.shape[-2:])))


def _detections(eyes: Eyes, t_s: F64Array, p: F64Array, snr: F64Array) -> Detections:
    together = 1.0 - np.prod(1.0 - p, axis=1)
    first, last = zip(*(_window(t_s, column) for column in p.T), strict=True)
    revisit_s, needed = float(eyes.revisit_s[0]), int(eyes.looks_needed[0])
    p_seen = np.array([_follow(t_s, np.ascontiguousarray(column), revisit_s, needed)[2] for column in p.T])
    when_s, chance, p_seen_by_any = _follow(t_s, together, revisit_s, needed)
    order = np.argsort(when_s)
    when_s, chance = when_s[order] + float(eyes.latency_s[0]), chance[order]
    so_far = np.cumsum(chance)
    total = float(so_far[-1]) if so_far.size else 0.0
    p_warned = min(total, 1.0)  # a sum of rounded chances may pass 1 by a digit

    def by(share: float) -> float:
        return float(when_s[np.searchsorted(so_far, share)]) if p_warned >= share else math.inf

    mean_s = float(chance @ when_s) / total if p_warned > 0.0 else math.inf
    return Detections(t_s, p, snr, np.array(first), np.array(last), p_seen, *_window(t_s, together), p_seen_by_any,
                      p_warned, mean_s, by(0.5), by(0.9))


def _window(t_s: F64Array, p: F64Array) -> tuple[float, float]:
    """First and last instant at which p reaches a half."""
    seen = np.flatnonzero(p >= 0.5)
    return (float(t_s[seen[0]]), float(t_s[seen[-1]])) if seen.size else (math.inf, -math.inf)


def _follow(t_s: F64Array, p: F64Array, revisit_s: float, needed: int) -> tuple[F64Array, F64Array, float]:
    """Instants and chances of the needed-th detection over all phases, and the chance of any detection."""
    most = PHASES * (math.floor((t_s[-1] - t_s[0]) / revisit_s) + 2)
    when_s, chance, counts, count, missed = np.zeros(most), np.zeros(most), np.zeros(needed), 0, 0.0
    for k in range(PHASES):
        count, none = _count_looks(t_s, p, revisit_s, (k + 0.5) / PHASES * revisit_s, count, counts, when_s, chance)
        missed += none
    return when_s[:count], chance[:count] / PHASES, 1.0 - missed / PHASES
