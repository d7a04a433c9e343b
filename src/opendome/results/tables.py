"""The tables that a study leaves behind: one row per run and threat, per run and site, and so on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = ("destroyed", "leaked", "outside", "void")
"""What can become of a threat; `outside` came down harmlessly by itself, `void` is a decoy that nothing came of."""

REASONS = ("never seen", "seen too late", "track too coarse", "no reach", "no stock", "no channel", "all shots missed")
"""Why a leaker leaked."""

COLUMNS: dict[str, dict[str, str]] = {
    "threats": {
        "run": "int32", "raid": "category", "threat": "int32", "type": "category", "threat_class": "category",
        "place": "category", "area": "category", "outcome": "category", "layer": "category", "reason": "category",
        "t_launch_s": "float32", "t_warned_s": "float32", "t_seen_s": "float32", "t_shot_s": "float32",
        "t_end_s": "float32", "shots": "int16", "hit_area": "category", "watched_s": "float32",
        "held_s": "float32", "is_decoy": "bool",
    },
    "warnings": {
        "run": "int32", "raid": "category", "threat": "int32", "type": "category", "threat_class": "category",
        "place": "category", "area": "category", "sensor": "category", "warned_after_s": "float32",
        "stereo_after_s": "float32", "looks": "int16", "fixes": "int16",
    },
    "sites": {
        "run": "int32", "raid": "category", "layer": "category", "site": "category", "interceptor": "category",
        "shots": "int32", "kills": "int32", "left": "float32", "stock": "float32", "cost_musd": "float32",
    },
    "shots": {
        "run": "int32", "raid": "category", "layer": "category", "type": "category",
        "shots": "int32", "kills": "int32", "engaged": "int32",
    },
    "assumptions": {
        "path": "category", "value": "float64", "low": "float64", "high": "float64", "unit": "category",
        "grade": "category", "source": "category", "why": "category", "sampled": "bool",
    },
    "replay_tracks": {
        "raid": "category", "threat": "int32", "type": "category", "outcome": "category",
        "t_s": "float32", "lat_deg": "float32", "lon_deg": "float32", "alt_km": "float32",
    },
    "replay_events": {
        "raid": "category", "t_s": "float32", "event": "category", "threat": "int32",
        "layer": "category", "site": "category",
    },
}
"""Columns of each table with their types, in the order they are stored; docs/formats/results.md says what they hold."""


@dataclass(frozen=True)
class Tables:
    """What was recorded. Given frames are brought to the columns and types of `COLUMNS`; extra columns are dropped.

    Rows stand in the order (run, raid, threat) or (run, raid, site); raids in the scenario's order.
    """

    threats: pd.DataFrame
    """One row per run and threat."""
    warnings: pd.DataFrame
    """One row per run, ballistic missile and infrared sensor in orbit."""
    sites: pd.DataFrame
    """One row per run, raid and site."""
    shots: pd.DataFrame
    """One row per run, raid, layer and threat type with at least one shot."""
    assumptions: pd.DataFrame
    """One row per number used."""
    replay_tracks: pd.DataFrame
    """The recorded run, thinned."""
    replay_events: pd.DataFrame
    """The recorded run, event by event."""

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, conform(field.name, getattr(self, field.name)))


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the columns, types and sorted categories of table `name`; `ValueError` naming missing columns."""
    wanted = COLUMNS[name]
    if missing := [column for column in wanted if column not in frame.columns]:
        raise ValueError(f"table {name} lacks {', '.join(missing)}")
    found = frame[list(wanted)].astype(wanted).reset_index(drop=True)
    for column, kind in wanted.items():
        if kind == "category":
            found[column] = _canonical(found[column])
    return found


def _canonical(labels: pd.Series) -> pd.Series:
    """Labels with only the categories in use, sorted, so that equal content gives equal bytes."""
    used = labels.cat.remove_unused_categories()
    return used.cat.set_categories(sorted(map(str, used.cat.categories)))
