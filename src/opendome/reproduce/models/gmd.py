"""The ground-based midcourse defence: its test record, the warheads that it covers, and what more of it costs."""

import math
from collections.abc import Mapping

from opendome.cost.index import factor, price_index
from opendome.engagement import p_no_leak
from opendome.reproduce.models import not_negative, whole, wilkening
from opendome.reproduce.models.limits import between

Z_95 = 1.959964
"""Half-width of a 95 % interval in standard errors."""


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Single-shot probability with its interval, kill probability of the shots at one warhead, warheads covered, M$."""
    not_negative(a, a)
    years = price_index().years
    between(a, {"tests_hit": (0.0, a["tests"]),
                **dict.fromkeys(("unit_price_year", "total_price_year"), (float(years[0]), float(years[-1])))})
    low, high = wilson(a["tests_hit"], a["tests"])
    kills = [100.0 * p_no_leak(n_threats=1, sspk=p, shots=a["shots_each"]) for p in (a["sspk"], low, high)]
    unit_musd = a["unit_musd"] * factor(whole(a, "unit_price_year"), whole(a, "total_price_year"))
    return {
        "sspk_of_tests": a["tests_hit"] / a["tests"], "sspk_low": low, "sspk_high": high,
        "kill_percent": kills[0], "kill_low_percent": kills[1], "kill_high_percent": kills[2],
        "warheads_covered": wilkening.covered(a),
        "all_deployed_musd": a["interceptors"] * a["unit_musd"],
        "more_in_alaska_musd": a["more_interceptors"] * (unit_musd + a["silo_musd"]),
        "silo_left_musd": a["alaska_total_musd"] / a["more_interceptors"] - unit_musd,
        "eastern_site_musd": a["eastern_build_musd"] + a["eastern_years"] * a["eastern_musd_per_year"],
    }


def wilson(hits: float, tests: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a probability that `hits` of `tests` trials show. Source: wilson1927."""
    share, z2 = hits / tests, Z_95 * Z_95 / tests
    middle = (share + 0.5 * z2) / (1.0 + z2)
    half = math.sqrt(share * (1.0 - share) * z2 + 0.25 * z2 * z2) / (1.0 + z2)
    return middle - half, middle + half
