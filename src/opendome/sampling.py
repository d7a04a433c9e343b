"""Uncertain values, drawn once per run: each from its range, at the address of its path."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from opendome import rng
from opendome.kernel import F64Array, U64Array
from opendome.scenario.quantity import Quantity, Spec, quantities
from opendome.units import unit_of


@dataclass
class Sampler:
    """Gives the column of a quantity over the runs, and remembers which paths were sampled."""

    key: U64Array
    runs: int
    is_sampled: bool
    sampled: set[str] = field(default_factory=set)

    def column(self, path: str, quantity: Quantity, drawn_as: str = "") -> F64Array:
        """(R,) values: from the triangle (low, value, high) at the path's address, or the value itself.

        `drawn_as` is the path of another quantity whose random numbers it shares: both are low or high together.
        """
        if not (self.is_sampled and quantity.is_uncertain):
            return np.full(self.runs, quantity.value)
        self.sampled.add(path)
        u = np.empty(self.runs)
        rng.uniform_column(self.key, 0, rng.ASSUMPTION, rng.address(drawn_as or path), 0, u)
        return triangle(u, quantity.low_or_value, quantity.value, quantity.high_or_value)

    def constant(self, value: float) -> F64Array:
        """(R,) the same value in every run."""
        return np.full(self.runs, float(value))

    def zeros(self) -> F64Array:
        """(R,) zeros."""
        return np.zeros(self.runs)


def triangle(u: F64Array, low: float, mode: float, high: float) -> F64Array:
    """Quantile of the triangular distribution (low, mode, high) at probability u."""
    width, left = high - low, (mode - low) / (high - low)
    below = low + np.sqrt(u * width * (mode - low))
    above = high - np.sqrt((1.0 - u) * width * (high - mode))
    return np.where(u < left, below, above)


@dataclass(frozen=True)
class Assumption:
    """One number that the result rests on."""

    path: str
    quantity: Quantity
    unit: str
    is_sampled: bool


def assumptions(entries: Mapping[str, Spec], sampled: set[str]) -> list[Assumption]:
    """Every quantity of the entries, by path. `entries`: path of an entry ("interceptors.thaad") to the entry."""
    return [Assumption(path, quantity, unit_of(path), path in sampled)
            for prefix, entry in entries.items() for path, quantity in quantities(entry, f"{prefix}.")]
