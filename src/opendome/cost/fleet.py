"""When the units of each element are delivered, and how many are there at an instant."""

from typing import NamedTuple

import numpy as np

from opendome.cost.counts import units_of
from opendome.kernel import F64Array
from opendome.sampling import Sampler
from opendome.scenario.cost_specs import Element
from opendome.scenario.months import number_of
from opendome.scenario.specs import Scenario


class Fleet(NamedTuple):
    """Units and their first deliveries. R runs, E elements; time in months after the start of the programme."""

    units: F64Array
    """(R, E) units to have at once."""
    at_start: F64Array
    """(R, E) those that are there already when the programme starts; at most `units`."""
    first_month: F64Array
    """(R, E) start of deliveries, delay included: the start of the first month of deliveries; 0 for those without
    dates."""
    last_month: F64Array
    """(R, E) end of deliveries, that of the last month; where it equals `first_month`, all are there at once."""


def fleet_of(scenario: Scenario, sampler: Sampler) -> Fleet:
    """Units and deliveries of every element of a scenario's programme, in the order of the file.

    From "2028-01" to "2028-12" is the whole of twelve months. Delays and stretch are drawn at their own paths.
    """
    assert scenario.cost is not None, "the checks see to it"
    start = number_of(scenario.cost.start)
    columns = [_element(scenario, name, element, start, sampler) for name, element in scenario.cost.elements.items()]
    return Fleet(*(np.stack(column, axis=1) for column in zip(*columns, strict=True)))


def _element(scenario: Scenario, name: str, element: Element, start: int,
             sampler: Sampler) -> tuple[F64Array, F64Array, F64Array, F64Array]:
    """(R,) columns of one element: units, those at the start, first and last month."""
    where = f"cost.elements.{name}"
    units = units_of(scenario, name, element, sampler)
    at_start = sampler.column(f"{where}.there_at_start", element.there_at_start)
    if element.first_delivery is None:
        return units, at_start, sampler.zeros(), sampler.zeros()
    first = number_of(element.first_delivery) - start
    last = number_of(element.last_delivery or element.first_delivery) - start + 1
    delay = sampler.column(f"{where}.delay_months", element.delay_months)
    stretch = sampler.column(f"{where}.stretch", element.stretch)
    return units, at_start, first + delay, first + delay + (last - first) * stretch


def delivered(fleet: Fleet, month: float | F64Array) -> F64Array:
    """(R, E) units that are there `month` months after the start, spread evenly from the first delivery to the last.

    Replacements are taken to come in time.
    """
    span = fleet.last_month - fleet.first_month
    is_all_at_once = span <= 0.0
    share = np.where(is_all_at_once, np.where(month >= fleet.first_month, 1.0, 0.0),
                     np.clip((month - fleet.first_month) / np.where(is_all_at_once, 1.0, span), 0.0, 1.0))
    return fleet.at_start + (fleet.units - fleet.at_start) * share
