"""Named systems: value, range, unit suffix, source and grade of every number, and the references behind them."""

from opendome.catalogue.reader import (
    ASSUMPTION,
    FORMAT,
    SECTIONS,
    Catalogue,
    Description,
    Row,
    describe,
    digest,
    names,
    shipped,
    with_overrides,
)

__all__ = [
    "ASSUMPTION",
    "FORMAT",
    "SECTIONS",
    "Catalogue",
    "Description",
    "Row",
    "describe",
    "digest",
    "names",
    "shipped",
    "with_overrides",
]
