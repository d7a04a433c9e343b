"""The chart of an exchange as one SVG element: a bar for each element, with whiskers, and the missile's price as a
line. Computes no figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from opendome.report.charts import THREAT
from opendome.report.svg import CHAR, WIDTH, ticks
from opendome.results import with_error
from opendome.results.text import short
from opendome.study.exchange import BAND, Exchange

TOP, ROW, BAR, FOOT = 30.0, 34.0, 16.0, 46.0
RIGHT = 140.0
"""Room for the numbers behind the bars."""

COLOR, FORM = "#0072B2", "#009E73"

Row = Mapping[Any, Any]


def draw(found: Exchange) -> str:
    """The chart of an exchange."""
    rows = found.table.to_dict(orient="records")
    price = found.manifest["missile"]["price_musd"]
    left = min(max(len(str(row["element"])) for row in rows) * CHAR + 18.0, 0.4 * WIDTH)
    ends = [row[key] + (BAND * row["per_missile_error"] if key == "per_missile_musd" else 0.0) for row in rows
            for key in ("per_missile_musd", "closed_form_musd") if math.isfinite(row[key])]
    high = 1.05 * max([price["high"], *ends])
    bottom = TOP + ROW * len(rows)

    def x_of(value: float) -> float:
        return float(left + max(value, 0.0) / high * (WIDTH - left - RIGHT))

    parts = [*_grid(x_of, high, bottom), *_price(x_of, price, bottom)]
    for i, row in enumerate(rows):
        y = TOP + (i + 0.5) * ROW
        parts.append(f'<text x="{left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{escape(str(row["element"]))}</text>')
        parts += _bar(x_of, row, y)
    unit = f"M$ of {found.manifest['price_year']} for one more missile; whiskers: 90 %; diamonds: closed form"
    parts.append(f'<text class="axis" x="0" y="13">{escape(unit)}</text>')
    label = escape("What one more missile costs the defence, by element, beside its price to the attacker.", quote=True)
    return (f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} {bottom + FOOT:.0f}">'
            f"<title>{label}</title>{''.join(parts)}</svg>")


def _grid(x_of: Callable[[float], float], high: float, bottom: float) -> Iterator[str]:
    for mark in ticks(0.0, high, 6):
        yield f'<path class="grid" d="M{x_of(mark):.1f} {TOP:.1f}V{bottom:.1f}"/>'
        yield f'<text x="{x_of(mark):.1f}" y="{bottom + 18:.1f}" text-anchor="middle">{short(round(mark, 9))}</text>'


def _price(x_of: Callable[[float], float], price: Mapping[str, float], bottom: float) -> Iterator[str]:
    """The price of a missile as a line, its range as a band."""
    low, value, high = (x_of(price[end]) for end in ("low", "value", "high"))
    yield (f'<rect x="{low:.1f}" y="{TOP:.1f}" width="{max(high - low, 0.5):.1f}" height="{bottom - TOP:.1f}" '
           f'fill="{THREAT}" opacity="0.15"/>')
    yield (f'<path d="M{value:.1f} {TOP:.1f}V{bottom:.1f}" '
           f'style="fill:none;stroke:{THREAT};stroke-width:2;stroke-dasharray:9 5"/>')
    yield (f'<text x="{value:.1f}" y="{bottom + 36:.1f}" text-anchor="middle">a missile: {short(price["value"])} '
           f'({short(price["low"])} to {short(price["high"])})</text>')


def _bar(x_of: Callable[[float], float], row: Row, y: float) -> Iterator[str]:
    value, error = row["per_missile_musd"], row["per_missile_error"]
    if math.isfinite(value):
        yield (f'<rect x="{x_of(0.0):.1f}" y="{y - BAR / 2:.1f}" width="{max(x_of(value) - x_of(0.0), 0.8):.1f}" '
               f'height="{BAR:.1f}" fill="{COLOR}"/>')
        low, high = x_of(value - BAND * error), x_of(value + BAND * error)
        yield (f'<path d="M{low:.1f} {y:.1f}H{high:.1f}M{low:.1f} {y - 4:.1f}v8M{high:.1f} {y - 4:.1f}v8" '
               'style="fill:none;stroke:currentColor;stroke-width:1.5"/>')
        yield f'<text x="{high + 8:.1f}" y="{y + 4:.1f}">{with_error(value, error)}</text>'
    else:
        yield f'<text class="soft" x="{x_of(0.0) + 6:.1f}" y="{y + 4:.1f}">no effect seen</text>'
    if math.isfinite(row["closed_form_musd"]):
        x, words = x_of(row["closed_form_musd"]), short(float(f"{row['closed_form_musd']:.3g}"))
        yield (f'<g><title>closed form: {words} M$</title>'
               f'<path d="M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z" fill="var(--page)" stroke="{FORM}" '
               'stroke-width="2"/></g>')
