"""The chart of a sweep over one key: a line for each group, with whiskers of one standard error, as one SVG element.

Numbers stand where they belong on the axis; words stand side by side, and no line joins them. Reads `Sweep.rows`;
computes no figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from opendome.report.charts import LAYERS
from opendome.report.heatmap import axis, description, named
from opendome.report.svg import CHAR, WIDTH, symbol, ticks
from opendome.results.text import short, with_error
from opendome.scenario.months import FORM, number_of
from opendome.study.grid import Value, text_of
from opendome.study.sweep import ALL, Sweep

LEFT, TOP, RIGHT, HEIGHT = 70.0, 26.0, 26.0, 300.0
LABELS_MAX = 16
"""Most points of a single line that carry their number."""

NAME_CHAR = 8.5
"""Most width of a character of a number below the axis."""

DASHES = {"solid": "", "dashed": "9 5", "dotted": "2 4", "dashdot": "10 4 2 4"}

Row = tuple[Value, float, float]
"""Value of the key, value of the figure, standard error (0 where not known)."""


@dataclass(frozen=True)
class _Axes:
    x_low: float
    x_high: float
    y_low: float
    y_high: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Pixel of a point."""
        width = WIDTH - LEFT - RIGHT
        return (LEFT + (x - self.x_low) / (self.x_high - self.x_low) * width,
                TOP + (1.0 - (y - self.y_low) / (self.y_high - self.y_low)) * HEIGHT)


def draw(sweep: Sweep, figure: str) -> str:
    """The chart of a figure over the only key."""
    ((key, values),) = sweep.over.items()
    lines = {group: _rows(sweep, figure, group) for group in sweep.groups(figure)}
    place, is_joined = _places(values), _are_numbers(values) or _are_months(values)
    margin_share = 0.03 if is_joined else 0.5 / max(len(values) - 1, 1)
    axes = _axes(place, margin_share, [row for rows in lines.values() for row in rows])
    parts = [*_grid(axes), *_names(axes, place)]
    for i, (group, rows) in enumerate(lines.items()):
        has_labels = len(lines) == 1 and len(values) <= LABELS_MAX
        parts += _line(axes, place, rows, i, group, has_labels=has_labels, is_joined=is_joined)
    parts.append(f'<text class="axis" x="0" y="13">{escape(named(figure, sweep))}; whiskers: one standard error</text>')
    bottom = TOP + HEIGHT + 40.0
    parts.append(f'<text class="axis" x="{WIDTH - RIGHT:.1f}" y="{bottom:.1f}" text-anchor="end">'
                 f"{escape(axis(key))} →</text>")
    legend, height = _legend(list(lines), bottom + 8.0) if list(lines) != [ALL] else ("", 10.0)
    label = escape(description(sweep, figure), quote=True)
    return (f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} {bottom + height:.0f}">'
            f"<title>{label}</title>{''.join(parts)}{legend}</svg>")


def _rows(sweep: Sweep, figure: str, group: str) -> list[Row]:
    (values,) = sweep.over.values()
    found = sweep.rows(figure, group)
    return [(value, float(mean), float(error) if math.isfinite(error) else 0.0)
            for value, mean, error in zip(values, found["value"], found["error"]) if math.isfinite(mean)]


def _places(values: Sequence[Value]) -> dict[Value, float]:
    """Where each value stands on the axis: numbers as they are, months by their time, words by their order."""
    if _are_months(values):
        return {value: float(number_of(str(value))) for value in values}
    return {value: float(value if _are_numbers(values) else i) for i, value in enumerate(values)}


def _are_months(values: Sequence[Value]) -> bool:
    return all(isinstance(value, str) and FORM.fullmatch(value) for value in values)


def _are_numbers(values: Sequence[Value]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)


def _axes(place: dict[Value, float], margin_share: float, rows: Sequence[Row]) -> _Axes:
    left, right = min(place.values()), max(place.values())
    margin = margin_share * (right - left) or 0.5
    low = min((mean - error for _, mean, error in rows), default=0.0)
    high = max((mean + error for _, mean, error in rows), default=1.0)
    pad = 0.08 * (high - low) or 0.1 * abs(high) or 0.5
    is_positive = all(mean >= 0 for _, mean, _ in rows)
    return _Axes(left - margin, right + margin, max(low - pad, 0.0) if is_positive else low - pad, high + pad)


def _grid(axes: _Axes) -> Iterator[str]:
    for mark in ticks(axes.y_low, axes.y_high):
        x, y = axes.at(axes.x_low, mark)
        yield f'<path class="grid" d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT:.1f}"/>'
        yield f'<text x="{x - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{short(round(mark, 12))}</text>'


def _names(axes: _Axes, place: dict[Value, float]) -> Iterator[str]:
    """Every value below the axis, those left out that would cover the one before."""
    end = -math.inf
    for value, where in sorted(place.items(), key=lambda item: item[1]):
        x, y = axes.at(where, axes.y_low)
        half = 0.5 * NAME_CHAR * len(text_of(value))
        yield f'<path class="grid" d="M{x:.1f} {y:.1f}v5"/>'
        if x - half > end + 6.0:
            end = x + half
            yield f'<text x="{x:.1f}" y="{y + 19:.1f}" text-anchor="middle">{escape(text_of(value))}</text>'


def _line(axes: _Axes, place: dict[Value, float], rows: Sequence[Row], i: int, group: str, *, has_labels: bool,
          is_joined: bool) -> Iterator[str]:
    color, style, kind = _look(i)
    rows = sorted(rows, key=lambda row: place[row[0]])
    points = [axes.at(place[value], mean) for value, mean, _ in rows]
    dashes = f";stroke-dasharray:{DASHES[style]}" if DASHES[style] else ""
    for inside in _stretches(place, [row[0] for row in rows]) if is_joined else []:
        path = "L".join(f"{points[k][0]:.1f} {points[k][1]:.1f}" for k in inside)
        yield f'<path d="M{path}" style="fill:none;stroke:{color};stroke-width:2{dashes}"/>'
    for (value, mean, error), (x, y) in zip(rows, points):
        top, bottom = axes.at(place[value], mean + error)[1], axes.at(place[value], max(mean - error, axes.y_low))[1]
        yield (f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}m-4 0h8M{x - 4:.1f} {top:.1f}h8" '
               f'style="fill:none;stroke:{color};stroke-width:1.5"/>')
        title = f"{'' if group == ALL else group + ', '}{text_of(value)}: {with_error(mean, error)}"
        yield f"<g><title>{escape(title)}</title>{symbol(kind, x, y, color, 4.0)}</g>"
        if has_labels:
            yield (f'<text class="halo" x="{x:.1f}" y="{top - 6:.1f}" text-anchor="middle">'
                   f"{with_error(mean, error).partition(' ± ')[0]}</text>")


def _look(i: int) -> tuple[str, str, str]:
    """Colour, line and symbol of the i-th group: those of layers, then the same colours with others, some hollow."""
    again = i // len(LAYERS)
    _, style, kind = LAYERS[(i + again) % len(LAYERS)]
    return LAYERS[i % len(LAYERS)][0], style, f"empty{kind.capitalize()}" if again % 2 else kind


def _stretches(place: dict[Value, float], known: Sequence[Value]) -> list[list[int]]:
    """Positions in `known` (in the order of the axis) of neighbours on the axis: no line passes a point that lacks."""
    found: list[list[int]] = [[]]
    for value in sorted(place, key=lambda value: place[value]):
        if value in known:
            found[-1].append(list(known).index(value))
        elif found[-1]:
            found.append([])
    return [inside for inside in found if inside]


def _legend(groups: Sequence[str], top: float) -> tuple[str, float]:
    x, y, parts = LEFT, top + 16.0, []
    for i, group in enumerate(groups):
        color, style, kind = _look(i)
        width = len(group) * CHAR + 44.0
        if x + width > WIDTH and x > LEFT:
            x, y = LEFT, y + 22.0
        dashes = f";stroke-dasharray:{DASHES[style]}" if DASHES[style] else ""
        parts.append(f'<path d="M{x:.1f} {y:.1f}h20" style="stroke:{color};stroke-width:2{dashes}"/>'
                     f'{symbol(kind, x + 10, y, color, 4.0)}'
                     f'<text x="{x + 26:.1f}" y="{y + 4:.1f}">{escape(group)}</text>')
        x += width
    return "".join(parts), y - top + 16.0
