"""Flight of point masses over a turning Earth: one body, or thousands over all cores.

Kernels for other modules:
    acceleration      right-hand side: gravity, Coriolis, centrifugal, drag
    fly               adaptive flight to a time or an event (`FALLING`, `RISING`, `APOGEE`), sampled on the way
    fly_block         many bodies side by side, much faster each
    fly_to_ground     one body until the altitude falls through a level
    glide_block       the same with lift, in legs of constant bank
    rk4_step          one fixed step of order four
Functions for people: `free_flight`, `fly_many`, `glide`, `glide_many`, and closed forms of the glide.

Left out: attitude, thrust, wind, break-up; drag has one constant coefficient, in beta, and lift is a multiple of it.
Equations, sources and evidence: docs/models/flight.md and docs/models/glide.md.
"""

import numpy as np
from numpy.typing import ArrayLike

from opendome.errors import OpenDomeError, Status
from opendome.fly.flight import fly, fly_block, fly_to_ground, glide_block
from opendome.fly.glide_forms import (
    equilibrium_alt_m,
    equilibrium_density,
    equilibrium_glide_deg,
    glide_range_km,
    glide_time_s,
    phugoid_rate_rad_s,
    scale_height_m,
    turn_radius_km,
)
from opendome.fly.gliding import glide_many
from opendome.fly.lanes import APOGEE, FALLING, NO_EVENT, RISING, height
from opendome.fly.motion import acceleration, gliding_acceleration, lift_acceleration
from opendome.fly.one_glide import glide
from opendome.fly.rk4 import rk4_step
from opendome.fly.tables import (
    FLOOR_M,
    Flights,
    Trajectory,
    blank_unused,
    check_positive,
    empty_flights,
    geodetic_rows,
    sample_times,
    start_state,
    states_of,
    trajectory,
)
from opendome.kernel import spread
from opendome.world import WGS84, Earth

__all__ = [
    "APOGEE", "FALLING", "NO_EVENT", "RISING", "Flights", "Trajectory", "acceleration", "equilibrium_alt_m",
    "equilibrium_density", "equilibrium_glide_deg", "fly", "fly_block", "fly_many", "fly_to_ground", "free_flight",
    "geodetic_rows", "glide", "glide_block", "glide_many", "glide_range_km", "glide_time_s", "gliding_acceleration",
    "height", "lift_acceleration", "phugoid_rate_rad_s", "rk4_step", "sample_times", "scale_height_m", "start_state",
    "trajectory", "turn_radius_km",
]

BLOCK = 64


def free_flight(*, lat_deg: float, lon_deg: float, alt_m: float, v_east_m_s: float, v_north_m_s: float,
                v_up_m_s: float, beta_kg_m2: float, duration_s: float, step_s: float) -> Trajectory:
    """Flight of a body without thrust or lift, sampled at 0, step_s, 2 step_s ... up to duration_s.

    Velocities are relative to the turning Earth. `beta_kg_m2` is mass / (Cd A), `math.inf` for no drag; the air is
    the US Standard Atmosphere 1976 at rest on the Earth. The flight does not stop at the ground (altitude 0): cut it
    where you want it to end. It does stop 10 km below, and later samples are then absent.
    """
    start = start_state(lat_deg=lat_deg, lon_deg=lon_deg, alt_m=alt_m, v_east_m_s=v_east_m_s,
                        v_north_m_s=v_north_m_s, v_up_m_s=v_up_m_s)
    check_positive("beta_kg_m2", beta_kg_m2, "mass / (Cd A); math.inf for no drag", infinite=True)
    t_s = sample_times(duration_s, step_s)
    r, v = np.empty((t_s.size, 3)), np.empty((t_s.size, 3))
    status, rows, t_end = fly(WGS84, start, float(beta_kg_m2), float(t_s[-1]), FALLING, FLOOR_M, 1e-11, float(step_s),
                              r, v, np.empty(6))
    if status != Status.OK:
        raise OpenDomeError(f"the flight could not be followed beyond {t_end:.1f} s: {Status(status).name}")
    return trajectory(t_s[:rows], r[:rows], v[:rows])


def fly_many(start: ArrayLike, beta_kg_m2: ArrayLike, *, t_max_s: float, step_s: float | None = None,
             ground_alt_m: float = 0.0, tol: float = 1e-9, earth: Earth = WGS84, jobs: int | None = None) -> Flights:
    """Fly T bodies from ECEF states `start` (T, 6) to the ground or t_max_s, on all cores.

    Samples are kept every step_s, or none when it is None. `beta_kg_m2` is (T,) or one number. See `fly` for `tol`.
    """
    begin, beta = states_of(start, beta_kg_m2)
    check_positive("t_max_s", t_max_s, "seconds")
    check_positive("tol", tol, "tolerated error of a step, in Earth radii")
    out, count = empty_flights(len(begin), t_max_s, step_s), len(begin)

    def work(first: int, last: int) -> None:
        fly_block(earth, begin, beta, float(t_max_s), FALLING, float(ground_alt_m), float(tol), float(step_s or 1.0),
                  out.r_ecef_m, out.v_ecef_m_s, out.rows, out.t_end_s, out.end, out.status, first, last)
        blank_unused(out, first, last)

    spread(work, count, jobs=jobs, block=BLOCK)
    return out
