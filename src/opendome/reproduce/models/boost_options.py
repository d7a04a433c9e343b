"""A range of costs in dollars of another year, and interceptors for boost of two lengths; for cbo-2004."""

from collections.abc import Mapping

from opendome.cost.index import factor
from opendome.engagement import sbi_constellation
from opendome.reproduce.models import not_negative, whole

SIZES = ("liquid", "solid")


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Costs in M$ of `to_year`, and interceptors in orbit by AEI's formula, from assumptions by key."""
    not_negative(a, a)
    up = factor(whole(a, "from_year"), whole(a, "to_year"), where="from_year or to_year")
    found = {"price_factor": up, **{f"{case}_option_musd": a[f"{case}_musd"] * up for case in ("low", "high")}}
    for kind in SIZES:
        flyout_s = a[f"{kind}_boost_s"] - a["decision_s"]
        sizing = sbi_constellation(salvo=1, flyout_s=flyout_s, accel_g=a["accel_g"], delta_v_km_s=a["delta_v_km_s"])
        found[f"{kind}_satellites"] = a["targets"] * sizing.area_ratio * sizing.shots_per_threat
    return found
