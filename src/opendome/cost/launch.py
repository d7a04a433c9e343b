"""Launches by vehicle: how many whole units fit on one, and how many vehicles a number of units takes."""

import numpy as np

from opendome.errors import Problem, ScenarioError
from opendome.kernel import F64Array

ROUNDING = 1e-9
"""By how much a quotient may miss a whole number and still count as one."""


def units_per_vehicle(payload_kg: F64Array, mass_kg: F64Array, units_max: int | None = None, *,
                      where: str = "mass_kg") -> F64Array:
    """(R,) whole units on a vehicle: what it can lift, and at most `units_max`.

    Raises `ScenarioError` where a unit is heavier than the payload; `where` is the key that it then names.
    """
    per = np.floor(payload_kg / mass_kg + ROUNDING)
    if (per < 1.0).any():
        run = int(np.argmin(payload_kg / mass_kg))
        raise ScenarioError("cost", [Problem(
            where, f"{mass_kg[run]:g}", f"must be at most payload_kg = {payload_kg[run]:g} of its launcher",
            "a unit goes up whole; name a larger vehicle, or price_usd_per_kg")])
    return per if units_max is None else np.minimum(per, float(units_max))


def vehicles_for(units: F64Array, per_vehicle: F64Array) -> F64Array:
    """(R,) whole vehicles that a number of units takes, the last one filled in part."""
    return np.ceil(units / per_vehicle - ROUNDING)
