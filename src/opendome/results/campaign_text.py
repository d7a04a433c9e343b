"""The first screen of campaigns as plain text."""

from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

from opendome.results.text import WIDTH, aligned, band_text, estimate_text, name_text, runs_text, short

NEVER, LATER = "never", "later"
"""What is said of a month that does not come: of exhaustion, and of return."""

STOCK_WIDTH = 30
"""Longest owner and interceptor that are shown in full."""


def campaign_screen(summary: Mapping[str, Any], money: Sequence[str] = ()) -> str:
    """The answer as it is printed after a run: plain text, `WIDTH` columns at most. `money` are the lines on what the
    programme costs."""
    run = f"({runs_text(summary['runs'])}, seed {summary['seed']})"
    months = f"{summary['months']} month{'s' * (summary['months'] != 1)}, {summary['start']} to {summary['until']}"
    lines = [*wrap(summary["title"], WIDTH), f"stocks over {months} {run}", "", *_exhaustion(summary["stocks"]), "",
             *_return(summary["stocks"], summary["until"])]
    for part in (_attacks(summary["campaigns"]), _surfaces(summary["surfaces"]), _lines(summary["lines"]),
                 _components(summary["components"]), money):
        lines += ["", *part] if part else []
    lines += ["", *(line for note in summary["notes"] for line in wrap(note, WIDTH))]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def months_text(found: Mapping[str, Any], never: str) -> str:
    """`2029-06 (2029-01 to 2030-02)`: median and band of a month; `never` stands for those that do not come."""
    median, low, high = (found[key] or never for key in ("median", "low", "high"))
    return median if low == median == high else f"{median} ({low} to {high})"


def share_text(share: float) -> str:
    """A share of the runs in per cent: 0 % and 100 % only where it is none or all of them."""
    per_cent = 100.0 * share
    if 0.0 < per_cent < 1.0:
        return "below 1 %"
    return "above 99 %" if 99.0 < per_cent < 100.0 else f"{per_cent:.0f} %"


def exhausted_text(row: Mapping[str, Any]) -> str:
    """When a stock was exhausted, in words."""
    return months_text(row["exhausted"], NEVER) if row["share_exhausted"] else NEVER


def back_text(row: Mapping[str, Any]) -> str:
    """When a stock was back at its level, in words."""
    return months_text(row["back"], LATER) if row["share_fell"] else "did not fall"


def _stock_name(row: Mapping[str, Any]) -> str:
    return name_text(f"{row['owner']}, {row['interceptor']}", STOCK_WIDTH)


def _lowest(row: Mapping[str, Any]) -> tuple[str, str]:
    """The fewest rounds at the end of a month, and that month; nothing where there were never fewer than at first."""
    if row["lowest"]["median"] >= row["start"]["median"]:
        return "–", "–"
    return short(row["lowest"]["median"]), str(row["lowest_month"]["median"])


def _exhaustion(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    cells = [[_stock_name(row), short(row["start"]["median"]), *_lowest(row), exhausted_text(row),
              share_text(row["share_exhausted"])] for row in rows]
    return aligned(["stock, median over runs", "start", "lowest", "in", "exhausted (80 % of runs)", "of runs"], cells)


def _return(rows: Sequence[Mapping[str, Any]], until: str) -> list[str]:
    cells = [[_stock_name(row), short(row["level"]["median"]), share_text(row["share_fell"]), back_text(row),
              share_text(row["share_not_back"]) if row["share_fell"] else "–"] for row in rows]
    return aligned(["return to the level", "level", "fell in", "back (80 % of runs)", f"not by {until}"], cells)


def _attacks(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return []
    cells = [[name_text(f"{row['campaign']}, {row['threat_class']}", STOCK_WIDTH), short(row["launched"]),
              share_text(row["engaged"]), estimate_text(row), band_text(row)] for row in rows]
    return aligned(["by campaign and class", "launched", "fired at", "leak_through", "90 % of runs"], cells)


SHOWN = ("rounds", "leaked")
"""Quantities of response surfaces that the screen shows."""


def _surfaces(every: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [row for row in every if row["quantity"] in SHOWN]
    if not rows:
        return []
    cells = [[name_text(", ".join(str(row[key]) for key in ("campaign", "quantity", "group") if row[key] is not None),
                        STOCK_WIDTH + 10),
              str(row["step"]), str(row["checks"]), *(_digits(row[key]) for key in ("simulated", "rms", "error"))]
             for row in rows]
    return aligned(["surface on raids left out", "step", "raids", "simulated", "off by (rms)", "chance of it"], cells)


def _digits(found: float | None) -> str:
    return "–" if found is None else short(float(f"{found:.3g}"))


def _lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return []
    cells = [[name_text(row["maker"]), *(estimate_text(row[name]) if name in row else "–"
                                         for name in ("made", "used", "short", "idle"))] for row in rows]
    return aligned(["by line", "built", "share of capacity", "short of parts", "none due"], cells)


def _components(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return []
    cells = [[name_text(row["maker"]), *(estimate_text(row[name]) if name in row else "–"
                                         for name in ("made", "used"))] for row in rows]
    return aligned(["by component", "made", "share of capacity"], cells)
