"""Months in which the stocks of interceptors are back at their level before the war of 2026."""

from collections.abc import Mapping

import numpy as np

from opendome.errors import InputError
from opendome.reproduce.models import not_negative
from opendome.scenario import reader
from opendome.scenario.months import number_of
from opendome.stockpile import project

SCENARIO = "stocks-2026"
OWNER = "united-states"
KEYS: Mapping[str, tuple[str, ...]] = {
    "patriot_rounds": ("stocks.united-states.patriot",),
    "thaad_rounds": ("stocks.united-states.thaad",),
    "sm3_ib_rounds": ("stocks.united-states.sm3-ib",),
    "sm3_iia_rounds": ("stocks.united-states.sm3-iia",),
    "patriot_war_share": ("uses.us-patriot-war.share",),
    "patriot_renewed_share": ("uses.us-patriot-renewed.share",),
    "thaad_war_share": ("uses.us-thaad-war.share",),
    "sm3_ib_fired": ("uses.us-sm3-ib-war.rounds",),
    "sm3_iia_fired": ("uses.us-sm3-iia-war.rounds",),
    "lead_months": tuple(f"orders.{name}.lead_months" for name in (
        "us-patriot-2027", "us-thaad-2025", "us-thaad-2026", "us-thaad-2027", "us-sm3-ib-fy26", "us-sm3-iia-fy26",
        "us-sm3-ib-fy27", "us-sm3-iia-fy27")),
    "patriot_requested": ("orders.us-patriot-2027.rounds",),
    "thaad_requested": ("orders.us-thaad-2027.rounds",),
    "pac3_per_year": ("lines.pac3-mse.ceiling_per_year",),
    "thaad_per_year": ("lines.thaad.ceiling_per_year",),
    "sm3_ib_per_year": ("lines.sm3-ib.ceiling_per_year",),
    "sm3_iia_per_year": ("lines.sm3-iia.ceiling_per_year",),
}
"""Assumptions, and the keys of the scenario that they set; all that is not named is as in the scenario."""
TYPES = {"thaad": ("thaad",), "patriot": ("patriot",), "sm3": ("sm3-ib", "sm3-iia")}
START, CHECKED = "2026-01", "2026-07"


def compute(a: Mapping[str, float]) -> dict[str, float]:
    """Months after January 2026 until each stock is back for good, and Patriots left at the end of July 2026.

    A stock that is not back by the end of the scenario has no month.
    """
    not_negative(a, a)
    text = reader.read_text(reader.find(SCENARIO))
    changes = {f"stockpile.{key}": a[name] for name, keys in KEYS.items() for key in keys}
    table = project(reader.parse(text, source=SCENARIO, changes=changes))
    table = table[table["owner"] == OWNER]
    found = {}
    for name, kinds in TYPES.items():
        total = table[table["interceptor"].isin(kinds)].groupby("month")["stock"].sum()
        below = np.flatnonzero(total < sum(a[f"{kind.replace('-', '_')}_rounds"] for kind in kinds))
        if below.size == 0:
            raise InputError(f"{name}: the stock never falls, so it has no month of return")
        if below[-1] + 1 < len(total):
            found[f"{name}_back_months"] = float(number_of(str(total.index[below[-1] + 1])) - number_of(START))
    left = table[(table["interceptor"] == "patriot") & (table["month"] == CHECKED)]["stock"]
    return found | {"patriots_left": float(left.iloc[0])}
