"""The chart of a frontier as one SVG element: each combination by cost and figure, with whiskers in both directions.

Front, dominated, over the budget and best differ by shape as well as by colour. The line follows what the front gives
for a budget: between two of its combinations nothing better was found than the cheaper one. Computes no figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from opendome.report.svg import CHAR, WIDTH, symbol, ticks
from opendome.results import with_error
from opendome.results.figures import FIGURES
from opendome.results.text import short
from opendome.study.frontier import Frontier
from opendome.study.grid import text_of

LEFT, TOP, RIGHT, HEIGHT = 76.0, 26.0, 26.0, 380.0

LABELS_MAX = 16
"""Most combinations on the front that carry their values."""

STYLES = {"best": ("#009E73", "diamond", 6.5), "front": ("#0072B2", "circle", 5.0),
          "front over": ("#D55E00", "triangle", 5.0), "dominated": ("#8A8F98", "emptyRect", 4.0),
          "over": ("#D55E00", "emptyTriangle", 4.5)}
"""Colour, symbol and size of each kind of combination."""

NAMES = {"best": "best within the budget", "front": "on the front", "front over": "on the front, over the budget",
         "dominated": "dominated", "over": "dominated, over the budget"}

Row = Mapping[Any, Any]


@dataclass(frozen=True)
class _Axes:
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixel of a point."""
        width = WIDTH - LEFT - RIGHT
        return (LEFT + (x - self.x[0]) / (self.x[1] - self.x[0]) * width,
                TOP + (1.0 - (y - self.y[0]) / (self.y[1] - self.y[0])) * HEIGHT)


def draw(found: Frontier) -> str:
    """The chart of a frontier."""
    rows = [row for row in found.table.to_dict(orient="records") if math.isfinite(row["value"] + row["cost_musd"])]
    budget = found.manifest["budget_musd"]
    axes = _Axes(_span(rows, "cost_musd", "cost_error", budget), _span(rows, "value", "error"))
    front = [row for row in rows if row["is_front"]]
    drawn = sorted(rows, key=lambda row: bool(row["is_front"]))  # the front lies on top
    parts = [*_grid(axes, budget), *_stairs(axes, front), *(part for row in drawn for part in _mark(axes, row, found))]
    if len(front) <= LABELS_MAX:
        parts += [_label(axes, row, found) for row in front]
    figure = str(found.manifest["figure"])
    bottom = TOP + HEIGHT + 42.0
    parts.append(f'<text class="axis" x="0" y="13">{escape(unit_name(figure))}; whiskers: one standard error</text>')
    parts.append(f'<text class="axis" x="{WIDTH - RIGHT:.1f}" y="{bottom:.1f}" text-anchor="end">'
                 f"{escape(cost_name(found))} →</text>")
    legend = _legend(list(dict.fromkeys(kind(row) for row in rows)), bottom + 20.0)
    label = escape(f"{figure} against cost of {len(rows)} combinations, {len(front)} of them on the front.", quote=True)
    return (f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} {bottom + 32.0:.0f}">'
            f"<title>{label}</title>{''.join(parts)}{legend}</svg>")


def kind(row: Row) -> str:
    """What a combination is shown as."""
    if row["is_best"]:
        return "best"
    if row["is_front"]:
        return "front over" if row["is_over"] else "front"
    return "over" if row["is_over"] else "dominated"


def unit_name(figure: str) -> str:
    """A figure with its unit."""
    unit = FIGURES[figure].unit
    return figure if unit == "share" else f"{figure}, {unit}"


def cost_name(found: Frontier) -> str:
    """What the cost is, with its dollars."""
    manifest = found.manifest
    until = f" until {manifest['date']}" if manifest["until_date"] else ""
    dollars = "M$" if manifest["cost"] == "then_year" else f"M$ of {manifest['price_year']}"
    return f"{manifest['cost']}{until}, {dollars}"


def point_text(row: Row, found: Frontier) -> str:
    """The values of a combination."""
    return ", ".join(text_of(row[key]) for key in found.over)


def _span(rows: Sequence[Row], mean: str, error: str, more: float | None = None) -> tuple[float, float]:
    ends = [row[mean] + side * _known(row[error]) for row in rows for side in (-1.0, 1.0)] + [more or 0.0] * bool(more)
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    pad = 0.07 * (high - low) or 0.1 * abs(high) or 0.5
    is_positive = all(row[mean] >= 0.0 for row in rows)
    return (max(low - pad, 0.0) if is_positive else low - pad), high + pad


def _known(error: float) -> float:
    return error if math.isfinite(error) else 0.0


def _grid(axes: _Axes, budget: float | None) -> Iterator[str]:
    for mark in ticks(*axes.y):
        x, y = axes.at(axes.x[0], mark)
        yield f'<path class="grid" d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT:.1f}"/>'
        yield f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{short(round(mark, 12))}</text>'
    for mark in ticks(*axes.x, 8):
        x, y = axes.at(mark, axes.y[0])
        yield f'<path class="grid" d="M{x:.1f} {y:.1f}v5"/>'
        yield f'<text x="{x:.1f}" y="{y + 19:.1f}" text-anchor="middle">{short(round(mark, 9))}</text>'
    if budget is not None:
        x, _ = axes.at(budget, axes.y[0])
        yield (f'<path d="M{x:.1f} {TOP:.1f}V{TOP + HEIGHT:.1f}" '
               'style="fill:none;stroke:currentColor;stroke-width:1.5;stroke-dasharray:9 5"/>')
        yield f'<text x="{x - 6:.1f}" y="{TOP + 12:.1f}" text-anchor="end">budget {short(budget)}</text>'


def _stairs(axes: _Axes, front: Sequence[Row]) -> Iterator[str]:
    """The line of the front: level until the next combination can be paid for."""
    if len(front) > 1:
        corners = [axes.at(row["cost_musd"], row["value"]) for row in front]
        path = f"M{corners[0][0]:.1f} {corners[0][1]:.1f}" + "".join(f"H{x:.1f}V{y:.1f}" for x, y in corners[1:])
        yield f'<path d="{path}" style="fill:none;stroke:{STYLES["front"][0]};stroke-width:1.8"/>'


def _mark(axes: _Axes, row: Row, found: Frontier) -> Iterator[str]:
    color, shape, size = STYLES[kind(row)]
    x, y = axes.at(row["cost_musd"], row["value"])
    for dx, dy in ((_known(row["cost_error"]), 0.0), (0.0, _known(row["error"]))):
        if dx or dy:
            x0, y0 = axes.at(row["cost_musd"] - dx, max(row["value"] - dy, axes.y[0]))
            x1, y1 = axes.at(row["cost_musd"] + dx, row["value"] + dy)
            yield f'<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" style="fill:none;stroke:{color};stroke-width:1.3"/>'
    title = (f"{point_text(row, found)}: {with_error(row['value'], row['error'])} for "
             f"{with_error(row['cost_musd'], row['cost_error'])} M$")
    yield f"<g><title>{escape(title)}</title>{symbol(shape, x, y, color, size)}</g>"


def _label(axes: _Axes, row: Row, found: Frontier) -> str:
    x, y = axes.at(row["cost_musd"], row["value"])
    words = point_text(row, found)
    is_right = x + 10.0 + CHAR * len(words) > WIDTH
    return (f'<text class="halo" x="{x + (-9 if is_right else 9):.1f}" y="{y - 8:.1f}" '
            f'text-anchor="{"end" if is_right else "start"}">{escape(words)}</text>')


def _legend(kinds: Sequence[str], y: float) -> str:
    x, parts = LEFT, []
    for name in (name for name in STYLES if name in kinds):
        color, shape, size = STYLES[name]
        words = f'<text x="{x + 22:.1f}" y="{y + 4:.1f}">{NAMES[name]}</text>'
        parts.append(symbol(shape, x + 8, y, color, size) + words)
        x += CHAR * len(NAMES[name]) + 48.0
    return "".join(parts)
