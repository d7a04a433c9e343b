"""Flows as a Sankey diagram: sources on the left, owners in the middle, what became of the rounds on the right.

Bands are as wide as their numbers, so that what enters a bar and what leaves it can be seen to be the same. Every bar
has room for its own label: small ones stand further apart than they need. Draws `flows.Flows`; computes no figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from opendome.report.flows import END, EXPIRED, FIRED, GIVEN, ON_WAY, OTHERS, START, Flows
from opendome.report.svg import CHAR, WIDTH
from opendome.results.text import short

HEIGHT = 360.0
"""Height of all rounds together, without the spaces between bars."""
SLOT, GAP, BAR, TOP = 17.0, 7.0, 13.0, 30.0
"""Least height of a bar with its label, space between two, width of a bar, room for the heads."""
LABEL_MAX = 34

COLORS = {START: "#8A8F98", OTHERS: "#CC79A7", FIRED: "#D55E00", EXPIRED: "#E69F00", GIVEN: "#CC79A7",
          ON_WAY: "#56B4E9", END: "#009E73"}
LINE, OWNER = "#0072B2", "currentColor"


@dataclass
class _Bar:
    """One bar: where it stands, and how far its bands have filled it on either side."""

    name: str
    value: float
    x: float
    top: float
    slot: float
    height: float
    color: str
    filled_left: float = 0.0
    filled_right: float = 0.0

    @property
    def first(self) -> float:
        """Upper end of the bar, in the middle of its slot."""
        return self.top + 0.5 * (self.slot - self.height)


def draw(found: Flows) -> str:
    """The diagram of one interceptor."""
    owners = [owner for owner, inside in found.into.items() if sum(inside.values()) > 0]
    sources = {name: sum(inside.get(name, 0.0) for inside in found.into.values()) for name in found.sources}
    ends = {name: sum(inside[name] for inside in found.out.values()) for name in found.ends}
    totals = {owner: sum(found.into[owner].values()) for owner in owners}
    left, right = _room(sources), _room(ends)
    scale = HEIGHT / max(sum(totals.values()), 1e-9)
    tall = max(_height(column, scale) for column in (sources, totals, ends))
    bars = [_column(sources, left, scale, tall, {name: COLORS.get(name, LINE) for name in sources}),
            _column(totals, 0.5 * (left + WIDTH - right - BAR), scale, tall, dict.fromkeys(totals, OWNER)),
            _column(ends, WIDTH - right - BAR, scale, tall, COLORS)]
    parts = [*_bands(found, bars, scale), *_bars(bars[0], "end"), *_bars(bars[1], "over"), *_bars(bars[2], "start"),
             *_heads(bars)]
    told = (f"{found.interceptor}, rounds, means over runs. From: {_sum(sources)}. To: {_sum(ends)}. "
            "The table has the numbers by owner.")
    label = escape(told, quote=True)
    return (f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} {tall + TOP + 8:.0f}">'
            f"<title>{label}</title>{''.join(parts)}</svg>")


def rounds(value: float) -> str:
    """A mean number of rounds."""
    return short(round(value)) if value >= 10 or value == 0 else short(round(value, 1))


def _sum(column: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {rounds(value)}" for name, value in column.items())


def _clip(name: str) -> str:
    return name if len(name) <= LABEL_MAX else name[: LABEL_MAX - 1] + "…"


def _room(column: Mapping[str, float]) -> float:
    """Room for the labels beside a column."""
    return 14.0 + CHAR * max((len(_clip(name)) + 2 + len(rounds(value)) for name, value in column.items()), default=0)


def _height(column: Mapping[str, float], scale: float) -> float:
    return sum(max(value * scale, SLOT) + GAP for value in column.values()) - GAP


def _column(column: Mapping[str, float], x: float, scale: float, tall: float, colors: Mapping[str, str]) -> list[_Bar]:
    spare = (tall - _height(column, scale)) / max(len(column), 1)
    y, found = TOP + 0.5 * spare, []
    for name, value in column.items():
        slot = max(value * scale, SLOT)
        found.append(_Bar(name, value, x, y, slot, value * scale, colors[name]))
        y += slot + GAP + spare
    return found


def _bands(flows: Flows, bars: Sequence[Sequence[_Bar]], scale: float) -> Iterator[str]:
    sources, owners, ends = bars
    for owner in owners:
        for source in sources:
            yield from _band(source, owner, flows.into[owner.name].get(source.name, 0.0), scale, source.color)
        for end in ends:
            yield from _band(owner, end, flows.out[owner.name].get(end.name, 0.0), scale, end.color)


def _band(a: _Bar, b: _Bar, value: float, scale: float, color: str) -> Iterator[str]:
    """A curved band from the right side of one bar to the left side of another."""
    if value <= 0:
        return
    width = value * scale
    y0, y1 = a.first + a.filled_right, b.first + b.filled_left
    a.filled_right += width
    b.filled_left += width
    x0, x1 = a.x + BAR, b.x
    middle = 0.5 * (x0 + x1)
    path = (f"M{x0:.1f} {y0:.2f}C{middle:.1f} {y0:.2f} {middle:.1f} {y1:.2f} {x1:.1f} {y1:.2f}v{width:.2f}"
            f"C{middle:.1f} {y1 + width:.2f} {middle:.1f} {y0 + width:.2f} {x0:.1f} {y0 + width:.2f}z")
    thin = f";stroke:{color};stroke-width:.6" if width < 1.0 else ""
    yield (f'<path d="{path}" style="fill:{color};opacity:.42{thin}">'
           f"<title>{escape(a.name)} → {escape(b.name)}: {rounds(value)}</title></path>")


def _bars(column: Sequence[_Bar], side: str) -> Iterator[str]:
    for bar in column:
        words = f"{escape(_clip(bar.name))}  {rounds(bar.value)}"
        yield (f'<rect x="{bar.x:.1f}" y="{bar.first:.2f}" width="{BAR:.0f}" height="{max(bar.height, 0.8):.2f}" '
               f'style="fill:{bar.color}"><title>{escape(bar.name)}: {rounds(bar.value)}</title></rect>')
        x, anchor = {"end": (bar.x - 6, "end"), "start": (bar.x + BAR + 6, "start"),
                     "over": (bar.x + BAR + 6, "start")}[side]
        kind = ' class="halo"' if side == "over" else ""
        yield (f'<text{kind} x="{x:.1f}" y="{bar.top + 0.5 * bar.slot + 4.5:.1f}" text-anchor="{anchor}" '
               f'xml:space="preserve">{words}</text>')


def _heads(bars: Sequence[Sequence[_Bar]]) -> Iterator[str]:
    for column, words, anchor, shift in zip(bars, ("from", "rounds of", "what became of them"),
                                            ("end", "middle", "start"), (BAR, 0.5 * BAR, 0.0)):
        if column:
            yield (f'<text class="axis" x="{column[0].x + shift:.1f}" y="14" text-anchor="{anchor}">{words}</text>')
