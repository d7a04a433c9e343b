"""The map of the recorded run: tracks, places, defended areas, sites and sensors, as SVG.

An equirectangular projection around the middle of what is shown: right in distance near the middle and along
meridians, stretched east-west far to the north or south of it. Coastlines are not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from opendome.report.charts import KILL, LAYERS, LEAK, OUTSIDE, THREAT
from opendome.report.svg import CHAR, symbol, ticks

if TYPE_CHECKING:
    import pandas as pd

    from opendome.results import Results

WIDTH = 960.0
KM_PER_DEG = 111.19
"""Kilometres in one degree of a great circle on a sphere of 6371 km."""

TRACKS_MAX = 400
"""Most tracks drawn, at least half of them leakers where there are so many; evenly thinned."""

RECORDED = 0
"""The run whose tracks are recorded."""

SENSOR = "#CC79A7"
OUTCOME_STYLES = {"destroyed": ("cross", KILL), "leaked": ("leak", LEAK), "outside": ("emptyCircle", OUTSIDE)}


@dataclass(frozen=True)
class _View:
    """Where on the drawing a geodetic point goes."""

    lat0: float
    lon0: float
    km_per_px: float
    height: float

    def at(self, lat_deg: float, lon_deg: float) -> tuple[float, float]:
        east = _wrapped(lon_deg - self.lon0) * math.cos(math.radians(self.lat0)) * KM_PER_DEG
        north = (lat_deg - self.lat0) * KM_PER_DEG
        return WIDTH / 2 + east / self.km_per_px, self.height / 2 - north / self.km_per_px

    def back(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude (not wrapped) of a pixel."""
        lat = self.lat0 + (self.height / 2 - y) * self.km_per_px / KM_PER_DEG
        return lat, self.lon0 + (x - WIDTH / 2) * self.km_per_px / (KM_PER_DEG * math.cos(math.radians(self.lat0)))


def recorded(results: Results) -> pd.DataFrame:
    """The recorded tracks with a column `is_decoy`; those of decoys are not drawn."""
    tables = results.tables
    threats = tables.threats[(tables.threats["run"] == RECORDED) & tables.threats["is_decoy"]]
    decoys = set(zip(threats["raid"].astype(str), threats["threat"].tolist()))
    rows = tables.replay_tracks
    return rows.assign(is_decoy=[key in decoys for key in zip(rows["raid"].astype(str), rows["threat"].tolist())])


def maps(results: Results) -> list[tuple[str, str]]:
    """Caption and SVG of the map of everything and of the defended areas alone."""
    chosen, every = _chosen(recorded(results))
    drawn = f"all {len(every):,} tracks"
    if len(chosen) < len(every):
        drawn = (f"{len(chosen):,} of {len(every):,} tracks, {_n_leaked(chosen):,} of them leakers (of "
                 f"{_n_leaked(every):,})")
    scenario = results.scenario
    defended = [(a.lat_deg, a.lon_deg, a.radius_km) for a in scenario.areas.values()]
    defended += [(s.lat_deg, s.lon_deg, 0.0) for layer in scenario.layers.values() for s in layer.sites.values()]
    everything = [*defended, *((p.lat_deg, p.lon_deg, 0.0) for p in scenario.places.values())]
    everything += [(lat, lon, 0.0) for track in chosen for lat, lon in track.points]
    caption = f"the recorded run, {drawn}; no coastlines are drawn."
    return [(f"From launch to impact: {caption}", _draw(results, chosen, _view(everything), "whole")),
            (f"The defended areas: {caption}", _draw(results, chosen, _view(defended), "near"))]


@dataclass(frozen=True)
class _Track:
    outcome: str
    points: list[tuple[float, float]]


def _chosen(rows: pd.DataFrame) -> tuple[list[_Track], list[_Track]]:
    """Tracks to draw, leakers last so that they lie on top, and all tracks; those of decoys are neither."""
    every = [_Track(str(group["outcome"].iloc[0]), list(zip(group["lat_deg"].tolist(), group["lon_deg"].tolist())))
             for _, group in rows[~rows["is_decoy"]].groupby(["raid", "threat"], observed=True, sort=False)]
    leaked = [track for track in every if track.outcome == "leaked"]
    others = [track for track in every if track.outcome != "leaked"]
    leaked = _thinned(leaked, max(TRACKS_MAX // 2, TRACKS_MAX - len(others)))
    return [*_thinned(others, TRACKS_MAX - len(leaked)), *leaked], every


def _thinned(tracks: list[_Track], most: int) -> list[_Track]:
    return tracks if len(tracks) <= most else [tracks[i * len(tracks) // most] for i in range(most)]


def _n_leaked(tracks: list[_Track]) -> int:
    return sum(track.outcome == "leaked" for track in tracks)


def _view(points: Sequence[tuple[float, float, float]]) -> _View:
    """The view that holds all points with their radii and a margin."""
    lon_ref = points[0][1]
    lats = [end for lat, _, radius in points for end in (lat - radius / KM_PER_DEG, lat + radius / KM_PER_DEG)]
    lat0 = (min(lats) + max(lats)) / 2
    stretch = max(math.cos(math.radians(lat0)), 0.05)
    lons = [end for _, lon, radius in points
            for end in (_wrapped(lon - lon_ref) - radius / KM_PER_DEG / stretch,
                        _wrapped(lon - lon_ref) + radius / KM_PER_DEG / stretch)]
    lon0 = lon_ref + (min(lons) + max(lons)) / 2
    east = (max(lons) - min(lons)) * stretch * KM_PER_DEG
    north = (max(lats) - min(lats)) * KM_PER_DEG
    km_per_px = max(1.16 * east / WIDTH, 1.16 * north / 620.0, 0.02)
    height = min(max(1.16 * north / km_per_px, 300.0), 620.0)
    return _View(lat0, lon0, km_per_px, height)


def _wrapped(lon_deg: float) -> float:
    return (lon_deg + 180.0) % 360.0 - 180.0


def _draw(results: Results, chosen: list[_Track], view: _View, name: str) -> str:
    scenario = results.scenario
    n_sites = sum(len(layer.sites) for layer in scenario.layers.values())
    label = (f"Map with {len(chosen)} tracks, {_n_leaked(chosen)} of them leakers, {len(scenario.areas)} defended "
             f"areas, {n_sites} sites and {len(scenario.sensors)} sensors.")
    key, key_height = _key(results, view.height)
    inside = "".join([*_areas(results, view), *_tracks(chosen, view), *_grid(view), *_marks(results, view),
                      *_scale(view)])
    return (f'<svg class="chart" role="img" aria-label="{escape(label, quote=True)}" '
            f'viewBox="0 0 {WIDTH:.0f} {view.height + key_height:.0f}"><title>{escape(label)}</title>'
            f'<clipPath id="clip-{name}"><rect width="{WIDTH:.0f}" height="{view.height:.0f}"/></clipPath>'
            f'<g clip-path="url(#clip-{name})">{inside}</g>'
            f'<rect class="frame" width="{WIDTH:.0f}" height="{view.height:.0f}"/>{key}</svg>')


def _grid(view: _View) -> Iterator[str]:
    (high, west), (low, east) = view.back(0, 0), view.back(WIDTH, view.height)
    for lat in ticks(low, high, 5):
        _, y = view.at(lat, view.lon0)
        yield f'<path class="grid" d="M0 {y:.1f}h{WIDTH:.0f}"/>'
        yield f'<text class="small halo" x="4" y="{y - 4:.1f}">{abs(lat):g}°{"N" if lat >= 0 else "S"}</text>'
    for lon in ticks(west, east, 7):
        x, _ = view.at(view.lat0, lon)
        shown = _wrapped(lon)
        yield f'<path class="grid" d="M{x:.1f} 0v{view.height:.0f}"/>'
        yield (f'<text class="small halo" x="{x + 4:.1f}" y="{view.height - 6:.1f}">{abs(round(shown, 6)):g}°'
               f'{"E" if shown >= 0 else "W"}</text>')


def _tracks(chosen: list[_Track], view: _View) -> Iterator[str]:
    for outcome in ("destroyed", "outside", "leaked"):
        paths = "".join(_path(track.points, view) for track in chosen if track.outcome == outcome)
        if paths:
            opacity = min(0.9, max(0.4, 30 / _n_leaked(chosen))) if outcome == "leaked" else 0.35
            width = 1.3 if outcome == "leaked" else 0.8
            yield (f'<path d="{paths}" fill="none" stroke="{LEAK if outcome == "leaked" else THREAT}" '
                   f'stroke-width="{width}" opacity="{opacity}"/>')
    for track in chosen:
        if track.points:
            kind, color = OUTCOME_STYLES[track.outcome]
            x, y = view.at(*track.points[-1])
            if -9 < x < WIDTH + 9 and -9 < y < view.height + 9:
                yield _leak(x, y) if kind == "leak" else symbol(kind, x, y, color, 2.6)


def _leak(x: float, y: float) -> str:
    """A near-white ring on red-brown."""
    return (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{LEAK}"/>'
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.8" fill="none" stroke="#FBEFEA" stroke-width="1.4"/>')


def _path(points: list[tuple[float, float]], view: _View) -> str:
    """One path in tenths of a pixel, within a third of a pixel of its points; broken at the seam of the map."""
    placed = np.array([view.at(lat, lon) for lat, lon in points])
    pixels = placed.clip(-2000.0, 3000.0)
    seams = np.flatnonzero(np.abs(np.diff(placed[:, 0])) > 180 * KM_PER_DEG / view.km_per_px) + 1
    pieces = (piece[_corners(piece, 0.3)] for piece in np.split(pixels, seams))
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in piece) for piece in pieces if len(piece) > 1)


def _corners(points: Any, tolerance: float) -> Any:
    """Positions to keep so that no point lies farther than `tolerance` from the line (Ramer, Douglas and Peucker)."""
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        along = points[last] - points[first]
        length = max(float(np.hypot(*along)), 1e-9)
        off = points[first + 1 : last] - points[first]
        share = np.clip(off @ along / length**2, 0.0, 1.0)
        distance = np.hypot(*(off - share[:, np.newaxis] * along).T)
        farthest = int(np.argmax(distance))
        if distance[farthest] > tolerance:
            middle = first + 1 + farthest
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return keep


def _areas(results: Results, view: _View) -> Iterator[str]:
    for name, area in results.scenario.areas.items():
        x, y = view.at(area.lat_deg, area.lon_deg)
        radius = max(area.radius_km / view.km_per_px, 2.0)
        yield (f'<circle class="area" cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}"><title>{escape(name)}, radius '
               f"{area.radius_km:g} km</title></circle>")


def _marks(results: Results, view: _View) -> Iterator[str]:
    scenario = results.scenario
    taken: list[tuple[float, float, float]] = []
    for sensor in scenario.sensors.values():
        if sensor.lat_deg is not None and sensor.lon_deg is not None:
            yield symbol("emptyTriangle", *view.at(sensor.lat_deg, sensor.lon_deg), SENSOR, 6)
    for i, layer in enumerate(scenario.layers.values()):
        for site in layer.sites.values():
            yield symbol("rect", *view.at(site.lat_deg, site.lon_deg), LAYERS[i % len(LAYERS)][0], 4.5 - 0.5 * (i % 4))
    for name, place in scenario.places.items():
        x, y = view.at(place.lat_deg, place.lon_deg)
        yield symbol("triangle", x, y, THREAT, 6)
        yield from _label(name, x, y, taken)
    for name, area in scenario.areas.items():
        yield from _label(name, *view.at(area.lat_deg, area.lon_deg), taken)


def _label(name: str, x: float, y: float, taken: list[tuple[float, float, float]]) -> Iterator[str]:
    """A name beside a point, where no earlier label is; left out when there is no room (tooltips keep the name)."""
    width = len(name) * CHAR
    for dx, dy in ((10, 4), (10, -12), (10, 20), (-10 - width, 4), (-10 - width, -12), (-10 - width, 20)):
        left, base = x + dx, y + dy
        is_free = all(abs(base - b) > 15 or left > a + w or left + width < a for a, b, w in taken)
        if is_free and left > 0 and left + width < WIDTH:
            taken.append((left, base, width))
            yield f'<text class="halo" x="{left:.1f}" y="{base:.1f}">{escape(name)}</text>'
            return


def _scale(view: _View) -> Iterator[str]:
    most = 0.22 * WIDTH * view.km_per_px
    base = 10.0 ** math.floor(math.log10(most))
    length = next(factor * base for factor in (5, 2, 1) if factor * base <= most)
    px = length / view.km_per_px
    x, y = WIDTH - px - 20, view.height - 30
    yield f'<path class="scale" d="M{x:.1f} {y - 5:.1f}v5h{px:.1f}v-5"/>'
    yield f'<text class="halo" x="{x + px / 2:.1f}" y="{y - 6:.1f}" text-anchor="middle">{length:g} km</text>'


def _key(results: Results, top: float) -> tuple[str, float]:
    items: list[tuple[str, Any]] = [("launch", lambda x, y: symbol("triangle", x, y, THREAT, 6)),
                                    ("destroyed", lambda x, y: symbol("cross", x, y, KILL, 4)),
                                    ("leaked", _leak),
                                    ("outside", lambda x, y: symbol("emptyCircle", x, y, OUTSIDE, 4)),
                                    ("defended area", lambda x, y: f'<circle class="area" cx="{x}" cy="{y}" r="6"/>')]
    if any(sensor.lat_deg is not None for sensor in results.scenario.sensors.values()):
        items.append(("sensor", lambda x, y: symbol("emptyTriangle", x, y, SENSOR, 6)))
    items += [(f"site, {name}", lambda x, y, i=i: symbol("rect", x, y, LAYERS[i % len(LAYERS)][0], 5))
              for i, (name, layer) in enumerate(results.scenario.layers.items()) if layer.sites]
    x, y, parts = 12.0, top + 20.0, []
    for name, mark in items:
        width = len(name) * CHAR + 36.0
        if x + width > WIDTH:
            x, y = 12.0, y + 22.0
        parts.append(mark(x, y) + f'<text x="{x + 12:.1f}" y="{y + 4:.1f}">{escape(name)}</text>')
        x += width
    return "".join(parts), y - top + 12.0
