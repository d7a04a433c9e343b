"""Response surfaces against simulated raids: a small square for each quantity, with the line where both are equal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from opendome.report.attack_data import Fit
from opendome.report.svg import CHAR, WIDTH, symbol, ticks
from opendome.results.text import short

PER_ROW = 3
LEFT, HEAD, FOOT, GAP = 52.0, 40.0, 42.0, 22.0
FITTED, CHECK = "#8A8F98", "#D55E00"
LEGEND = 30.0


def draw(fits: Sequence[Fit]) -> str:
    """One panel for each quantity."""
    width = WIDTH / PER_ROW
    side = width - LEFT - GAP
    tall = HEAD + side + FOOT
    parts = [f'<g transform="translate({i % PER_ROW * width:.1f} {i // PER_ROW * tall:.1f})">'
             f"{''.join(_panel(one, side))}</g>" for i, one in enumerate(fits)]
    bottom = math.ceil(len(fits) / PER_ROW) * tall
    label = escape("Response surface against simulated raids, for " + ", ".join(one.name for one in fits)
                   + ". The table has the errors.", quote=True)
    return (f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} {bottom + LEGEND:.0f}">'
            f"<title>{label}</title>{''.join(parts)}{_legend(bottom + 8.0)}</svg>")


def _panel(fit: Fit, side: float) -> Iterator[str]:
    high = 1.06 * max(*fit.simulated, *fit.surface, 1e-9)

    def at(x: float, y: float) -> tuple[float, float]:
        return (LEFT + min(max(x / high, 0.0), 1.0) * side, HEAD + (1.0 - min(max(y / high, 0.0), 1.0)) * side)

    most = int((side + LEFT) / (CHAR + 0.7))
    heads = ((14.0, ' style="font-weight:600"', fit.what), (31.0, ' class="small"', f"{fit.where}, surface ↑"))
    for y, style, words in heads:
        shown = words if len(words) <= most else words[: most - 1] + "…"
        yield f'<text{style} x="2" y="{y:.0f}"><title>{escape(fit.name)}</title>{escape(shown)}</text>'
    for mark in ticks(0.0, high, 4):
        (x, base), (left, y) = at(mark, 0.0), at(0.0, mark)
        yield f'<path class="grid" d="M{x:.1f} {HEAD:.1f}V{base:.1f}M{left:.1f} {y:.1f}h{side:.1f}"/>'
        yield f'<text class="small" x="{x:.1f}" y="{base + 16:.1f}" text-anchor="middle">{short(round(mark, 9))}</text>'
        yield f'<text class="small" x="{left - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{short(round(mark, 9))}</text>'
    (x0, y0), (x1, y1) = at(0.0, 0.0), at(high, high)
    yield f'<text class="small" x="{x1:.1f}" y="{y0 + 33:.1f}" text-anchor="end">simulated →</text>'
    yield f'<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" style="stroke:currentColor;stroke-opacity:.6"/>'
    order = sorted(range(len(fit.simulated)), key=lambda i: fit.is_check[i])
    for i in order:
        yield from _point(fit, i, at(fit.simulated[i], fit.surface[i]), side / high)


def _point(fit: Fit, i: int, place: tuple[float, float], scale: float) -> Iterator[str]:
    """A raid, with one standard error of its simulated mean each way."""
    x, y = place
    color, kind = (CHECK, "diamond") if fit.is_check[i] else (FITTED, "emptyCircle")
    half = fit.error[i] * scale
    if half > 1.0:
        low, high = max(x - half, LEFT), x + half
        yield f'<path d="M{low:.1f} {y:.1f}H{high:.1f}" style="stroke:{color};stroke-width:1.2;opacity:.7"/>'
    words = f"simulated {short(round(fit.simulated[i], 3))}, surface {short(round(fit.surface[i], 3))}"
    yield f"<g><title>{words}</title>{symbol(kind, x, y, color, 3.2)}</g>"


def _legend(top: float) -> str:
    entries = ((symbol("emptyCircle", 10, 0, FITTED, 3.4), "raids that it was fitted to"),
               (symbol("diamond", 10, 0, CHECK, 3.4), "raids that it is checked on, not fitted to"),
               ('<path d="M0 0h20" style="stroke:currentColor;stroke-opacity:.6"/>', "equal"))
    x, parts = LEFT, []
    for piece, words in entries:
        parts.append(f'<g transform="translate({x:.1f} {top + 6:.1f})">{piece}<text x="28" y="4">{words}</text></g>')
        x += 28.0 + CHAR * len(words) + 26.0
    return "".join(parts)
