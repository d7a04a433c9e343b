"""Stocks against time: a small panel for each owner of an interceptor, with the level to return to and when it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.report import months_chart
from opendome.report.months_chart import Chart, Event, Line, Panel
from opendome.report.stock_data import Stocks, When, quantiles, told

if TYPE_CHECKING:
    from collections.abc import Mapping

STOCK, BACK, NONE = "var(--area)", "#009E73", "#D55E00"
"""Colours of the stock, of the month of return, and of the month of exhaustion."""


def draw(stocks: Stocks, interceptor: str, dates: Mapping[tuple[str, str], Mapping[str, Any]]) -> str:
    """The panels of one interceptor; `dates`: `exhausted` and `back` by pair (`stock_answer.dates`)."""
    panels = [_panel(stocks, p, dates[stocks.pairs[p]]) for p in stocks.of(interceptor)]
    ends = "; ".join(f"{stocks.pairs[p][0]} {panel.marks[0][1]:,.0f} at the start, {panel.lines[0].middle[-1]:,.0f} "
                     f"at the end" for p, panel in zip(stocks.of(interceptor), panels))
    legend = [months_chart.line_key("stock: median, 80 % of runs", STOCK),
              months_chart.level_key("level to return to"),
              months_chart.event_key("back for good: median, 80 %", BACK, "diamond")]
    if any(event.color == NONE for panel in panels for event in panel.events):
        legend.append(months_chart.event_key("exhausted: median, 80 %", NONE, "cross"))
    return months_chart.draw(Chart(panels, stocks.months, f"{interceptor} in stock by owner, median over runs: {ends}.",
                                   legend))


def _panel(stocks: Stocks, p: int, dates: Mapping[str, When | None]) -> Panel:
    stock = np.concatenate([stocks.start[:, None, p], stocks.columns["stock"][:, :, p]], axis=1)
    low, middle, high = quantiles(stock)
    x = range(stocks.months.count + 1)
    level = float(quantiles(stocks.level[:, p])[1])
    lowest = int(np.argmin(middle))
    marks = [(0.0, float(middle[0]), "above")]
    if lowest > 0:
        marks.append((float(lowest), float(middle[lowest]), "below"))
    if lowest < len(middle) - 1 and len(middle) > 1:
        is_near = 0 <= level - middle[-1] < 0.15 * max(high.max(), level)
        marks.append((float(len(middle) - 1), float(middle[-1]), "below" if is_near else "above"))
    under, events = _told(stocks, dates, level)
    line = Line(stocks.pairs[p][0], x, middle, low, high, STOCK)
    return Panel(stocks.pairs[p][0], under, [line], level, events, marks)


def _told(stocks: Stocks, dates: Mapping[str, When | None], level: float) -> tuple[list[str], list[Event]]:
    """What is written below the title, and the marks of the dates. A month's end is the start of the next."""
    under, events = [], []
    back, gone = dates["back"], dates["exhausted"]
    if back is None:
        under.append("never below its level")
    else:
        rest = f"{100 * (1 - back.share):.0f} % of runs" if back.share else "any run"
        under.append(f"back {told(back, stocks.months)}" if back.share >= 0.5 else
                     f"not back by {stocks.months.last} in {rest}")
        events.append(Event(under[0], back.low + 1, back.middle + 1, back.high + 1, level, BACK, "diamond"))
    if gone is not None and gone.share > 0:
        is_sure = np.isfinite(gone.high)
        words = told(gone, stocks.months, "never") if is_sure else f"in {100 * gone.share:.0f} % of runs"
        date = "" if is_sure or gone.share < 0.5 else f"{stocks.months.name(gone.middle)}, "
        under.append(f"exhausted {date}{words}")
        if gone.share >= 0.5:
            events.append(Event(under[-1], gone.low + 1, gone.middle + 1, gone.high + 1, 0.0, NONE, "cross"))
    return under, events
