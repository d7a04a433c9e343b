"""The life-cycle cost of a programme, by element, layer, phase and year, over runs that draw its ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from opendome import rng
from opendome.cost import index
from opendome.cost.draws import cost_sampler
from opendome.cost.lower import Lowered, lower, programme_of
from opendome.cost.spend import PHASES, Counts, spending, years_of
from opendome.errors import InputError, nearest
from opendome.kernel import F64Array
from opendome.sampling import Sampler
from opendome.scenario import Scenario
from opendome.scenario.cost_specs import Programme
from opendome.scenario.months import name_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DOLLARS", "PHASES", "CostBreakdown", "Dollars", "RunCosts", "breakdown_of", "costs_of", "life_cycle",
           "marginal", "sums_of"]

Dollars = Literal["constant", "then-year", "discounted"]

DOLLARS: tuple[Dollars, ...] = ("constant", "then-year", "discounted")

GROUPS = ("element", "layer", "phase", "year")
"""What a table can be split by."""

CELLS_MAX = 100_000_000
"""Most numbers of one breakdown (800 MB)."""

BLOCK_CELLS = 4_000_000
"""Numbers of a block of runs that are held by year before they are summed."""

Given = Programme | Mapping[str, Any] | Scenario | str | Path


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
    """(R, E) by name: there (units to have at once), bought (all that are delivered before the end, replacements among
    them), replaced, launches (whole vehicles), mass_kg (all that is launched), units_musd (what the units bought cost,
    launches left out)."""
    title: str = "programme"
    start: str = ""
    """First month that is paid for."""
    n_years: int = 0
    """How many years are paid for; one less than the calendar years where it starts within a year."""
    scenario: Scenario | None = None
    """What it is the cost of; None for a difference of two."""

    @property
    def runs(self) -> int:
        """How many runs it is over."""
        return len(self.musd)

    @property
    def total_musd(self) -> float:
        """Mean over runs of the whole cost, in constant dollars."""
        return float(self.totals().mean())

    @property
    def low_musd(self) -> float:
        """The 5 % quantile over runs of the whole cost, in constant dollars."""
        return float(np.quantile(self.totals(), 0.05))

    @property
    def high_musd(self) -> float:
        """The 95 % quantile over runs of the whole cost, in constant dollars."""
        return float(np.quantile(self.totals(), 0.95))

    def totals(self, dollars: Dollars = "constant") -> F64Array:
        """(R,) the whole cost of every run, M$."""
        return np.asarray(self.by_run(dollars).sum(axis=(1, 2)))

    def by_run(self, dollars: Dollars = "constant") -> F64Array:
        """(R, E, P) M$ over all years."""
        factor = self._factor(dollars)
        return np.asarray(self.musd.sum(axis=3) if factor is None else np.einsum("repy,ry->rep", self.musd, factor))

    def table(self, by: Sequence[str] | str = (), *, dollars: Dollars = "constant") -> pd.DataFrame:
        """One row per group: its columns (of element, layer, phase, year), value (mean over runs), error (standard
        error of it), low and high (5 and 95 % quantiles over runs), in M$.

        With a single run there is no error and no low or high (NaN). Raises `InputError` for other groups or dollars.
        """
        import pandas as pd

        wanted = _groups(by)
        amounts, labels = self._grouped(wanted, dollars)
        rows = amounts.reshape(self.runs, -1)
        columns: dict[str, Any] = {name: labels[name] for name in wanted}
        return pd.DataFrame(columns | _over_runs(rows))

    def unit_table(self) -> pd.DataFrame:
        """One row per element, means over runs: element, layer, there, bought, replaced, launches, mass_kg (of all that
        is launched), unit_price_musd (average price of a unit bought, launch left out; NaN where none is bought) and
        per_unit_musd (the element's whole cost for each unit that is there at once; NaN where there is none)."""
        import pandas as pd

        mean = {name: column.mean(axis=0) for name, column in self.units.items()}
        whole = self.by_run().sum(axis=2).mean(axis=0)
        names = ("there", "bought", "replaced", "launches", "mass_kg")
        return pd.DataFrame({
            "element": self.elements, "layer": self.layers, **{name: mean[name] for name in names},
            "unit_price_musd": _ratio(mean["units_musd"], mean["bought"]),
            "per_unit_musd": _ratio(whole, mean["there"]),
        })

    def less(self, other: CostBreakdown) -> CostBreakdown:
        """What this costs more than another breakdown of the same elements, years and runs, run by run."""
        units = {name: column - other.units[name] for name, column in self.units.items()}
        return CostBreakdown(self.musd - other.musd, self.price_year, self.elements, self.layers, self.years,
                             self.then_year_factor, self.discount_factor, units, self.title, self.start, self.n_years)

    def ledger(self, *, dollars: Dollars = "constant") -> pd.DataFrame:
        """What the whole cost rests on, one row per input: value, range, grade, source, elasticity, swing (see
        `cost.ledger`). Raises `InputError` for the difference of two breakdowns."""
        from opendome.cost.ledger import ledger

        if self.scenario is None:
            raise InputError("a difference of costs has no ledger; ask either of the two")
        return ledger(self.scenario, dollars=dollars).table

    def __str__(self) -> str:
        from opendome.cost.text import screen

        return screen(self)

    def _factor(self, dollars: Dollars) -> F64Array | None:
        """(R, Y) by which constant dollars are taken; None for 1."""
        if dollars not in DOLLARS:
            raise InputError(f"dollars = {dollars!r} must be one of {', '.join(DOLLARS)}")
        return {"constant": None, "then-year": self.then_year_factor, "discounted": self.discount_factor}[dollars]

    def _grouped(self, by: tuple[str, ...], dollars: Dollars) -> tuple[F64Array, dict[str, Any]]:
        """Amounts (R, groups) and the labels of the groups."""
        amounts = self.by_run(dollars)[..., None]
        if "year" in by:
            factor = self._factor(dollars)
            amounts = self.musd if factor is None else self.musd * factor[:, None, None, :]
        if "phase" not in by:
            amounts = amounts.sum(axis=2, keepdims=True)
        names = list(dict.fromkeys(self.layers))
        if "element" not in by and "layer" in by:
            of_layer = np.array([[layer == name for layer in self.layers] for name in names], np.float64)
            amounts = np.einsum("repy,le->rlpy", amounts, of_layer)
        elif "element" not in by:
            amounts = amounts.sum(axis=1, keepdims=True)
        row, phase, year = (axis.ravel() for axis in np.indices(amounts.shape[1:]))
        layers = list(self.layers) if "element" in by else names
        known: dict[str, list[Any]] = {"element": list(self.elements), "layer": layers, "phase": list(PHASES),
                                       "year": list(self.years)}
        place = {"element": row, "layer": row, "phase": phase, "year": year}
        return amounts, {name: [known[name][i] for i in place[name]] for name in by}


def life_cycle(spec: Given, *, runs: int = 1, seed: int = 1, changes: Mapping[str, Any] | None = None) -> CostBreakdown:
    """What a programme costs over its years.

    `spec`: a programme, its plain data ({"start": "2026-01", "elements": ...}), a scenario with `[cost]`, or the name
    or path of one. With one run the values count, and nothing is drawn; with more, each run draws every uncertain value
    from its range. `changes`: values by key, as {"elements.sbi.life_years": 7}. Raises `ScenarioError` with what is
    wrong with the programme, `InputError` for more runs than can be held.
    """
    scenario = _checked(spec, runs, changes)
    return breakdown_of(scenario, _sampler(scenario, runs, seed, is_drawn=runs > 1))


def marginal(spec: Given, element: str, *, more: float = 1.0, runs: int = 1, seed: int = 1,
             changes: Mapping[str, Any] | None = None) -> CostBreakdown:
    """What `more` units of an element cost over the years of a programme: its life cycle with them less that without.

    The same draws on both sides. Divide by `more` for one unit. Where units go up by whole vehicles, one unit may cost
    a whole launch or none: ask for as many as fill some. The first unit of an element that has none brings its
    development with it. Raises as `life_cycle`, and `InputError` for an unknown element.
    """
    scenario = _checked(spec, runs, changes)
    assert scenario.cost is not None
    if element not in scenario.cost.elements:
        raise InputError(f"element = {element!r} is not an element of the programme\n"
                         f"hint: {nearest(element, scenario.cost.elements) or 'see its [cost.elements]'}")
    if not (np.isfinite(more) and more > 0):
        raise InputError(f"more = {more!r} must be a number above 0")
    lowered = lower(scenario, _sampler(scenario, runs, seed, is_drawn=runs > 1))
    units = lowered.fleet.units.copy()
    units[:, lowered.elements.index(element)] += more
    larger = replace(lowered, fleet=lowered.fleet._replace(units=units))
    return _breakdown(scenario, larger).less(_breakdown(scenario, lowered))


def costs_of(scenario: Scenario, *, runs: int, seed: int) -> CostBreakdown:
    """What the programme of a scenario costs in each of its runs: row i is that of run i, whatever the number of runs.

    Ranges are drawn as the scenario's assumptions say, also for a single run. Raises as `life_cycle`.
    """
    scenario = _checked(scenario, runs, None)
    return breakdown_of(scenario, _sampler(scenario, runs, seed))


@dataclass(frozen=True)
class RunCosts:
    """What a programme costs in every run, summed over its years. R runs, E elements, P phases."""

    sums: Mapping[Dollars, F64Array]
    """(R, E, P) M$ by kind of dollars: constant, then-year, discounted."""
    price_year: int
    elements: tuple[str, ...]
    layers: tuple[str, ...]
    """(E,) layer of each element."""
    years: tuple[int, ...]
    """Calendar years that are paid for."""


def sums_of(scenario: Scenario, *, runs: int, seed: int) -> RunCosts:
    """As `costs_of`, summed over the years, in blocks of runs: for numbers of runs that cannot be held year by year."""
    scenario = programme_of(scenario)
    cells = _cells(scenario)
    block = max(1, min(runs, BLOCK_CELLS // cells))
    parts = []
    for first in range(0, runs, block):
        found = breakdown_of(scenario, _sampler(scenario, min(block, runs - first), seed, first=first))
        parts.append([found.by_run(dollars) for dollars in DOLLARS])
    sums = dict(zip(DOLLARS, (np.concatenate(rows) for rows in zip(*parts, strict=True)), strict=True))
    return RunCosts(sums, found.price_year, found.elements, found.layers, found.years)


def breakdown_of(scenario: Scenario, sampler: Sampler) -> CostBreakdown:
    """What the programme of a scenario costs with the columns that a sampler gives."""
    return _breakdown(scenario, lower(scenario, sampler))


def _checked(spec: Given, runs: int, changes: Mapping[str, Any] | None) -> Scenario:
    """The scenario of a programme, for a number of runs that can be held."""
    if not isinstance(runs, int) or isinstance(runs, bool) or runs < 1:
        raise InputError(f"runs = {runs!r} must be a whole number of at least 1")
    scenario = programme_of(spec, changes)
    if runs * _cells(scenario) > CELLS_MAX:
        raise InputError(f"runs = {runs:,} must be at most {CELLS_MAX // _cells(scenario):,} for so large a programme: "
                         "every run is held by element, phase and year")
    return scenario


def _cells(scenario: Scenario) -> int:
    """Numbers that a run takes by element, phase and year, at most."""
    assert scenario.cost is not None
    return len(scenario.cost.elements) * len(PHASES) * (scenario.cost.years + 1)


def _sampler(scenario: Scenario, runs: int, seed: int, *, first: int = 0, is_drawn: bool = True) -> Sampler:
    """The sampler of a scenario's programme for the runs from `first` on."""
    assert scenario.cost is not None
    is_sampled = is_drawn and scenario.assumptions == "sampled"
    return cost_sampler(scenario.cost, rng.key(seed), runs, is_sampled=is_sampled, first=first)


def _breakdown(scenario: Scenario, lowered: Lowered) -> CostBreakdown:
    """What a lowered programme costs."""
    years = years_of(lowered)
    found = spending(lowered)
    return CostBreakdown(
        musd=found.musd, price_year=lowered.price_year, elements=lowered.elements, layers=lowered.layers,
        years=tuple(int(year) for year in years),
        then_year_factor=index.then_year_factor(lowered.price_year, years, lowered.price_growth),
        discount_factor=(1.0 + lowered.discount_rate[:, None]) ** -(years - years[0]).astype(np.float64),
        units=_named(found.counts), title=scenario.title, start=name_of(lowered.start), n_years=lowered.months // 12,
        scenario=scenario)


def _named(counts: Counts) -> dict[str, F64Array]:
    return dict(zip(Counts._fields, counts, strict=True))


def _groups(by: Sequence[str] | str) -> tuple[str, ...]:
    wanted = (by,) if isinstance(by, str) else tuple(by)
    for name in wanted:
        if name not in GROUPS:
            raise InputError(f"by = {name!r} must be of {', '.join(GROUPS)}")
    return tuple(dict.fromkeys(wanted))


def _over_runs(amounts: F64Array) -> dict[str, F64Array]:
    """Columns value, error, low, high over runs, from amounts (R, groups)."""
    runs = len(amounts)
    if runs == 1:
        unknown = np.full(amounts.shape[1], np.nan)
        return {"value": amounts[0], "error": unknown, "low": unknown, "high": unknown}
    low, high = np.quantile(amounts, (0.05, 0.95), axis=0)
    error = amounts.std(axis=0, ddof=1) / np.sqrt(runs)
    return {"value": amounts.mean(axis=0), "error": error, "low": low, "high": high}


def _ratio(top: F64Array, bottom: F64Array) -> F64Array:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)
