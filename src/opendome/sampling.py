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

    def column(self, path: str, quantity: Quantity) -> F64Array:
        """(R,) values: from the triangle (low, value, high) at the path's address, or the value itself."""
        if not (self.is_sampled and quantity.is_uncertain):
            return np.full(self.runs, quantity.value)
        self.sampled.add(path)
        u = np.empty(self.runs)
        rng.uniform_column(self.key, 0, rng.ASSUMPTION, rng.address(drawn_at(path)), 0, u)
        return triangle(u, quantity.low_or_value, quantity.value, quantity.high_or_value)

    def constant(self, value: float, path: str = "") -> F64Array:
        """(R,) the same value in every run. `path`: the key of what is counted, where it is a count of the scenario; a
        ledger of evidence changes it there."""
        return np.full(self.runs, float(value))

    def zeros(self) -> F64Array:
        """(R,) zeros."""
        return np.zeros(self.runs)


DRAWN_AS = {"glow_k": "glow_kw_sr"}
"""Fields that share the random numbers of another field of the same entry, so that both are low or high together: a
glider's glow is hot where it is bright."""


def drawn_at(path: str) -> str:
    """The path at whose address the quantity of a path is drawn: its own, but for the fields of `DRAWN_AS`."""
    entry, _, name = path.rpartition(".")
    return f"{entry}.{DRAWN_AS[name]}" if name in DRAWN_AS else path


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
