"""A small drawer of the charts in `charts`: a dictionary in, one SVG element out. It computes no figure.

Colours of text and lines follow the page (`currentColor`), so one drawing serves light, dark and print.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Any

WIDTH = 960.0
CHAR = 6.9
"""Mean width of a character at the 13 px that labels are set in."""
LABEL_MAX = 34
ROW = 26.0
"""Height of one category in a chart of horizontal bars."""

WIDE = 5.0
"""Bands of at least this width are bars, narrower ones whiskers with caps."""

MARGIN = 14
"""White space around a drawing of its own, in pixels."""

ALONE = """svg { font: 13px system-ui, "Liberation Sans", Arial, sans-serif; color: #1c2126; }
svg { --page: #fff; --soft: #58616b; }
"""
"""What a drawing outside the page needs of the page's style."""

_DASHES = {"solid": "", "dashed": "9 5", "dotted": "2 4", "dashdot": "10 4 2 4"}


@dataclass(frozen=True)
class _Frame:
    """Where things go: a category axis along one side, a value axis along the other."""

    left: float
    top: float
    width: float
    height: float
    is_upright: bool
    """Categories along the bottom (values upwards); else down the left side (values to the right)."""
    n: int
    low: float
    high: float

    @property
    def slot(self) -> float:
        return (self.width if self.is_upright else self.height) / max(self.n, 1)

    def at(self, position: float, value: float) -> tuple[float, float]:
        """Pixel of a category position (its middle at whole numbers) and a value."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        along = (position + 0.5) * self.slot
        if self.is_upright:
            return self.left + along, self.top + self.height * (1 - share)
        return self.left + self.width * share, self.top + along


def draw(chart: Mapping[str, Any]) -> str:
    """The chart as an SVG element with its description for screen readers."""
    is_upright = chart["xAxis"]["type"] == "category"
    categories, values = (chart["xAxis"], chart["yAxis"]) if is_upright else (chart["yAxis"], chart["xAxis"])
    frame = _frame(chart, [str(name) for name in categories["data"]], values, is_upright)
    legend, legend_height = _legend(chart["series"], frame.top + frame.height + _below(categories["data"], frame))
    height = frame.top + frame.height + _below(categories["data"], frame) + legend_height
    body = "".join([*_grid(frame, values), *_names(frame, [str(name) for name in categories["data"]]),
                    *_series(frame, chart["series"]), legend])
    label = escape(chart["aria"]["description"], quote=True)
    return (f'<svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} {height:.0f}">'
            f"<title>{escape(chart['aria']['description'])}</title>{body}</svg>")


def symbol(kind: str, x: float, y: float, color: str, size: float = 5.0) -> str:
    """A mark of a kind (circle, rect, triangle, diamond, line, ring, cross, ...) centred on a pixel."""
    is_empty = kind.startswith("empty")
    paint = f'fill="{"var(--page)" if is_empty else color}" stroke="{color}" stroke-width="{2 if is_empty else 1}"'
    s = size
    match kind.removeprefix("empty").lower():
        case "rect":
            return f'<rect x="{x - s:.1f}" y="{y - s:.1f}" width="{2 * s:.1f}" height="{2 * s:.1f}" {paint}/>'
        case "triangle":
            return f'<path d="M{x:.1f} {y - 1.2 * s:.1f}l{1.1 * s:.1f} {2 * s:.1f}h{-2.2 * s:.1f}z" {paint}/>'
        case "diamond":
            d = 1.35 * s
            return f'<path d="M{x:.1f} {y - d:.1f}l{d:.1f} {d:.1f}l{-d:.1f} {d:.1f}l{-d:.1f} {-d:.1f}z" {paint}/>'
        case "line":
            return f'<path d="M{x:.1f} {y - 1.6 * s:.1f}v{3.2 * s:.1f}" stroke="{color}" stroke-width="2.5"/>'
        case "cross":
            return (f'<path d="M{x - s:.1f} {y - s:.1f}l{2 * s:.1f} {2 * s:.1f}m0 {-2 * s:.1f}l{-2 * s:.1f} '
                    f'{2 * s:.1f}" stroke="{color}" stroke-width="1.3" fill="none"/>')
        case _:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{s:.1f}" {paint}/>'


def alone(drawing: str) -> str:
    """A drawing as a file of its own: with its name space, its style, and white paper with a margin."""
    css = (files("opendome.report") / "report.css").read_text(encoding="utf-8").splitlines()
    style = ALONE + "\n".join(line for line in css if line.startswith("svg") and "min-width" not in line)
    head, rest = drawing.split(">", 1)
    before, box = head.split('viewBox="0 0 ')
    width, height = (float(part) + 2 * MARGIN for part in box.rstrip('"').split())
    size = f'width="{width:.0f}" height="{height:.0f}"'
    paper = f'<rect x="-{MARGIN}" y="-{MARGIN}" {size} style="fill:#fff"/>'
    return (before.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1) + f'viewBox="-{MARGIN} -{MARGIN} '
            f'{width:.0f} {height:.0f}" {size}><style>{style}</style>{paper}{rest}\n')


def ticks(low: float, high: float, n: int = 5) -> list[float]:
    """Round numbers from `low` to `high`, about `n` of them."""
    span = high - low
    if not span > 0:
        return [low]
    base = 10.0 ** math.floor(math.log10(span / n))
    step = next(base * factor for factor in (1, 2, 5, 10) if span / (base * factor) <= n)
    first = math.ceil(low / step - 1e-9)
    return [i * step for i in range(first, math.floor(high / step + 1e-9) + 1)]


def _frame(chart: Mapping[str, Any], names: list[str], values: Mapping[str, Any], is_upright: bool) -> _Frame:
    low, high = _span(chart["series"], values)
    if is_upright:
        return _Frame(64.0, 26.0, WIDTH - 64.0 - 14.0, 260.0, True, len(names), low, high)
    left = min(max((len(_clip(name)) for name in names), default=0) * CHAR + 16.0, 0.4 * WIDTH)
    return _Frame(left, 8.0, WIDTH - left - 60.0, ROW * max(len(names), 1), False, len(names), low, high)


def _span(series: list[Mapping[str, Any]], values: Mapping[str, Any]) -> tuple[float, float]:
    """Ends of the value axis: what was asked for, else what holds everything."""
    stacked: dict[int, float] = {}
    seen: list[float] = []
    for one in series:
        for i, found in enumerate(one["data"]):
            if one["type"] == "custom":
                seen += found[1:]
            elif one["type"] == "bar":
                stacked[i] = stacked.get(i, 0.0) + _number(found)
            elif found is not None:
                seen.append(_number(found))
    has_bars = bool(stacked)
    seen += stacked.values()
    low = values.get("min", 0.0 if has_bars else min(seen, default=0.0))
    high = values.get("max", max(seen, default=1.0))
    if "min" not in values and not has_bars:
        low -= 0.05 * (high - low)
        low = max(low, 0.0) if values.get("isShare") else low
    if "max" not in values:
        high += 0.04 * (high - low)
    return (low, high) if high > low else (low, low + 1.0)


def _number(found: Any) -> float:
    return float(found["value"] if isinstance(found, Mapping) else found)


def _grid(frame: _Frame, values: Mapping[str, Any]) -> Iterator[str]:
    marks = ticks(frame.low, frame.high)
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    for mark in marks:
        x, y = frame.at(0, mark)
        text = _tick(mark, step, bool(values.get("isShare")))
        if frame.is_upright:
            yield f'<path class="grid" d="M{frame.left:.1f} {y:.1f}h{frame.width:.1f}"/>'
            yield f'<text x="{frame.left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
        else:
            yield f'<path class="grid" d="M{x:.1f} {frame.top:.1f}v{frame.height:.1f}"/>'
            yield f'<text x="{x:.1f}" y="{frame.top + frame.height + 17:.1f}" text-anchor="middle">{text}</text>'
    name = escape(str(values.get("name", "")))
    if frame.is_upright:
        yield f'<text class="axis" x="4" y="14">{name}</text>'
    else:
        yield (f'<text class="axis" x="{frame.left + frame.width:.1f}" y="{frame.top + frame.height + 36:.1f}" '
               f'text-anchor="end">{name}</text>')


def _tick(mark: float, step: float, is_share: bool) -> str:
    scale = 100.0 if is_share else 1.0
    decimals = max(0, -math.floor(math.log10(step * scale) + 1e-9))
    return f"{mark * scale:,.{decimals}f}" + (" %" if is_share else "")


def _names(frame: _Frame, names: list[str]) -> Iterator[str]:
    slanted = _is_slanted(frame, names)
    for i, name in enumerate(names):
        x, y = frame.at(i, frame.low)
        text = f"<title>{escape(name)}</title>{escape(_clip(name))}"
        if not frame.is_upright:
            yield f'<text x="{frame.left - 8:.1f}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
        elif slanted:
            yield f'<text transform="translate({x + 4:.1f} {y + 16:.1f}) rotate(-30)" text-anchor="end">{text}</text>'
        else:
            yield f'<text x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{text}</text>'


def _clip(name: str) -> str:
    return name if len(name) <= LABEL_MAX else name[: LABEL_MAX - 1] + "…"


def _is_slanted(frame: _Frame, names: list[str]) -> bool:
    return max((len(_clip(name)) for name in names), default=0) * CHAR > frame.slot - 8


def _below(names: list[Any], frame: _Frame) -> float:
    """Room under the frame for category names or for values and their name."""
    if not frame.is_upright:
        return 46.0
    longest = max((len(_clip(str(name))) for name in names), default=0)
    return 24.0 + (0.5 * CHAR * longest if _is_slanted(frame, [str(name) for name in names]) else 6.0)


def _series(frame: _Frame, series: list[Mapping[str, Any]]) -> Iterator[str]:
    base = [0.0] * frame.n
    for one in series:
        match one["type"]:
            case "bar":
                yield from _bars(frame, one, base)
            case "line":
                yield from _line(frame, one)
            case "scatter":
                yield from _dots(frame, one)
            case _:
                yield from _band(frame, one)


def _bars(frame: _Frame, one: Mapping[str, Any], base: list[float]) -> Iterator[str]:
    thickness = min(0.68 * frame.slot, 90.0)
    for i, found in enumerate(one["data"]):
        value = _number(found)
        style = found.get("itemStyle", one["itemStyle"]) if isinstance(found, Mapping) else one["itemStyle"]
        (x0, y0), (x1, y1) = frame.at(i, base[i]), frame.at(i, base[i] + value)
        base[i] += value
        if style.get("color") == "transparent":
            continue
        box = ((x0 - thickness / 2, y1, thickness, y0 - y1) if frame.is_upright
               else (x0, y0 - thickness / 2, x1 - x0, thickness))
        if value > 0:
            yield from _box(box, style, f"{one['name']} {value:,.4g}".strip())
        if one.get("label", {}).get("show"):
            yield f'<text x="{x1 + 6:.1f}" y="{y1 + 4:.1f}">{value:,.1f}</text>'


def _box(box: tuple[float, float, float, float], style: Mapping[str, Any], title: str) -> Iterator[str]:
    x, y, width, height = box
    shape = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.8):.1f}" height="{max(height, 0.8):.1f}"'
    yield f'<rect class="bar" {shape} fill="{style["color"]}"><title>{escape(title)}</title></rect>'
    if "decal" in style:
        yield f'<rect {shape} fill="url(#hatch-{"forward" if style["decal"]["rotation"] > 0 else "backward"})"/>'


def _line(frame: _Frame, one: Mapping[str, Any]) -> Iterator[str]:
    points = [frame.at(i, found) for i, found in enumerate(one["data"]) if found is not None]
    dashes = _DASHES[one.get("lineStyle", {}).get("type", "solid")]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    color = one["itemStyle"]["color"]
    if points:
        yield (f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2.5"'
               + (f' stroke-dasharray="{dashes}"' if dashes else "") + "/>")
    yield from (symbol(one["symbol"], x, y, color, 4.5) for x, y in points)


def _dots(frame: _Frame, one: Mapping[str, Any]) -> Iterator[str]:
    for i, found in enumerate(one["data"]):
        if found is not None:
            x, y = frame.at(i + one.get("offset", 0.0), found)
            yield symbol(one["symbol"], x, y, one["itemStyle"]["color"])


def _band(frame: _Frame, one: Mapping[str, Any]) -> Iterator[str]:
    color, width = one["itemStyle"]["color"], one["itemStyle"]["width"]
    if one["isArea"]:
        upper = [frame.at(i, high) for i, _, high in one["data"]]
        lower = [frame.at(i, low) for i, low, _ in reversed(one["data"])]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in [*upper, *lower])
        if path:
            yield f'<path d="M{path}z" fill="{color}" opacity="0.2"/>'
        return
    for i, low, high in one["data"]:
        (x0, y0), (x1, y1) = (frame.at(i + one.get("offset", 0.0), end) for end in (low, high))
        yield f'<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" stroke="{color}" stroke-width="{width}"/>'
        if width < WIDE:
            cap = "m-4 0h8" if frame.is_upright else "m0 -4v8"
            ends = f"M{x0:.1f} {y0:.1f}{cap}M{x1:.1f} {y1:.1f}{cap}"
            yield f'<path d="{ends}" stroke="{color}" stroke-width="{width}"/>'


def _legend(series: list[Mapping[str, Any]], top: float) -> tuple[str, float]:
    """Names of the series with their marks, row by row, and the height they take."""
    x, y = 64.0, top + 16.0
    parts = []
    for one in series:
        if not one["name"]:
            continue
        width = len(one["name"]) * CHAR + 42.0
        if x + width > WIDTH:
            x, y = 64.0, y + 22.0
        parts.append(_key(one, x, y) + f'<text x="{x + 24:.1f}" y="{y + 4:.1f}">{escape(one["name"])}</text>')
        x += width
    return "".join(parts), (y - top + 14.0 if parts else 0.0)


def _key(one: Mapping[str, Any], x: float, y: float) -> str:
    color = one["itemStyle"]["color"]
    match one["type"]:
        case "bar":
            return "".join(_box((x, y - 6, 18, 12), one["itemStyle"], one["name"]))
        case "custom" if one["isArea"]:
            return f'<rect x="{x:.1f}" y="{y - 6:.1f}" width="18" height="12" fill="{color}" opacity="0.25"/>'
        case "custom":
            return f'<path d="M{x:.1f} {y:.1f}h18" stroke="{color}" stroke-width="{one["itemStyle"]["width"]}"/>'
        case "line":
            dashes = _DASHES[one["lineStyle"]["type"]]
            return (f'<path d="M{x:.1f} {y:.1f}h18" stroke="{color}" stroke-width="2.5" stroke-dasharray="{dashes}"/>'
                    + symbol(one["symbol"], x + 9, y, color, 4))
        case _:
            return symbol(one["symbol"], x + 9, y, color)
