"""KML 2.2 with Google's tracks (gx:Track): folders by layer and kind, paths with a time at each point.

Map programs draw straight between points: satellites are therefore up to some kilometres off between theirs. KML counts
heights from the sea level of a geoid, ours stand above the ellipsoid: up to about 100 m between them.
Formats: OGC 07-147r2; https://developers.google.com/kml/documentation/kmlreference.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from opendome.export.cuts import circle
from opendome.export.scene import Event, Facts, Fixed, Fleet, Raid, Scene, Track
from opendome.export.style import EVENT_COLOURS, FIXED_COLOURS, OTHER, SATELLITE, TRACK_COLOURS, html_of, said
from opendome.kernel import F64Array
from opendome.units import DEG_PER_RAD
from opendome.world import geodetic_from_ecef

HEAD = ('<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">\n')

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold."""

Lines = Iterator[str]


def kml(scene: Scene) -> str:
    """The file's text."""
    return HEAD + "\n".join(["<Document>", f"<name>{_text(scene.title)}</name>",
                             f"<description>{_text(_text(chr(10).join(scene.about)))}</description>",
                             *_styles(), *_fixed_folders(scene.fixed),
                             *(line for raid in scene.raids for line in _raid(raid)), "</Document>", "</kml>", ""])


def _styles() -> Lines:
    colours = {*TRACK_COLOURS.values(), *EVENT_COLOURS.values(), *FIXED_COLOURS.values(), OTHER, SATELLITE}
    for colour in sorted(colours):
        solid, faint = (f"{alpha}{colour[5:7]}{colour[3:5]}{colour[1:3]}".lower() for alpha in ("ff", "40"))
        yield (f'<Style id="{_style(colour)}"><IconStyle><color>{solid}</color><scale>0.6</scale></IconStyle>'
               f"<LineStyle><color>{solid}</color><width>2</width></LineStyle>"
               f"<PolyStyle><color>{faint}</color></PolyStyle></Style>")


def _style(colour: str) -> str:
    return f"c{colour[1:].lower()}"


def _fixed_folders(fixed: Sequence[Fixed]) -> Lines:
    titles = {"area": "Defended areas", "place": "Places", "sensor": "Sensors", "site": "Sites of layer"}
    for (kind, layer), found in groupby(fixed, lambda one: (one.kind, one.group if one.kind == "site" else "")):
        title = f"{titles[kind]} {layer}".strip()
        yield from _folder(title, (line for one in found for line in _fixed(one)))


def _fixed(one: Fixed) -> Lines:
    if one.kind == "area":
        ring = " ".join(f"{lon:.6f},{lat:.6f},0" for lat, lon in circle(one.lat_deg, one.lon_deg, one.radius_km))
        shape = ("<Polygon><outerBoundaryIs><LinearRing><coordinates>" + ring +
                 "</coordinates></LinearRing></outerBoundaryIs></Polygon>")
    else:
        shape = f"<Point><coordinates>{one.lon_deg:.6f},{one.lat_deg:.6f},{one.alt_m:.1f}</coordinates></Point>"
    yield from _placemark(one.name, FIXED_COLOURS[one.kind], one.facts, shape)


def _raid(raid: Raid) -> Lines:
    def inside() -> Lines:
        for kind in sorted({track.type for track in raid.tracks}):
            own = (track for track in raid.tracks if track.type == kind)
            yield from _folder(f"Threats: {kind}", (line for track in own for line in _track(track, raid)))
        yield from _folder("Events", (line for event in raid.events for line in _event(event, raid)))
        for fleet in raid.fleets:
            yield from _folder(f"Satellites: {fleet.name}", _satellites(fleet, raid), is_shown=False)

    yield from _folder(f"Raid {raid.name}", inside(), raid.note)


def _track(track: Track, raid: Raid) -> Lines:
    shape = _gx_track(raid, track.t_s, zip(track.lat_deg, track.lon_deg, track.alt_m))
    yield from _placemark(track.name, TRACK_COLOURS.get(track.outcome, OTHER), track.facts, shape)


def _event(event: Event, raid: Raid) -> Lines:
    """A mark where the threat was, from then on."""
    shape = ("<Point><altitudeMode>absolute</altitudeMode><coordinates>"
             f"{event.lon_deg:.6f},{event.lat_deg:.6f},{event.alt_m:.1f}</coordinates></Point>")
    yield from _placemark(event.kind, EVENT_COLOURS.get(event.kind, OTHER), event.facts, shape,
                          f"<TimeSpan><begin>{raid.utc(event.t_s)}</begin></TimeSpan>")


def _satellites(fleet: Fleet, raid: Raid) -> Lines:
    for name, states in fleet.satellites():
        shape = _gx_track(raid, fleet.t_s, (_degrees(row) for row in states))
        yield from _placemark(name, SATELLITE, fleet.facts, shape)


def _degrees(state: F64Array) -> tuple[float, float, float]:
    lat, lon, alt_m = geodetic_from_ecef(*map(float, state[:3]))
    return lat * DEG_PER_RAD, lon * DEG_PER_RAD, alt_m


def _gx_track(raid: Raid, t_s: F64Array, places: Iterable[tuple[float, float, float]]) -> str:
    when = "".join(f"<when>{raid.utc(t)}</when>\n" for t in np.asarray(t_s))
    where = "".join(f"<gx:coord>{lon:.6f} {lat:.6f} {alt_m:.1f}</gx:coord>\n" for lat, lon, alt_m in places)
    return f"<gx:Track>\n<altitudeMode>absolute</altitudeMode>\n{when}{where}</gx:Track>"


def _placemark(name: str, colour: str, facts: Facts, shape: str, time: str = "") -> Lines:
    data = "".join(f"<Data name={quoteattr(_clean(key))}><value>{_text(said(value))}</value></Data>"
                   for key, value in facts.items())
    yield (f"<Placemark><name>{_text(name)}</name><description>{_text(html_of(facts))}</description>{time}"
           f"<styleUrl>#{_style(colour)}</styleUrl><ExtendedData>{data}</ExtendedData>{shape}</Placemark>")


def _folder(name: str, lines: Iterable[str], note: str = "", *, is_shown: bool = True) -> Lines:
    yield f"<Folder><name>{_text(name)}</name>" + ("" if is_shown else "<visibility>0</visibility>")
    if note:
        yield f"<description>{_text(_text(note))}</description>"  # map programs read descriptions as HTML
    yield from lines
    yield "</Folder>"


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


def _text(text: str) -> str:
    return escape(_clean(text))
