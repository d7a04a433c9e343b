"""The drawing of a swap: from one number to the other, a bar for each assumption between them, as one SVG element.

Bars hang on each other from the first pack's number down to the second's: those to the right add, those to the left
take away, in the order of their shares. What our models leave is grey with a dashed edge. The thin line below a bar is
the range of its share.
Reads the rows of a swap; computes no figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape
from textwrap import wrap
from typing import Any, NamedTuple

from opendome.report import swap_words as words
from opendome.report.charts import OUTSIDE
from opendome.report.svg import WIDTH, ticks
from opendome.reproduce.swap import PRICE_YEAR, SHORT_A, SHORT_B, Swap

UP, DOWN = "#D55E00", "#0072B2"
LEFT, RIGHT = 350.0, 104.0
"""Room for the labels and for the numbers beside the bars."""

TOP, FOOT = 34.0, 42.0
LINE, PAD, BAR = 16.0, 13.0, 20.0
"""Height of a line of a label, space between rows, and thickness of a bar."""

CHARS, LINES_MAX = 54, 3
"""Characters and lines of what stands under a name."""

KEY = "thin line: range of a share; dashed: what our models leave"

SMALL = 0.0005
"""Parts of what is left over that are smaller than this share of the axis are not drawn."""


class _Bar(NamedTuple):
    name: str
    under: str
    start: float
    end: float
    color: str
    low: float = math.nan
    high: float = math.nan
    is_total: bool = False
    is_rest: bool = False


def draw(found: Swap) -> str:
    """The way from the first pack's number to the second's."""
    bars = _bars(found)
    seen = [0.0, *(end for bar in bars for end in (bar.start, bar.end, bar.start + bar.low, bar.start + bar.high)
                   if math.isfinite(end))]
    low, high = min(seen), max(seen)
    high += 0.02 * (high - low)
    unit = found.manifest["unit"]

    def at(value: float) -> float:
        return LEFT + (value - low) / ((high - low) or 1.0) * (WIDTH - LEFT - RIGHT)

    parts: list[str] = []
    y, before = TOP, math.nan
    for bar in bars:
        under = _under(bar)
        height = LINE * (1 + len(under))
        parts += _row(bar, under, y, height, at, unit)
        if math.isfinite(before):
            parts.append(f'<path class="grid" d="M{at(bar.start if not bar.is_total else bar.end):.1f} '
                         f'{before:.1f}V{y + 0.5 * height - 0.5 * BAR:.1f}" style="stroke-opacity:.6"/>')
        before = y + 0.5 * height + 0.5 * BAR
        y += height + PAD
    grid = _grid(low, high, at, y, unit)
    told = escape(f"{words.title(found)}: {words.answer(found)}", quote=True)
    head = escape(f"{words.title(found)}: {found.manifest['says']}")
    return (f'<svg class="chart" role="img" aria-label="{told}" viewBox="0 0 {WIDTH:.0f} {y + FOOT:.0f}">'
            f'<title>{told}</title><text x="0" y="16" style="font-size:15px;font-weight:600">{head}</text>'
            f"{''.join(grid)}{''.join(parts)}</svg>")


def _bars(found: Swap) -> list[_Bar]:
    """Every bar in its order, hanging on the one before."""
    manifest = found.manifest
    start, end = words.ends(found)
    how = "published" if manifest["gap"]["published"] is not None else "our model"
    by_kind = {row["kind"]: row for row in words.rows(found)}
    least = SMALL * max(abs(start), abs(end))
    chain = [by_kind.get(SHORT_A), *words.moving(found), by_kind.get(PRICE_YEAR), by_kind.get(SHORT_B)]
    first, last = (_Bar(manifest[side]["name"], f"{how}: {manifest[side]['title']}", 0.0, value, "currentColor",
                        is_total=True) for side, value in (("a", start), ("b", end)))
    bars, now = [first], start
    for row in chain:
        if row is None:
            continue
        is_rest = row["kind"] in (SHORT_A, SHORT_B)
        if is_rest and abs(row["share"]) < least:
            now += row["share"]
            continue
        color = OUTSIDE if is_rest else UP if row["share"] > 0 else DOWN
        under = "" if row["group"] == "" else words.both(found, row)
        bars.append(_Bar(row["says"], under, now, now + row["share"], color, row["low"], row["high"],
                         is_rest=is_rest))
        now += row["share"]
    return [*bars, last]


def _under(bar: _Bar) -> list[str]:
    """What stands under the name, in lines."""
    lines = wrap(bar.under, CHARS)
    if len(lines) > LINES_MAX:
        lines = [*lines[:LINES_MAX - 1], lines[LINES_MAX - 1][:CHARS - 1] + "…"]
    return lines


def _row(bar: _Bar, under: list[str], y: float, height: float, at: Any, unit: str) -> Iterator[str]:
    middle = y + 0.5 * height
    weight = ' style="font-weight:600"' if bar.is_total else ""
    yield f'<text x="0" y="{y + 12:.1f}"{weight}>{escape(bar.name)}</text>'
    told = f"<title>{escape(bar.under)}</title>"
    for i, line in enumerate(under, 1):
        yield f'<text class="small" x="0" y="{y + 12 + LINE * i:.1f}">{told}{escape(line)}</text>'
    left, right = sorted((at(bar.start), at(bar.end)))
    number = words.amount(bar.end, unit) if bar.is_total else words.change(bar.end - bar.start, unit)
    shape = f'x="{left:.1f}" y="{middle - 0.5 * BAR:.1f}" width="{max(right - left, 1.0):.1f}" height="{BAR:.0f}"'
    opacity = ' fill-opacity=".72"' if bar.is_total else ""
    dashes = ' stroke-dasharray="3 2"' if bar.is_rest else ""
    stroke = f' stroke="{bar.color}" style="fill-opacity:.45;stroke:{bar.color}"' if bar.is_rest else ""
    yield (f'<rect class="bar" {shape} fill="{bar.color}"{opacity}{stroke}{dashes}>'
           f"<title>{escape(bar.name)}: {escape(number)}</title></rect>")
    if math.isfinite(bar.low) and bar.high > bar.low:
        ends = at(bar.start + bar.low), at(bar.start + bar.high)
        yield (f'<path d="M{ends[0]:.1f} {middle + 0.5 * BAR + 2:.1f}v6m0 -3H{ends[1]:.1f}m0 -3v6" '
               'style="fill:none;stroke:currentColor;stroke-opacity:.75"/>')
    yield f'<text class="halo" x="{right + 8:.1f}" y="{middle + 4:.1f}"{weight}>{escape(number)}</text>'


def _grid(low: float, high: float, at: Any, bottom: float, unit: str) -> Iterator[str]:
    for mark in ticks(low, high):
        yield f'<path class="grid" d="M{at(mark):.1f} {TOP - 8:.1f}V{bottom:.1f}"/>'
        yield (f'<text class="small" x="{at(mark):.1f}" y="{bottom + 16:.1f}" text-anchor="middle">'
               f"{escape(words.amount(mark, unit) if mark else '0')}</text>")
    yield f'<path class="scale" d="M{at(0.0):.1f} {TOP - 8:.1f}V{bottom:.1f}"/>'
    yield f'<text class="small" x="0" y="{bottom + 34:.1f}">{KEY}</text>'
