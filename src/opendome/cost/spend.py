"""What a lowered programme spends, by element, phase and calendar year.

An element without any units costs nothing: neither its development nor its operations are paid.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple, TypeVar

import numpy as np

from opendome.cost import learning
from opendome.cost.fleet import Fleet
from opendome.cost.launch import vehicles_for
from opendome.cost.lower import Lowered, Money
from opendome.cost.phasing import Batch, Curve, paid, ramp, ramp_area, until
from opendome.kernel import F64Array, I64Array

PHASES = ("development", "procurement", "launch", "replenishment", "operations", "disposal")
"""What money is spent on. Replenishment is the units that replace others, and their launches."""

DEVELOPMENT, PROCUREMENT, LAUNCH, REPLENISHMENT, OPERATIONS, DISPOSAL = range(len(PHASES))

Columns = TypeVar("Columns", Fleet, Money)


class Counts(NamedTuple):
    """Units over the years of the programme. R runs, E elements."""

    there: F64Array
    """(R, E) units to have at once."""
    bought: F64Array
    """(R, E) units that are bought and delivered before the end, replacements among them."""
    replaced: F64Array
    """(R, E) units that others replace."""
    launches: F64Array
    """(R, E) whole vehicles."""
    mass_kg: F64Array
    """(R, E) all that is launched."""
    units_musd: F64Array
    """(R, E) what the units that are bought cost, without their launches."""


class Spending(NamedTuple):
    """What a programme spends. R runs, E elements, P phases, Y calendar years."""

    musd: F64Array
    """(R, E, P, Y) M$ of the price year."""
    counts: Counts


class Generation(NamedTuple):
    """Units that are built for the first time (number 0), or for the g-th time in place of others."""

    number: int
    batches: tuple[Batch, ...]
    """As ordered; the first generation may go on after the end."""
    done: tuple[Batch, ...]
    """What of them is delivered before the end."""
    units: F64Array
    """(R,) units of `done`."""


def spend(lowered: Lowered, first: int = 0, last: int | None = None) -> F64Array:
    """(r, E, P, Y) M$ that the runs from `first` up to before `last` spend."""
    return spending(lowered, first, last).musd


def spending(lowered: Lowered, first: int = 0, last: int | None = None) -> Spending:
    """What the runs from `first` up to before `last` spend, and their units."""
    runs = slice(first, len(lowered.fleet.units) if last is None else last)
    edges = edges_of(lowered)
    each = [_element(_column(lowered.fleet, runs, e), _column(lowered.money, runs, e), edges)
            for e in range(len(lowered.elements))]
    counts = Counts(*(np.stack(columns, axis=1) for columns in zip(*(found for _, found in each), strict=True)))
    return Spending(np.stack([musd for musd, _ in each], axis=1), counts)


def edges_of(lowered: Lowered) -> F64Array:
    """(Y + 1,) months after the start at which the calendar years of the programme begin and end; the first and
    the last may be short."""
    inner = np.arange(12 - lowered.start % 12, lowered.months, 12)
    return np.array([0, *inner, lowered.months], np.float64)


def years_of(lowered: Lowered) -> I64Array:
    """(Y,) calendar years in which something is paid for."""
    return np.arange(lowered.start // 12, (lowered.start + lowered.months - 1) // 12 + 1)


def _column(table: Columns, runs: slice, e: int) -> Columns:
    """An element's own columns: (r,) for what has runs, single values for what has none."""
    fields: list[Any] = [field[runs, e] if field.ndim == 2 else field[e] for field in table]
    return type(table)(*fields)


def _element(fleet: Fleet, money: Money, edges: F64Array) -> tuple[F64Array, Counts]:
    """One element: what it spends (r, P, Y), and its units, each (r,)."""
    runs, end = len(fleet.units), float(edges[-1])
    spent = np.zeros((runs, len(PHASES), len(edges) - 1))
    bought, replaced, launches, cost = (np.zeros(runs) for _ in range(4))
    built, flown = money.built_before, np.zeros(runs)
    for generation in _generations(fleet, money, end):
        is_first = generation.number == 0
        if money.restarts and not is_first:
            built, flown = np.zeros(runs), np.zeros(runs)
        spent[:, PROCUREMENT if is_first else REPLENISHMENT] += _units_paid(generation, money, built, edges)
        vehicles = vehicles_for(generation.units, money.per_vehicle)
        spent[:, LAUNCH if is_first else REPLENISHMENT] += _launched(generation, money, flown, vehicles, edges)
        if not is_first:
            spent[:, DISPOSAL] += money.disposal_unit_musd[:, None] * _delivered(generation, edges)
            replaced = replaced + generation.units
        cost = cost + money.unit_musd * _between(built, generation.units, money.slope, bool(money.is_average))
        bought, launches = bought + generation.units, launches + vehicles
        built, flown = built + generation.units, flown + vehicles
    new = Batch(fleet.units - fleet.at_start, fleet.first_month, fleet.last_month)
    is_there = (fleet.units > 0.0).astype(np.float64)
    spent[:, DEVELOPMENT] = _development(fleet, money, edges) * is_there[:, None]
    spent[:, OPERATIONS] = _operations(fleet, new, money, edges) * is_there[:, None]
    spent[:, DISPOSAL, -1] += money.disposal_unit_musd * (fleet.at_start + until(new, end).units)
    return spent, Counts(fleet.units, bought, replaced, launches, bought * money.mass_kg, cost)


def _generations(fleet: Fleet, money: Money, end: float) -> Iterator[Generation]:
    """The first deliveries, then every generation of replacements of which some come before the end."""
    new = Batch(fleet.units - fleet.at_start, fleet.first_month, fleet.last_month)
    yield _generation(0, (new,), (until(new, end),))
    start = np.zeros_like(fleet.units)
    number = 1
    while (number * money.life_months < end).any():
        later = number * money.life_months
        batches = tuple(until(Batch(units, first + later, last + later), end)
                        for units, first, last in ((fleet.at_start, start, start), new))
        yield _generation(number, batches, batches)
        number += 1


def _generation(number: int, batches: tuple[Batch, ...], done: tuple[Batch, ...]) -> Generation:
    return Generation(number, batches, done, np.sum([batch.units for batch in done], axis=0))


def _between(built: F64Array, units: F64Array, slope: F64Array, is_average: bool) -> F64Array:
    """(R,) price of units that follow `built` others, in prices of the first."""
    return learning.between(built, built + units, slope, is_average=is_average)


def _units_paid(generation: Generation, money: Money, built: F64Array, edges: F64Array) -> F64Array:
    """(R, Y) paid for the units of a generation; what was due before the start is paid in the first year."""
    total = np.zeros((len(built), len(edges)))
    for batch in generation.batches:
        if batch.units.any():
            curve = Curve(built, money.slope, bool(money.is_average))
            total += paid(batch, curve, money.lead_months, edges)
        built = built + batch.units
    return money.unit_musd[:, None] * _yearly(total)


def _launched(generation: Generation, money: Money, flown: F64Array, vehicles: F64Array, edges: F64Array) -> F64Array:
    """(R, Y) paid for launches, at delivery; all vehicles of a generation at their average price."""
    price = money.vehicle_musd * _between(flown, vehicles, money.vehicle_slope, bool(money.vehicle_is_average))
    units = np.where(generation.units > 0.0, generation.units, 1.0)
    return (money.launch_unit_musd + price / units)[:, None] * _delivered(generation, edges)


def _delivered(generation: Generation, edges: F64Array) -> F64Array:
    """(R, Y) units of a generation that are delivered in each year."""
    return _yearly(np.sum([batch.units[:, None] * ramp(batch, edges) for batch in generation.done], axis=0))


def _development(fleet: Fleet, money: Money, edges: F64Array) -> F64Array:
    """(R, Y) development, evenly until the first delivery; at once where there is no time for it."""
    start = np.broadcast_to(money.develop_from, fleet.first_month.shape)
    work = Batch(money.development_musd, start, np.maximum(fleet.first_month, start))
    return money.development_musd[:, None] * _yearly(ramp(work, edges))


def _operations(fleet: Fleet, new: Batch, money: Money, edges: F64Array) -> F64Array:
    """(R, Y) operations: fixed from the first unit on, and for each unit while it or its replacement is there."""
    first = np.where(fleet.at_start > 0.0, 0.0, np.clip(fleet.first_month, 0.0, edges[-1]))
    fixed = np.diff(np.maximum(edges - first[:, None], 0.0), axis=1)
    units = fleet.at_start[:, None] * np.diff(edges) + new.units[:, None] * np.diff(ramp_area(new, edges), axis=1)
    return money.operations_musd_per_month[:, None] * fixed + money.operations_unit_musd_per_month[:, None] * units


def _yearly(total: F64Array) -> F64Array:
    """(R, Y) of each year, from what it is by the year's edges (R, Y + 1); all of before the start is in the first."""
    yearly = np.diff(total, axis=1)
    yearly[:, 0] += total[:, 0]
    return yearly
