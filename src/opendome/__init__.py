"""OpenDome: an open, end-to-end simulator of a layered missile defence.

    import opendome
    results = opendome.run(opendome.load("gulf-2026"), runs=200, seed=7)
    print(results.table("leak_through", by="type"))

Names are fetched when first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opendome.errors import InputError, OpenDomeError, Problem, ScenarioError
    from opendome.export.formats import write_export
    from opendome.report import write_report
    from opendome.report.compare import compare
    from opendome.report.exchange import exchange
    from opendome.report.frontier import frontier
    from opendome.report.ledger import ledger
    from opendome.report.marginal import marginal
    from opendome.report.schedule import schedule
    from opendome.report.sweeps import sweep
    from opendome.results import Results
    from opendome.results.figures import figures
    from opendome.scenario import Scenario
    from opendome.scenario.raid_log import import_raid_log
    from opendome.scenario.reader import load
    from opendome.study import run
    from opendome.study.checking import problems
    from opendome.study.compare import Comparison
    from opendome.study.exchange import Exchange
    from opendome.study.footprints import Footprint, footprint
    from opendome.study.frontier import Frontier
    from opendome.study.marginal import Marginal
    from opendome.study.schedule import Schedule
    from opendome.study.sweep import Sweep
    from opendome.study.windows import windows

__version__ = "0.1.0"

_HOMES = {
    "load": "scenario.reader", "Scenario": "scenario", "problems": "study.checking", "run": "study",
    "Results": "results", "figures": "results", "write_report": "report", "write_export": "export.formats",
    "sweep": "report.sweeps", "Sweep": "study.sweep", "compare": "report.compare", "Comparison": "study.compare",
    "marginal": "report.marginal", "Marginal": "study.marginal", "schedule": "report.schedule",
    "Schedule": "study.schedule", "ledger": "report.ledger", "import_raid_log": "scenario.raid_log",
    "footprint": "study.footprints", "Footprint": "study.footprints", "windows": "study.windows",
    "exchange": "report.exchange", "Exchange": "study.exchange", "frontier": "report.frontier",
    "Frontier": "study.frontier",
    "OpenDomeError": "errors", "InputError": "errors", "ScenarioError": "errors", "Problem": "errors",
}
"""Where each public name lives."""

_MODULES = ("air", "catalogue", "cost", "engagement", "export", "fly", "orbits", "report", "reproduce", "results",
            "scenario", "sensing", "stockpile", "study", "threats", "tracking", "viewer", "world")
"""Modules that are reached as `opendome.fly` without an import of their own."""

__all__ = ["Comparison", "Exchange", "Footprint", "Frontier", "InputError", "Marginal", "OpenDomeError", "Problem",
           "Results", "Scenario", "ScenarioError", "Schedule", "Sweep", "compare", "exchange", "figures", "footprint",
           "frontier", "import_raid_log", "ledger", "load", "marginal", "problems", "run", "schedule", "sweep",
           "windows", "write_export", "write_report"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"opendome.{_HOMES[name]}"), name)
    if name in _MODULES:
        return import_module(f"opendome.{name}")
    raise AttributeError(f"module 'opendome' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, *_MODULES, "__version__"])
