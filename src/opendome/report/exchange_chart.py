"""The chart of an exchange as one SVG element: a mark for each element on an axis of powers of ten, with whiskers, and
the missile's price as a line. Computes no figure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from opendome.report.charts import THREAT
from opendome.report.svg import CHAR, WIDTH, symbol
from opendome.results import with_error
from opendome.results.text import short
from opendome.study.exchange import BAND, Exchange

TOP, ROW, FOOT = 30.0, 34.0, 46.0
RIGHT = 140.0
"""Room for the numbers behind the bars."""

COLOR, FORM = "#0072B2", "#009E73"

Row = Mapping[Any, Any]


def draw(found: Exchange) -> str:
    """The chart of an exchange."""
    rows = found.table.to_dict(orient="records")
    price = found.manifest["missile"]["price_musd"]
    left = min(max(len(str(row["element"])) for row in rows) * CHAR + 18.0, 0.4 * WIDTH)
    ends = [value for row in rows for value in (*_band(row), row["per_missile_musd"], row["closed_form_musd"])
            if value > 0.0]
    low = 10.0 ** math.floor(math.log10(min([price["low"], *ends])))
    high = 10.0 ** math.ceil(math.log10(max([price["high"], *ends]) * 1.01))
    bottom = TOP + ROW * len(rows)

    def x_of(value: float) -> float:
        share = math.log(max(value, low) / low) / math.log(high / low)
        return float(left + share * (WIDTH - left - RIGHT))

    parts = [*_grid(x_of, low, high, bottom), *_price(x_of, price, bottom)]
    for i, row in enumerate(rows):
        y = TOP + (i + 0.5) * ROW
        parts.append(f'<text x="{left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{escape(str(row["element"]))}</text>')
        parts += _bar(x_of, row, y)
    unit = f"M$ of {found.manifest['price_year']} for one more missile; whiskers: 90 %; diamonds: closed form"
    parts.append(f'<text class="axis" x="0" y="13">{escape(unit)}</text>')
    label = escape("What one more missile costs the defence, by element, beside its price to the attacker.", quote=True)
    return (f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} {bottom + FOOT:.0f}">'
            f"<title>{label}</title>{''.join(parts)}</svg>")


def _band(row: Row) -> tuple[float, float]:
    """Ends that hold nine of ten."""
    value, reach = row["per_missile_musd"], BAND * row["per_missile_error"]
    return value - reach, value + reach


def _grid(x_of: Callable[[float], float], low: float, high: float, bottom: float) -> Iterator[str]:
    for power in range(round(math.log10(low)), round(math.log10(high)) + 1):
        x = x_of(10.0**power)
        yield f'<path class="grid" d="M{x:.1f} {TOP:.1f}V{bottom:.1f}"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 18:.1f}" text-anchor="middle">{short(10.0**power)}</text>'


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
    """The mark of an element; a whisker that reaches zero runs to the edge."""
    value, form = row["per_missile_musd"], row["closed_form_musd"]
    if math.isfinite(form):
        x, words = x_of(form), short(float(f"{form:.3g}"))
        yield f"<g><title>closed form: {words} M$</title>{symbol('emptyDiamond', x, y, FORM, 5.0)}</g>"
    if math.isfinite(value):
        low, high = (x_of(end) for end in _band(row))
        yield (f'<path d="M{low:.1f} {y:.1f}H{high:.1f}M{low:.1f} {y - 5:.1f}v10M{high:.1f} {y - 5:.1f}v10" '
               f'style="fill:none;stroke:{COLOR};stroke-width:2"/>')
        yield symbol("circle", x_of(value), y, COLOR, 6.0)
        words = with_error(value, row["per_missile_error"])
        yield f'<text x="{WIDTH:.0f}" y="{y + 4:.1f}" text-anchor="end">{words}</text>'
    else:
        yield f'<text class="soft" x="{WIDTH:.0f}" y="{y + 4:.1f}" text-anchor="end">no effect seen</text>'
