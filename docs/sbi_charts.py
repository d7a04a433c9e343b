"""A line chart as an SVG file of its own: numbers in, text out. Used by `make_sbi.py`."""

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

import numpy as np

from opendome.kernel import F64Array

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 860, 470, 70, 66, 210, 50
COLORS = ("#1b6ca8", "#c8553d", "#4c956c", "#7b5ea7", "#b8860b", "#444444", "#111111")


class Line(NamedTuple):
    """One line of a chart."""

    name: str
    x: F64Array
    y: F64Array
    error: F64Array | None = None
    dashes: str = ""
    color: int | None = None


def chart(title: str, lines: Sequence[Line], *, x_name: str, y_name: str, x: tuple[float, float],
          y: tuple[float, float], is_log: bool = False, x_step: float, y_step: float = 0.0) -> str:
    """The chart; values outside the frame are left out."""
    def at(value: float, mark: float) -> tuple[float, float]:
        across = LEFT + (value - x[0]) / (x[1] - x[0]) * (WIDTH - LEFT - RIGHT)
        share = (math.log(mark / y[0]) / math.log(y[1] / y[0])) if is_log else (mark - y[0]) / (y[1] - y[0])
        return across, HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

    marks = ([m * 10.0**e for e in range(6) for m in (1, 2, 5) if y[0] <= m * 10.0**e <= y[1]] if is_log
             else list(np.arange(y[0], y[1] + 1e-9, y_step)))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
             f'height="{HEIGHT}" font-family="sans-serif" font-size="13" role="img">',
             f"<title>{escape(title)}</title>", f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
             *(f'<text x="12" y="{20 + 17 * i}" font-size="14" font-weight="bold">{escape(part)}</text>'
               for i, part in enumerate(_wrapped(title)))]
    for mark in marks:
        left, up = at(x[0], mark)
        parts.append(f'<path d="M{left:.1f} {up:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>'
                     f'<text x="{left - 8:.1f}" y="{up + 4:.1f}" text-anchor="end">{mark:,.4g}</text>')
    for mark in np.arange(x[0], x[1] + 1e-9, x_step):
        across, up = at(float(mark), y[0])
        parts.append(f'<path d="M{across:.1f} {up:.1f}v5" stroke="#666666"/>'
                     f'<text x="{across:.1f}" y="{up + 19:.1f}" text-anchor="middle">{mark:g}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">{escape(x_name)}'
                 f'</text><text x="12" y="{TOP - 10}">{escape(y_name)}</text>')
    for i, line in enumerate(lines):
        color = COLORS[i if line.color is None else line.color]
        inside = (line.y >= y[0]) & (line.y <= y[1]) & (line.x >= x[0]) & (line.x <= x[1])
        points = [at(float(a), float(b)) for a, b in zip(line.x[inside], line.y[inside], strict=True)]
        dashes = f' stroke-dasharray="{line.dashes}"' if line.dashes else ""
        path = "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2"{dashes}/>')
        if line.error is not None:
            for a, b, e in zip(line.x[inside], line.y[inside], line.error[inside], strict=True):
                across, low = at(float(a), max(float(b - e), y[0]))
                high = at(float(a), min(float(b + e), y[1]))[1]
                parts.append(f'<path d="M{across:.1f} {low:.1f}V{high:.1f}" stroke="{color}" stroke-width="4" '
                             'stroke-opacity="0.4"/>')
        up = TOP + 20 * i + 8
        parts.append(f'<path d="M{WIDTH - RIGHT + 14} {up}h26" stroke="{color}" stroke-width="2"{dashes}/>'
                     f'<text x="{WIDTH - RIGHT + 46}" y="{up + 4}">{escape(line.name)}</text>')
    return "".join([*parts, "</svg>\n"])


def _wrapped(text: str, width: int = 108) -> list[str]:
    found = [""]
    for word in text.split():
        if len(found[-1]) + len(word) > width:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return found
