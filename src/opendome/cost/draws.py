"""Uncertain values of a programme, drawn with the correlation that it states between its cost lines.

Lines in dollars share a common factor (a Gaussian copula of one factor): with z0 a standard normal number of the run
and z one of the line, the line's place in its range is the quantile of

    u = Phi(sqrt(rho) z0 + sqrt(1 - rho) z)

so that every line keeps its own distribution, whatever rho. Numbers of other kinds (masses, lives, delays, learning)
stay independent. Source: docs/models/cost.md.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from opendome import rng
from opendome.kernel import F64Array, U64Array
from opendome.sampling import Sampler, drawn_at, triangle
from opendome.scenario.cost_specs import Programme
from opendome.scenario.quantity import Quantity

CORRELATION = "cost.correlation"

COMMON = 1
"""Draw at the address of the correlation that is the common factor; draw 0 is that of the correlation itself."""


def is_money(path: str) -> bool:
    """Whether the quantity at a path is in dollars."""
    field = path.rsplit(".", 1)[-1]
    return "_musd" in field or "_usd" in field


@dataclass
class CostSampler(Sampler):
    """A sampler for the runs from `first` on, whose lines in dollars are correlated."""

    first: int = 0
    correlation: F64Array | None = None
    """(R,) correlation of lines in dollars; None for none."""

    def column(self, path: str, quantity: Quantity) -> F64Array:
        """(R,) values as `Sampler.column` gives them, correlated where they are in dollars."""
        if not (self.is_sampled and quantity.is_uncertain):
            return np.full(self.runs, quantity.value)
        self.sampled.add(path)
        u = self.uniform(drawn_at(path))
        if self.correlation is not None and is_money(path):
            u = self._together(u, self.correlation)
        return triangle(u, quantity.low_or_value, quantity.value, quantity.high_or_value)

    def uniform(self, path: str, draw: int = 0) -> F64Array:
        """(R,) uniform numbers at a path's address."""
        u = np.empty(self.runs)
        rng.uniform_column(self.key, self.first, rng.ASSUMPTION, rng.address(path), draw, u)
        return u

    def _together(self, u: F64Array, rho: F64Array) -> F64Array:
        """Uniform numbers moved towards those of the common factor; as they are where the correlation is 0."""
        common = ndtri(self.uniform(CORRELATION, COMMON))
        moved = ndtr(np.sqrt(rho) * common + np.sqrt(1.0 - rho) * ndtri(u))
        return np.where(rho > 0.0, moved, u)


def cost_sampler(programme: Programme, key: U64Array, runs: int, *, is_sampled: bool, first: int = 0) -> CostSampler:
    """The sampler of a programme for the runs from `first` on; its correlation is drawn if it has a range."""
    sampler = CostSampler(key, runs, is_sampled, first=first)
    rho = sampler.column(CORRELATION, programme.correlation)
    if (rho > 0.0).any():
        sampler.correlation = rho
    return sampler
