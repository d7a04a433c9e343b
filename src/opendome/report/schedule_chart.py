"""Deliveries against time: for each element when it was to come and when it comes, milestones below, a date as a line.

Draws the tables of `cost.schedule.Capability`; computes no figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from opendome.report.gantt import FOOT, ROW, TOP, clip, grid
from opendome.report.stock_data import Months
from opendome.report.svg import CHAR, WIDTH, symbol
from opendome.results.campaign_text import share_text
from opendome.results.text import short
from opendome.scenario.months import number_of
from opendome.study.schedule import Schedule

LEGEND = 30.0
NAME_MAX = 28
RIGHT = 132.0
"""Room for the numbers at the right."""
GAP = 12.0
"""Between elements and milestones."""

COMES, LATE = "var(--area, #0072b2)", "#D55E00"
LINE = "stroke:currentColor;stroke-width:1.3;fill:none"


@dataclass(frozen=True)
class _Axis:
    """Months after the start of the programme, from 0, and their pixels."""

    months: Months
    left: float
    width: float
    high: float

    def at(self, month: float) -> float:
        """Pixel of an instant, at the end of the axis at most."""
        return self.left + min(max(month / self.high, 0.0), 1.0) * self.width

    def start_of(self, name: str | None) -> float:
        """The first instant of a month by name; the end of the programme for None."""
        return float(self.months.count if name is None else number_of(name) - self.months.first)


def draw(found: Schedule) -> str:
    """The chart of a schedule as an SVG element."""
    elements = found.capability.elements.to_dict(orient="records")
    milestones = found.capability.milestones.to_dict(orient="records")
    axis = _axis(found, elements, milestones)
    rows: list[str] = []
    y = TOP
    for row in elements:
        rows += _element(row, axis, y)
        y += ROW
    y += GAP if milestones else 0.0
    for row in milestones:
        rows += _milestone(row, axis, y)
        y += ROW
    date = found.capability.date
    label = escape(f"Deliveries of {len(elements)} elements and {len(milestones)} milestones, with {date} as a line. "
                   "The tables have the dates.", quote=True)
    return (f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} {y + LEGEND + FOOT:.0f}">'
            f"<title>{label}</title>{''.join([*_grid(axis, y), *rows, _date(date, axis, y), _legend(y)])}</svg>")


def _axis(found: Schedule, elements: list[dict[Any, Any]], milestones: list[dict[Any, Any]]) -> _Axis:
    programme = found.scenario.cost
    assert programme is not None
    months = Months(number_of(programme.start), 12 * programme.years)
    names = [str(row["element"]) for row in elements] + [str(row["milestone"]) for row in milestones]
    left = CHAR * max(len(clip(name, NAME_MAX)) for name in names) + 16.0
    axis = _Axis(months, left, WIDTH - left - RIGHT, float(months.count))
    ends = [row[key] for row in elements for key in ("planned_done", "done_high")]
    ends += [row[key] for row in milestones for key in ("date", "high")]
    last = max(axis.start_of(name) for name in [*ends, found.capability.date]) + 4.0
    return _Axis(months, left, axis.width, min(last, float(months.count)))


def _grid(axis: _Axis, bottom: float) -> Iterator[str]:
    places = ((axis.at(month), name) for month, name in axis.months.marks(0.0, axis.high))
    yield from grid(places, axis.left + axis.width, bottom, "there of all / by then")


def _date(date: str, axis: _Axis, bottom: float) -> str:
    x = axis.at(axis.start_of(date) + 1.0)
    return (f'<path d="M{x:.1f} {TOP - 4:.1f}V{bottom:.1f}" style="stroke:{LATE};stroke-width:1.6"/>'
            f'<text class="small halo" x="{x + 4:.1f}" y="{bottom - 3:.1f}">end of {escape(date)}</text>')


def _name(name: str, y: float) -> str:
    return f'<text x="0" y="{y + 4:.1f}"><title>{escape(name)}</title>{escape(clip(name, NAME_MAX))}</text>'


def _note(words: str, y: float) -> str:
    return f'<text class="small" x="{WIDTH - 2:.1f}" y="{y + 4:.1f}" text-anchor="end">{escape(words)}</text>'


def _element(row: Mapping[Any, Any], axis: _Axis, top: float) -> Iterator[str]:
    """As dated above, as drawn below: dark from the median first delivery to the median last; pale from the earliest
    first to the latest last of nine runs in ten."""
    y = top + 0.5 * ROW
    yield _name(row["element"], y)
    x0, x1 = (axis.at(axis.start_of(row[key])) for key in ("planned_first", "planned_done"))
    yield (f'<rect x="{x0:.1f}" y="{y - 9:.1f}" width="{max(x1 - x0, 2.0):.1f}" height="6" '
           'style="fill:none;stroke:currentColor;stroke-width:1"/>')
    for first, last, opacity in (("first_low", "done_high", 0.28), ("first", "done", 0.9)):
        x0, x1 = (axis.at(axis.start_of(row[key])) for key in (first, last))
        yield (f'<rect class="bar" x="{x0:.1f}" y="{y:.1f}" width="{max(x1 - x0, 2.0):.1f}" height="8" '
               f'style="fill:{COMES};fill-opacity:{opacity}"/>')
    if row["done_high"] is None:
        yield f'<path d="M{axis.at(axis.high) - 6:.1f} {y:.1f}l6 4l-6 4" style="{LINE}"/>'
    yield _note(f"{short(round(row['value'], 1))} of {short(round(row['units'], 1))}", y)


def _spread(axis: _Axis, low: str | None, high: str | None, y: float) -> Iterator[str]:
    """From 5 % to 95 % of the runs, with an arrow for what is not within the programme."""
    if low == high and high is not None:
        return
    x0, x1 = axis.at(axis.start_of(low)), axis.at(axis.start_of(high))
    cap = "l-5 -4m5 4l-5 4" if high is None else "m0 -3v6"
    yield f'<path d="M{x0:.1f} {y - 3:.1f}v6m0 -3H{x1:.1f}{cap}" style="{LINE}"/>'


def _milestone(row: Mapping[Any, Any], axis: _Axis, top: float) -> Iterator[str]:
    """When it is to be met and when it is."""
    y = top + 0.5 * ROW
    yield _name(row["milestone"], y)
    yield from _spread(axis, row["low"], row["high"], y)
    if row["month"] is not None:
        yield symbol("circle", axis.at(axis.start_of(row["month"]) + 0.5), y, COMES, 4.5)
    yield symbol("emptyDiamond", axis.at(axis.start_of(row["date"]) + 1.0), y, "currentColor", 5.0)
    yield _note(share_text(row["p_met"]), y)


def _legend(top: float) -> str:
    y, x = top + 20.0, 4.0
    pieces = (
        ("as dated", '<rect x="0" y="-3" width="22" height="6" style="fill:none;stroke:currentColor"/>'),
        ("median of the runs", f'<rect x="0" y="-4" width="22" height="8" style="fill:{COMES};fill-opacity:.9"/>'),
        ("90 % of the runs", f'<rect x="0" y="-4" width="22" height="8" style="fill:{COMES};fill-opacity:.28"/>'),
        ("milestone to be met", symbol("emptyDiamond", 11.0, 0.0, "currentColor", 5.0)),
        ("met, 90 % of the runs",
         f'<path d="M0 -3v6m0 -3h22m0 -3v6" style="{LINE}"/>{symbol("circle", 11.0, 0.0, COMES, 4.5)}'),
        ("after the programme", f'<path d="M0 0h22l-5 -4m5 4l-5 4" style="{LINE}"/>'))
    parts = []
    for words, piece in pieces:
        parts.append(f'<g transform="translate({x:.1f} {y:.1f})">{piece}<text class="small" x="30" y="4">'
                     f"{words}</text></g>")
        x += 30.0 + 6.3 * len(words) + 16.0
    return "".join(parts)
