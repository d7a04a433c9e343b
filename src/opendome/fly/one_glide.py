"""One glide, checked: what people call."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from opendome.errors import InputError, OpenDomeError, Status
from opendome.fly.entry import WATCH_S, Entry, fault_of, fly_entries, refuse, watch
from opendome.fly.gliding import law_of, schedule_of
from opendome.fly.motion import Law
from opendome.fly.tables import Trajectory, check_positive, sample_times, trajectory
from opendome.units import DEG_PER_RAD
from opendome.world import POINT_MASS, WGS84, Earth, check_finite, check_latitude

F64Array = NDArray[np.float64]


def glide(*, alt_m: float, speed_m_s: float, flight_path_deg: float, heading_deg: float, lat_deg: float, lon_deg: float,
          lift_to_drag: float | tuple[ArrayLike, ArrayLike], beta_kg_m2: float,
          bank_deg: float | Sequence[tuple[float, float]] = 0.0, stop_alt_m: float, step_s: float,
          rotating: bool = True, stop_m_s: float = 0.0, duration_s: float = 10800.0, damping: float = 0.0,
          skips: bool = False, load_max_g: float = math.inf, nose_radius_m: float | None = None,
          nose_max_k: float | None = None, earth: Earth | None = None, tol: float = 1e-9) -> Trajectory:
    """Flight of a body with lift and no thrust, sampled at 0, step_s, 2 step_s ... and where it ends.

    It ends when it falls through stop_alt_m (0: the ground), is slower than stop_m_s, or after duration_s.

    speed_m_s, flight_path_deg, heading_deg    relative to the Earth's surface; up and clockwise from north are positive
    lift_to_drag    above 0; or (mach, lift_to_drag), two sequences: linear between, constant beyond
    beta_kg_m2      mass / (Cd A)
    bank_deg        positive to the right; or a schedule [(from_s, bank_deg), ...] that begins at 0 s
    rotating        False: the Earth is a sphere of 6,371 km at rest, as in published glide models, and latitude is that
                    of the sphere. True: WGS-84 with J2
    damping         of the phugoid, as a share of the critical; 0: none. Lift and drag are changed together
    skips           whether it may leave the air (100 km) for a time
    load_max_g      lift that it may have, in g
    nose_radius_m, nose_max_k    temperature that a nose of this radius may reach, in K; both or none
    earth           in place of those two: any `Earth` of WGS-84's shape, or a sphere
    tol             as in `fly_block`

    Raises InputError, with the nearest state that works, for a flight that skips out, burns, exceeds its load or never
    glides (see `opendome.fly.entry`), and for numbers that make no sense. Equations, sources and limits:
    docs/models/glide.md.
    """
    check_finite(alt_m=alt_m, speed_m_s=speed_m_s, flight_path_deg=flight_path_deg, heading_deg=heading_deg,
                 lon_deg=lon_deg, stop_alt_m=stop_alt_m)
    check_latitude(lat_deg)
    check_positive("beta_kg_m2", beta_kg_m2, "mass / (Cd A)")
    check_positive("speed_m_s", speed_m_s, "relative to the Earth's surface")
    check_positive("load_max_g", load_max_g, "lift in g", infinite=True)
    check_positive("tol", tol, "tolerated error of a step, in Earth radii")
    if not abs(flight_path_deg) <= 90.0:
        raise InputError(f"flight_path_deg = {flight_path_deg}\n  must be between -90 and 90 (up is positive)")
    _check_stops(alt_m, speed_m_s, stop_alt_m, stop_m_s)
    law, ratio, mach = _lift(lift_to_drag, damping)
    since, banks = schedule_of(bank_deg)
    radius_m, limit_k = _nose(nose_radius_m, nose_max_k)
    entry = Entry(float(alt_m), float(speed_m_s), float(flight_path_deg), float(heading_deg), float(lat_deg),
                  float(lon_deg), ratio, mach, law, float(beta_kg_m2), since, banks, float(stop_alt_m), float(stop_m_s),
                  float(duration_s), skips, float(load_max_g), radius_m, limit_k, _earth(earth, rotating), float(tol))
    sample_times(duration_s, step_s)
    return _checked(entry, float(step_s))


def _checked(entry: Entry, step_s: float) -> Trajectory:
    """The flight of an entry, if nothing is wrong with it."""
    every = max(1, math.ceil(step_s / WATCH_S - 1e-9))
    flights = fly_entries([entry], step_s / every)
    if flights.status[0] != Status.OK:
        raise OpenDomeError(f"the flight could not be followed beyond {flights.t_end_s[0]:.1f} s: "
                            f"{Status(flights.status[0]).name}")
    n, t_end = int(flights.rows[0]), float(flights.t_end_s[0])
    t_s = np.append(flights.t_s[:n], t_end)
    r = np.vstack([flights.r_ecef_m[0, :n], flights.end[:1, :3]])
    v = np.vstack([flights.v_ecef_m_s[0, :n], flights.end[:1, 3:]])
    seen = watch(entry, t_s, r, v)
    fault = fault_of(entry, t_s, seen)
    if fault is not None:
        raise refuse(entry, fault, seen, t_s)
    rows = np.arange(0, n, every)
    if t_end - t_s[rows[-1]] > 1e-9:
        rows = np.append(rows, n)
    out = trajectory(t_s[rows], r[rows], v[rows])
    return out if entry.earth.f else _on_sphere(out, entry.earth)


def _on_sphere(flight: Trajectory, earth: Earth) -> Trajectory:
    """The same with latitude and altitude of a sphere."""
    r = np.linalg.norm(flight.r_ecef_m, axis=1)
    lat = np.arcsin(flight.r_ecef_m[:, 2] / r) * DEG_PER_RAD
    return flight._replace(lat_deg=lat, alt_m=r - earth.a_m)


def _lift(lift_to_drag: float | tuple[ArrayLike, ArrayLike], damping: float) -> tuple[Law, F64Array, F64Array | None]:
    """The law, the lift-to-drag ratio or its table, and the table's Mach numbers."""
    if isinstance(lift_to_drag, tuple) and len(lift_to_drag) == 2:
        mach, ratio = (np.asarray(x, dtype=np.float64) for x in lift_to_drag)
        law, _ = law_of(ratio, mach, damping)
        return law or Law(damping, np.empty(0), np.empty(0)), ratio, mach
    if isinstance(lift_to_drag, tuple) or np.ndim(lift_to_drag) != 0:
        raise InputError("lift_to_drag\n  must be one number, or a pair of sequences (mach, lift_to_drag)")
    law, ratio = law_of(lift_to_drag, None, damping)
    return law or Law(0.0, np.empty(0), np.empty(0)), ratio, None


def _nose(radius_m: float | None, limit_k: float | None) -> tuple[float, float]:
    """Radius in m (0 for no nose) and the highest temperature in K."""
    if radius_m is None and limit_k is None:
        return 0.0, math.inf
    if radius_m is None or limit_k is None:
        raise InputError("nose_radius_m, nose_max_k\n  must be given together: what may reach which temperature")
    check_positive("nose_radius_m", radius_m, "metres")
    check_positive("nose_max_k", limit_k, "K")
    return float(radius_m), float(limit_k)


def _check_stops(alt_m: float, speed_m_s: float, stop_alt_m: float, stop_m_s: float) -> None:
    """Refuse a flight that would end before it begins."""
    if stop_alt_m < 0.0 or not alt_m > stop_alt_m:
        raise InputError(f"stop_alt_m = {stop_alt_m:g}\n  must be between 0 (the ground) and alt_m = {alt_m:g}, where "
                         "the flight begins")
    if not speed_m_s > stop_m_s:
        raise InputError(f"stop_m_s = {stop_m_s:g}\n  must be below speed_m_s = {speed_m_s:g}, with which the flight "
                         "begins")


def _earth(earth: Earth | None, rotating: bool) -> Earth:
    """The Earth that is flown over."""
    if earth is None:
        return WGS84 if rotating else POINT_MASS
    if earth.f != 0.0 and (earth.f, earth.a_m) != (WGS84.f, WGS84.a_m):
        raise InputError(f"earth.f = {earth.f:g}\n  must be WGS-84's, with its radius, or 0 (a sphere)")
    return earth if rotating else earth._replace(omega_rad_s=0.0)
