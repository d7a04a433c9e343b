"""Small panels over months: lines with bands, a level, and marks for dates with their spread, as one SVG element.

Months run along the bottom, labelled by years; each panel has its own scale upwards from zero. Computes no figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from opendome.report.stock_data import Months
from opendome.report.svg import CHAR, WIDTH, symbol, ticks
from opendome.results.text import short

LEFT, RIGHT, HEAD, LINE, HEIGHT, FOOT = 48.0, 12.0, 28.0, 15.0, 124.0, 34.0
"""Room around a panel's plot (above it, for each line of small text too), and its height."""

DASHES = {"solid": "", "dashed": "7 4", "dotted": "2 3", "dashdot": "8 3 2 3"}
YEAR_ROOM = 36.0
"""Least width from one year's name to the next; that of months is wider."""

Mark = tuple[float, float, float]
"""Month, value, and what is written at it: the place of a number worth reading."""


@dataclass(frozen=True)
class Line:
    """One line with its band. NaN: nothing there."""

    name: str
    x: Sequence[float]
    """Months, counted from the start of the first."""
    middle: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    color: str
    dash: str = "solid"


@dataclass(frozen=True)
class Event:
    """A date with its spread; infinite: after the last month."""

    name: str
    low: float
    middle: float
    high: float
    value: float
    """Height at which it is drawn."""
    color: str
    symbol: str


@dataclass(frozen=True)
class Panel:
    """One small chart."""

    title: str
    under: Sequence[str] = ()
    """One or two lines of small text below the title."""
    lines: Sequence[Line] = ()
    level: float | None = None
    """A level drawn as a dashed line."""
    events: Sequence[Event] = ()
    marks: Sequence[tuple[float, float, str]] = ()
    """Month, value, and which side of it the number is written at: `above` or `below`."""
    is_share: bool = False


@dataclass(frozen=True)
class Chart:
    """Panels that share one legend and one axis of months."""

    panels: Sequence[Panel]
    months: Months
    description: str
    legend: Sequence[str] = field(default_factory=tuple)
    """Pieces of SVG with their width in pixels in front: see `legend_of`."""
    per_row: int = 3


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    width: float
    months: int
    high: float

    def at(self, month: float, value: float) -> tuple[float, float]:
        share = min(max(value / self.high, 0.0), 1.0)
        return (self.left + min(max(month, 0.0), self.months) / self.months * self.width,
                self.top + (1.0 - share) * HEIGHT)


def draw(chart: Chart) -> str:
    """The panels, row by row, and the legend below them."""
    width = WIDTH / chart.per_row
    head = HEAD + LINE * max((len(panel.under) for panel in chart.panels), default=0)
    parts: list[str] = []
    for i, panel in enumerate(chart.panels):
        row, column = divmod(i, chart.per_row)
        top = row * (head + HEIGHT + FOOT)
        parts.append(f'<g transform="translate({column * width:.1f} {top:.1f})">'
                     f"{''.join(_panel(panel, chart.months, width, head))}</g>")
    bottom = math.ceil(len(chart.panels) / chart.per_row) * (head + HEIGHT + FOOT)
    keys, height = _legend(chart, bottom)
    label = escape(chart.description, quote=True)
    return (f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} {bottom + height:.0f}">'
            f"<title>{label}</title>{''.join(parts)}{keys}</svg>")


def _panel(panel: Panel, months: Months, width: float, head: float) -> Iterator[str]:
    seen = [value for line in panel.lines for value in (*line.high, *line.middle) if math.isfinite(value)]
    seen += [panel.level or 0.0, *(event.value for event in panel.events)]
    high = 1.16 * max(seen, default=0.0) or 1.0
    box = _Box(LEFT, head, width - LEFT - RIGHT, months.count, high)
    yield f'<text x="2" y="14" style="font-weight:600">{escape(_clip(panel.title, width))}</text>'
    for i, words in enumerate(panel.under):
        yield f'<text class="small" x="2" y="{30 + LINE * i:.0f}">{escape(words)}</text>'
    yield from _grid(box, months, is_share=panel.is_share)
    if panel.level is not None:
        x, y = box.at(0.0, panel.level)
        yield (f'<path d="M{x:.1f} {y:.1f}h{box.width:.1f}" style="stroke:currentColor;stroke-width:1.3;'
               f'stroke-dasharray:5 4;opacity:.75"/>')
    for line in panel.lines:
        yield from _band(box, line)
    for line in panel.lines:
        yield from _line(box, line)
    for event in panel.events:
        yield from _event(box, event, months)
    yield from _numbers(box, panel.marks)


def _clip(words: str, width: float) -> str:
    most = int((width - 10.0) / (CHAR + 0.6))
    return words if len(words) <= most else words[: most - 1] + "…"


def _grid(box: _Box, months: Months, *, is_share: bool) -> Iterator[str]:
    for mark in ticks(0.0, box.high, 5):
        x, y = box.at(0.0, mark)
        words = f"{100 * mark:.3g} %" if is_share else short(round(mark, 9))
        yield f'<path class="grid" d="M{x:.1f} {y:.1f}h{box.width:.1f}"/>'
        yield f'<text class="small" x="{x - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{words}</text>'
    end = -math.inf
    for month, name in months.marks(0, months.count):
        x, y = box.at(month, 0.0)
        yield f'<path class="grid" d="M{x:.1f} {box.top:.1f}V{y + 4:.1f}"/>'
        room = YEAR_ROOM / 4 * len(name)
        if x - end >= room and x + 0.5 * room - 4 <= box.left + box.width + RIGHT:
            end = x
            yield f'<text class="small" x="{x:.1f}" y="{y + 17:.1f}" text-anchor="middle">{name}</text>'


def _runs(line: Line) -> Iterator[list[int]]:
    """Places of the line's stretches without gaps."""
    inside: list[int] = []
    for i, value in enumerate(line.middle):
        if math.isfinite(value):
            inside.append(i)
        elif inside:
            yield inside
            inside = []
    if inside:
        yield inside


def _band(box: _Box, line: Line) -> Iterator[str]:
    for inside in _runs(line):
        upper = [box.at(line.x[i], line.high[i]) for i in inside]
        lower = [box.at(line.x[i], line.low[i]) for i in reversed(inside)]
        if len(inside) == 1:
            (x, top), (_, bottom) = upper[0], lower[0]
            yield f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}" style="stroke:{line.color};stroke-width:4;opacity:.22"/>'
            continue
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in [*upper, *lower])
        yield f'<path d="M{path}z" style="fill:{line.color};opacity:.22"/>'


def _line(box: _Box, line: Line) -> Iterator[str]:
    dash = f";stroke-dasharray:{DASHES[line.dash]}" if DASHES[line.dash] else ""
    for inside in _runs(line):
        points = [box.at(line.x[i], line.middle[i]) for i in inside]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("h.1" if len(points) == 1 else "")
        yield (f'<path d="M{path}" style="fill:none;stroke:{line.color};stroke-width:2;stroke-linejoin:round{dash}">'
               f"<title>{escape(line.name)}</title></path>")


def _event(box: _Box, event: Event, months: Months) -> Iterator[str]:
    """A mark at the median with caps at the ends of its band; an arrow where the band ends after the last month."""
    if event.low >= months.count:
        return
    (x0, y), (x1, _) = box.at(event.low, event.value), box.at(event.high, event.value)
    cap = "l-5 -3.5m5 3.5l-5 3.5" if event.high > months.count else "m0 -4v8"
    if x1 > x0 or event.high > months.count:
        yield (f'<path d="M{x0:.1f} {y - 4:.1f}v8m0 -4H{x1:.1f}{cap}" '
               f'style="fill:none;stroke:{event.color};stroke-width:2"/>')
    if event.middle <= months.count:
        x = box.at(event.middle, event.value)[0]
        yield f"<g><title>{escape(event.name)}</title>{symbol(event.symbol, x, y, event.color, 4.6)}</g>"


def _numbers(box: _Box, marks: Sequence[tuple[float, float, str]]) -> Iterator[str]:
    """The numbers worth reading, but for those that would cover one before."""
    placed: list[tuple[float, float, float]] = []
    for month, value, side in marks:
        words = short(round(value))
        x, y = box.at(month, value)
        share = (x - box.left) / box.width
        anchor, shift = ("start", 0.0) if share < 0.12 else ("end", 1.0) if share > 0.88 else ("middle", 0.5)
        y = y - 7.0 if side == "above" or y + 15.0 > box.top + HEIGHT else y + 15.0
        left, width = x - shift * CHAR * len(words), CHAR * len(words)
        if all(abs(y - b) >= 13.0 or left > a + w or left + width < a for a, w, b in placed):
            placed.append((left, width, y))
            yield f'<text class="halo" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{words}</text>'


def _legend(chart: Chart, top: float) -> tuple[str, float]:
    x, y, parts = LEFT, top + 10.0, []
    for entry in chart.legend:
        words, piece = entry.split("|", 1)
        width = 30.0 + CHAR * len(words) + 22.0
        if x + width > WIDTH and x > LEFT:
            x, y = LEFT, y + 22.0
        parts.append(f'<g transform="translate({x:.1f} {y:.1f})">{piece}<text x="30" y="4">{escape(words)}</text></g>')
        x += width
    return "".join(parts), (y - top + 14.0 if parts else 0.0)


def line_key(words: str, color: str, dash: str = "solid") -> str:
    """Entry of a legend: a line with its band."""
    style = f";stroke-dasharray:{DASHES[dash]}" if DASHES[dash] else ""
    return (f'{words}|<rect x="0" y="-7" width="24" height="14" style="fill:{color};opacity:.22"/>'
            f'<path d="M0 0h24" style="stroke:{color};stroke-width:2{style}"/>')


def level_key(words: str) -> str:
    """Entry of a legend: a level."""
    return f'{words}|<path d="M0 0h24" style="stroke:currentColor;stroke-width:1.3;stroke-dasharray:5 4;opacity:.75"/>'


def event_key(words: str, color: str, kind: str) -> str:
    """Entry of a legend: a date with its spread."""
    return (f'{words}|<path d="M1 -4v8m0 -4h22m0 -4v8" style="fill:none;stroke:{color};stroke-width:2"/>'
            f"{symbol(kind, 12, 0, color, 4.6)}")
