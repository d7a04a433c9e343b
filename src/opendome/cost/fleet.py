"""When the units of each element are delivered, and how many are there at an instant."""

from typing import NamedTuple

import numpy as np

from opendome.kernel import F64Array


class Fleet(NamedTuple):
    """Units and their first deliveries. R runs, E elements; time in months after the start of the programme."""

    units: F64Array
    """(R, E) units to have at once."""
    at_start: F64Array
    """(R, E) those that are there already when the programme starts; at most `units`."""
    first_month: F64Array
    """(R, E) start of deliveries, delay included; 0 for those without dates."""
    last_month: F64Array
    """(R, E) end of deliveries; where it equals `first_month`, all come at once."""


def delivered(fleet: Fleet, month: float | F64Array) -> F64Array:
    """(R, E) units that are there `month` months after the start, spread evenly from the first delivery to the last.

    Replacements are taken to come in time.
    """
    span = fleet.last_month - fleet.first_month
    is_all_at_once = span <= 0.0
    share = np.where(is_all_at_once, np.where(month >= fleet.first_month, 1.0, 0.0),
                     np.clip((month - fleet.first_month) / np.where(is_all_at_once, 1.0, span), 0.0, 1.0))
    return fleet.at_start + (fleet.units - fleet.at_start) * share
