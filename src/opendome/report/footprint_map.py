"""Drawings of footprints and of detection windows as SVG, and the files that a footprint is kept in.

A footprint is drawn like the map of a run: equirectangular about its middle, with sites, sensors and directions.
Each number of shots has a colour and a pattern of lines, so that it can be told without colours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from opendome.errors import InputError
from opendome.geojson import cell_polygons
from opendome.report.charts import LAYERS, THREAT
from opendome.report.map import SENSOR, WIDTH, _grid, _label, _scale, _View, _view
from opendome.report.svg import CHAR, symbol

if TYPE_CHECKING:
    from opendome.study.footprints import Footprint
    from opendome.study.windows import Sighting

GEOJSON, DRAWING = "footprint.geojson", "footprint.svg"
"""Files of a folder that a footprint is kept in."""

FILLS = ("#cfe3f2", "#9cc7df", "#5fa2c8", "#2f77a8", "#1d4f7c", "#12305a", "#0a1c3a")
"""Colours for one shot, two, and so on; evenly darker."""

LINES = ("", "M0 8L8 0", "M0 0L8 8", "M0 8L8 0M0 0L8 8", "M4 0V8", "M0 4H8", "M4 0V8M0 4H8")
"""Pattern of lines for one shot, two, and so on."""

STYLE = ("svg{--page:#fff;color:#22282d;font:13px system-ui,sans-serif}text{fill:currentColor}"
         ".halo{paint-order:stroke;stroke:#fff;stroke-width:3px}.small{font-size:11px}.axis{font-size:12px}"
         ".grid{stroke:#22282d;stroke-opacity:.15;fill:none}.frame{fill:none;stroke:#22282d;stroke-opacity:.4}"
         ".scale{fill:none;stroke:currentColor;stroke-width:1.5}")
"""What a drawing that stands alone needs of the report's style."""


def check_folder(out: Path) -> None:
    """Refuse a folder that files cannot be written to, before any work is done."""
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: is a file\nhint: name a folder, new or empty")


def save(found: Footprint, out: str | Path) -> list[Path]:
    """Write a footprint's GeoJSON and map into a folder, made if need be; the paths."""
    folder = Path(out)
    check_folder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ((GEOJSON, found.text()), (DRAWING, draw(found))):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return [folder / GEOJSON, folder / DRAWING]


def draw(found: Footprint) -> str:
    """The map of a footprint as a whole SVG file."""
    lat, lon = found.edges_deg
    view = _view([(lat[0], lon[0], 0.0), (lat[-1], lon[-1], 0.0), (lat[0], lon[-1], 0.0)])
    label = description(found)
    key, key_height = _key(found, view.height)
    inside = "".join([*_fills(found, view), *_grid(view), *_arrows(found, view), *_marks(found, view), *_scale(view)])
    height = view.height + key_height
    return (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label, quote=True)}" '
            f'viewBox="0 0 {WIDTH:.0f} {height:.0f}" width="{WIDTH:.0f}" height="{height:.0f}">'
            f"<title>{escape(label)}</title><style>{STYLE}</style>"
            f'<rect width="{WIDTH:.0f}" height="{height:.0f}" fill="#fff"/><defs>{"".join(_patterns())}'
            f'<clipPath id="clip"><rect width="{WIDTH:.0f}" height="{view.height:.0f}"/></clipPath></defs>'
            f'<g clip-path="url(#clip)">{inside}</g>'
            f'<rect class="frame" width="{WIDTH:.0f}" height="{view.height:.0f}"/>{key}</svg>\n')


def description(found: Footprint) -> str:
    """What the map shows, in a sentence or two."""
    areas = "; ".join(f"{k} or more on {found.area_km2(k):,.0f} km2" for k in range(1, max(found.k_max, 1) + 1))
    return (f"Aim points at which layer {found.layer} has time for shots at {found.threat} from "
            f"{', '.join(found.origins)}: {areas}.")


def _style_of(k: int) -> tuple[str, int]:
    i = min(k, len(FILLS)) - 1
    return FILLS[i], i


def _patterns() -> Iterator[str]:
    for i, path in enumerate(LINES):
        ink = "#22282d" if i < 3 else "#ffffff"
        yield (f'<pattern id="shots-{i}" width="8" height="8" patternUnits="userSpaceOnUse"><path d="{path}" '
               f'stroke="{ink}" stroke-opacity=".45" stroke-width=".8"/></pattern>')


def _fills(found: Footprint, view: _View) -> Iterator[str]:
    """Where there are k shots or more, from few to many, so that each covers the one before."""
    lat, lon = found.edges_deg
    yield _area(cell_polygons(~found.is_reached, lat, lon)["coordinates"], view, 'fill="#e4e4e4"', "not reached")
    for k in range(1, found.k_max + 1):
        fill, i = _style_of(k)
        shapes = cell_polygons((found.shots >= k) & found.is_reached, lat, lon)["coordinates"]
        title = f"{k} or more: {found.area_km2(k):,.0f} km2"
        yield _area(shapes, view, f'fill="{fill}" stroke="#22282d" stroke-width="1"', title)
        yield _area(shapes, view, f'fill="url(#shots-{i})"', title)


def _area(polygons: Sequence[Sequence[Sequence[Sequence[float]]]], view: _View, paint: str, title: str) -> str:
    rings = ["M" + "L".join("{:.1f} {:.1f}".format(*view.at(lat, lon)) for lon, lat in ring[:-1]) + "z"
             for rings in polygons for ring in rings]
    return f'<path d="{"".join(rings)}" fill-rule="evenodd" {paint}><title>{title}</title></path>' if rings else ""


def _arrows(found: Footprint, view: _View) -> Iterator[str]:
    """Where the threat comes from: an arrow from the edge towards the middle, with its name."""
    x1, y1 = WIDTH / 2, view.height / 2
    for name, (lat, lon) in found.origins.items():
        x0, y0 = view.at(lat, lon)
        dx, dy = x0 - x1, y0 - y1
        share = min(1.0, *(room / abs(d) for room, d in ((WIDTH / 2 - 14, dx), (view.height / 2 - 14, dy)) if d))
        x, y, far = x1 + dx * share, y1 + dy * share, math.hypot(dx, dy)
        if far < 1.0:
            continue
        ux, uy = -dx / far, -dy / far
        tip_x, tip_y = x + 46 * ux, y + 46 * uy
        yield (f'<path d="M{x:.1f} {y:.1f}L{tip_x:.1f} {tip_y:.1f}m{-10 * ux - 5 * uy:.1f} {-10 * uy + 5 * ux:.1f}'
               f'L{tip_x:.1f} {tip_y:.1f}l{-10 * ux + 5 * uy:.1f} {-10 * uy - 5 * ux:.1f}" fill="none" '
               f'stroke="{THREAT}" stroke-width="2.5"/>')
        words = f"from {name}"
        left = min(max(tip_x + 8, 8.0), WIDTH - len(words) * CHAR - 8)
        y = min(max(tip_y, 16.0), view.height - 8)
        yield f'<text class="halo" x="{left:.1f}" y="{y:.1f}">{escape(words)}</text>'


def _marks(found: Footprint, view: _View) -> Iterator[str]:
    taken: list[tuple[float, float, float]] = []
    for name, where in found.sensors.items():
        x, y = view.at(*where)
        yield symbol("emptyTriangle", x, y, SENSOR, 7).replace("/>", f"><title>{escape(name)}</title></path>")
    for name, where in found.sites.items():
        x, y = view.at(*where)
        yield symbol("rect", x, y, LAYERS[0][0], 4.5)
        yield from _label(name, x, y, taken)


def _key(found: Footprint, top: float) -> tuple[str, float]:
    unit = "shot" if found.salvo == 1 else f"salvo of {found.salvo}"
    items = [(f"{k} {unit if k == 1 else unit + 's' if found.salvo == 1 else unit.replace('salvo', 'salvos')}"
              f"{' or more' if k < found.k_max else ''}: {found.area_km2(k):,.0f} km²", _style_of(k))
             for k in range(1, found.k_max + 1)]
    if not found.is_reached.all():
        items.append(("out of the threat's reach", ("#e4e4e4", 0)))
    x, y, parts = 12.0, top + 22.0, []
    for words, (fill, i) in items:
        width = len(words) * CHAR + 40.0
        if x + width > WIDTH:
            x, y = 12.0, y + 24.0
        box = f'x="{x:.1f}" y="{y - 11:.1f}" width="20" height="14"'
        parts.append(f'<rect {box} fill="{fill}" stroke="#22282d" stroke-opacity=".5"/><rect {box} '
                     f'fill="url(#shots-{i})"/><text x="{x + 26:.1f}" y="{y + 1:.1f}">{escape(words)}</text>')
        x += width
    marks = [("site", symbol("rect", 18, 0, LAYERS[0][0], 4.5))]
    marks += [("radar", symbol("emptyTriangle", 18, 0, SENSOR, 6))] if found.sensors else []
    for words, mark in marks:
        width = len(words) * CHAR + 40.0
        if x + width > WIDTH:
            x, y = 12.0, y + 24.0
        parts.append(f'<g transform="translate({x - 8:.1f} {y - 4:.1f})">{mark}</g>'
                     f'<text x="{x + 20:.1f}" y="{y + 1:.1f}">{words}</text>')
        x += width
    return "".join(parts), y - top + 16.0


# ---- detection windows ----------------------------------------------------------------------------------------------

BARS = {"ground radar": "#0072B2", "elevated radar": "#56B4E9", "warning": "#D55E00", "tracking": "#E69F00"}
"""Colours of the kinds of sensors."""

DASHES = {"ground radar": "", "elevated radar": "7 3", "warning": "2 2", "tracking": "10 3 2 3"}

ROW, GAP, LEFT, RIGHT = 17.0, 16.0, 262.0, 16.0
BREAKS_S = (0.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0, 57600.0)
"""Marks of the axis of time."""

SQUEEZE_S = 60.0
"""The axis is even up to about this, and evens out ratios beyond it, so that a cruise missile fits beside a drone."""


def windows_chart(sightings: Sequence[Sighting], title: str) -> str:
    """One block of rows for each flight, a row for each kind of sensor, as a whole SVG file: a thin line from the first
    sight to impact, a bar wherever it is seen, against seconds before impact."""
    longest = max((s.impact_s for s in sightings), default=1.0)
    width = WIDTH - LEFT - RIGHT

    def at(before_s: float) -> float:
        return LEFT + width * (1.0 - math.asinh(max(before_s, 0.0) / SQUEEZE_S) / math.asinh(longest / SQUEEZE_S))

    y, parts = 46.0, []
    for s in sightings:
        parts.append(f'<text x="4" y="{y:.1f}" style="font-weight:600">{escape(s.threat)}</text>'
                     f'<text class="small" x="{LEFT:.1f}" y="{y:.1f}">{escape(s.origin)} to {escape(s.area)}, '
                     f"{_span(s.impact_s)}</text>"
                     f'<path d="M{at(s.impact_s):.1f} {y + 5:.1f}v{_rows(s) * ROW + 3:.1f}" stroke="#22282d" '
                     f'stroke-width="1.5"/>')
        y += 7.0
        for window in s.first_of_each_kind():
            parts += _bar(window.kind, window.first_s, s.impact_s, window.spans_s, window.sensor, y, at)
            y += ROW
        if not s.first_of_each_kind():
            parts.append(f'<text class="small" x="{LEFT:.1f}" y="{y + 12:.1f}">seen by none of the sensors</text>')
            y += ROW
        y += GAP + 4.0
    marks = [b for b in BREAKS_S if b <= longest]
    lines = "".join(f'<path class="grid" d="M{at(b):.1f} 30V{y - 8:.1f}"/><text class="small" x="{at(b):.1f}" '
                    f'y="{y + 6:.1f}" text-anchor="middle">{_span(b)}</text>' for b in marks)
    foot = (f'<text class="axis" x="{WIDTH - RIGHT:.0f}" y="{y + 24:.1f}" text-anchor="end">before impact '
            "(even to about a minute, then by ratio); upright line: launch; bar: a look detects half of the time or "
            "more</text>")
    height = y + 34.0
    label = escape(f"{title}: when each kind of sensor first sees each threat, before impact.", quote=True)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" viewBox="0 0 {WIDTH:.0f} '
            f'{height:.0f}" width="{WIDTH:.0f}" height="{height:.0f}"><title>{label}</title><style>{STYLE}</style>'
            f'<rect width="{WIDTH:.0f}" height="{height:.0f}" fill="#fff"/><text x="4" y="18" '
            f'style="font-weight:600;font-size:15px">{escape(title)}</text>{lines}{"".join(parts)}{foot}</svg>\n')


def _rows(s: Sighting) -> int:
    return max(1, len(s.first_of_each_kind()))


def _bar(kind: str, first_s: float, impact_s: float, spans: Sequence[tuple[float, float]], sensor: str, y: float,
         place: Callable[[float], float]) -> Iterator[str]:
    name = next((key for key in BARS if kind.startswith(key)), "tracking")
    paint, middle = BARS[name], y + ROW / 2
    x0, x1 = place(impact_s - first_s), place(0.0)
    title = f"{kind} ({sensor}): first sight {_span(impact_s - first_s)} before impact"
    yield (f'<text class="small" x="{LEFT - 8:.1f}" y="{middle + 4:.1f}" text-anchor="end">{escape(kind)}: '
           f"{_span(impact_s - first_s)}</text>")
    yield (f'<path d="M{x0:.1f} {middle:.1f}H{x1:.1f}" stroke="{paint}" stroke-width="1.6" '
           f'stroke-dasharray="{DASHES[name]}"><title>{escape(title)}</title></path>')
    for begin, end in spans:
        left, right = place(impact_s - begin), place(impact_s - end)
        yield (f'<rect x="{left:.1f}" y="{middle - 5:.1f}" width="{max(right - left, 1.5):.1f}" height="10" '
               f'fill="{paint}"><title>{escape(title)}</title></rect>')


def _span(time_s: float) -> str:
    if time_s < 100.0:
        return f"{time_s:.0f} s"
    return f"{time_s / 60.0:.0f} min" if time_s < 7200.0 else f"{time_s / 3600.0:.1f} h"

