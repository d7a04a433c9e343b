"""A programme as it is written, lowered: names become columns, dates months from its start, ranges draws over runs."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from pydantic import ValidationError

from opendome.cost import index
from opendome.cost.counts import units_of
from opendome.cost.fleet import Fleet
from opendome.cost.launch import units_per_vehicle
from opendome.cost.learning import slope_of
from opendome.errors import InputError, Problem, ScenarioError
from opendome.kernel import BoolArray, F64Array
from opendome.sampling import Sampler
from opendome.scenario import Scenario, reader
from opendome.scenario.cost_checks import cost_problems
from opendome.scenario.cost_specs import Element, Launcher, Programme
from opendome.scenario.months import FORM, number_of
from opendome.scenario.problems import problems_from
from opendome.scenario.quantity import Quantity, Spec

SHORTEST_LIFE_MONTHS = 1.0
"""Units that live less than a month are bought, not replaced: refused."""


class Money(NamedTuple):
    """Prices and lives. R runs, E elements; M$ of the programme's price year."""

    development_musd: F64Array
    """(R, E) paid once."""
    unit_musd: F64Array
    """(R, E) price of the first unit."""
    slope: F64Array
    """(R, E) exponent of learning; 0 where every unit costs the same."""
    is_average: BoolArray
    """(E,) whether learning is of the average of all units so far, not of the single unit."""
    restarts: BoolArray
    """(E,) whether each generation of replacements, and of their vehicles, starts at the price of the first again."""
    built_before: F64Array
    """(R, E) units that count for learning from the start."""
    lead_months: F64Array
    """(R, E) time from the order of a unit to its delivery."""
    develop_from: F64Array
    """(E,) month in which development starts."""
    life_months: F64Array
    """(R, E) time after which a unit is replaced; infinite for never."""
    mass_kg: F64Array
    """(R, E) mass of a unit that is launched; 0 for those that stay on the ground."""
    launch_unit_musd: F64Array
    """(R, E) price of launching a unit by its mass; 0 where it goes by vehicle or stays on the ground."""
    vehicle_musd: F64Array
    """(R, E) price of the first vehicle; 0 where there is none."""
    vehicle_slope: F64Array
    """(R, E) exponent of the vehicle's learning."""
    vehicle_is_average: BoolArray
    """(E,) as `is_average`, of vehicles."""
    per_vehicle: F64Array
    """(R, E) whole units on a vehicle; infinite where there is none."""
    operations_musd_per_month: F64Array
    """(R, E) whatever the number of units."""
    operations_unit_musd_per_month: F64Array
    """(R, E) of each unit that is there."""
    disposal_unit_musd: F64Array
    """(R, E) of a unit taken out of service."""


@dataclass(frozen=True)
class Lowered:
    """A programme as arrays, what their columns stand for, and the entries whose quantities were read."""

    fleet: Fleet
    money: Money
    discount_rate: F64Array
    """(R,) a year."""
    price_growth: F64Array
    """(R,) a year, after the last year of the price index."""
    elements: tuple[str, ...]
    layers: tuple[str, ...]
    """(E,) layer of each element."""
    price_year: int
    start: int
    """Number of the first month that is paid for (see `scenario.months`)."""
    months: int
    """How many months are paid for."""
    entries: dict[str, Spec]
    """Entries by path, for `sampling.assumptions`."""


def lower(scenario: Scenario, sampler: Sampler) -> Lowered:
    """Arrays of the programme of a scenario for the sampler's runs.

    The programme must have been checked (`scenario.cost_checks`). Raises `ScenarioError` for what only shows when
    values are drawn: more units at the start than in all, units heavier than a vehicle's payload, lives under a month,
    deliveries before their order, price years that the index does not have.
    """
    programme = scenario.cost
    assert programme is not None, "programme_of sees to it"
    price_year = price_year_of(scenario)
    columns = [_columns(scenario, name, element, price_year, sampler) for name, element in programme.elements.items()]
    return Lowered(
        fleet=Fleet(*(_side_by_side([fleet[i] for fleet, _ in columns]) for i in range(len(Fleet._fields)))),
        money=Money(*(_side_by_side([money[i] for _, money in columns]) for i in range(len(Money._fields)))),
        discount_rate=sampler.column("cost.discount_rate", programme.discount_rate),
        price_growth=sampler.column("cost.price_growth", programme.price_growth),
        elements=tuple(programme.elements),
        layers=tuple(element.layer or name for name, element in programme.elements.items()),
        price_year=price_year, start=number_of(programme.start), months=12 * programme.years,
        entries={"cost": programme},
    )


def price_year_of(scenario: Scenario) -> int:
    """Year of the dollars of a scenario's programme."""
    assert scenario.cost is not None
    return scenario.cost.price_year or scenario.price_year


def fleet_of(scenario: Scenario, name: str, element: Element, sampler: Sampler) -> Fleet:
    """Units of one element and when they come, each (R,). Months stand for their first instant: what is delivered from
    2027-01 to 2028-01 comes evenly over twelve months."""
    assert scenario.cost is not None
    path, start = f"cost.elements.{name}", number_of(scenario.cost.start)
    units = units_of(scenario, name, element, sampler)
    at_start = sampler.column(f"{path}.there_at_start", element.there_at_start)
    if (at_start > units).any():
        run = int(np.argmax(at_start - units))
        raise _refusal(f"{path}.there_at_start", at_start[run], f"must be at most its units, {units[run]:g}")
    if element.first_delivery is None:
        return Fleet(units, at_start, sampler.zeros(), sampler.zeros())
    planned = number_of(element.first_delivery)
    span = number_of(element.last_delivery or element.first_delivery) - planned
    first = planned - start + sampler.column(f"{path}.delay_months", element.delay_months)
    return Fleet(units, at_start, first, first + span * sampler.column(f"{path}.stretch", element.stretch))


def _columns(scenario: Scenario, name: str, element: Element, price_year: int,
             sampler: Sampler) -> tuple[Fleet, Money]:
    """One element: its units and prices, each (R,) or a single value."""
    assert scenario.cost is not None
    path = f"cost.elements.{name}"

    def drawn(field: str) -> F64Array:
        quantity: Quantity = getattr(element, field)
        return sampler.column(f"{path}.{field}", quantity)

    fleet = fleet_of(scenario, name, element, sampler)
    dollars = index.factor(element.price_year or price_year, price_year, where=f"{path}.price_year")
    mass_kg = drawn("mass_kg") if element.launcher is not None else sampler.zeros()
    launcher = scenario.cost.launchers[element.launcher] if element.launcher is not None else None
    money = Money(
        development_musd=dollars * drawn("development_musd"),
        unit_musd=dollars * drawn("unit_musd" if element.unit_musd is not None else "first_unit_musd"),
        slope=slope_of(drawn("learning")) if element.learning is not None else sampler.zeros(),
        is_average=np.array(element.learning_theory == "cumulative-average"),
        restarts=np.array(element.learning_restarts),
        built_before=drawn("built_before"),
        lead_months=_lead(scenario.cost, path, element, fleet.first_month),
        develop_from=np.array(max(0.0, _order(scenario.cost, element) or 0.0)),
        life_months=_life(path, element, drawn, sampler),
        mass_kg=mass_kg,
        **_launch(scenario.cost, path, element.launcher, launcher, mass_kg, price_year, sampler),
        operations_musd_per_month=dollars * drawn("operations_musd_per_year") / 12.0,
        operations_unit_musd_per_month=dollars * drawn("operations_unit_musd_per_year") / 12.0,
        disposal_unit_musd=dollars * drawn("disposal_unit_musd"),
    )
    return fleet, money


def _order(programme: Programme, element: Element) -> int | None:
    """Months from the start to the first order; None without one."""
    return number_of(element.orders_from) - number_of(programme.start) if element.orders_from else None


def _lead(programme: Programme, path: str, element: Element, first: F64Array) -> F64Array:
    """(R,) months from order to delivery; a delay makes them more, since orders stay when they were."""
    order = _order(programme, element)
    if order is None:
        return np.zeros_like(first)
    if (first < order).any():
        raise _refusal(f"{path}.delay_months", first.min() - order,
                       f"must not move the first delivery before orders_from = {element.orders_from}")
    return first - order


def _life(path: str, element: Element, drawn: Callable[[str], F64Array], sampler: Sampler) -> F64Array:
    if element.life_years is None:
        return sampler.constant(np.inf)
    months = 12.0 * drawn("life_years")
    if months.min() < SHORTEST_LIFE_MONTHS:
        raise _refusal(f"{path}.life_years", months.min() / 12.0, "must be at least a month, 0.0834 years")
    return months


def _launch(programme: Programme, path: str, name: str | None, launcher: Launcher | None, mass_kg: F64Array,
            price_year: int, sampler: Sampler) -> dict[str, Any]:
    """The columns of `Money` that are about launches."""
    found: dict[str, Any] = {
        "launch_unit_musd": sampler.zeros(), "vehicle_musd": sampler.zeros(), "vehicle_slope": sampler.zeros(),
        "vehicle_is_average": np.array(False), "per_vehicle": sampler.constant(np.inf)}
    if launcher is None:
        return found
    at = f"cost.launchers.{name}"
    dollars = index.factor(launcher.price_year or price_year, price_year, where=f"{at}.price_year")
    if launcher.price_usd_per_kg is not None:
        price = sampler.column(f"{at}.price_usd_per_kg", launcher.price_usd_per_kg)
        return found | {"launch_unit_musd": dollars * price * mass_kg / 1e6}
    assert launcher.vehicle_musd is not None
    assert launcher.payload_kg is not None
    payload = sampler.column(f"{at}.payload_kg", launcher.payload_kg)
    return found | {
        "vehicle_musd": dollars * sampler.column(f"{at}.vehicle_musd", launcher.vehicle_musd),
        "vehicle_slope": slope_of(sampler.column(f"{at}.learning", launcher.learning)),
        "vehicle_is_average": np.array(launcher.learning_theory == "cumulative-average"),
        "per_vehicle": units_per_vehicle(payload, mass_kg, launcher.units_max, where=f"{path}.mass_kg"),
    }


def _side_by_side(columns: list[Any]) -> Any:
    """Columns (R,) of every element as (R, E); single values as (E,)."""
    return np.stack(columns, axis=-1)


def _refusal(where: str, found: float, expected: str) -> ScenarioError:
    return ScenarioError("cost", [Problem(where, f"{found:g}", expected)])


# ---- what a programme may be given as ------------------------------------------------------------------------------


def programme_of(spec: Programme | Mapping[str, Any] | Scenario | str | Path,
                 changes: Mapping[str, Any] | None = None) -> Scenario:
    """The scenario that a programme is part of, checked, after changes; a bare programme becomes one of its own.

    `spec`: a programme, its plain data, a scenario with `[cost]` or its plain data, or the name or path of one. The
    dollars of a bare programme that does not say are those of the year of its start, or of the last year of the price
    index if that is earlier. Raises `ScenarioError` with all that is wrong, `InputError` where there is no programme.
    """
    if isinstance(spec, str | Path):
        spec = reader.load(spec)
    if isinstance(spec, Scenario):
        scenario = reader.from_data(_changed(reader.to_data(spec), changes), source=spec.title) if changes else spec
        if scenario.cost is None:
            raise InputError(f"{scenario.title}: has no programme; add [cost] to the scenario")
        return scenario
    if isinstance(spec, Programme):
        spec = spec.model_dump(mode="python", exclude_defaults=True, exclude_none=True)
    if not isinstance(spec, Mapping):
        raise InputError(f"spec: found {type(spec).__name__}, must be a programme, a scenario, or the name of one")
    if "cost" in spec or "title" in spec:
        return programme_of(reader.from_data(_changed(dict(spec), changes)))
    return _bare(_changed({"title": "programme", "price_year": _year(spec), "cost": dict(spec)}, changes))


def _changed(data: dict[str, Any], changes: Mapping[str, Any] | None) -> dict[str, Any]:
    """A copy of plain data after changes."""
    copied = copy.deepcopy(data)
    if problems := reader.change(copied, changes or {}):
        raise ScenarioError("changes", problems)
    return copied


def _bare(data: dict[str, Any]) -> Scenario:
    """A scenario of a programme alone, which needs no places, areas or raids."""
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise ScenarioError("cost", problems_from(error, data, known=Scenario)) from None
    if problems := list(cost_problems(scenario, known=data)):
        raise ScenarioError("cost", problems)
    return scenario


def _year(programme: Mapping[str, Any]) -> Any:
    """Year of the dollars of a bare programme."""
    if "price_year" in programme:
        return programme["price_year"]
    start, last = str(programme.get("start")), int(index.price_index().years[-1])
    return min(number_of(start) // 12, last) if FORM.fullmatch(start) else last
