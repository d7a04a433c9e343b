"""Shots of space-based interceptors: which satellite can meet which target and when, and who shoots at whom.

For people: `space_shots` (every feasible satellite, target and earliest time), `allocate` (one round for one shot).
Kernels, equations and what is left out: `space_reach`, docs/models/space-interceptors.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from opendome.catalogue.entries import SpaceInterceptor
from opendome.engagement.space_reach import Sky, SpaceKinematics, find_meetings, make_sky
from opendome.errors import InputError, OpenDomeError
from opendome.fly import Trajectory
from opendome.kernel import BoolArray, F64Array, I64Array, Packed, kernel
from opendome.orbits import Constellation
from opendome.threats import BOOST, Phase
from opendome.units import G0_M_S2, M_PER_KM

AnyShooter = SpaceInterceptor | SpaceKinematics
BUFFER = 1024


class Paths(NamedTuple):
    """Flights at equal steps, stacked. T flights; times in s after each launch."""

    r: F64Array
    """(rows, 3) ECEF, m."""
    v: F64Array
    """(rows, 3) m/s."""
    offset: I64Array
    """(T,) first row of each flight."""
    n: I64Array
    """(T,) rows of each flight."""
    dt_s: F64Array
    """(T,)"""
    first_s: F64Array
    """(T,) when the stretch begins in which it may be met."""
    last_s: F64Array
    """(T,) when it ends."""


class Shots(NamedTuple):
    """Feasible shots, by target. M of them."""

    satellite: I64Array
    """(M,) row of the constellation."""
    target: I64Array
    """(M,) position in the list of flights."""
    t_meet_s: F64Array
    """(M,) earliest meeting, on the constellation's clock."""
    n_satellites: int
    n_targets: int

    def in_reach(self) -> I64Array:
        """(T,) satellites that can meet each target."""
        return np.bincount(self.target, minlength=self.n_targets)


class Allocation(NamedTuple):
    """Which of the feasible shots are taken."""

    shot: I64Array
    """(K,) rows of the `Shots`, ascending; a row stands twice where a satellite fires two rounds at one target."""
    n_shots: I64Array
    """(T,) shots at each target."""
    is_engaged: BoolArray
    """(T,) whether a target gets all the shots asked for."""

    @property
    def n_engaged(self) -> int:
        """Targets that get all the shots asked for."""
        return int(self.is_engaged.sum())


# ---- shots ----------------------------------------------------------------------------------------------------------


@kernel
def all_meetings(orbits, rounds, angle0_rad, paths, t_launch_s, t_leave_s, kin, sky, first, out_s, out_t_s):
    """`find_meetings` of T paths in turn, results one after the other; returns how many there are in all.

    t_launch_s, t_leave_s (T,): on the constellation's clock. first (T + 1,) receives the row where each path's results
    begin. When there are more than the rows of out_s, the count is right and the rest is missing.
    """
    found = 0
    for i in range(t_launch_s.shape[0]):
        first[i] = found
        room = min(found, out_s.shape[0])
        t0_s = t_launch_s[i]
        found += find_meetings(orbits, rounds, angle0_rad, paths.r, paths.v, paths.offset[i], paths.n[i],
                               paths.dt_s[i], t0_s, max(t_leave_s[i], t0_s + paths.first_s[i]),
                               t_leave_s[i], t0_s + paths.last_s[i], kin, sky, out_s[room:], out_t_s[room:])
    first[t_launch_s.shape[0]] = found
    return found


def kinematics(interceptor: AnyShooter) -> SpaceKinematics:
    """What kernels need to know of a catalogue entry, in SI units."""
    if isinstance(interceptor, SpaceKinematics):
        return interceptor
    return SpaceKinematics(
        interceptor.accel_g.value * G0_M_S2, interceptor.speed_km_s.value * M_PER_KM, interceptor.flight_max_s.value,
        interceptor.alt_min_km.value * M_PER_KM, interceptor.alt_max_km.value * M_PER_KM)


def paths_of(flights: Sequence[Trajectory], during: Iterable[int] | None = (BOOST,)) -> Paths:
    """Flights for kernels; `during` are codes of `threats.Phase`, between the first and last of which they may be met.

    A stretch ends at the first sample past it, so up to a step late where it ends between samples. Samples that are not
    at equal steps from the start (the impact, as a rule) are left out. None: the whole flight.
    """
    if not flights:
        raise InputError("flights is empty\n  must hold at least one Trajectory")
    rows = [_even_rows(i, flight) for i, flight in enumerate(flights)]
    spans = [(0.0, float(flight.t_s[n - 1])) if during is None else _span(i, flight, n, set(during))
             for i, (flight, n) in enumerate(zip(flights, rows, strict=True))]
    count = np.array(rows, dtype=np.int64)
    first_s, last_s = np.array(spans).T
    return Paths(np.concatenate([f.r_ecef_m[:n] for f, n in zip(flights, rows, strict=True)]),
                 np.concatenate([f.v_ecef_m_s[:n] for f, n in zip(flights, rows, strict=True)]),
                 np.cumsum(count) - count, count, np.array([f.t_s[1] - f.t_s[0] for f in flights]),
                 first_s.copy(), last_s.copy())


def _even_rows(i: int, flight: Trajectory) -> int:
    """Leading samples that stand at equal steps."""
    t_s = flight.t_s
    if t_s.size < 2 or t_s[0] != 0.0:
        raise InputError(f"flights[{i}] has {t_s.size} samples, the first at {t_s[0] if t_s.size else 'no time'}\n"
                         "  must have at least two, from 0 s on at equal steps")
    uneven = np.abs(t_s - t_s[1] * np.arange(t_s.size)) > 1e-6 * t_s[1]
    n = int(np.argmax(uneven)) if uneven.any() else t_s.size
    if n < t_s.size - 1:
        raise InputError(f"flights[{i}]: sample {n} is at {t_s[n]:g} s\n  must be at equal steps of {t_s[1]:g} s, but "
                         "for the last one")
    return n


def _span(i: int, flight: Trajectory, n: int, during: set[int]) -> tuple[float, float]:
    if flight.phase is None:
        raise InputError(f"flights[{i}] has no phases\n  give during=None to allow all of it, or fly it with "
                         "`threats.fly`")
    rows = np.flatnonzero(np.isin(flight.phase[:n], list(during)))
    if rows.size == 0:
        names = ", ".join(Phase(code).name.lower() for code in sorted(during))
        raise InputError(f"flights[{i}] is never in {names}\n  must be, to be met there")
    return float(flight.t_s[rows[0]]), float(flight.t_s[min(rows[-1] + 1, n - 1)])


def space_shots(constellation: Constellation, interceptor: AnyShooter, flights: Sequence[Trajectory] | Paths, *,
                t_launch_s: ArrayLike = 0.0, t_detect_s: ArrayLike = 0.0, decision_s: ArrayLike = 0.0,
                during: Iterable[int] | None = (BOOST,), rounds: ArrayLike = 1, sky: Sky | None = None,
                orbits: Packed | None = None) -> Shots:
    """Every feasible shot: satellite, target, earliest meeting.

    An interceptor may leave at launch + t_detect_s + decision_s + the entry's reaction (bare `SpaceKinematics` have
    none), or later. t_launch_s is on the constellation's clock, t_detect_s counts from the launch; these and decision_s
    are one number or one per flight. during: phases in which targets may be met (see `paths_of`). rounds: left on each
    satellite, one number or (S,); satellites without any are left out. sky, orbits: working room (`make_sky`) and
    `constellation.orbits`, for those who call this often.
    """
    paths = flights if isinstance(flights, Paths) else paths_of(flights, during)
    shape = paths.n.shape
    launch = _per_flight("t_launch_s", t_launch_s, shape)
    delay = _per_flight("t_detect_s", t_detect_s, shape) + _per_flight("decision_s", decision_s, shape)
    if (delay < 0.0).any():
        raise InputError(f"t_detect_s + decision_s = {delay.min():g}\n  must be 0 or more: no one leaves before the "
                         "launch")
    if isinstance(interceptor, SpaceInterceptor):
        delay = delay + interceptor.reaction_s.value
    if np.shape(rounds) not in ((), (len(constellation),)):
        raise InputError(f"rounds, of shape {np.shape(rounds)}\n  must be one number or {len(constellation)}, one per "
                         "satellite")
    left = np.ascontiguousarray(np.broadcast_to(np.asarray(rounds, dtype=np.int64), (len(constellation),)))
    table = constellation.orbits if orbits is None else orbits
    room, size, first = sky or make_sky(len(constellation)), BUFFER, np.empty(shape[0] + 1, np.int64)
    while True:
        satellite, t_meet = np.empty(size, np.int64), np.empty(size)
        found = all_meetings(table, left, constellation.earth_angle_rad, paths, launch, launch + delay,
                             kinematics(interceptor), room, first, satellite, t_meet)
        if found <= size:
            return Shots(satellite[:found], np.repeat(np.arange(shape[0]), np.diff(first)), t_meet[:found],
                         len(constellation), shape[0])
        size = 2 * found


def _per_flight(name: str, value: ArrayLike, shape: tuple[int, ...]) -> F64Array:
    try:
        found = np.ascontiguousarray(np.broadcast_to(np.asarray(value, dtype=np.float64), shape))
    except ValueError:
        raise InputError(f"{name}, of shape {np.shape(value)}\n  must be one number or {shape[0]}, one per "
                         "flight") from None
    if not np.isfinite(found).all():
        raise InputError(f"{name}\n  must be finite numbers (seconds)")
    return found


# ---- allocation -----------------------------------------------------------------------------------------------------


def allocate(shots: Shots, *, shots_per_target: int = 1, rounds: int = 1,
             method: Literal["most", "greedy"] = "most") -> Allocation:
    """Who shoots at whom, each satellite `rounds` times at most.

    most: as many targets as possible get all of their `shots_per_target`, and among such allocations the sum of the
    meeting times is least. Nothing is spent on the others.
    greedy: what a battle manager does that takes targets as they come: each, in the order of the list, gets the
    earliest meetings still to be had, fewer than asked for when there are no more.

    Exact by matching (Hopcroft and Karp) where all targets can be engaged, else by integer programming over groups of
    alike targets (HiGHS), then by least-weight matching.
    """
    for name, value in (("shots_per_target", shots_per_target), ("rounds", rounds)):
        if value < 1 or value != int(value):
            raise InputError(f"{name} = {value}\n  must be a whole number, at least 1")
    if method not in ("most", "greedy"):
        raise InputError(f"method = {method!r}\n  must be 'most' or 'greedy'")
    rows = (_greedy if method == "greedy" else _most)(shots, shots_per_target, rounds)
    taken = np.sort(np.array(rows, dtype=np.int64))
    n_shots = np.bincount(shots.target[taken], minlength=shots.n_targets)
    return Allocation(taken, n_shots, n_shots >= shots_per_target)


def _by_target(shots: Shots) -> Iterator[I64Array]:
    """Rows of each target in turn."""
    order = np.argsort(shots.target, kind="stable")
    yield from np.split(order, np.cumsum(shots.in_reach())[:-1])


def _greedy(shots: Shots, wanted: int, rounds: int) -> list[int]:
    left = np.full(shots.n_satellites, rounds)
    taken: list[int] = []
    for rows in _by_target(shots):
        needed = wanted
        for row in rows[np.lexsort((shots.satellite[rows], shots.t_meet_s[rows]))]:
            fired = min(needed, int(left[shots.satellite[row]]))
            left[shots.satellite[row]] -= fired
            needed -= fired
            taken += [int(row)] * fired
    return taken


_Kinds = list[list[I64Array]]
"""Targets grouped by what they have in common, the same satellites at the same times: the rows of each member."""


def _most(shots: Shots, wanted: int, rounds: int) -> list[int]:
    groups: dict[bytes, list[I64Array]] = {}
    for rows in _by_target(shots):
        if rows.size * rounds >= wanted:
            key = shots.satellite[rows].tobytes() + shots.t_meet_s[rows].tobytes()
            groups.setdefault(key, []).append(rows)
    kinds = list(groups.values())
    if not kinds:
        return []
    members = [len(kind) for kind in kinds]
    matched = _match(shots, kinds, members, wanted, rounds)
    if matched is None:
        matched = _match(shots, kinds, _choose(shots, kinds, members, wanted, rounds), wanted, rounds)
    if matched is None:
        raise OpenDomeError("the allocation found by integer programming could not be matched")
    return matched


def _match(shots: Shots, kinds: _Kinds, members: Sequence[int], wanted: int, rounds: int) -> list[int] | None:
    """Rows of a full matching of least total time for the first `members` of each group; None when there is none."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import maximum_bipartite_matching, min_weight_full_bipartite_matching

    chosen = [rows for kind, count in zip(kinds, members, strict=True) for rows in kind[:count]]
    if not chosen:
        return []
    used, column = np.unique(shots.satellite[np.concatenate(chosen)], return_inverse=True)
    n_demands, n_columns = len(chosen) * wanted, used.size * rounds
    if n_demands > n_columns:
        return None
    sizes = np.array([rows.size for rows in chosen])
    target = np.repeat(np.arange(len(chosen)), sizes)
    weight = shots.t_meet_s[np.concatenate(chosen)]
    weight = weight - weight.min() + 1.0
    copies, lots = np.meshgrid(np.arange(wanted), np.arange(rounds), indexing="ij")
    i = (target[None, :] * wanted + copies.reshape(-1, 1)).ravel()
    j = (column[None, :] * rounds + lots.reshape(-1, 1)).ravel()
    graph = coo_array((np.tile(weight, copies.size), (i, j)), shape=(n_demands, n_columns)).tocsr()
    if (maximum_bipartite_matching(graph, perm_type="column") < 0).any():
        return None
    demand, found = min_weight_full_bipartite_matching(graph)
    # Shots of one target to one satellite are one row, whichever copy and round.
    rows_of = {(int(t), int(c)): int(row)
               for t, c, row in zip(target, column, np.concatenate(chosen), strict=True)}
    return [rows_of[int(d) // wanted, int(f) // rounds] for d, f in zip(demand, found, strict=True)]


def _choose(shots: Shots, kinds: _Kinds, members: Sequence[int], wanted: int, rounds: int) -> list[int]:
    """How many of each group to engage: as many as possible in all, then with the least sum of times.

    Variables: engaged targets of each group (whole), then shots of each group from each satellite.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    n_kinds = len(kinds)
    edges = np.concatenate([kind[0] for kind in kinds])
    sizes = np.array([kind[0].size for kind in kinds])
    used, satellite = np.unique(shots.satellite[edges], return_inverse=True)
    kind_of, n_edges, every = np.repeat(np.arange(n_kinds), sizes), edges.size, np.arange(edges.size)
    ones, columns = np.ones(n_edges), n_kinds + every
    demand = coo_array((np.concatenate([ones, np.full(n_kinds, -float(wanted))]),
                        (np.concatenate([kind_of, np.arange(n_kinds)]), np.concatenate([columns, np.arange(n_kinds)]))),
                       shape=(n_kinds, n_kinds + n_edges)).tocsr()
    supply = coo_array((ones, (satellite, columns)), shape=(used.size, n_kinds + n_edges)).tocsr()
    limits: list[Any] = [LinearConstraint(demand, 0.0, 0.0), LinearConstraint(supply, 0.0, float(rounds))]
    bounds = Bounds(np.zeros(n_kinds + n_edges), np.concatenate([np.array(members, float), np.full(n_edges, rounds)]))
    whole = np.concatenate([np.ones(n_kinds), np.zeros(n_edges)])
    count = np.concatenate([np.ones(n_kinds), np.zeros(n_edges)])

    def solve(cost: F64Array, constraints: list[Any]) -> F64Array:
        found = milp(cost, constraints=constraints, bounds=bounds, integrality=whole,
                     options={"mip_rel_gap": 0.0})
        if found.x is None:
            raise OpenDomeError(f"the allocation could not be solved: {found.message}")
        return np.asarray(found.x)

    most = round(float(count @ solve(-count, limits)))
    t_meet = shots.t_meet_s[edges]
    cost = np.concatenate([np.zeros(n_kinds), t_meet - t_meet.min()])
    best = solve(cost, [*limits, LinearConstraint(count[None, :], float(most), float(most))])
    return [round(float(y)) for y in best[:n_kinds]]
