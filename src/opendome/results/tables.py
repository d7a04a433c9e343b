"""The tables that a study leaves behind: one row per run and threat, per run and site, and so on."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = ("destroyed", "leaked", "outside", "void")
"""What can become of a threat; `outside` came down harmlessly by itself, `void` is a decoy that nothing came of."""

REASONS = ("never seen", "seen too late", "track too coarse", "no reach", "no stock", "no channel", "all shots missed")
"""Why a leaker leaked."""

THINNED = ("stocks", "lots", "attacks")
"""Tables of campaigns that hold every run of which all months are kept: the first ones, where all would be too many."""

ALONE = ("costs", "prices")
"""Tables that hold the first runs alone where all would be too many, whatever other tables hold."""

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
    "stocks": {
        "run": "int32", "month": "int16", "owner": "category", "interceptor": "category",
        "stock": "int32", "wanted": "int32", "fired": "int32", "delivered": "int32", "received": "int32",
        "sent": "int32", "expired": "int32",
    },
    "owned": {
        "run": "int32", "owner": "category", "interceptor": "category", "start": "int32", "level": "int32",
        "lowest": "int32", "lowest_month": "int16", "exhausted_month": "float32", "fell_month": "float32",
        "back_month": "float32", "on_way": "int32",
    },
    "lots": {
        "run": "int32", "order": "category", "lot": "int16", "owner": "category", "interceptor": "category",
        "line": "category", "contract_month": "int16", "rounds": "int32", "due_month": "float32", "built": "int32",
        "first_month": "float32", "last_month": "float32",
    },
    "makers": {
        "run": "int32", "maker": "category", "is_line": "bool", "interceptor": "category", "owner": "category",
        "made": "int32", "capacity": "float32", "short": "int32", "idle": "int32",
    },
    "attacks": {
        "run": "int32", "month": "int16", "campaign": "category", "threat_class": "category", "raids": "int32",
        "launched": "int32", "engaged": "int32", "destroyed": "int32", "leaked": "int32", "harmless": "int32",
    },
    "costs": {
        "run": "int32", "element": "category", "layer": "category", "phase": "category", "cost_musd": "float64",
        "then_year_musd": "float64", "discounted_musd": "float64",
    },
    "prices": {"run": "int32", "kind": "category", "name": "category", "cost_musd": "float64"},
    "surfaces": {
        "campaign": "category", "step": "int16", "point": "int16", "is_check": "bool", "quantity": "category",
        "group": "category", "launched": "float32", "simulated": "float32", "error": "float32", "surface": "float32",
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


def _nothing() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()


@dataclass(frozen=True)
class Tables:
    """What was recorded; a table that is not given is empty.

    Given frames are brought to the columns and types of `COLUMNS`; extra columns are dropped. Rows stand in the order
    (run, raid, threat) or (run, raid, site), and (run, month, ...) for campaigns; all else in the scenario's order.
    """

    threats: pd.DataFrame = field(default_factory=_nothing)
    """One row per run and threat."""
    warnings: pd.DataFrame = field(default_factory=_nothing)
    """One row per run, ballistic missile and infrared sensor in orbit."""
    sites: pd.DataFrame = field(default_factory=_nothing)
    """One row per run, raid and site."""
    shots: pd.DataFrame = field(default_factory=_nothing)
    """One row per run, raid, layer and threat type with at least one shot."""
    stocks: pd.DataFrame = field(default_factory=_nothing)
    """One row per run, month, owner and interceptor: the stock at the end of the month and what moved it."""
    owned: pd.DataFrame = field(default_factory=_nothing)
    """One row per run, owner and interceptor: when the stock fell below its level, was exhausted, was back."""
    lots: pd.DataFrame = field(default_factory=_nothing)
    """One row per run and lot of an order."""
    makers: pd.DataFrame = field(default_factory=_nothing)
    """One row per run and component or line."""
    attacks: pd.DataFrame = field(default_factory=_nothing)
    """One row per run, month, campaign and threat class."""
    costs: pd.DataFrame = field(default_factory=_nothing)
    """One row per run, element and phase of the programme: what it costs over its years."""
    prices: pd.DataFrame = field(default_factory=_nothing)
    """One row per run and type of threat, or stocked interceptor, that has a price: what one costs."""
    surfaces: pd.DataFrame = field(default_factory=_nothing)
    """One row per response surface, simulated raid and quantity: what was simulated, and what the surface says."""
    assumptions: pd.DataFrame = field(default_factory=_nothing)
    """One row per number used."""
    replay_tracks: pd.DataFrame = field(default_factory=_nothing)
    """The recorded run, thinned."""
    replay_events: pd.DataFrame = field(default_factory=_nothing)
    """The recorded run, event by event."""

    def __post_init__(self) -> None:
        for one in fields(self):
            object.__setattr__(self, one.name, conform(one.name, getattr(self, one.name)))

    @property
    def runs(self) -> Any:
        """Numbers of the runs, in order."""
        return (self.owned if len(self.owned) else self.threats)["run"].unique()


def conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the columns, types and sorted categories of table `name`; `ValueError` naming missing columns."""
    wanted = COLUMNS[name]
    if not len(frame.columns):
        frame = frame.reindex(columns=list(wanted))
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
