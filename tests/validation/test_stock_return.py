"""Months in which American stocks are back at their level before the war of 2026.

verifies    stockpile.project on scenarios/stocks-2026.toml: orders, lead times, ramps, shared parts, uses
source      Cancian and Park, Rebuilding U.S. Missile Inventory (CSIS, May 2026), seen as a transcription: THAAD at the
            end of 2029, Patriot in mid-2029, SM-3 (IB and IIA together) not before early 2029. None of the three went
            into the file. Fewer than 1,000 Patriots left (Army Times, 30 July 2026) did: it bounds the first stock
inputs      announced: THAAD deliveries from April 2027, nearly 100 of them late ones; requests of FY2026 and FY2027 in
            full; 24 to 36 months from contract to first delivery (30); ramps to 400 THAAD and 2,000 PAC-3 MSE a year,
            growing evenly. Not published: shares of the US in joint lots, months of contracts. Values, nothing drawn;
            once with all fighting to August 2026, once with what CSIS knew in spring (half of both stocks used,
            nothing after April). 2029-12, 2029-07 and 2029-02 stand for the published dates
tolerance   9 months, asked for: delivery profiles are not published
"""

import numpy as np
import pandas as pd
import pytest

from opendome import load
from opendome.scenario import reader
from opendome.scenario.months import number_of
from opendome.stockpile import project

pytestmark = pytest.mark.compiled
PUBLISHED = {"THAAD": (("thaad",), "2029-12"), "Patriot": (("patriot",), "2029-07"),
             "SM-3": (("sm3-ib", "sm3-iia"), "2029-02")}
"""Types, and the month that stands for what was published."""


def months_after(month: str) -> int:
    return number_of(month) - number_of("2026-01")


def month_back(stocks: pd.DataFrame, kinds: tuple[str, ...], start: float) -> str:
    """The month from which the stock of the United States stays at or above the level to the end."""
    ours = stocks[(stocks["owner"] == "united-states") & stocks["interceptor"].isin(kinds)]
    total = ours.groupby("month")["stock"].sum()
    below = np.flatnonzero(total < start)
    assert below.size, "it fell"
    assert below[-1] + 1 < len(total), "it is back before the end"
    return str(total.index[below[-1] + 1])


@pytest.mark.parametrize("variant", ["", "csis"])
def test_return_dates(variant, validation):
    text = reader.read_text(reader.find("stocks-2026"))
    scenario = reader.parse(text, source="stocks-2026", variant=variant)
    stocks, held = project(scenario), scenario.stockpile.stocks["united-states"]
    for name, (kinds, month) in PUBLISHED.items():
        ours = month_back(stocks, kinds, sum(held[kind].value for kind in kinds))
        validation(f"{name} back, {variant or 'base'}: months after January 2026", months_after(month),
                   months_after(ours), 9, "months")


def test_fewer_than_a_thousand_patriots_left_at_the_end_of_july_2026(validation):
    stocks = project(load("stocks-2026"), until="2026-07").set_index(["owner", "interceptor", "month"])["stock"]
    validation("Patriot rounds left at the end of July 2026", 1000,
               float(stocks["united-states", "patriot", "2026-07"]), 0, "rounds", limit=True)
