"""Raids over months against stocks that drain and refill: drawn, counted or simulated."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opendome.campaign.outcome import Outcome
    from opendome.catalogue import Catalogue
    from opendome.scenario.specs import Scenario


def run_all(scenario: Scenario, catalogue: Catalogue, *, runs: int, seed: int, jobs: int | None = None,
            progress: Callable[[int, int], None] | None = None) -> Outcome:
    """Run all campaigns of a scenario with a stockpile, over its months, `runs` times; the same bytes for any `jobs`.

    `progress` is told how much is done, and of how much: simulated runs of raids and, after those, runs of campaigns.
    Raises `ScenarioError` or `InputError` when the scenario cannot be used.
    """
    from opendome.campaign.loop import run_all as run

    return run(scenario, catalogue, runs=runs, seed=seed, jobs=jobs, progress=progress)
