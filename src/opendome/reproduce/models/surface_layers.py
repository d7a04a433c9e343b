"""Layers on the ground from the unit costs that AEI gives, and the arithmetic of those unit costs.

A site or battery costs its price, its rounds, and its operation over the years. Left out: sensors, communications,
battle management, development, and rounds fired or too old. Called by `space_layer` for what a pack states.
"""

from collections.abc import Mapping

Values = Mapping[str, float]

LAYERS = ("upper", "lower", "sector")


def compute(a: Values) -> dict[str, float]:
    """Cost in M$ of the surface layers that assumptions describe, and checks of unit costs; nothing of what is left out."""
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
