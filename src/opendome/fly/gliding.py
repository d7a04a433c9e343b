"""Many flights with lift side by side: banks as schedules, lift that depends on Mach number, damping."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from opendome.errors import InputError
from opendome.fly.flight import glide_block
from opendome.fly.lanes import Legs
from opendome.fly.motion import Law
from opendome.fly.tables import Flights, blank_unused, check_positive, empty_flights, states_of
from opendome.kernel import spread
from opendome.units import RAD_PER_DEG
from opendome.world import WGS84, Earth

F64Array = NDArray[np.float64]
BLOCK = 64


def glide_many(start: ArrayLike, lift_to_drag: ArrayLike, beta_kg_m2: ArrayLike, bank_deg: ArrayLike = 0.0, *,
               t_max_s: float, stop_alt_m: float = 0.0, stop_m_s: float = 0.0, bank_from_s: ArrayLike | None = None,
               damping: float = 0.0, mach: ArrayLike | None = None, step_s: float | None = None, tol: float = 1e-9,
               earth: Earth = WGS84, jobs: int | None = None) -> Flights:
    """Fly T gliders from ECEF states `start` (T, 6), on all cores.

    A flight ends when it falls through stop_alt_m, is slower than stop_m_s, or at t_max_s. Samples are kept every
    step_s, or none when it is None.

    lift_to_drag    number or (T,); or, with `mach` (M,) rising, (M,): the table of all of them
    beta_kg_m2      number or (T,), mass / (Cd A)
    bank_deg        number or (T,): constant; with `bank_from_s` (S,) or (T, S), in s and rising, (S,) or (T, S): the
                    bank from each instant on. Positive banks turn right. inf ends a shorter schedule
    damping         of the phugoid, as a share of the critical (see `motion.damping_factor`)
    tol             as in `fly_block`

    No check that a flight stays in the air, stays cool or holds a load: see `glide`. Raises InputError for tables of
    the wrong shape and numbers that make no sense.
    """
    begin, beta = states_of(start, beta_kg_m2)
    check_positive("t_max_s", t_max_s, "seconds")
    check_positive("tol", tol, "tolerated error of a step, in Earth radii")
    law, best = law_of(lift_to_drag, mach, damping)
    legs = legs_of(best, beta, bank_deg, bank_from_s, stop_m_s)
    out, count = empty_flights(len(begin), t_max_s, step_s), len(begin)

    def work(first: int, last: int) -> None:
        glide_block(earth, begin, beta, legs, law, float(t_max_s), float(stop_alt_m), float(tol), float(step_s or 1.0),
                    out.r_ecef_m, out.v_ecef_m_s, out.rows, out.t_end_s, out.end, out.status, first, last)
        blank_unused(out, first, last)

    spread(work, count, jobs=jobs, block=BLOCK)
    return out


def law_of(lift_to_drag: ArrayLike, mach: ArrayLike | None, damping: float) -> tuple[Law | None, F64Array]:
    """The law of lift (None if it is constant) and the lift-to-drag ratio, the best one of a table."""
    ratio = np.asarray(lift_to_drag, dtype=np.float64)
    if not (damping >= 0.0 and math.isfinite(damping)):
        raise InputError(f"damping = {damping}\n  must be 0 or above (share of the critical damping of the phugoid)")
    if not (np.isfinite(ratio).all() and (ratio > 0.0).all()):
        raise InputError(f"lift_to_drag = {ratio.min():g}\n  must be above zero: without lift nothing glides\n"
                         "hint: free_flight and fly_many fly bodies without lift")
    if mach is None:
        return (Law(float(damping), np.empty(0), np.empty(0)) if damping > 0.0 else None), ratio
    at = np.ascontiguousarray(mach, dtype=np.float64)
    if at.ndim != 1 or at.size < 2 or ratio.shape != at.shape or not (np.diff(at) > 0.0).all() or not at[0] >= 0.0:
        raise InputError(f"mach, of shape {at.shape}, with lift_to_drag of shape {ratio.shape}\n"
                         "  must be two or more rising Mach numbers, with one lift-to-drag ratio for each")
    best = np.asarray(ratio.max())
    return Law(float(damping), at, np.ascontiguousarray(ratio / best)), best


def legs_of(lift_to_drag: F64Array, beta: F64Array, bank_deg: ArrayLike, bank_from_s: ArrayLike | None,
            stop_m_s: float) -> Legs:
    """Schedules of lift of the T bodies with these ballistic coefficients."""
    count = beta.size
    if not (math.isfinite(stop_m_s) and stop_m_s >= 0.0):
        raise InputError(f"stop_m_s = {stop_m_s}\n  must be 0 or above (speed at which a flight ends)")
    bank = np.asarray(bank_deg, dtype=np.float64)
    if not np.isfinite(bank).all():
        raise InputError("bank_deg\n  must be finite numbers (degrees, positive to the right)")
    if bank_from_s is None:
        if bank.shape not in ((), (count,)):
            raise InputError(f"bank_deg, of shape {bank.shape}\n  must be one number or one for each of {count} flights"
                             "\nhint: a schedule needs bank_from_s too")
        bank, since = np.broadcast_to(bank, (count,))[:, None], np.zeros((count, 1))
    else:
        since = np.asarray(bank_from_s, dtype=np.float64)
        if since.shape != bank.shape or since.shape[-1:] == (0,) or since.ndim not in (1, 2) or (
                since.ndim == 2 and len(since) != count):
            raise InputError(f"bank_from_s, of shape {since.shape}, with bank_deg of shape {bank.shape}\n"
                             f"  must both be (S,), or (T, S) for {count} flights")
        _check_rising(since)
        since, bank = np.broadcast_to(since, (count, since.shape[-1])), np.broadcast_to(bank, (count, bank.shape[-1]))
    if lift_to_drag.shape not in ((), (1,), (count,)):
        raise InputError(f"lift_to_drag, of shape {lift_to_drag.shape}\n  must be one number or one for each of {count}"
                         " flights")
    lift = (np.broadcast_to(lift_to_drag, (count,)) / beta)[:, None]
    return Legs(np.ascontiguousarray(since, dtype=np.float64), np.ascontiguousarray(lift * np.cos(bank * RAD_PER_DEG)),
                np.ascontiguousarray(lift * np.sin(bank * RAD_PER_DEG)), float(stop_m_s))


def _check_rising(since: F64Array) -> None:
    """Refuse instants of a schedule that do not rise, or do not begin with the flight."""
    first, later = since[..., 0], since[..., 1:]
    with np.errstate(invalid="ignore"):
        rises = (later > since[..., :-1]) | np.isinf(later)
    if not (first <= 0.0).all() or not rises.all():
        raise InputError(f"bank_from_s = {since.ravel()[:6].tolist()} ...\n"
                         "  must begin at 0 and rise: the bank from each instant on, in s after the start")


def schedule_of(bank_deg: float | Sequence[tuple[float, float]]) -> tuple[F64Array, F64Array]:
    """Instants (S,) in s and banks (S,) in deg of a constant bank or of [(from_s, bank_deg), ...]."""
    try:
        table = np.asarray(bank_deg, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"bank_deg = {bank_deg!r}\n  must be a number of degrees, or a schedule of pairs "
                         "[(from_s, bank_deg), ...]") from None
    if table.ndim == 0:
        return np.zeros(1), table.reshape(1)
    if table.ndim != 2 or table.shape[1] != 2 or len(table) == 0 or not np.isfinite(table).all():
        raise InputError(f"bank_deg, of shape {table.shape}\n  must be one number, or a schedule of pairs "
                         "[(from_s, bank_deg), ...] of finite numbers")
    _check_rising(table[:, 0])
    return table[:, 0].copy(), table[:, 1].copy()
