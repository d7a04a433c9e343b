"""Run 0 of a study as it was kept with the results: what can be shown where the run cannot be flown again."""

from __future__ import annotations

import numpy as np

from opendome.results import Results
from opendome.study.record import THIN_M
from opendome.study.replay_tables import EVENT_NAMES, NONE, Replayed
from opendome.world import earth_angle_at, ecef_from_geodetic

NOTES = (
    "Run 0 as it was kept with the results: threats and events. Interceptors, satellites and what the defence believed "
    "were not kept.",
    "Tracks are thinned, off by no more than {thin_m:g} m where points 10 s apart were looked at.",
)


def replay_kept(results: Results, raid: str) -> Replayed:
    """The raid of that name, in run 0."""
    import pandas as pd

    tables, raids = results.tables, list(results.scenario.raids)
    threats = tables.threats[(tables.threats["run"] == 0) & (tables.threats["raid"] == raid)]
    tracks = tables.replay_tracks[tables.replay_tracks["raid"] == raid]
    events = tables.replay_events[tables.replay_events["raid"] == raid]
    r = np.array([ecef_from_geodetic(*row) for row in np.column_stack([
        np.radians(tracks["lat_deg"]), np.radians(tracks["lon_deg"]), tracks["alt_km"] * 1000.0])]).reshape(-1, 3)
    names = {event.name.lower(): name for event, name in EVENT_NAMES.items()}
    kinds = [names[kind] for kind in events["event"].astype("str")]
    warned = warned_by(results, raid)
    place = _places(tracks["threat"].to_numpy(), tracks["t_s"].to_numpy(np.float64), r, events["threat"].to_numpy(),
                    events["t_s"].to_numpy(np.float64))
    text = {name: threats[name].astype("str").where(threats[name].notna(), "").tolist()
            for name in ("type", "threat_class", "layer", "place", "area", "outcome", "reason")}
    return Replayed(
        run=0, raid=raid, end_s=float(tracks["t_s"].max()) if len(tracks) else 0.0, thinned_m=THIN_M,
        earth_angle_rad=earth_angle_at(results.scenario.raids[raid].start),
        notes=[note.format(thin_m=THIN_M) for note in NOTES],
        objects=pd.DataFrame({
            "id": threats["threat"].to_numpy(np.int32),
            "kind": ["decoy" if decoy else "threat" for decoy in threats["is_decoy"]],
            "name": [f"{kind} {i}" for kind, i in zip(text["type"], threats["threat"], strict=True)],
            "type": text["type"], "threat_class": text["threat_class"], "layer": text["layer"], "site": "",
            "place": text["place"], "area": text["area"], "fate": text["outcome"], "reason": text["reason"],
            **{name: np.full(len(threats), NONE, np.int32) for name in ("target", "satellite")},
            "raid_number": np.full(len(threats), raids.index(raid), np.int32),
            "start_s": threats["t_launch_s"].to_numpy(np.float64), "end_s": threats["t_end_s"].to_numpy(np.float64),
        }),
        tracks=pd.DataFrame({
            "id": tracks["threat"].to_numpy(np.int32), "t_s": tracks["t_s"].to_numpy(np.float64),
            "x_m": r[:, 0], "y_m": r[:, 1], "z_m": r[:, 2], "phase": np.zeros(len(tracks), np.uint8),
        }),
        events=pd.DataFrame({
            "t_s": events["t_s"].to_numpy(np.float64), "kind": kinds, "object": events["threat"].to_numpy(np.int32),
            "other": np.full(len(events), NONE, np.int32), "x_m": place[:, 0], "y_m": place[:, 1], "z_m": place[:, 2],
            **{name: events[name].astype("str").where(events[name].notna(), "").tolist() for name in ("layer", "site")},
            "sensor": [warned.get(threat, "") if kind == "warned" else ""
                       for threat, kind in zip(events["threat"], kinds, strict=True)],
            **{name: np.full(len(events), NONE, np.int32) for name in ("satellite", "satellite_2")},
        }),
        satellites=pd.DataFrame({name: [] for name in (
            "id", "constellation", "a_m", "e", "i_rad", "raan_rad", "argp_rad", "m_rad", "raan_rad_s", "argp_rad_s",
            "m_rad_s", "works", "rounds")}),
        beliefs=pd.DataFrame({name: [] for name in (
            "object", "t_s", "x_m", "y_m", "z_m", "xx_m2", "xy_m2", "xz_m2", "yy_m2", "yz_m2", "zz_m2")}),
    )


def warned_by(results: Results, raid: str) -> dict[int, str]:
    """The sensor that first warned of each threat of a raid in run 0, by the threat's number."""
    rows = results.tables.warnings
    rows = rows[(rows["run"] == 0) & (rows["raid"] == raid) & rows["warned_after_s"].notna()]
    first = rows.sort_values("warned_after_s", kind="stable").drop_duplicates("threat")
    return dict(zip(first["threat"].tolist(), first["sensor"].astype("str").tolist(), strict=True))


def _places(ids: np.ndarray, t_s: np.ndarray, r: np.ndarray, who: np.ndarray, at_s: np.ndarray) -> np.ndarray:
    """(E, 3) where each of `who` was at at_s, on its track (ids, t_s, r)."""
    found = np.zeros((len(who), 3))
    for i in np.unique(who):
        mine, asked = ids == i, who == i
        if mine.any():
            found[asked] = np.stack([np.interp(at_s[asked], t_s[mine], r[mine, axis]) for axis in range(3)], axis=1)
    return found
