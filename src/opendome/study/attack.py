"""How far two scenarios met the same attack: what was launched, run by run, and what they state of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from opendome.results.figures import kept_runs
from opendome.results.tables import Tables
from opendome.scenario import Scenario
from opendome.study.differences import Change

if TYPE_CHECKING:
    import pandas as pd


class Attack(NamedTuple):
    """How far two scenarios met the same attack."""

    is_declared_same: bool
    """Whether places, areas, raids and the threats in them are the same in both scenarios, but for raids' dates; of
    campaigns also months and raids over them."""
    runs_same: int
    """Runs with the same launches: of the same type, from the same place to the same area, at the same time; of
    campaigns: as many of each class in every month."""
    threats_same: float
    """Share of such launches among all that either has; decoys are not counted."""


class Launches(NamedTuple):
    """What one scenario launched."""

    rows: pd.DataFrame
    """Raids: one row per run and threat, those alike numbered. Campaigns: one per run, month, campaign and class."""
    runs: int
    """How many runs there are."""
    kept: int
    """How many of them, from the first, have rows."""


_LAUNCH = ["run", "raid", "type", "place", "area", "t_launch_s"]
_MONTHLY = ["run", "month", "campaign", "threat_class"]
_RAIDS_OVER_MONTHS = {"first", "until", "process", "raids"}


def launches(tables: Tables) -> Launches:
    """What the attacker launches."""
    runs = len(tables.runs)
    if len(tables.owned):
        rows = tables.attacks[[*_MONTHLY, "launched"]].astype(dict.fromkeys(_MONTHLY[2:], "str"))
        return Launches(rows, runs, kept_runs(tables, "attacks"))
    real = tables.threats.loc[~tables.threats["is_decoy"], _LAUNCH]
    found = real.astype(dict.fromkeys(_LAUNCH[1:5], "str"))
    return Launches(found.assign(alike=found.groupby(_LAUNCH, dropna=False).cumcount()), runs, runs)


def is_date(change: Change) -> bool:
    """Whether a change moves a raid to another date: what is launched, and when after its start, stays the same."""
    steps = change.key.split(".")
    return len(steps) == 3 and steps[0] == "raids" and steps[2] == "start"


def same_attack(scenarios: tuple[Scenario, Scenario], found: tuple[Launches, Launches],
                changes: Sequence[Change]) -> Attack:
    """How far the second of two scenarios met the attack of the first; `changes` are what differs between them."""
    is_declared = _is_declared_same(scenarios, changes)
    if scenarios[0].stockpile is not None:
        return _same_months(is_declared, *found)
    every = found[0].rows.merge(found[1].rows, how="outer", indicator=True)
    is_same = (every["_merge"] == "both").to_numpy()
    run = every["run"].to_numpy()
    return Attack(is_declared, len(np.unique(run)) - len(np.unique(run[~is_same])), float(is_same.mean()))


def _is_declared_same(scenarios: Sequence[Scenario], changes: Sequence[Change]) -> bool:
    return not any(is_of_attack(tuple(change.key.split(".")), scenarios) for change in changes if not is_date(change))


def is_of_attack(steps: Sequence[str], scenarios: Sequence[Scenario]) -> bool:
    """Whether a value of scenarios, by its full path, says what is attacked or what attacks: places, areas, raids, the
    threats that fly in them, and months and raids of campaigns."""
    if steps[0] == "campaigns":
        return len(steps) == 2 or steps[2] in _RAIDS_OVER_MONTHS
    if steps[0] == "catalogue":
        flown = {wave.threat for scenario in scenarios for raid in scenario.raids.values() for wave in raid.waves}
        return steps[1] == "threats" and (len(steps) == 2 or steps[2] in flown)
    return steps[0] in ("places", "areas", "raids") or list(steps) in (["stockpile", "start"], ["stockpile", "until"])


def _same_months(is_declared: bool, one: Launches, other: Launches) -> Attack:
    """The same of campaigns, in the runs whose months are kept of both."""
    kept = min(one.kept, other.kept)
    sides = (found.rows[found.rows["run"] < kept] for found in (one, other))
    every = next(sides).merge(next(sides), how="outer", on=_MONTHLY, suffixes=("_a", "_b")).fillna(
        {"launched_a": 0, "launched_b": 0})
    a, b = (every[f"launched_{side}"].to_numpy(np.float64) for side in "ab")
    differ = len(np.unique(every["run"].to_numpy()[a != b]))
    total = float(np.maximum(a, b).sum())
    return Attack(is_declared, one.runs - differ, float(np.minimum(a, b).sum()) / total if total else 1.0)
