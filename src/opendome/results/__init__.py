"""Figures from rows: estimates with their errors, the first screen, and the results folder.

Reads what a study recorded (`Tables`); computes nothing about the battle itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opendome.results import store
from opendome.results import summary as _summary
from opendome.results.campaign_summary import campaign_summary
from opendome.results.campaign_text import campaign_screen
from opendome.results.cost_summary import cost_lines, cost_summary, exchange_lines, exchange_summary
from opendome.results.figure import Figure
from opendome.results.figures import estimates, figures
from opendome.results.store import check_target
from opendome.results.tables import Tables
from opendome.results.text import raid_screen, short, with_error
from opendome.scenario.specs import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Figure", "Results", "Tables", "check_target", "figures", "first_screen", "short", "with_error"]


@dataclass(frozen=True)
class Results:
    """What a study found: its tables, the scenario as run, and the manifest that says how to repeat it."""

    tables: Tables
    scenario: Scenario
    manifest: Mapping[str, Any]

    def table(self, figure: str, by: Sequence[str] | str = ()) -> pd.DataFrame:
        """One row per group: the group's columns, value, error, runs, low, high.

        `value` is the mean over runs, `error` its standard error, `runs` the number of runs in which the group had
        anything to count, `low` and `high` the 5 % and 95 % quantiles over runs. `figures()` lists the names.
        """
        return estimates(self.tables, self.scenario, figure, by)

    def ledger(self, figure: str, by: Sequence[str] | str = ()) -> pd.DataFrame:
        """What a figure rests on, one row per group and number that went into the runs: its value, range, grade, source
        and page, the elasticity of the figure in it with its standard error, the swing over nine tenths of its range,
        and its share of the variance over runs. docs/models/evidence.md says how that is read off the runs.
        """
        from opendome.results.ledger import ledgers, table_of

        by = (by,) if isinstance(by, str) else by
        return table_of(ledgers(self.tables, self.scenario, self.manifest, figure, by), by)

    def summary(self) -> dict[str, Any]:
        """The first screen as plain data; unknown numbers are None. Its `kind` is "raid" or "campaign"; raids
        with layers have `exchange` too, a scenario with `[cost]` `life_cycle`."""
        make = _summary.summary if self.scenario.stockpile is None else campaign_summary
        return (make(self.tables, self.scenario, self.manifest) | exchange_summary(self.tables, self.scenario)
                | cost_summary(self.tables, self.scenario))

    def save(self, folder: str | Path) -> Path:
        """Write a results folder, whole or not at all. Earlier results are replaced, anything else is left alone."""
        return store.save(folder, self.tables, self.scenario, self.manifest)

    @classmethod
    def open(cls, folder: str | Path) -> Results:
        """The results of a folder; `InputError` naming every file that is missing or damaged."""
        return cls(*store.read(folder))


def first_screen(summary: Mapping[str, Any]) -> str:
    """The answer as it is printed after a run, from `Results.summary`: plain text of 96 columns at most."""
    blocks = [tell(summary[key]) for key, tell in (("exchange", exchange_lines), ("life_cycle", cost_lines))
              if key in summary]
    money = [line for block in blocks for line in ("", *block)][1:]
    return (campaign_screen if summary["kind"] == "campaign" else raid_screen)(summary, money)
