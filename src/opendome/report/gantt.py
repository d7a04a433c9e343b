"""Orders and deliveries against time: for each lot its contract, when it was due, and from when to when it came.

Lots of one order share a row: contracts along its top, deliveries in its middle, and below when they were due.
Draws `lots.Lot`; computes no figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from opendome.report.lots import Lot
from opendome.report.stock_data import Months, told
from opendome.report.svg import CHAR, WIDTH
from opendome.results.text import short

ROW, TOP, FOOT = 28.0, 22.0, 8.0
EARLIEST = -36
"""Months before the first that contracts are drawn at most; an arrow stands for earlier ones."""
OWNER_MAX, ORDER_MAX = 18, 28
RIGHT = 104.0
"""Room for the numbers at the right."""
YEAR_ROOM = 38.0

BUILT, LATE = "var(--area)", "#D55E00"
DASH = "stroke-dasharray:4 3"
LEGEND = 30.0


@dataclass(frozen=True)
class _Axis:
    left: float
    width: float
    low: float
    high: float

    def at(self, month: float) -> float:
        share = (month - self.low) / (self.high - self.low)
        return self.left + min(max(share, 0.0), 1.0) * self.width


def draw(lots: Sequence[Lot], months: Months, every: Sequence[Lot] = ()) -> str:
    """The chart of some lots, by owner and order; with `every`, on the axes that hold all of those too."""
    every = every or lots
    owner_room = CHAR * max((len(clip(lot.owner, OWNER_MAX)) for lot in every), default=0) + 10.0
    order_room = CHAR * max((len(clip(lot.order, ORDER_MAX)) for lot in every), default=0) + 16.0
    low = max(min((lot.contract for lot in every), default=0), EARLIEST)
    axis = _Axis(owner_room + order_room, WIDTH - owner_room - order_room - RIGHT, min(low, 0) - 1.0, months.count)
    rows: list[str] = []
    y, owner = TOP, ""
    for name in dict.fromkeys(lot.order for lot in lots):
        inside = [lot for lot in lots if lot.order == name]
        rows += _row(inside, axis, months, y, owner_room, owner)
        owner = inside[0].owner
        y += ROW
    parts = [*_grid(axis, months, y), *rows, _legend(y)]
    n_late = sum(lot.is_late for lot in lots)
    label = escape(f"{len(lots)} lots of orders from contract to last delivery; {n_late} are overdue in the median "
                   "run. The table has the dates.", quote=True)
    return (f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} {y + LEGEND + FOOT:.0f}">'
            f"<title>{label}</title>{''.join(parts)}</svg>")


def clip(name: str, most: int) -> str:
    """A name, cut to so many signs."""
    return name if len(name) <= most else name[: most - 1] + "…"


def grid(places: Iterable[tuple[float, str]], right: float, bottom: float, heading: str) -> Iterator[str]:
    """Lines down from marks of time, at their pixel and with a name where there is room, and the head of the last
    column."""
    end = -math.inf
    for x, name in places:
        yield f'<path class="grid" d="M{x:.1f} {TOP - 4:.1f}V{bottom:.1f}"/>'
        room = YEAR_ROOM / 4 * len(name)
        if x - end >= room and x + 0.5 * room < right:
            end = x
            yield f'<text class="small" x="{x:.1f}" y="{TOP - 9:.1f}" text-anchor="middle">{name}</text>'
    yield f'<text class="small" x="{WIDTH - 2:.1f}" y="{TOP - 9:.1f}" text-anchor="end">{heading}</text>'


def _grid(axis: _Axis, months: Months, bottom: float) -> Iterator[str]:
    places = ((axis.at(month), name) for month, name in months.marks(axis.low, axis.high))
    yield from grid(places, axis.left + axis.width, bottom, "built of ordered")
    if axis.low < 0:
        x = axis.at(0)
        yield (f'<path d="M{x:.1f} {TOP - 4:.1f}V{bottom:.1f}" style="stroke:currentColor;stroke-opacity:.5">'
               f"<title>start of the study, {months.name(0)}</title></path>")


def _row(lots: Sequence[Lot], axis: _Axis, months: Months, top: float, owner_room: float, above: str) -> Iterator[str]:
    one, y = lots[0], top + 0.5 * ROW
    if one.owner != above:
        yield f'<text class="small" x="0" y="{y + 4:.1f}">{escape(clip(one.owner, OWNER_MAX))}</text>'
    yield (f'<text x="{owner_room:.1f}" y="{y + 4:.1f}"><title>{escape(one.order)}</title>'
           f"{escape(clip(one.order, ORDER_MAX))}</text>")
    for lot in lots:
        yield f"<g><title>{escape(_title(lot, months))}</title>{''.join(_lot(lot, axis, y))}</g>"
    built, ordered = sum(lot.built for lot in lots), sum(lot.rounds for lot in lots)
    yield (f'<text class="small" x="{WIDTH - 2:.1f}" y="{y + 4:.1f}" text-anchor="end">'
           f"{short(round(built))} of {short(round(ordered))}</text>")


def _title(lot: Lot, months: Months) -> str:
    late = f", {short(round(lot.overdue, 1))} months overdue" if lot.is_late and math.isfinite(lot.overdue) else ""
    return (f"{lot.order}, lot {lot.number + 1}: {short(round(lot.rounds))} rounds, contract "
            f"{months.name(lot.contract)}, due from {months.name(lot.due)}, first delivery {told(lot.first, months)}"
            f", last {told(lot.last, months)}{late}")


def _lot(lot: Lot, axis: _Axis, y: float) -> Iterator[str]:
    """Contract, the wait until due, when it was due and is overdue, and the deliveries with the spread of the last."""
    upper, lower = y - 8.0, y + 1.5
    x_contract, x_due = axis.at(lot.contract), axis.at(lot.due)
    start, end = axis.at(lot.first.middle), axis.at(lot.last.middle + 1.0)
    yield (f'<path d="M{x_contract:.1f} {upper:.1f}L{x_due:.1f} {lower:.1f}" '
           'style="stroke:currentColor;stroke-opacity:.45;fill:none"/>')
    if lot.contract < axis.low:
        yield f'<path d="M{x_contract + 6:.1f} {upper - 4:.1f}l-6 4l6 4" style="stroke:currentColor;fill:none"/>'
    else:
        yield (f'<circle cx="{x_contract:.1f}" cy="{upper:.1f}" r="3" '
               'style="fill:var(--page);stroke:currentColor;stroke-width:1.4"/>')
    track, x_all = lower + 8.5, axis.at(lot.due_end)
    yield (f'<path d="M{x_due:.1f} {track - 3:.1f}v6m0 -3H{x_all:.1f}m0 -3v6" '
           'style="stroke:currentColor;stroke-width:1.2;fill:none"/>')
    if lot.is_late:
        tip = "m0 -3v6" if math.isfinite(lot.last.middle) else "l-5 -3.5m5 3.5l-5 3.5"
        yield f'<path d="M{x_all:.1f} {track:.1f}H{end:.1f}" style="stroke:{LATE};stroke-width:2;{DASH}"/>'
        yield f'<path d="M{end:.1f} {track:.1f}{tip}" style="stroke:{LATE};stroke-width:1.6;fill:none"/>'
    if math.isfinite(lot.first.middle):
        yield (f'<rect class="bar" x="{start:.1f}" y="{lower - 4:.1f}" width="{max(end - start, 2.0):.1f}" height="8" '
               f'style="fill:{BUILT};fill-opacity:{0.85 if lot.number % 2 == 0 else 0.55}"/>')
        yield from _spread(lot, axis, lower)


def _spread(lot: Lot, axis: _Axis, y: float) -> Iterator[str]:
    """The band of the last delivery, with an arrow where it is after the last month."""
    x0, x1 = axis.at(lot.last.low + 1.0), axis.at(lot.last.high + 1.0)
    cap = "l-5 -4m5 4l-5 4" if lot.last.high >= axis.high else "m0 -3.5v7"
    if x1 > x0 or lot.last.high >= axis.high:
        yield f'<path d="M{x0:.1f} {y:.1f}H{x1:.1f}{cap}" style="stroke:currentColor;stroke-width:1.3;fill:none"/>'


def _legend(top: float) -> str:
    y, x = top + 20.0, 4.0
    pieces = (
        ("contract", '<circle cx="10" cy="0" r="3" style="fill:var(--page);stroke:currentColor;stroke-width:1.4"/>'),
        ("due, first to last", '<path d="M1 -3v6m0 -3h22m0 -3v6" style="stroke:currentColor;stroke-width:1.2"/>'),
        ("deliveries, lots in turn dark and pale",
         f'<rect x="0" y="-4" width="12" height="8" style="fill:{BUILT};fill-opacity:.85"/>'
         f'<rect x="12" y="-4" width="12" height="8" style="fill:{BUILT};fill-opacity:.55"/>'),
        ("last one, 80 %", '<path d="M0 0h22m0 -3.5v7" style="stroke:currentColor;stroke-width:1.3"/>'),
        ("overdue", f'<path d="M0 0h22" style="stroke:{LATE};stroke-width:2;{DASH}"/>'),
        ("after the last month", '<path d="M2 0h20l-5 -4m5 4l-5 4" style="stroke:currentColor;stroke-width:1.3;'
                                 'fill:none"/>'))
    parts = []
    for words, piece in pieces:
        parts.append(f'<g transform="translate({x:.1f} {y:.1f})">{piece}<text class="small" x="30" y="4">'
                     f"{words}</text></g>")
        x += 30.0 + 6.3 * len(words) + 16.0
    return "".join(parts)
