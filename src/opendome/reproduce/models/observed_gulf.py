"""What the Emirates counted in March 2026, and what it implies: rates, kill probabilities of a shot, and stocks."""

from collections.abc import Mapping

from opendome.engagement import p_no_leak
from opendome.reproduce.models import not_negative
from opendome.reproduce.models.limits import between, root

CUMULATIVE = {"2_march": 3, "3_march": 4, "6_march": 7, "7_march": 8, "8_march": 9, "9_march": 10}
"""Days of the series, from 28 February on, up to which missiles are added."""


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Rates in %, kill probabilities of a shot, missiles detected up to a date, and Patriot rounds in the Gulf."""
    not_negative(a, a)
    between(a, dict.fromkeys(("harmless_share", "thaad_covered_share", "thaad_p_kill"), (0.0, 1.0)))
    rate = a["ballistic_destroyed"] / a["ballistic_detected"]
    rate_of_aimed = a["ballistic_destroyed"] / (a["ballistic_detected"] - a["ballistic_in_sea"])
    fired = rounds_fired(a)
    return {
        "ballistic_percent": 100.0 * rate, "ballistic_not_in_sea_percent": 100.0 * rate_of_aimed,
        "drone_percent": 100.0 * a["drones_intercepted"] / a["drones_detected"],
        "sspk_low": sspk(rate, a["shots_each"]), "sspk_high": sspk(rate_of_aimed, a["shots_each"]),
        **{f"detected_to_{day}": sum(a[f"detected_day_{i}"] for i in range(1, last + 1))
           for day, last in CUMULATIVE.items()},
        "gulf_patriots_fired": fired,
        "gulf_drawn_down_percent": 100.0 * fired / a["gulf_stock_rounds"],
        "gulf_stock_implied_rounds": fired / a["gulf_drawn_share"],
    }


def sspk(rate: float, shots: float) -> float:
    """Kill probability of one shot with which that many independent ones, and no other layer, destroy a share."""
    return root(lambda p: p_no_leak(n_threats=1, sspk=p, shots=shots) - rate, 0.0, 1.0,
                refusal=f"the destroyed are {rate:.3g} of the missiles\n  must be from 0 to 1, with some shots at each")


def rounds_fired(a: Mapping[str, float]) -> float:
    """Patriot rounds that the Gulf states fire if they fire at all that THAAD leaves and that would not fall short."""
    others = a["kuwait_qatar_saudi"] / a["emirates_same_days"] + a["bahrain"] / a["emirates_bahrain_days"]
    aimed = a["emirates_all_days"] * (1.0 + others) * (1.0 - a["harmless_share"])
    return aimed * (1.0 - a["thaad_covered_share"] * a["thaad_p_kill"]) * a["shots_each"]
