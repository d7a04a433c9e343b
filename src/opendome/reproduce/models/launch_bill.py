"""What a fall of launch prices saves, and the mass in orbit that a published saving implies; for cbo-2025.

Two totals that differ in the price of launch alone give one equation: saving = launched mass x change of price.
Forward from an assumed mass of an interceptor it says what the total becomes; backward from the published saving, what
mass each interceptor must have. The lowest and the highest case are computed alike.
"""

from collections.abc import Mapping

from opendome.cost import CostBreakdown, life_cycle
from opendome.errors import InputError
from opendome.reproduce.models import not_negative, whole

CASES = ("low", "high")
USD_PER_MUSD, KG_PER_T = 1e6, 1e3


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Totals at the new price, reductions, and implied masses from assumptions by key; M$ of 2025, kg, t."""
    not_negative(a, a)
    fall_usd_per_kg = a["old_usd_per_kg"] - a["new_usd_per_kg"]
    if not fall_usd_per_kg > 0.0:
        raise InputError(f"new_usd_per_kg = {a['new_usd_per_kg']:g}\n  must be below old_usd_per_kg = "
                         f"{a['old_usd_per_kg']:g}: the saving comes from a fall of the price")
    found: dict[str, float] = {}
    for case in CASES:
        before, after = a[f"{case}_before_musd"], a[f"{case}_after_musd"]
        old, new = (_launches(a, case, a[f"{price}_usd_per_kg"]) for price in ("old", "new"))
        bought = float(old.units["bought"].sum())
        launched_kg = (before - after) * USD_PER_MUSD / fall_usd_per_kg
        found |= {
            f"{case}_rebuilt_musd": before - float(old.musd.sum() - new.musd.sum()),
            f"{case}_reduction": 1.0 - after / before,
            f"{case}_launched_t": launched_kg / KG_PER_T,
            f"{case}_mass_each_kg": launched_kg / bought,
            f"{case}_rest_each_musd": (after - launched_kg * a["new_usd_per_kg"] / USD_PER_MUSD) / bought,
        }
    return found


def _launches(a: Mapping[str, float], case: str, price_usd_per_kg: float) -> CostBreakdown:
    """The launches alone, of the first interceptors and of all that replace them."""
    return life_cycle({
        "start": "2025-01", "years": whole(a, "period_years"),
        "launchers": {"rocket": {"price_usd_per_kg": price_usd_per_kg}},
        "elements": {"space": {"n_units": a[f"{case}_satellites"], "unit_musd": 0.0, "mass_kg": a["mass_kg"],
                               "launcher": "rocket", "life_years": a["life_years"]}}})
