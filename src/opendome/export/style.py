"""Colours and words that the map formats share: one meaning, one colour, as on the page and in the report."""

from html import escape

from opendome.export.scene import Facts

THREAT, KILL, LEAK, OTHER = "#D55E00", "#009E73", "#8B1A1A", "#999999"
"""Threats that were destroyed; kills; threats that leaked; what came of nothing."""

SATELLITE, SITE, SENSOR, AREA, PLACE = "#56B4E9", "#0072B2", "#CC79A7", "#E69F00", "#666666"

TRACK_COLOURS = {"destroyed": THREAT, "leaked": LEAK}
EVENT_COLOURS = {"kill": KILL, "leak": LEAK, "shot": SATELLITE, "miss": SATELLITE}
FIXED_COLOURS = {"area": AREA, "place": PLACE, "sensor": SENSOR, "site": SITE}


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of a colour such as #D55E00."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def said(value: str | float | bool) -> str:
    """A fact as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def html_of(facts: Facts) -> str:
    """Facts as HTML, which map programs show when something is picked; markup inside them stands as text."""
    return "<br/>".join(f"{escape(name)}: {escape(said(value))}" for name, value in facts.items())
