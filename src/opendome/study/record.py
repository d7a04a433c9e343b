"""Rows of arrays into tables with names: what the kernels recorded, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.battle import CLASSES
from opendome.raid.fight import Event, Outcome, Reason
from opendome.raid.loop import Records, Replay
from opendome.raid.problem import Problem
from opendome.results import Tables
from opendome.study.labels import assumption_rows, labels
from opendome.tracking import AIR_BREATHER
from opendome.world import geodetic

if TYPE_CHECKING:
    import pandas as pd

THIN_M = 200.0
"""Largest error of the recorded run's trajectories between their points."""

REASON_NAMES = {Reason.NEVER_SEEN: "never seen", Reason.TOO_COARSE: "track too coarse",
                Reason.SEEN_TOO_LATE: "seen too late", Reason.NO_REACH: "no reach", Reason.NO_STOCK: "no stock",
                Reason.NO_CHANNEL: "no channel", Reason.ALL_MISSED: "all shots missed"}
EVENTS_AT_A_SITE = (Event.SHOT, Event.KILL, Event.MISS)


def tables_from(problem: Problem, records: Records, replay: Replay) -> Tables:
    """The tables of all runs."""
    return Tables(
        threats=_threats(problem, records),
        warnings=_warnings(problem, records),
        sites=_sites(problem, records),
        shots=_shots(problem, records),
        assumptions=assumption_rows(problem.assumptions),
        replay_tracks=_tracks(problem, records, replay),
        replay_events=_events(problem, replay),
    )


def _or_never(times: Any) -> Any:
    """Times row by row, NaN where they never came."""
    return np.where(np.isfinite(times), times, np.nan).ravel()


def _threats(problem: Problem, records: Records) -> pd.DataFrame:
    import pandas as pd

    names, tables = problem.names, problem.tables
    kept = records.threats
    runs, n = kept.shape
    raid = np.array([names.raids.index(raid) for raid, _, _ in names.threats])
    kind = np.array([names.kinds.index(kind) for _, _, kind in names.threats])
    route, outcome = kept.route.ravel(), kept.outcome.ravel()
    is_leak = outcome == Outcome.LEAKED
    killer_layer = np.array([names.layers.index(layer) for layer in names.site_layers] or [0])
    return pd.DataFrame({
        "run": np.repeat(np.arange(runs, dtype=np.int32), n),
        "raid": labels(np.tile(raid, runs), names.raids),
        "threat": np.tile(np.array([ordinal for _, ordinal, _ in names.threats], np.int32), runs),
        "type": labels(np.tile(kind, runs), names.kinds),
        "threat_class": labels(np.tile(tables.kinds.class_code[kind], runs), list(CLASSES)),
        "place": labels(tables.choices.place[route], names.places),
        "area": labels(tables.choices.area[route], names.areas),
        "outcome": labels(outcome, [o.name.lower() for o in Outcome], outcome > 0),
        "layer": labels(killer_layer[kept.killer.ravel()], names.layers, outcome == Outcome.DESTROYED),
        "reason": labels(kept.reason.ravel(), ["", *REASON_NAMES.values()], is_leak),
        "t_launch_s": _or_never(kept.launch_s),
        "t_warned_s": _or_never(kept.warned_s),
        "t_seen_s": _or_never(kept.seen_s),
        "t_shot_s": _or_never(kept.shot_s),
        "t_end_s": _or_never(kept.end_s),
        "shots": records.shots.sum(axis=2).ravel(),
        "hit_area": labels(kept.hit.ravel(), names.areas, is_leak),
        "watched_s": kept.watched_s.ravel(),
        "held_s": kept.held_s.ravel(),
        "is_decoy": np.tile(np.array(names.decoys, np.bool_), runs),
    })


def _warnings(problem: Problem, records: Records) -> pd.DataFrame:
    """One row for each run, ballistic missile or glider, and infrared sensor."""
    import pandas as pd

    names, tables = problem.names, problem.tables
    kind = np.array([names.kinds.index(kind) for _, _, kind in names.threats])
    shown = np.flatnonzero((tables.kinds.motion[kind] != AIR_BREATHER) & ~np.array(names.decoys, np.bool_))
    kept, threats = records.gazes[:, shown], records.threats[:, shown]
    runs, n, n_eyes = kept.shape
    raid = np.array([names.raids.index(raid) for raid, _, _ in names.threats])[shown]
    ordinal = np.array([ordinal for _, ordinal, _ in names.threats], np.int32)[shown]
    launch_s = threats.launch_s[:, :, np.newaxis]

    def each(codes: Any, found: list[str]) -> Any:
        return labels(np.tile(np.repeat(codes, n_eyes), runs), found)

    route = np.repeat(threats.route.ravel(), n_eyes)
    return pd.DataFrame({
        "run": np.repeat(np.arange(runs, dtype=np.int32), n * n_eyes),
        "raid": each(raid, names.raids),
        "threat": np.tile(np.repeat(ordinal, n_eyes), runs),
        "type": each(kind[shown], names.kinds),
        "threat_class": each(tables.kinds.class_code[kind[shown]], list(CLASSES)),
        "place": labels(tables.choices.place[route], names.places),
        "area": labels(tables.choices.area[route], names.areas),
        "sensor": labels(np.tile(np.arange(n_eyes), runs * n), names.sensors[len(names.sensors) - n_eyes:] or [""]),
        "warned_after_s": _or_never(kept.warned_s - launch_s),
        "stereo_after_s": _or_never(kept.stereo_s - launch_s),
        "looks": kept.looks.ravel(),
        "fixes": kept.fixes.ravel(),
    })


def _sites(problem: Problem, records: Records) -> pd.DataFrame:
    import pandas as pd

    names, draws = problem.names, problem.tables.draws
    kept = records.sites
    runs, n_raids, n_sites = kept.shape
    layer = problem.tables.sites.layer
    cost = kept.fired * draws.layers.cost_musd[:, np.newaxis, layer] if n_sites else np.zeros((runs, n_raids, 0))
    is_there = np.arange(n_raids)[:, np.newaxis] >= problem.tables.sites.first_raid
    stock = draws.stock[:, np.newaxis, :] * is_there

    def each(codes: Any, found: list[str]) -> Any:
        return labels(np.tile(codes, runs * n_raids), found)

    return pd.DataFrame({
        "run": np.repeat(np.arange(runs, dtype=np.int32), n_raids * n_sites),
        "raid": labels(np.tile(np.repeat(np.arange(n_raids), n_sites), runs), names.raids),
        "layer": each(layer, names.layers),
        "site": each(np.arange(n_sites), names.sites),
        "interceptor": each(layer, names.interceptors),
        "shots": kept.fired.ravel(),
        "kills": kept.kills.ravel(),
        "left": kept.left.ravel(),
        "stock": stock.ravel(),
        "cost_musd": cost.ravel(),
    })


def _shots(problem: Problem, records: Records) -> pd.DataFrame:
    """Counts by run, raid, layer and kind of threat, from the threats' own rows."""
    import pandas as pd

    names = problem.names
    runs, _, n_layers = records.shots.shape
    raid = np.array([names.raids.index(raid) for raid, _, _ in names.threats])
    kind = np.array([names.kinds.index(kind) for _, _, kind in names.threats])
    cell = raid * len(names.kinds) + kind
    site_layer = problem.tables.sites.layer
    kept = records.threats
    is_real = ~np.array(names.decoys, np.bool_)
    is_kill = (kept.outcome == Outcome.DESTROYED) & is_real
    killer = np.where(is_kill, site_layer[kept.killer], -1) if n_layers else None
    frames = []
    for code in np.unique(cell):
        is_here = cell == code
        for layer in range(n_layers):
            spent = records.shots[:, is_here, layer]
            frames.append(pd.DataFrame({
                "run": np.arange(runs, dtype=np.int32), "raid": code // len(names.kinds), "layer": layer,
                "type": code % len(names.kinds), "shots": spent.sum(axis=1),
                "kills": (killer[:, is_here] == layer).sum(axis=1) if killer is not None else 0,
                "engaged": (spent[:, is_real[is_here]] > 0).sum(axis=1),
            }))
    columns = ["run", "raid", "layer", "type", "shots", "kills", "engaged"]
    every = pd.concat(frames) if frames else pd.DataFrame(columns=columns)
    every = every[every["shots"] > 0].sort_values(["run", "raid", "layer", "type"], kind="stable")
    codes = {column: every[column].to_numpy(np.int64) for column in ("raid", "layer", "type")}
    return every.assign(raid=labels(codes["raid"], names.raids), layer=labels(codes["layer"], names.layers),
                        type=labels(codes["type"], names.kinds))


def _thinned(path: Any) -> Any:
    """Fewer points of each trajectory: every m-th, m as large a power of two as keeps the straight lines between them
    within `THIN_M` of every point left out."""
    edges = np.flatnonzero(np.diff(path[:, 0])) + 1
    kept = []
    for flight in np.split(path, edges):
        for every in (64, 32, 16, 8, 4, 2, 1):
            rows = np.unique([*range(0, len(flight), every), len(flight) - 1])
            lines = [np.interp(flight[:, 1], flight[rows, 1], flight[rows, axis]) for axis in (2, 3, 4)]
            if len(flight) < 3 or np.abs(np.array(lines).T - flight[:, 2:5]).max() <= THIN_M:
                kept.append(flight[rows])
                break
    return np.concatenate(kept) if kept else path


def _tracks(problem: Problem, records: Records, replay: Replay) -> pd.DataFrame:
    import pandas as pd

    names = problem.names
    path = _thinned(replay.path[: min(int(replay.written[0]), len(replay.path))])
    column = path[:, 0].astype(np.int64)
    place = np.array([geodetic(*row) for row in path[:, 2:5]]).reshape(len(path), 3)
    raid = np.array([names.raids.index(raid) for raid, _, _ in names.threats])
    kind = np.array([names.kinds.index(kind) for _, _, kind in names.threats])
    ordinal = np.array([ordinal for _, ordinal, _ in names.threats], np.int32)
    outcome = records.threats.outcome[0, column]
    return pd.DataFrame({
        "raid": labels(raid[column], names.raids),
        "threat": ordinal[column],
        "type": labels(kind[column], names.kinds),
        "outcome": labels(outcome, [o.name.lower() for o in Outcome], outcome > 0),
        "t_s": path[:, 1],
        "lat_deg": place[:, 0],
        "lon_deg": place[:, 1],
        "alt_km": place[:, 2] / 1000.0,
    })


def _events(problem: Problem, replay: Replay) -> pd.DataFrame:
    import pandas as pd

    names = problem.names
    rows = replay.log.rows[: min(int(replay.log.written[0]), len(replay.log.rows))]
    rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
    event = rows[:, 2].astype(np.int64)
    at_site = np.isin(event, EVENTS_AT_A_SITE)
    site = np.where(at_site, rows[:, 4].astype(np.int64), 0)
    layer = problem.tables.sites.layer
    return pd.DataFrame({
        "raid": labels(rows[:, 0].astype(np.int64), names.raids),
        "t_s": rows[:, 1],
        "event": labels(event, [e.name.lower() for e in Event]),
        "threat": rows[:, 3].astype(np.int32),
        "layer": labels(layer[site] if len(layer) else site, names.layers, at_site),
        "site": labels(site, names.sites, at_site),
    })
