"""Heat maps of a sweep over two keys or more: colour and number of a figure at every point, as one SVG element.

The key with more values goes down the side, the other along the bottom; every combination of further keys' values, and
every group, gets a map of its own on the same scale of colours. Reads the rows of `Sweep.rows`; computes no figure.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from opendome.report.svg import CHAR, WIDTH, ticks
from opendome.results.figures import FIGURES
from opendome.results.text import short, with_error
from opendome.study.grid import Value, text_of
from opendome.study.sweep import ALL, Sweep
from opendome.units import unit_of

MAPS_MAX = 24
"""Most maps that are drawn of one figure; the table holds all."""

RAMP = ("#fbf3d3", "#cfe3b4", "#82c3a6", "#4098a5", "#2b6690", "#1f3468")
"""Colours from low to high, evenly darker, so that the order can be seen without telling colours apart."""

DARK, PALE, PALE_FROM = "#15191d", "#ffffff", 0.68
"""Colours of the numbers in cells, and the share of the scale above which the pale one can be read better."""

RIGHT, GAP = 20.0, 26.0
CELL_WIDTH_MAX = 150.0
HEIGHT_MAX = 900.0
"""Most height of the cells of one map, unless its rows would become thinner than `ROW_MIN`."""
ROW_MIN, ROW_MAX = 5.0, 42.0
TALL = 20
"""Maps of more rows name their columns above too."""
HEAD, FOOT, SCALE = 44.0, 48.0, 58.0
"""Height above the cells of a map, below them, and of the scale of colours."""

Cell = tuple[float, float]
"""Value and standard error; NaN where there is nothing to count."""


@dataclass(frozen=True)
class Map:
    """One map: two keys with their values, and a cell for each pair."""

    title: str
    columns: tuple[str, Sequence[Value]]
    """Key along the bottom, and its values from left to right."""
    rows: tuple[str, Sequence[Value]]
    """Key down the side, and its values from bottom to top."""
    cells: Mapping[tuple[Value, Value], Cell]
    """By column and row."""


def maps(sweep: Sweep, figure: str) -> list[Map]:
    """The maps of a figure, in the order of the grid; `InputError` never: a sweep over one key has none."""
    names = list(sweep.over)
    if len(names) < 2:
        return []
    first, second = names[:2]
    is_swapped = len(sweep.over[first]) > len(sweep.over[second])
    across, down = (second, first) if is_swapped else (first, second)
    found = []
    for group in sweep.groups(figure):
        points = itertools.product(*sweep.over.values())
        rows = sweep.rows(figure, group)
        cells: dict[tuple[Value, ...], dict[tuple[Value, Value], Cell]] = {}
        for point, value, error in zip(points, rows["value"], rows["error"]):
            pair = (point[1], point[0]) if is_swapped else (point[0], point[1])
            cells.setdefault(point[2:], {})[pair] = (float(value), float(error))
        for further, inside in cells.items():
            parts = [f"{name} = {text_of(value)}" for name, value in zip(names[2:], further)]
            title = ", ".join(([] if group == ALL else [group]) + parts)
            found.append(Map(title, (across, sweep.over[across]), (down, sweep.over[down]), inside))
    return found


def draw(sweep: Sweep, figure: str) -> str:
    """The maps of a figure (the first `MAPS_MAX`) with one scale of colours, as an SVG element."""
    every = maps(sweep, figure)[:MAPS_MAX]
    values = [value for one in every for value, _ in one.cells.values() if math.isfinite(value)]
    low, high = min(values, default=0.0), max(values, default=1.0)
    per_row = _per_row(every)
    width = WIDTH / per_row
    parts, y = [_scale(named(figure, sweep), low, high)], SCALE
    for first in range(0, len(every), per_row):
        heights = []
        for i, one in enumerate(every[first:first + per_row]):
            body, height = _map(one, width - (GAP if per_row > 1 else 0.0), low, high)
            parts.append(f'<g transform="translate({i * width:.1f} {y:.1f})">{body}</g>')
            heights.append(height)
        y += max(heights)
    label = escape(description(sweep, figure), quote=True)
    return (f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} {y:.0f}">'
            f"<title>{label}</title>{''.join(parts)}</svg>")


def description(sweep: Sweep, figure: str) -> str:
    """What a drawing of a figure shows, in one sentence."""
    return f"{figure} over {' and '.join(sweep.over)}; the numbers are in the table."


def axis(key: str) -> str:
    """A key with its unit in words: `threats.burn_s (seconds)`."""
    unit = unit_of(key.rsplit(".", 1)[-1])
    return f"{key} ({unit})" if unit else key


def color(share: float) -> str:
    """Colour at a share (0 to 1) of the scale."""
    place = min(max(share, 0.0), 1.0) * (len(RAMP) - 1)
    i = min(int(place), len(RAMP) - 2)
    ends = ([int(text[k:k + 2], 16) for k in (1, 3, 5)] for text in RAMP[i:i + 2])
    return "#" + "".join(f"{round(a + (b - a) * (place - i)):02x}" for a, b in zip(*ends))


def _share(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0.5


def _per_row(every: Sequence[Map]) -> int:
    """Maps side by side: as many as leave room for a number in every cell, at most three."""
    for n in (3, 2):
        room = WIDTH / n - GAP
        if len(every) >= n and all(
                (room - _left(one) - RIGHT) / len(one.columns[1]) >= 7.5 * CHAR
                and max(len(one.title), len(axis(one.rows[0])) + 2, len(axis(one.columns[0])) + 2) * 7.5 <= room
                for one in every):
            return n
    return 1


def _left(one: Map) -> float:
    """Room for the names of the rows."""
    return max(len(text_of(value)) for value in one.rows[1]) * CHAR + 18.0


def _map(one: Map, width: float, low: float, high: float) -> tuple[str, float]:
    """One map within a width, and the height that it takes."""
    left = _left(one)
    n_columns, n_rows = len(one.columns[1]), len(one.rows[1])
    cell_width = min((width - left - RIGHT) / n_columns, CELL_WIDTH_MAX)
    cell_height = min(max(HEIGHT_MAX / n_rows, ROW_MIN), ROW_MAX)
    is_tall = n_rows > TALL
    bottom = HEAD + (18.0 if is_tall else 0.0) + n_rows * cell_height
    parts = [f'<text x="0" y="14" style="font-weight:600">{escape(one.title)}</text>' if one.title else "",
             f'<text class="axis" x="0" y="34">{escape(axis(one.rows[0]))} ↑</text>']
    for (i, column), (k, row) in itertools.product(enumerate(one.columns[1]), enumerate(one.rows[1])):
        x, y = left + i * cell_width, bottom - (k + 1) * cell_height
        parts += _cell(one, (column, row), (x, y, cell_width, cell_height), low, high)
    parts += _row_names(one.rows[1], left, bottom, cell_height)
    names, slanted = _column_names(one.columns[1], left, bottom, cell_width)
    parts += names
    if is_tall and not slanted:  # the names below are far away
        parts += _column_names(one.columns[1], left, HEAD + 18.0 - 23.0, cell_width)[0]
    y = bottom + (34.0 if not slanted else 20.0 + slanted)
    parts.append(f'<text class="axis" x="{left:.1f}" y="{y:.1f}">{escape(axis(one.columns[0]))} →</text>')
    return "".join(parts), y + FOOT - 34.0


def _cell(one: Map, pair: tuple[Value, Value], box: tuple[float, float, float, float], low: float, high: float
          ) -> Iterator[str]:
    """A cell with as much of its number and error as fits; the whole of it stands in its title."""
    value, error = one.cells[pair]
    x, y, width, height = box
    is_known = math.isfinite(value)
    share = _share(value, low, high) if is_known else 0.0
    paint = f"fill:{color(share)}" if is_known else "fill:none;stroke:currentColor;stroke-opacity:.35"
    title = (f"{one.columns[0]} = {text_of(pair[0])}, {one.rows[0]} = {text_of(pair[1])}: "
             f"{with_error(value, error) if is_known else 'nothing to count'}")
    yield (f'<rect x="{x + 0.5:.1f}" y="{y + 0.5:.1f}" width="{max(width - 1, 0.5):.1f}" '
           f'height="{max(height - 1, 0.5):.1f}" style="{paint}"><title>{escape(title)}</title></rect>')
    lines = _lines(value, error, width, height)
    ink = "currentColor" if not is_known else PALE if share > PALE_FROM else DARK
    for i, line in enumerate(lines):
        baseline = y + height / 2 + 4.5 + (i - (len(lines) - 1) / 2) * 16.0
        yield (f'<text x="{x + width / 2:.1f}" y="{baseline:.1f}" text-anchor="middle" '
               f'style="fill:{ink};pointer-events:none">{line}</text>')


def _lines(value: float, error: float, width: float, height: float) -> list[str]:
    """What is written in a cell: value and error, the value alone, or nothing."""
    if height < 14.0:
        return []
    if not math.isfinite(value):
        return ["–"] if width > 2 * CHAR else []
    whole = with_error(value, error)
    number, _, spread = whole.partition(" ± ")
    room = width - 4.0
    if len(whole) * CHAR <= room:
        return [whole]
    if height >= 34.0 and max(len(number), len(spread) + 2) * CHAR <= room:
        return [number, f"± {spread}"]
    return [number] if len(number) * CHAR <= room else []


def _row_names(values: Sequence[Value], left: float, bottom: float, height: float) -> Iterator[str]:
    every = max(1, math.ceil(14.0 / height))
    for k in range(0, len(values), every):
        yield (f'<text x="{left - 8:.1f}" y="{bottom - (k + 0.5) * height + 4.5:.1f}" text-anchor="end">'
               f"{escape(text_of(values[k]))}</text>")


def _column_names(values: Sequence[Value], left: float, bottom: float, width: float) -> tuple[list[str], float]:
    """Names below the columns, slanted and some left out where they are close; the height that slanted ones take."""
    texts = [text_of(value) for value in values]
    longest = max(map(len, texts)) * CHAR
    if longest <= width - 4.0:
        return [f'<text x="{left + (i + 0.5) * width:.1f}" y="{bottom + 17:.1f}" text-anchor="middle">{escape(text)}'
                "</text>" for i, text in enumerate(texts)], 0.0
    every = max(1, math.ceil(17.0 / width))
    return [f'<text transform="translate({left + (i + 0.5) * width + 4:.1f} {bottom + 12:.1f}) rotate(-50)" '
            f'text-anchor="end">{escape(texts[i])}</text>' for i in range(0, len(texts), every)], 8.0 + 0.77 * longest


def _scale(name: str, low: float, high: float) -> str:
    """What the colours mean: a bar from low to high with its numbers and the figure's name and unit."""
    left, width, steps = 6.0, 320.0, 64
    bars = "".join(f'<rect x="{left + i * width / steps:.2f}" y="20" width="{width / steps + 0.3:.2f}" height="12" '
                   f'style="fill:{color((i + 0.5) / steps)}"/>' for i in range(steps))
    marks = [mark for mark in ticks(low, high) if low <= mark <= high] if high > low else [low]
    texts = "".join(f'<path d="M{left + _share(mark, low, high) * width:.1f} 32v4" style="stroke:currentColor"/>'
                    f'<text class="small" x="{left + _share(mark, low, high) * width:.1f}" y="48" '
                    f'text-anchor="middle">{short(round(mark, 12))}</text>' for mark in marks)
    return f'<text x="{left:.1f}" y="13">{escape(name)}</text>{bars}{texts}'


def named(figure: str, sweep: Sweep | None = None) -> str:
    """A figure's name with its unit: `leak_through (share)`; in a sweep `return_after (months after 2026-02)`."""
    unit = FIGURES[figure].unit
    if sweep is None:
        return f"{figure} ({unit})"
    start = str((sweep.data.get("stockpile") or {}).get("start", ""))
    has_start = unit == "months" and figure.endswith("_after") and start and "stockpile.start" not in sweep.over
    return f"{figure} ({unit} after {start})" if has_start else f"{figure} ({unit})"


def largest_error(sweep: Sweep, figure: str) -> float:
    """The largest standard error of a figure's estimates, NaN where none is known (one run)."""
    errors: list[Any] = [e for e in sweep.table.loc[sweep.table["figure"] == figure, "error"] if math.isfinite(e)]
    return float(max(errors, default=math.nan))
