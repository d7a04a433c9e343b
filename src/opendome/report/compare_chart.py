"""The drawing of a comparison: a dot with whiskers for each difference, figure by figure, as one SVG element.

Each figure has an axis of its own, since units differ, with a line at zero. Whiskers are as long as the mark for a
difference asks, two paired errors each way: a mark is full where they do not reach zero, and hollow where they do.
Reads the rows of a comparison; computes no figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from opendome.report.charts import LAYERS
from opendome.report.compare_words import difference, label, named
from opendome.report.svg import CHAR, WIDTH, symbol, ticks
from opendome.results.figures import FIGURES
from opendome.results.text import short
from opendome.study.compare import ALL, CLEAR, Comparison, is_clear

ROW = 21.0
HEAD, FOOT = 30.0, 30.0
"""Height above and below the rows of a figure."""

LABEL_MAX = 40
RIGHT = 150.0
"""Room for the numbers at the right."""

Row = Mapping[Any, Any]


def draw(found: Comparison) -> str:
    """All differences of a comparison."""
    rows = found.table.to_dict(orient="records")
    left = 16.0 + CHAR * max(len(_clip(_group(row))) for row in rows)
    parts, y = _legend(found)
    for figure in dict.fromkeys(row["figure"] for row in rows):
        inside = [row for row in rows if row["figure"] == figure]
        parts += _panel(figure, inside, found, left, y)
        y += HEAD + FOOT + ROW * len(inside)
    words = escape(f"Differences from {found.names[0]}, with whiskers of two paired errors; the numbers are in the "
                   "table.", quote=True)
    return (f'<svg class="chart" role="img" aria-label="{words}" viewBox="0 0 {WIDTH:.0f} {y:.0f}">'
            f"<title>{words}</title>{''.join(parts)}</svg>")


def _legend(found: Comparison) -> tuple[list[str], float]:
    """Mark and name of each other scenario, and the height they take."""
    parts = []
    for i, name in enumerate(found.names[1:]):
        color, _, kind = LAYERS[i % len(LAYERS)]
        y = 12.0 + 20.0 * i
        words = f"{found.table['b'].unique()[i]} - A: {name} less {found.names[0]}"
        parts.append(f'{symbol(kind, 8.0, y - 4.0, color)}<text x="22" y="{y:.1f}">{escape(words)}</text>')
    return parts, 20.0 * (len(found.names) - 1) + 4.0


def _group(row: Row) -> str:
    group = str(row["group"])
    return str(row["figure"]) if group == ALL else group


def _clip(words: str) -> str:
    return words if len(words) <= LABEL_MAX else words[:LABEL_MAX - 1] + "…"


def _panel(figure: str, rows: Sequence[Row], found: Comparison, left: float, top: float) -> Iterator[str]:
    """One figure: its name, an axis, and its rows, those of one group below each other."""
    ends = [row["difference"] + way * _whisker(row) for row in rows if row["runs"] for way in (-1.0, 1.0)]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    pad = 0.06 * (high - low) or 1.0
    low, high = low - pad, high + pad
    bottom = top + HEAD + ROW * len(rows)

    def at(value: float) -> float:
        return float(left + (value - low) / (high - low) * (WIDTH - RIGHT - left))

    better = {"less": "; less is better", "more": "; more is better", "": ""}[FIGURES[figure].better]
    yield f'<text class="axis" x="0" y="{top + 17:.1f}">{escape(named(figure) + better)}</text>'
    for mark in ticks(low, high) if any(ends) else [0.0]:
        words = f"{'+' if mark > 0 else ''}{short(round(mark, 12))}"
        yield f'<path class="grid" d="M{at(mark):.1f} {top + HEAD - 4:.1f}V{bottom:.1f}"/>'
        yield f'<text x="{at(mark):.1f}" y="{bottom + 15:.1f}" text-anchor="middle">{words}</text>'
    yield f'<path class="scale" d="M{at(0.0):.1f} {top + HEAD - 4:.1f}V{bottom:.1f}"/>'
    groups = list(dict.fromkeys(row["group"] for row in rows))
    letters = list(dict.fromkeys(found.table["b"]))
    y = top + HEAD + 0.5 * ROW
    for group in groups:
        for i, row in enumerate(r for r in rows if r["group"] == group):
            if i == 0:
                words = f"<title>{escape(label(row))}</title>{escape(_clip(_group(row)))}"
                yield f'<text x="{left - 10:.1f}" y="{y + 4:.1f}" text-anchor="end">{words}</text>'
            middle, reach = row["difference"], _whisker(row)
            places = (at(middle), at(middle - reach), at(middle + reach)) if row["runs"] else None
            yield from _dot(row, places, y, letters.index(row["b"]))
            y += ROW


def _whisker(row: Row) -> float:
    return CLEAR * row["error"] if math.isfinite(row["error"]) else 0.0


def _dot(row: Row, x: tuple[float, float, float] | None, y: float, i: int) -> Iterator[str]:
    """Mark, whiskers and number of one row; a dash where one of the two has nothing to count."""
    color, _, kind = LAYERS[i % len(LAYERS)]
    told = escape(difference(row))
    yield f'<text x="{WIDTH - RIGHT + 12:.1f}" y="{y + 4:.1f}">{told}</text>'
    if x is None:
        return
    middle, low, high = x
    yield (f'<path d="M{low:.1f} {y - 4:.1f}v8m0 -4H{high:.1f}m0 -4v8" '
           f'style="fill:none;stroke:{color};stroke-width:1.6"/>')
    shown = kind if is_clear(row) else f"empty{kind}"
    yield (f"<g><title>{escape(label(row))}, {row['b']} - A: {told}</title>"
           f"{symbol(shown, middle, y, color, 4.2)}</g>")
