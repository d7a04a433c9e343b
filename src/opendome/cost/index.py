"""The price level by calendar year: dollars of one year in those of another.

The table is data/price_index.csv; its first lines say where it is from. One index for everything: prices of
satellites, launches and labour do not move together, and that is left out.
"""

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from opendome.errors import Problem, ScenarioError
from opendome.kernel import F64Array, I64Array


class PriceIndex(NamedTuple):
    """The price level of every year from a first to a last one."""

    years: I64Array
    """(Y,) calendar years, one after the other."""
    level: F64Array
    """(Y,) price level."""


@cache
def price_index() -> PriceIndex:
    """The bundled price index."""
    text = (files("opendome") / "data" / "price_index.csv").read_text(encoding="utf-8")
    rows = [line.split(",") for line in text.splitlines() if line and not line.startswith("#")][1:]
    years, level = zip(*rows, strict=True)
    return PriceIndex(np.array(years, np.int64), np.array(level, np.float64))


def factor(from_year: int, to_year: int, *, where: str = "price_year") -> float:
    """What a dollar of one year is in dollars of another. Raises `ScenarioError` for a year the index does not have;
    `where` is the key that it then names."""
    return _level(to_year, where) / _level(from_year, where)


def then_year_factor(price_year: int, years: I64Array, growth: F64Array, *, where: str = "price_year") -> F64Array:
    """(R, Y) dollars of each calendar year (Y,) for one of the price year.

    By the index up to its last year, after it by `growth` (R,) a year. Raises `ScenarioError` for a price year that the
    index does not have, and for years before it begins.
    """
    index = price_index()
    last = int(index.years[-1])
    known = np.array([_level(min(int(year), last), where) for year in years])
    return known / _level(price_year, where) * (1.0 + growth[:, None]) ** np.maximum(years - last, 0)


def _level(year: int, where: str) -> float:
    index = price_index()
    first, last = int(index.years[0]), int(index.years[-1])
    if not first <= year <= last:
        raise ScenarioError("price index", [Problem(
            where, str(year), f"must be a year of the price index, {first} to {last}",
            "convert the dollars to one of these years by an index of your own")])
    return float(index.level[year - first])
