"""Shares of what was launched at Ukraine that were destroyed, by period and family, and of one night.

They are shares of a whole country's defence (most ballistic missiles were never shot at), not kill probabilities.
"""

from collections.abc import Mapping

from opendome.reproduce.models import not_negative
from opendome.reproduce.models.limits import between

PERIODS = ("2023", "2024", "2025", "aug_2025", "sep_2025", "oct_2025", "jan_2026", "night")
FAMILIES = ("drones", "cruise", "ballistic")


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Percent destroyed, by period and family; two months of ballistic missiles once more, beside another count."""
    not_negative(a, a)
    found = {f"{family}_{period}_percent": share(a, f"{family}_{period}") for period in PERIODS for family in FAMILIES}
    return found | {f"cir_{month}_percent": found[f"ballistic_{month}_percent"] for month in ("aug_2025", "sep_2025")}


def share(a: Mapping[str, float], name: str) -> float:
    """Percent destroyed of what was launched."""
    launched, destroyed = a[f"{name}_launched"], a[f"{name}_destroyed"]
    between(a, {f"{name}_destroyed": (0.0, launched)})
    return 100.0 * destroyed / launched
