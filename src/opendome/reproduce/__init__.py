"""Packs that rebuild published results from their own assumptions, and say how near they come.

    opendome.reproduce.packs()
    opendome.reproduce.run("cbo-2026", life_years=7)

A pack is data (`data/packs/NAME.toml`: assumptions with sources, published outputs with tolerances) and a model: a
function of a few lines in `reproduce/models/` that calls what everyone can call. docs/packs.md shows all of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opendome.reproduce.all import overview, run_all
    from opendome.reproduce.pack import Pack, load, packs
    from opendome.reproduce.rebuild import run
    from opendome.reproduce.swap import Swap, compare

__all__ = ["Pack", "Swap", "compare", "load", "overview", "packs", "run", "run_all"]

_HOMES = {"Pack": "pack", "load": "pack", "packs": "pack", "run": "rebuild", "run_all": "all", "overview": "all",
          "Swap": "swap", "compare": "swap"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"opendome.reproduce.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'opendome.reproduce' has no attribute {name!r}")
