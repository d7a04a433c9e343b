"""What of a programme is there by a date, and when its milestones are met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendome.scenario import Scenario
from opendome.scenario.cost_specs import Programme

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Capability:
    """What is there by the end of a month."""

    date: str
    elements: pd.DataFrame
    """One row per element: element, layer, units, planned (there by the date as dated), value (mean over runs of what
    is there), error, low, high, p_all (chance that all are), done_low, done, done_high (month in which the last is there:
    5 %, 50 % and 95 % of the runs)."""
    milestones: pd.DataFrame
    """One row per milestone: milestone, date, p_met (by its date), error, low, month, high (month in which it is met:
    5 %, 50 % and 95 % of the runs)."""


def capability(spec: Programme | Mapping[str, Any] | Scenario | str | Path, *, date: str, runs: int = 1000,
               seed: int = 1, changes: Mapping[str, Any] | None = None) -> Capability:
    """What of a programme is there by the end of a month, over the ranges of its delays."""
    raise NotImplementedError


def changes_at(scenario: Scenario, date: str, *, quantile: float = 0.5) -> dict[str, Any]:
    """Changes (key to value) that leave of a scenario what is there by the end of a month, at a quantile over delays:
    0.05 is what is there in all but the worst runs, 0.95 in the best alone."""
    raise NotImplementedError
