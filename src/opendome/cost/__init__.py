"""What a defence costs over its life, and by when it is there.

    opendome.cost.life_cycle("homeland-2028", runs=1000).table(by=("layer", "phase"))

Development, procurement with learning, launch, replenishment by lifetime, operations and disposal, phased over the
years by the schedule of deliveries; in constant, then-year and discounted dollars; drawn from the ranges of all inputs,
with the correlation that the programme states. docs/models/cost.md says how.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opendome.cost.breakdown import CostBreakdown, life_cycle
    from opendome.cost.schedule import Capability, capability

__all__ = ["Capability", "CostBreakdown", "capability", "life_cycle"]

_HOMES = {"life_cycle": "breakdown", "CostBreakdown": "breakdown", "capability": "schedule", "Capability": "schedule"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"opendome.cost.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'opendome.cost' has no attribute {name!r}")
