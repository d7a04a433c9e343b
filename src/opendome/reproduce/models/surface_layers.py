"""Layers on the ground from the unit costs that AEI gives, and the arithmetic of those unit costs.

A site or battery costs its price, its rounds, and its operation over the years. Left out: sensors, communications,
battle management, development, and rounds fired or too old. Called by `space_layer` for what a pack states.
"""

from collections.abc import Mapping

from opendome.reproduce.models import not_negative

Values = Mapping[str, float]

LAYERS = ("upper", "lower", "sector")
PARTS = ("sites", "site_musd", "rounds_per_site", "round_musd", "operations_musd_per_year")
UNIT_COSTS = ("gbi_programme_musd", "gbi_count", "thaad_rounds", "thaad_round_musd")


def compute(a: Values) -> dict[str, float]:
    """Cost in M$ of the surface layers that assumptions describe, and of unit costs; nothing where none are stated."""
    not_negative(a, (*(f"{layer}_{part}" for layer in LAYERS for part in PARTS), *UNIT_COSTS))
    found: dict[str, float] = {}
    if all(f"{layer}_sites" in a for layer in LAYERS):
        found = {f"{layer}_musd": _layer(a, layer) for layer in LAYERS}
        found["surface_musd"] = sum(found.values())
    if "gbi_programme_musd" in a:
        found["gbi_musd"] = a["gbi_programme_musd"] / a["gbi_count"]
    if "thaad_rounds" in a:
        found["thaad_rounds_musd"] = a["thaad_rounds"] * a["thaad_round_musd"]
    return found


def _layer(a: Values, layer: str) -> float:
    """Sites with their rounds, and their operation over the years."""
    rounds = a[f"{layer}_rounds_per_site"] * a[f"{layer}_round_musd"]
    operation = a[f"{layer}_operations_musd_per_year"] * a["period_years"]
    return a[f"{layer}_sites"] * (a[f"{layer}_site_musd"] + rounds + operation)
