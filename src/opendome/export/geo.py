"""GeoJSON by RFC 7946: longitude, latitude and height in m above the ellipsoid; what crosses 180 degrees is cut there.

Paths are lines whose property `coordTimes` has a time for each position, as other programs that write tracks do it
(the RFC knows no time). Satellites are left out: a line without a clock says little of them.
"""

import json
from collections.abc import Iterator

import numpy as np

from opendome import geojson as base
from opendome.export.cuts import circle, cut_line, cut_ring
from opendome.export.scene import Event, Fixed, Raid, Scene, Track
from opendome.geojson import DIGITS

Feature = dict[str, object]


def geojson(scene: Scene) -> str:
    """The file's text: one feature a line."""
    found = base.feature_collection(_features(scene), name=scene.title, about=list(scene.about))
    features = found.pop("features")
    head = _text(found)[:-1] + ',"features":[\n'
    return head + ",\n".join(map(_text, features)) + "\n]}\n"


def _text(found: object) -> str:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _features(scene: Scene) -> Iterator[Feature]:
    for fixed in scene.fixed:
        yield _fixed(fixed)
    for raid in scene.raids:
        for track in raid.tracks:
            yield _track(track, raid)
        for event in raid.events:
            yield _event(event, raid)


def _fixed(fixed: Fixed) -> Feature:
    about = {**fixed.facts, "kind": fixed.kind, "name": fixed.name}
    if fixed.kind != "area":
        return base.feature(_point(fixed.lat_deg, fixed.lon_deg, fixed.alt_m), **about)
    rings = cut_ring(circle(fixed.lat_deg, fixed.lon_deg, fixed.radius_km))
    if len(rings) == 1:
        return base.feature({"type": "Polygon", "coordinates": rings}, **about)
    return base.feature({"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}, **about)


def _track(track: Track, raid: Raid) -> Feature:
    about = {**track.facts, "kind": "threat", "name": track.name}
    if len(track.t_s) < 2:
        where = _point(float(track.lat_deg[0]), float(track.lon_deg[0]), float(track.alt_m[0]))
        return base.feature(where, **about, time=raid.utc(track.t_s[0]))
    pieces = cut_line(np.column_stack([track.lon_deg, track.lat_deg, track.alt_m, track.t_s]))
    lines = [[_position(*row[:3]) for row in piece] for piece in pieces]
    times = [[raid.utc(row[3]) for row in piece] for piece in pieces]
    if len(pieces) == 1:
        return base.feature({"type": "LineString", "coordinates": lines[0]}, **about, coordTimes=times[0])
    return base.feature({"type": "MultiLineString", "coordinates": lines}, **about, coordTimes=times)


def _event(event: Event, raid: Raid) -> Feature:
    about = {**event.facts, "kind": "event", "name": event.kind, "time": raid.utc(event.t_s)}
    return base.feature(_point(event.lat_deg, event.lon_deg, event.alt_m), **about)


def _point(lat_deg: float, lon_deg: float, alt_m: float) -> Feature:
    return {"type": "Point", "coordinates": _position(lon_deg, lat_deg, alt_m)}


def _position(lon_deg: float, lat_deg: float, alt_m: float) -> list[float]:
    return [round(lon_deg, DIGITS), round(lat_deg, DIGITS), round(alt_m, 1)]
