"""The life-cycle cost of a programme, by element, layer, phase and year, over runs that draw its ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from opendome.kernel import F64Array
from opendome.scenario import Scenario
from opendome.scenario.cost_specs import Programme

if TYPE_CHECKING:
    import pandas as pd

PHASES = ("development", "procurement", "launch", "replenishment", "operations", "disposal")
"""What money is spent on. Replenishment is the units that replace others, and their launches."""

Dollars = Literal["constant", "then-year", "discounted"]


@dataclass(frozen=True)
class CostBreakdown:
    """What a programme costs. R runs, E elements, P phases, Y years."""

    musd: F64Array
    """(R, E, P, Y) millions of constant dollars of the price year."""
    price_year: int
    elements: tuple[str, ...]
    layers: tuple[str, ...]
    """(E,) layer of each element."""
    years: tuple[int, ...]
    """(Y,) calendar years that are paid for."""
    then_year_factor: F64Array
    """(R, Y) then-year dollars for a constant one."""
    discount_factor: F64Array
    """(R, Y) discounted dollars for a constant one."""
    units: Mapping[str, F64Array]
    """(R, E) by name: there (units to have at once), bought (all that are paid for), replaced, launches, mass_kg (all
    that is launched)."""

    @property
    def total_musd(self) -> float:
        """Mean over runs of the whole cost, in constant dollars."""
        raise NotImplementedError

    def table(self, by: Sequence[str] | str = (), *, dollars: Dollars = "constant") -> pd.DataFrame:
        """One row per group: its columns (of element, layer, phase, year), value (mean over runs), error (standard
        error of it), low and high (5 and 95 % quantiles over runs), in M$."""
        raise NotImplementedError


def life_cycle(spec: Programme | Mapping[str, Any] | Scenario | str | Path, *, runs: int = 1, seed: int = 1,
               changes: Mapping[str, Any] | None = None) -> CostBreakdown:
    """What a programme costs over its years.

    `spec`: a programme, its plain data ({"start": "2026-01", "elements": ...}), a scenario with `[cost]`, or the name
    or path of one. With one run the values count, and nothing is drawn; with more, each run draws every uncertain value
    from its range. `changes`: values by key, as {"elements.sbi.life_years": 7}.
    """
    raise NotImplementedError
