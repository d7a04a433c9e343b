"""What the kernels wrote down of one raid of one run, as tables with names.

Threats and decoys have the numbers that they have in the raid; interceptors follow, one for each round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from opendome.battle import CLASSES
from opendome.catalogue.entries import Interceptor
from opendome.kernel import BoolArray, F64Array, I64Array
from opendome.raid.fight import Event, Outcome, Reason
from opendome.study import record
from opendome.study.flown import Flown, Threats, logged, threats_of
from opendome.study.paths import THIN_M, Path, ground_arcs, place_at, space_arc, threat_paths

if TYPE_CHECKING:
    import pandas as pd

EVENT_NAMES = {Event.LAUNCH: "launch", Event.WARNING: "warned", Event.TRACK: "seen", Event.SHOT: "shot",
               Event.KILL: "kill", Event.MISS: "miss", Event.LEAK: "leak", Event.OUTSIDE: "outside"}
FATES = ("flying", "destroyed", "leaked", "outside", "void")
HIT, MISSED, GONE, DOWN = range(4)
ENDING_TEXTS = ("", "", "its target was destroyed by then", "its target had come down by then")
"""How a round ended: it destroyed its target, or missed it, or came too late for it, and what is said of that."""

BELIEF_STEP_S = 20.0
"""Of each object's beliefs those are shown that follow the last one shown by at least this."""

NONE = -1
"""Stands for no object where a column is of whole numbers."""

NOTES = (
    "Threats fly as they were simulated; their tracks are thinned, nowhere off by more than {thin_m:g} m.",
    "Interceptors are placed, not simulated: the battle knows when each leaves, and when and where it meets its "
    "target. From the ground they are drawn along the great circle, climbing fast at first; from orbit straight ahead "
    "as seen from their satellite.",
    "Where the rounds of a salvo arrive at the same instant, the first of them is drawn as the one that hit.",
    "What the defence believed is shown where a confirmed track was updated, at most once in {belief_s:g} s for each "
    "object.",
)


@dataclass(frozen=True)
class Replayed:
    """One raid of one run. Times are s after the start of the raid, positions Earth-fixed (WGS-84) in m."""

    run: int
    raid: str
    end_s: float
    """When the last of all that flies has ended."""
    thinned_m: float
    """How far the straight lines between kept points may be from where something was."""
    earth_angle_rad: float
    """The Earth's angle at the start: turns the satellites' frame (ECI) into that of all else."""
    notes: list[str]
    """What must be known to look at it, in plain sentences."""
    objects: pd.DataFrame
    """Everything that flies: threats and decoys by their number in the raid, then interceptors. `target` is the threat
    that an interceptor was fired at, and the missile that carried a decoy; -1 for none. `satellite` is the one that
    fired an interceptor in orbit; -1 for everything else."""
    tracks: pd.DataFrame
    """id, t_s, x_m, y_m, z_m, phase (`threats.Phase`; of interceptors 0 burning, 1 coasting)."""
    events: pd.DataFrame
    """t_s, kind, object, other (-1 for none), x_m, y_m, z_m, layer, site; of what a sensor told, sensor, satellite and
    satellite_2 (-1 for none)."""
    satellites: pd.DataFrame
    """Mean elements (m, rad) at the start of the raid, their rates under J2 (rad/s), whether they work, and how many
    rounds each has when the raid begins."""
    beliefs: pd.DataFrame
    """What the track file held: object, t_s, position, and its covariance in m2 (xx, xy, xz, yy, yz, zz)."""


class Rounds(NamedTuple):
    """Every round fired in the raid, in the order decided. W rounds."""

    threat: I64Array  # (W,)
    site: I64Array  # (W,)
    satellite: I64Array  # (W,) read for sites in orbit
    decided_s: F64Array  # (W,)
    leaves_s: F64Array  # (W,)
    meets_s: F64Array  # (W,)
    ending: I64Array  # (W,) HIT, MISSED, GONE or DOWN


def replayed(flown: Flown) -> Replayed:
    """The tables of a run flown again."""
    threats, flights = threats_of(flown), flown.scratch.truth.flights
    n = len(threats.outcome)
    is_there = _is_there(flown, threats)
    paths: list[Path | None] = [None] * n
    there = np.flatnonzero(is_there)
    for i, path in zip(there, threat_paths(flown.problem.tables.routes, flown.scratch.truth, there), strict=True):
        paths[i] = path
    rounds = _rounds(flown, threats)
    arcs = _arcs(flown, rounds, flights.end_s, paths)
    objects = _objects(flown, threats, is_there, rounds, arcs)
    every = [path for path in (*paths, *arcs) if path is not None]
    return Replayed(
        run=flown.run, raid=flown.problem.names.raids[flown.raid],
        end_s=max((float(path.t_s[-1]) for path in every), default=0.0), thinned_m=THIN_M,
        earth_angle_rad=float(flown.problem.tables.raids.earth_angle[flown.raid]),
        notes=[note.format(thin_m=THIN_M, belief_s=BELIEF_STEP_S) for note in NOTES],
        objects=objects, tracks=_tracks([*paths, *arcs]), events=_events(flown, rounds, paths, arcs),
        satellites=_satellites(flown), beliefs=_beliefs(logged(flown, 2)))


def _is_there(flown: Flown, threats: Threats) -> BoolArray:
    """(N,) whether each ever flew: a decoy does not whose missile was destroyed before it was set free."""
    flights, step_s = flown.scratch.truth.flights[:len(threats.outcome)], flown.problem.tables.step_s
    free_s = np.ceil(flights.appear_s / step_s) * step_s
    was_late = (threats.outcome[flights.parent] == Outcome.DESTROYED) & (flights.end_s[flights.parent] <= free_s)
    return np.asarray(~(flights.is_decoy & was_late))


def _rounds(flown: Flown, threats: Threats) -> Rounds:
    """Every round, from the salvos logged."""
    salvos = logged(flown, 1)
    count = salvos[:, 3].astype(np.int64)
    of = np.repeat(np.arange(len(salvos)), count)
    ordinal = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    threat, site = salvos[of, 0].astype(np.int64), salvos[of, 1].astype(np.int64)
    spacing_s = flown.problem.tables.draws.layers.spacing_s[flown.run]
    later_s = ordinal * spacing_s[flown.problem.tables.sites.layer[site]] if len(of) else np.zeros(0)
    rounds = Rounds(threat, site, salvos[of, 2].astype(np.int64), salvos[of, 4], salvos[of, 5] + later_s,
                    salvos[of, 6] + later_s, np.full(len(of), MISSED))
    end_s = flown.scratch.truth.flights.end_s[:len(threats.outcome)]
    is_kill = threats.outcome == Outcome.DESTROYED
    ending = np.where(rounds.meets_s <= end_s[threat], MISSED, np.where(is_kill[threat], GONE, DOWN))
    for i in np.flatnonzero(is_kill):
        mine = np.flatnonzero(threat == i)
        mine = mine[rounds.decided_s[mine] == rounds.decided_s[mine].max()]
        hit = mine[np.abs(rounds.meets_s[mine] - end_s[i]).argmin()]
        ending[mine] = np.where(rounds.meets_s[mine] < end_s[i], MISSED, GONE)
        ending[hit] = HIT
    return rounds._replace(ending=ending)


def _arcs(flown: Flown, rounds: Rounds, end_s: F64Array, paths: list[Path | None]) -> list[Path]:
    """How each round is drawn: to where its target was when they met, or last was."""
    tables, w = flown.problem.tables, len(rounds.threat)
    meet_m = np.zeros((w, 3))
    last_s = np.minimum(rounds.meets_s, end_s[rounds.threat])
    for k, (threat, t_s) in enumerate(zip(rounds.threat, last_s, strict=True)):
        target = paths[threat]
        assert target is not None  # only what flies is fired at
        meet_m[k] = place_at(target, t_s)
    layer = tables.sites.layer[rounds.site] if w else np.zeros(0, np.int64)
    is_space = tables.sky.weapons.is_space[layer] if w else np.zeros(0, np.bool_)
    leaves_s = np.minimum(rounds.leaves_s, rounds.meets_s)
    ground = np.flatnonzero(~is_space)
    arcs = ground_arcs(tables.sites.r_ecef_m[rounds.site[ground]], meet_m[ground], leaves_s[ground],
                       rounds.meets_s[ground], _burn_s(flown)[layer[ground]])
    found: dict[int, Path] = dict(zip(ground.tolist(), arcs, strict=True))
    for k in np.flatnonzero(is_space).tolist():
        found[k] = _space_arc(flown, rounds, k, meet_m[k])
    return [found[k] for k in range(w)]


def _burn_s(flown: Flown) -> F64Array:
    """(L,) how long the interceptor of each layer burns; 0 for those in orbit."""
    entries = [flown.catalogue.interceptors[name] for name in flown.problem.names.interceptors]
    return np.array([entry.burn_s.value if isinstance(entry, Interceptor) else 0.0 for entry in entries])


def _space_arc(flown: Flown, rounds: Rounds, k: int, meet_m: F64Array) -> Path:
    tables, draws = flown.problem.tables, flown.problem.tables.draws.layers
    layer, meets_s = int(tables.sites.layer[rounds.site[k]]), float(rounds.meets_s[k])
    leaves_s = min(float(rounds.leaves_s[k]), meets_s)
    leaves_s = max(leaves_s, meets_s - float(draws.flight_max_s[flown.run, layer]))  # it waits on its satellite
    return space_arc(flown.scratch.orbits, int(rounds.satellite[k]), float(tables.raids.earth_angle[flown.raid]),
                     meet_m, leaves_s, meets_s, float(draws.accel_m_s2[flown.run, layer]),
                     float(draws.speed_m_s[flown.run, layer]))


def _objects(flown: Flown, threats: Threats, is_there: BoolArray, rounds: Rounds, arcs: list[Path]) -> pd.DataFrame:
    import pandas as pd

    names, tables = flown.problem.names, flown.problem.tables
    n, w = len(threats.outcome), len(rounds.threat)
    flights = flown.scratch.truth.flights[:n]
    kinds = [names.kinds[kind] for kind in flights.kind]
    is_kill = threats.outcome == Outcome.DESTROYED
    round_layer = [names.site_layers[site] for site in rounds.site]
    round_type = [names.interceptors[names.layers.index(layer)] for layer in round_layer]
    killer = [names.sites[site] if dead else "" for site, dead in zip(threats.killer, is_kill, strict=True)]
    killer_layer = [names.site_layers[site] if dead else "" for site, dead in zip(threats.killer, is_kill, strict=True)]
    parent = np.where(flights.is_decoy, flights.parent, NONE)
    return pd.DataFrame({
        "id": np.arange(n + w, dtype=np.int32),
        "kind": [*("decoy" if decoy else "threat" for decoy in flights.is_decoy), *["interceptor"] * w],
        "name": [f"{kind} {i}" for i, kind in enumerate(kinds)] + [f"{kind} {k}" for k, kind in enumerate(round_type)],
        "type": [*kinds, *round_type],
        "threat_class": [*(CLASSES[code] for code in tables.kinds.class_code[flights.kind]), *[""] * w],
        "layer": [*killer_layer, *round_layer],
        "site": [*killer, *(names.sites[site] for site in rounds.site)],
        "place": [*(names.places[p] for p in tables.choices.place[threats.route]), *[""] * w],
        "area": [*(names.areas[a] for a in tables.choices.area[threats.route]), *[""] * w],
        "fate": [*(FATES[code] for code in threats.outcome),
                 *("hit" if ending == HIT else "missed" for ending in rounds.ending)],
        "reason": [record.REASON_NAMES.get(Reason(code), "") for code in threats.reason]
        + [ENDING_TEXTS[ending] for ending in rounds.ending],
        "target": np.concatenate([parent, rounds.threat]).astype(np.int32),
        "satellite": np.concatenate([np.full(n, NONE), _fired_by(flown, rounds)]).astype(np.int32),
        "raid_number": np.full(n + w, flown.raid, np.int32),
        "start_s": np.concatenate([flights.appear_s, [arc.t_s[0] for arc in arcs]]),
        "end_s": np.concatenate([np.where(is_there, flights.end_s, flights.appear_s), [arc.t_s[-1] for arc in arcs]]),
    })


def _fired_by(flown: Flown, rounds: Rounds) -> I64Array:
    """(W,) the satellite that fired each round; `NONE` where it came from the ground."""
    tables = flown.problem.tables
    return np.where(tables.sky.weapons.is_space[tables.sites.layer[rounds.site]], rounds.satellite, NONE)


def _tracks(paths: list[Path | None]) -> pd.DataFrame:
    import pandas as pd

    found = [(i, path) for i, path in enumerate(paths) if path is not None]
    r = np.concatenate([np.zeros((0, 3)), *(path.r_ecef_m for _, path in found)])
    return pd.DataFrame({
        "id": np.repeat([i for i, _ in found], [len(path.t_s) for _, path in found]).astype(np.int32),
        "t_s": np.concatenate([np.zeros(0), *(path.t_s for _, path in found)]),
        "x_m": r[:, 0], "y_m": r[:, 1], "z_m": r[:, 2],
        "phase": np.concatenate([np.zeros(0, np.int64), *(path.phase for _, path in found)]).astype(np.uint8),
    })


class Row(NamedTuple):
    """One row of the events."""

    t_s: float
    kind: str
    object: int
    other: int
    r_ecef_m: F64Array
    layer: str = ""
    site: str = ""
    sensor: str = ""
    satellite: int = NONE
    satellite_2: int = NONE


def _events(flown: Flown, rounds: Rounds, paths: list[Path | None], arcs: list[Path]) -> pd.DataFrame:
    """What the log says of threats, and a shot and a kill or miss for each round; in order of time."""
    import pandas as pd

    names, n = flown.problem.names, len(paths)
    rows: list[Row] = []
    for t_s, code, threat, who, first, second in logged(flown, 0):
        event, path = Event(int(code)), paths[int(threat)]
        if event not in (Event.SHOT, Event.KILL, Event.MISS) and path is not None:
            rows.append(Row(t_s, EVENT_NAMES[event], int(threat), NONE, place_at(path, t_s),
                            **_sensor(flown, event, int(who), int(first), int(second))))
    for k, arc in enumerate(arcs):
        site = int(rounds.site[k])
        where, ending = (names.site_layers[site], names.sites[site]), int(rounds.ending[k])
        rows.append(Row(float(rounds.decided_s[k]), "shot", n + k, int(rounds.threat[k]), arc.r_ecef_m[0], *where))
        if ending in (HIT, MISSED):
            rows.append(Row(float(rounds.meets_s[k]), "kill" if ending == HIT else "miss", n + k,
                            int(rounds.threat[k]), arc.r_ecef_m[-1], *where))
    order = {kind: at for at, kind in enumerate(EVENT_NAMES.values())}
    rows.sort(key=lambda row: (row.t_s, order[row.kind], row.object))
    r = np.array([row.r_ecef_m for row in rows]).reshape(len(rows), 3)

    def whole(name: str) -> Any:
        return np.array([getattr(row, name) for row in rows], np.int32)

    return pd.DataFrame({
        "t_s": np.array([row.t_s for row in rows], np.float64), "kind": [row.kind for row in rows],
        "object": whole("object"), "other": whole("other"), "x_m": r[:, 0], "y_m": r[:, 1], "z_m": r[:, 2],
        "layer": [row.layer for row in rows], "site": [row.site for row in rows],
        "sensor": [row.sensor for row in rows], "satellite": whole("satellite"), "satellite_2": whole("satellite_2"),
    })


def _sensor(flown: Flown, event: Event, who: int, first: int, second: int) -> dict[str, Any]:
    """Which sensor warned or saw, and by which satellites, as columns of a row; nothing for other events."""
    n_radars = len(flown.problem.tables.radars)
    sensor = {Event.WARNING: who + n_radars, Event.TRACK: who}.get(event)
    if sensor is None:
        return {}
    name = flown.problem.names.sensors[sensor]
    if sensor < n_radars:
        return {"sensor": name}
    return {"sensor": name, "satellite": first, "satellite_2": second if second != first else NONE}


def _satellites(flown: Flown) -> pd.DataFrame:
    import pandas as pd

    orbits, fleets = flown.scratch.orbits, flown.problem.tables.sky.fleets
    return pd.DataFrame({
        "id": np.arange(len(orbits), dtype=np.int32),
        "constellation": np.repeat(np.array(list(flown.scenario.constellations), dtype=object),
                                   fleets.n_satellites).tolist(),
        "a_m": orbits.a_m, "e": orbits.e, "i_rad": np.arctan2(orbits.sin_i, orbits.cos_i),
        "raan_rad": orbits.raan, "argp_rad": orbits.argp, "m_rad": orbits.anomaly,
        "raan_rad_s": orbits.raan_rate, "argp_rad_s": orbits.argp_rate, "m_rad_s": orbits.anomaly_rate,
        "works": flown.problem.tables.draws.is_working[flown.run].astype(np.uint8), "rounds": _loaded(flown),
    })


def _loaded(flown: Flown) -> I64Array:
    """(S,) rounds on each satellite when the raid begins: those of the run's start, less those of the raids before."""
    tables = flown.problem.tables
    weapons, fleets, is_working = tables.sky.weapons, tables.sky.fleets, tables.draws.is_working[flown.run]
    found = np.zeros(len(is_working), np.int64)
    for layer in np.flatnonzero(weapons.is_space):
        first = int(fleets.first[weapons.fleet[layer]])
        here = slice(first, first + int(fleets.n_satellites[weapons.fleet[layer]]))
        found[here] += weapons.per_satellite[layer] * is_working[here]
    return found - flown.fired


def _beliefs(rows: F64Array) -> pd.DataFrame:
    """Object by object, in order of time, thinned to `BELIEF_STEP_S`."""
    import pandas as pd

    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    keep, last = np.zeros(len(rows), np.bool_), (NONE, 0.0)
    for k, (threat, t_s) in enumerate(rows[:, :2].tolist()):
        if threat != last[0] or t_s >= last[1] + BELIEF_STEP_S:
            keep[k], last = True, (threat, t_s)
    rows = rows[keep]
    names = ("x_m", "y_m", "z_m", "xx_m2", "xy_m2", "xz_m2", "yy_m2", "yz_m2", "zz_m2")
    return pd.DataFrame({"object": rows[:, 0].astype(np.int32), "t_s": rows[:, 1],
                         **{name: rows[:, 2 + k] for k, name in enumerate(names)}})
