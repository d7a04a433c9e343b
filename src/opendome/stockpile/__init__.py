"""Inventories, orders, production lines, lead times, licences and transfers between owners, month by month.

    opendome.stockpile.project("stocks-2026", until="2030-12")

Every round is in stock, fired, expired or on the way. Rounds are whole; within a month, arrivals come first, then
production, transfers, uses, and what has grown too old. docs/models/stockpile.md says how.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opendome.stockpile.projection import project

__all__ = ["project"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("opendome.stockpile.projection"), name)
    raise AttributeError(f"module 'opendome.stockpile' has no attribute {name!r}")
