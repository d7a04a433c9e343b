"""What the cost of a programme rests on: elasticity and swing of every price, mass, life, delay and count.

The engine works on columns over runs, so one pass answers for all inputs: run i changes one input and leaves the others
at their values. Nothing is drawn. docs/models/evidence.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from opendome.catalogue import shipped, with_overrides
from opendome.cost.breakdown import Dollars, breakdown_of
from opendome.cost.lower import programme_of
from opendome.errors import InputError, ScenarioError, nearest
from opendome.evidence import WHOLE, Effect, Input, Ledger, around, below, cited, differences, input_of, rows_of
from opendome.kernel import F64Array
from opendome.sampling import Sampler
from opendome.scenario.cost_specs import Programme
from opendome.scenario.months import number_of
from opendome.scenario.quantity import Quantity
from opendome.scenario.specs import Scenario

LATER = "12 months later"
"""How the dates of deliveries are changed."""

NUMBERS: dict[Dollars, str] = {"constant": "life_cycle", "then-year": "then_year", "discounted": "discounted"}
"""Names of the costs in each kind of dollars, as the figures of results have them."""

MATTERS = ("cost.price_growth",)
"""Inputs that count also as they are when left out."""


@dataclass
class Trial(Sampler):
    """A sampler that draws nothing: columns of some inputs are given, all others have their values."""

    columns: Mapping[str, F64Array] = field(default_factory=dict)
    """(R,) by path."""
    asked: dict[str, Quantity] = field(default_factory=dict)
    """Every quantity that was asked for, counts of the scenario among them, by path."""

    def column(self, path: str, quantity: Quantity) -> F64Array:
        """(R,) what is given for the path, else the value."""
        self.asked.setdefault(path, quantity)
        return self.columns[path] if path in self.columns else np.full(self.runs, quantity.value)

    def constant(self, value: float, path: str = "") -> F64Array:
        """(R,) what is given for what is counted, else its number."""
        return self.column(path, Quantity(value=float(value))) if path else np.full(self.runs, float(value))


def trial(rows: int, columns: Mapping[str, F64Array]) -> Trial:
    """A trial of so many rows with some inputs given."""
    return Trial(np.zeros(2, np.uint64), rows, False, columns=columns)


def ledger(spec: Programme | Mapping[str, Any] | Scenario | str | Path, *, layer: str | None = None,
           element: str | None = None, dollars: Dollars = "constant",
           changes: Mapping[str, Any] | None = None) -> Ledger:
    """What the life-cycle cost of a programme rests on, or that of one layer or element.

    `spec` and `changes`: as of `life_cycle`. Raises `ScenarioError` or `InputError` as that does, and for names that
    the programme does not have.
    """
    scenario = programme_of(spec, changes)
    programme = scenario.cost
    assert programme is not None
    layers = {name: one.layer or name for name, one in programme.elements.items()}
    _known(scenario, "layer", layer, layers.values())
    _known(scenario, "element", element, layers)
    counted = [name for name, of in layers.items() if layer in (None, of) and element in (None, name)]

    def evaluate(rows: int, columns: Mapping[str, F64Array]) -> F64Array:
        return total(scenario, counted, dollars, rows, columns)

    base = trial(1, {})
    breakdown_of(scenario, base)
    found = list(_inputs(scenario, base.asked))
    value, effects = differences(found, evaluate)
    for one, effect in (*_years(scenario, counted, dollars), *_dates(scenario, counted, dollars, value)):
        found.append(one)
        effects.append(effect)
    table = rows_of(found, effects)
    year = programme.price_year or scenario.price_year
    what = ", ".join(f"{kind} {name}" for kind, name in (("layer", layer), ("element", element)) if name)
    return Ledger(
        of=scenario.title, number=NUMBERS[dollars] + (f" ({what})" if what else ""),
        says=f"What it costs over {programme.years} years from {programme.start}, in {dollars} dollars of {year}.",
        unit="M$", value=value, error=math.nan, runs=0, left_out=0, table=table,
        notes=("Every input is changed alone, all others at their values; nothing is drawn.",),
        references=cited(table, with_overrides(shipped(), scenario.catalogue)[0].references))


def _known(scenario: Scenario, kind: str, name: str | None, known: Any) -> None:
    if name is not None and name not in known:
        hint = nearest(name, known)
        raise InputError(f"{scenario.title}: {name!r} is not a{'n' * (kind[0] == 'e')} {kind} of its programme"
                         + (f"\nhint: {hint}" if hint else ""))


def total(scenario: Scenario, counted: list[str], dollars: Dollars, rows: int,
          columns: Mapping[str, F64Array]) -> F64Array:
    """(rows,) cost of some elements, each row with its own inputs; NaN where the programme refuses them."""
    try:
        found = breakdown_of(scenario, trial(rows, columns))
    except ScenarioError:
        if rows == 1:
            return np.array([math.nan])
        half = rows // 2
        return np.concatenate([
            total(scenario, counted, dollars, half, {path: one[:half] for path, one in columns.items()}),
            total(scenario, counted, dollars, rows - half, {path: one[half:] for path, one in columns.items()})])
    shown = [found.elements.index(name) for name in counted]
    yearly = found.musd[:, shown].sum(axis=(1, 2))
    factor = {"constant": 1.0, "then-year": found.then_year_factor, "discounted": found.discount_factor}[dollars]
    return np.asarray((yearly * factor).sum(axis=1), np.float64)


def _inputs(scenario: Scenario, asked: Mapping[str, Quantity]) -> Iterator[Input]:
    """The inputs that are not as they are when left out, and the counts of the scenario."""
    for path, quantity in asked.items():
        *above, name = path.split(".")
        owner = below(scenario, above) if path.startswith("cost.") else None
        is_default = owner is not None and type(owner).model_fields[name].default == quantity
        if is_default and path not in MATTERS:
            continue
        found = input_of(path, quantity, [scenario])
        yield found if found.says or path.startswith("cost.") else Input(
            path, quantity.model_copy(update={"why": "as the scenario has it"}), "", "Number of them in the scenario.")


def _years(scenario: Scenario, counted: list[str], dollars: Dollars) -> Iterator[tuple[Input, Effect]]:
    """The years that are paid for."""
    programme = scenario.cost
    assert programme is not None
    n = programme.years
    less, as_it_is, more = (float(total(_with(scenario, years=years), counted, dollars, 1, {})[0]) if years > 0
                            else math.nan for years in (n - 1, n, n + 1))
    yield (Input("cost.years", Quantity(value=float(n)), "years", "How many years are paid for."),
           Effect(around(n, 1.0, less, more, as_it_is), math.nan, 0.0, less, more, WHOLE))


def _with(scenario: Scenario, **changes: Any) -> Scenario:
    assert scenario.cost is not None
    return scenario.model_copy(update={"cost": scenario.cost.model_copy(update=changes)})


def _dates(scenario: Scenario, counted: list[str], dollars: Dollars, value: float) -> Iterator[tuple[Input, Effect]]:
    """The dates of deliveries, each 12 months later; orders stay as dated."""
    programme = scenario.cost
    assert programme is not None
    dated = {name: one for name, one in programme.elements.items() if one.first_delivery is not None}
    columns = {}
    for i, (name, one) in enumerate(dated.items()):
        columns[f"cost.elements.{name}.delay_months"] = np.full(len(dated), one.delay_months.value)
        columns[f"cost.elements.{name}.delay_months"][i] += 12.0
    if not dated:
        return
    later = total(scenario, counted, dollars, len(dated), columns)
    for (name, one), moved in zip(dated.items(), later):
        assert one.first_delivery is not None
        year = number_of(one.first_delivery) / 12.0
        yield (Input(f"cost.elements.{name}.first_delivery", Quantity(value=year), "calendar years",
                     f"First delivery, {one.first_delivery}; 12 months later it costs {moved - value:+,.4g} M$."),
               Effect(math.nan, math.nan, 0.0, value, float(moved), LATER))
