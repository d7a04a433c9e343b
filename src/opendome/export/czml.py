"""CZML 1.0, the JSON of the Cesium globe: packets with paths, points and areas on one clock.

Paths of threats are drawn straight between recorded points; satellites run on a polynomial through theirs
(`ORBIT_DEGREE`). Format: https://github.com/AnalyticalGraphicsInc/czml-writer/wiki/CZML-Guide.
"""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from opendome.export.scene import ORBIT_DEGREE, Event, Facts, Fixed, Fleet, Raid, Scene, Track
from opendome.export.style import EVENT_COLOURS, FIXED_COLOURS, OTHER, SATELLITE, TRACK_COLOURS, html_of, rgb
from opendome.units import M_PER_KM

TRAIL_S = 600.0
"""How long a path stays behind what flies it."""

SPEED = 20.0
"""Seconds of the clock in one of the wall's when a file is opened."""

Packet = dict[str, Any]


def czml(scene: Scene) -> str:
    """The file's text: one packet a line."""
    lines = [json.dumps(packet, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
             for packet in _packets(scene)]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _packets(scene: Scene) -> Iterator[Packet]:
    first, last = scene.raids[0], max(scene.raids, key=lambda raid: raid.utc(raid.end_s))
    span = f"{first.utc(0.0)}/{last.utc(last.end_s)}"
    yield {"id": "document", "name": scene.title, "version": "1.0", "description": "\n".join(scene.about),
           "clock": {"interval": span, "currentTime": first.utc(0.0), "multiplier": SPEED, "range": "CLAMPED",
                     "step": "SYSTEM_CLOCK_MULTIPLIER"}}
    for fixed in scene.fixed:
        yield _fixed(fixed)
    for raid in scene.raids:
        for fleet in raid.fleets:
            yield from _satellites(fleet, raid)
        for track in raid.tracks:
            yield _track(track, raid)
        for number, event in enumerate(raid.events):
            yield _event(event, raid, number)


def _fixed(fixed: Fixed) -> Packet:
    colour = FIXED_COLOURS[fixed.kind]
    packet = {**_head(f"{fixed.kind}/{fixed.group}/{fixed.name}", fixed.name, fixed.facts),
              "position": {"cartographicDegrees": [fixed.lon_deg, fixed.lat_deg, fixed.alt_m]}}
    if fixed.kind == "area":
        radius_m = M_PER_KM * fixed.radius_km
        return {**packet, "ellipse": {"semiMajorAxis": radius_m, "semiMinorAxis": radius_m, "height": 0.0,
                                      "material": {"solidColor": {"color": _rgba(colour, 60)}},
                                      "outline": True, "outlineColor": _rgba(colour)}}
    return {**packet, "point": _point(colour, 8.0)}


def _track(track: Track, raid: Raid) -> Packet:
    colour = TRACK_COLOURS.get(track.outcome, OTHER)
    places = np.column_stack([track.t_s, np.round(track.lon_deg, 6), np.round(track.lat_deg, 6),
                              np.round(track.alt_m, 1)])
    return {**_head(f"threat/{track.name}", track.name, track.facts),
            "availability": _span(raid, float(track.t_s[0]), float(track.t_s[-1])),
            "position": {"epoch": raid.utc(0.0), "interpolationAlgorithm": "LINEAR", "interpolationDegree": 1,
                         "cartographicDegrees": places.ravel().tolist()},
            "point": _point(colour, 7.0),
            "path": {"leadTime": 0.0, "trailTime": TRAIL_S, "width": 2.0,
                     "material": {"solidColor": {"color": _rgba(colour)}}}}


def _event(event: Event, raid: Raid, number: int) -> Packet:
    """A mark where the threat was, from then on."""
    return {**_head(f"event/{raid.name}/{number}", event.kind, event.facts),
            "availability": _span(raid, event.t_s, raid.end_s),
            "position": {"cartographicDegrees": [round(event.lon_deg, 6), round(event.lat_deg, 6),
                                                 round(event.alt_m, 1)]},
            "point": _point(EVENT_COLOURS.get(event.kind, OTHER), 5.0)}


def _satellites(fleet: Fleet, raid: Raid) -> Iterator[Packet]:
    for name, states in fleet.satellites():
        places = np.column_stack([fleet.t_s, np.round(states[:, :3], 1)])
        yield {**_head(f"satellite/{raid.name}/{name}", name, fleet.facts),
               "availability": _span(raid, 0.0, float(fleet.t_s[-1])),
               "position": {"epoch": raid.utc(0.0), "referenceFrame": "FIXED", "interpolationAlgorithm": "LAGRANGE",
                            "interpolationDegree": ORBIT_DEGREE, "cartesian": places.ravel().tolist()},
               "point": _point(SATELLITE, 3.0)}


def _head(identity: str, name: str, facts: Facts) -> Packet:
    return {"id": identity, "name": name, "description": html_of(facts),
            "properties": {key: {_type(value): value} for key, value in facts.items()}}


def _type(value: str | float | bool) -> str:
    return "string" if isinstance(value, str) else "boolean" if isinstance(value, bool) else "number"


def _span(raid: Raid, begin_s: float, end_s: float) -> str:
    return f"{raid.utc(begin_s)}/{raid.utc(end_s)}"


def _point(colour: str, pixels: float) -> Packet:
    return {"pixelSize": pixels, "color": _rgba(colour)}


def _rgba(colour: str, alpha: int = 255) -> Packet:
    return {"rgba": [*rgb(colour), alpha]}
